"""The county's word at a station: stored through the loop, read by pages and doors of sign-in."""

import contextlib
import re
from collections.abc import Callable
from typing import Final, TypeVar

import msgspec
import structlog

from cloud_sync.wire.bodies.state import (
    CodeKey,
    CountyKeys,
    Notice,
    PassEnd,
    Revocation,
    StateBody,
    StateBodyError,
    read_state_body,
)
from cloud_sync.wire.messages import StateItem, StateItems
from edge.daemon.county.code_seals import CodeSeals
from edge.daemon.county.passes import pass_credential
from edge.daemon.front import CountyNotice
from edge.daemon.station import Station
from edge.daemon.store_thread import StoreCalls
from edge.domain.county_word import CountyWord, EndedPass
from edge.domain.inputs import CountyStateTold, Fresh, NoticeAcknowledged
from edge.kernel.errors import Refused
from edge.kernel.ids import KeeperId
from edge.kernel.time import Instant
from edge.store.county_state import CountyRow
from edge.store.database import Store

log = structlog.get_logger(__name__)
_PASS_ID: Final = re.compile(r"[0-9a-f]{16}")
_B = TypeVar("_B", bound=StateBody)


class CountyBoard:
    """Fits Shelf of talks.state_talk. What holds is in memory too, for the pages."""

    def __init__(
        self,
        station: Station,
        store: Store,
        store_thread: StoreCalls,
        *,
        on_keys: Callable[[str], object] | None = None,
        code_seals: CodeSeals | None = None,
    ) -> None:
        self._station, self._store, self._thread = station, store, store_thread
        self._code_seals = code_seals
        self.on_keys = on_keys
        """Hears a new card of the county; it may be named later."""
        self._seq = 0
        self.version = 0
        """Grows with each reading of what holds."""
        self._rows: list[tuple[CountyRow, StateBody]] = []

    async def load(self) -> None:
        """Read what holds. Raises StoreError."""
        rows = await self._thread.run(self._store.county_state)
        self._seq = await self._thread.run(self._store.county_state_seq)
        self._rows = [(row, body) for row in rows if (body := _read(row)) is not None]
        self.version += 1
        keys = [body.x25519 for body in self.told(CodeKey)]
        if self._code_seals is not None and self._code_seals.use(keys[-1] if keys else ""):
            self._station.draw_anew()  # what lies ready was drawn without this key

    # -- the stream

    async def seq(self) -> int:
        """Up to where everything is stored."""
        return self._seq

    @property
    def stored_seq(self) -> int:
        """The same, for a HELLO."""
        return self._seq

    async def keep(self, said: StateItems) -> None:
        """Store items, their mark and the fact that tells of it, all of it or nothing."""
        words = tuple(
            CountyWord(
                seq=item.seq,
                kind=item.kind,
                key=item.key,
                body=None if item.body is None else _text(item.body),
            )
            for item in said.items
        )
        ended = tuple(end for item in said.items if (end := _ended_pass(item)) is not None)

        def told(at: Instant, _fresh: Fresh) -> CountyStateTold:
            return CountyStateTold(at=at, words=words, sweep=said.sweep, ended=ended)

        # Refused: it could not be stored as a fact. Then our number stays, and the county repeats.
        with contextlib.suppress(Refused):
            await self._station.tell(told)
        await self.load()
        self._station.ring()
        self._hand_on({word.kind for word in words})

    def _hand_on(self, kinds: set[str]) -> None:
        if self.on_keys is None or "county_keys" not in kinds:
            return
        for _row, body in self._rows:
            if isinstance(body, CountyKeys):
                self.on_keys(body.card)

    # -- what holds

    def notices(self, now_ms: int) -> tuple[CountyNotice, ...]:
        """Notices that are not over, the newest first."""
        return tuple(
            CountyNotice(
                key=row.key, seq=row.seq, title=body.title, text=body.text, unread=not row.seen
            )
            for row, body in reversed(self._rows)
            if isinstance(body, Notice) and (not body.until_ms or now_ms < body.until_ms)
        )

    async def mark_read(self, keeper: KeeperId, notice: str, seq: int) -> None:
        """The keeper at the desk has read a notice. Raises Refused or StoreError."""

        def read(at: Instant, _fresh: Fresh) -> NoticeAcknowledged:
            return NoticeAcknowledged(at=at, keeper=keeper, notice=notice, seq=seq)

        await self._station.tell(read)
        await self.load()
        self._station.ring()

    def told(self, kind: type[_B]) -> list[_B]:
        """What holds of one kind, in the order in which it was told."""
        return [body for _row, body in self._rows if isinstance(body, kind)]

    def is_revoked(self, keeper: KeeperId) -> bool:
        """Whether the county no longer trusts this keeper."""
        return any(
            isinstance(body, Revocation) and body.what == "keeper" and body.id == keeper
            for _row, body in self._rows
        )


def _ended_pass(item: StateItem) -> EndedPass | None:
    if item.kind != "pass_end" or item.body is None or not _PASS_ID.fullmatch(item.key):
        return None
    try:
        until_ms = msgspec.convert(item.body, PassEnd).until_ms
    except msgspec.ValidationError:
        return None  # told as unread where it is read with all others
    return EndedPass(credential=pass_credential(item.key), until_ms=until_ms)


def _text(body: object) -> str:
    return msgspec.json.encode(body, order="sorted").decode()


def _read(row: CountyRow) -> StateBody | None:
    """What this software can read of a row; the rest stays where it is for a newer one."""
    try:
        return read_state_body(row.kind, msgspec.json.decode(row.body))
    except (StateBodyError, msgspec.DecodeError) as unread:
        log.info("county_word_unread", kind=row.kind, seq=row.seq, reason=str(unread)[:200])
        return None
