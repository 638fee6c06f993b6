"""GRANTs: a person lets a station begin a new epoch after the county's own place.

It is needed where a journal cannot go on as it was: a new card, an old image, a copy. Whatever
the sealed epoch still says afterwards is kept apart and never merged.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

import structlog
from sqlalchemy import Connection, bindparam, func, insert, select, tuple_, update

from cloud_sync.county.compiled import Asked
from cloud_sync.county.database import Database
from cloud_sync.county.desk import Letter
from cloud_sync.county.histories.epochs import Epochs
from cloud_sync.county.ingest import conversation, ledger
from cloud_sync.county.ingest.ledger import Place
from cloud_sync.county.tables import COMMANDS, FACTS, GAPS, GRANTS, SNAPSHOTS
from cloud_sync.wire.grant import grant_parent, name_without_proof, pack_grant, unproven
from cloud_sync.wire.messages import GrantAsk, GrantBody, GrantGap, GrantPiece, Message
from cloud_sync.wire.snapshot import PIECE_BYTES
from cloud_sync.wire.trust.identity import Identity
from edge.kernel.errors import Refused
from edge.kernel.ids import StationId

log = structlog.get_logger(__name__)

MAX_REASON: Final = 200
_PURPOSE: Final = b"cunyi grant 1\0"
_NEWEST: Final = Asked(
    select(GRANTS.c.grant_id, GRANTS.c.key_id, GRANTS.c.taken_ms)
    .where(GRANTS.c.station == bindparam("station"))
    .order_by(GRANTS.c.epoch.desc())
    .limit(1)
)


class Card(Protocol):
    """The device that may speak for a station."""

    @property
    def key_id(self) -> str:
        """The key that it speaks with."""

    @property
    def machine(self) -> str:
        """A hash of the board's own number, empty where it has none."""


CardOf = Callable[[Connection, StationId], Card | None]
"""Finds the device that speaks for a station now."""


def no_card(_connection: Connection, _station: StationId) -> Card | None:
    """For a county that enrols nobody."""
    return None


def grant_secrets(identities: Iterable[Identity]) -> tuple[bytes, ...]:
    """What the proofs of GRANTs are made with: of the present identity first, then the old one.

    A signature of this kind is the same every time, and only its owner can make it.
    """
    return tuple(hashlib.sha256(one.sign(_PURPOSE)).digest() for one in identities)


class Granting:
    """See the module's docstring. Used from the ingest thread, or while no county runs."""

    def __init__(
        self,
        epochs: Epochs,
        secrets: Sequence[bytes],
        *,
        card_of: CardOf = no_card,
        clock_ms: Callable[[], int],
        draw: Callable[[int], bytes],
    ) -> None:
        self._epochs, self._secrets = epochs, tuple(secrets)
        self.card_of = card_of
        self._clock_ms, self._draw = clock_ms, draw

    def now_ms(self) -> int:
        """The county's own clock."""
        return self._clock_ms()

    # -- a person orders

    def order(
        self, connection: Connection, station: StationId, reason: str, key_id: str = ""
    ) -> str:
        """Order one; returns its name. Raises Refused for a station that is not ours."""
        place = ledger.place_of(connection, station)
        if place is None:
            raise Refused("county.unknown_station", station=station)
        epoch = self._epochs.reserve(station, max(place.epoch, _highest(connection, station)))
        parent = place.position()
        said = name_without_proof(self._draw(8).hex(), parent)
        grant_id = f"{said}.{self._proof(self._secrets[0], station, epoch, said)}"
        now_ms = self._clock_ms()
        body = _body(connection, station, grant_id, epoch, place, reason[:MAX_REASON], now_ms)
        connection.execute(
            insert(GRANTS),
            {
                "grant_id": grant_id,
                "station": station,
                "key_id": key_id,
                "epoch": epoch,
                "parent_epoch": place.epoch,
                "parent_seq": place.seq,
                "parent_hash": place.hash,
                "reason": reason[:MAX_REASON],
                "ordered_ms": now_ms,
                "fetched_ms": None,
                "taken_ms": None,
                "body": pack_grant(body),
            },
        )
        conversation.end_session(connection, station)  # from now on the parent is the last word
        log.warning("grant_ordered", station=station, epoch=epoch, parent=place.seq)
        return grant_id

    # -- a station takes

    def waiting(self, connection: Connection, station: StationId) -> str:
        """The GRANT that the station's device shall fetch, or an empty text."""
        row = _NEWEST.first(connection, station=station)
        grant_id, key_id, taken_ms = row or ("", "", None)
        if not grant_id or taken_ms is not None:
            return ""
        card = self.card_of(connection, station)
        other = key_id and card is not None and card.key_id != key_id
        return "" if other else str(grant_id)

    def proves(self, station: StationId, epoch: int, grant_id: str) -> Place | None:
        """The place before this epoch's first fact, where the GRANT is truly of this county."""
        parent, said = grant_parent(grant_id), unproven(grant_id)
        if parent is None or parent.epoch >= epoch:
            return None
        proof = grant_id.rpartition(".")[2]
        made = (self._proof(secret, station, epoch, said) for secret in self._secrets)
        if not any(hmac.compare_digest(proof, one) for one in made):
            return None
        return Place(epoch=parent.epoch, seq=parent.seq, hash=bytes.fromhex(parent.hash))

    def taken(self, connection: Connection, station: StationId, epoch: int, grant_id: str) -> None:
        """A station has begun this epoch."""
        self._epochs.reached(station, epoch)
        connection.execute(
            update(GRANTS)
            .where(GRANTS.c.grant_id == grant_id)
            .values(taken_ms=self._clock_ms(), body=b"")
        )

    @staticmethod
    def _proof(secret: bytes, station: StationId, epoch: int, said: str) -> str:
        message = f"{station}\0{epoch}\0{said}".encode()
        return hmac.new(secret, message, hashlib.sha256).hexdigest()


def _highest(connection: Connection, station: StationId) -> int:
    wanted = select(func.max(GRANTS.c.epoch)).where(GRANTS.c.station == station)
    return int(connection.execute(wanted).scalar() or 0)


def _body(  # noqa: PLR0913, PLR0917 - what a GRANT says
    connection: Connection,
    station: StationId,
    grant_id: str,
    epoch: int,
    parent: Place,
    reason: str,
    now_ms: int,
) -> GrantBody:
    talk = conversation.conversation_with(connection, station)
    after, snapshot = _newest_snapshot(connection, station, parent)
    columns = FACTS.c
    here = tuple_(columns.epoch, columns.seq)
    # Of several epochs where the last one has no snapshot yet: each begins where the one before
    # ended, and what came after that end lies apart.
    tail = (
        select(columns.fact)
        .where(columns.station == station, here > after, here <= (parent.epoch, parent.seq))
        .order_by(columns.epoch, columns.seq)
    )
    return GrantBody(
        grant=grant_id,
        station=station,
        epoch=epoch,
        parent=parent.position(),
        snapshot_seq=after[1],
        snapshot=snapshot,
        tail=[bytes(row.fact) for row in connection.execute(tail)],
        fence=max(talk.fence, _highest_command(connection, station)),
        state_seq=talk.state_seq,
        reason=reason,
        made_ms=now_ms,
        gaps=_gaps(connection, station, after, parent),
        boot=talk.boot,
    )


def _gaps(
    connection: Connection, station: StationId, after: tuple[int, int], parent: Place
) -> list[GrantGap]:
    """What is missing in between, the first first; of two that meet, each has its row."""
    columns = GAPS.c
    end = tuple_(columns.epoch, columns.last)
    wanted = (
        select(columns.epoch, columns.first, columns.last, columns.hash)
        .where(columns.station == station, end > after, end <= (parent.epoch, parent.seq))
        .order_by(columns.epoch, columns.last)
    )
    return [
        GrantGap(epoch=row.epoch, first=row.first, last=row.last, hash=row.hash.hex())
        for row in connection.execute(wanted)
    ]


def _highest_command(connection: Connection, station: StationId) -> int:
    """Also of a command that the old card never took: no new one may ever stand below it."""
    wanted = select(func.max(COMMANDS.c.seq)).where(COMMANDS.c.station == station)
    return int(connection.execute(wanted).scalar() or 0)


def _newest_snapshot(
    connection: Connection, station: StationId, parent: Place
) -> tuple[tuple[int, int], bytes]:
    """Epoch and seq that it was taken at, and its bytes; zeros and empty where there is none."""
    columns = SNAPSHOTS.c
    wanted = select(columns.epoch, columns.seq, columns.data).where(
        columns.station == station,
        tuple_(columns.epoch, columns.seq) <= (parent.epoch, parent.seq),
    )
    row = connection.execute(wanted).first()
    return ((0, 0), b"") if row is None else ((row.epoch, row.seq), bytes(row.data))


class GrantDesk:
    """Fits Desk: hands a GRANT out, piece by piece, as often as it is asked for."""

    hears: tuple[type[Message], ...] = (GrantAsk,)

    def __init__(self, database: Database, clock_ms: Callable[[], int]) -> None:
        self._database, self._clock_ms = database, clock_ms

    def hear(self, station: StationId, message: Message) -> Iterable[Letter]:
        """One piece; nothing for what is not there, or was taken already."""
        if not isinstance(message, GrantAsk):
            return []
        mine = (GRANTS.c.grant_id == message.grant) & (GRANTS.c.station == station)
        with self._database.write() as connection:
            wanted = select(GRANTS.c.body, GRANTS.c.fetched_ms).where(mine)
            row = connection.execute(wanted).first()
            if row is None or not row.body:
                return []
            body = bytes(row.body)
            count = -(-len(body) // PIECE_BYTES)
            if not 0 <= message.index < count:
                return []
            if message.index == count - 1 and row.fetched_ms is None:
                connection.execute(update(GRANTS).where(mine).values(fetched_ms=self._clock_ms()))
        start = message.index * PIECE_BYTES
        piece = GrantPiece(
            grant=message.grant,
            digest=hashlib.sha256(body).hexdigest(),
            index=message.index,
            count=count,
            data=body[start : start + PIECE_BYTES],
        )
        return [Letter(station, "dn", piece)]

    def welcomed(
        self, _station: StationId, _session: str, _state_seq: int, _heard: str
    ) -> Iterable[Letter]:
        """A station that is well needs no GRANT."""
        return []

    def committed(self, _station: StationId) -> Iterable[Letter]:
        """Facts order no GRANT."""
        return []

    def tick(self) -> Iterable[Letter]:
        """Time orders no GRANT."""
        return []
