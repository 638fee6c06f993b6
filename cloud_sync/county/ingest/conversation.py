"""The present talk with a station, as a row: whoever takes its next message finds it there."""

import json
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import Connection, insert, update

from cloud_sync.county.statements import changing, row_where
from cloud_sync.county.tables import SYNC
from cloud_sync.wire.messages import Hello
from edge.kernel.ids import StationId

_NONCES: Final = 64
_BOOTS: Final = 16
_TALK: Final = row_where(SYNC, "station")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Batches must name its session, so that one of an older talk changes nothing."""

    session: str = ""
    nonces: tuple[str, ...] = ()
    agreed: bool = False
    garbled: bool = False
    boot: int = 0
    boot_id: str = ""
    earlier_boots: tuple[str, ...] = ()
    machine: str = ""
    doubted: str = ""
    grant_id: str = ""
    oldest_seq: int = 0
    head_seq: int = 0
    state_seq: int = 0
    fence: int = 0

    def knows(self, nonce: str) -> bool:
        """Whether a HELLO with this nonce came before."""
        return nonce in self.nonces

    def is_latest(self, nonce: str) -> bool:
        """Whether the HELLO with this nonce opened the present session."""
        return self.nonces[-1:] == (nonce,)

    def with_nonce(self, nonce: str) -> tuple[str, ...]:
        """The newest nonces, this one last."""
        return (*self.nonces[1 - _NONCES :], nonce)

    def is_of_another_card(self, hello: Hello) -> bool:
        """Whether a second copy of the card speaks.

        A card counts its boots and draws a name for each: a lower count, another name for the
        same count, or a name from before the present one are those of another card.
        """
        if hello.boot < self.boot:
            return True
        if not hello.boot_id or not self.boot_id:
            return False
        if hello.boot == self.boot:
            return hello.boot_id != self.boot_id
        return hello.boot_id in self.earlier_boots

    def boots_before(self, boot_id: str) -> tuple[str, ...]:
        """The names of earlier boots once this one is the present one."""
        if not self.boot_id or boot_id == self.boot_id:
            return self.earlier_boots
        return (*self.earlier_boots[1 - _BOOTS :], self.boot_id)


def conversation_with(connection: Connection, station: StationId) -> Conversation:
    """What was last said; a fresh one where nothing was."""
    row = _TALK.first(connection, station=station)
    if row is None:
        return Conversation()
    told = _TALK.named(row)
    del told["station"]
    for name in ("nonces", "earlier_boots"):
        told[name] = tuple(json.loads(told[name]))
    return Conversation(**told)


def keep(connection: Connection, station: StationId, conversation: Conversation) -> None:
    """Write it down."""
    columns = asdict(conversation)
    for name in ("nonces", "earlier_boots"):
        columns[name] = json.dumps(columns[name])
    change = changing(SYNC, ("station",), tuple(columns))
    if change.by(connection, its_station=station, **columns) == 0:
        connection.execute(insert(SYNC), {"station": station, **columns})


def end_session(connection: Connection, station: StationId) -> None:
    """Whoever speaks must say hello again before another fact is taken."""
    ended = {"session": "", "agreed": False}
    connection.execute(update(SYNC).where(SYNC.c.station == station).values(**ended))
