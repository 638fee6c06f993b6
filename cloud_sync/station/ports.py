"""What the sync session needs from below: a journal to read and a pipe to send through."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cloud_sync.wire.messages import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """What the county last acknowledged. Only what is `durable_seq` or below may be pruned."""

    county_gen: str = ""
    applied_seq: int = 0
    durable_seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotToSend:
    """A snapshot as it travels: SnapshotBody in bytes, the place it was taken at, its digest."""

    at: Position
    digest: str
    data: bytes


class JournalSource(Protocol):
    """The station's journal, read for sending."""

    async def head(self) -> Position:
        """The newest fact's place; seq 0 and the genesis hash for an empty journal."""

    async def hash_at(self, seq: int) -> bytes | None:
        """The chain hash at a place, None where nothing is kept."""

    async def base(self) -> Position:
        """The place before the first fact that is kept."""

    async def oldest_snapshot(self) -> SnapshotToSend | None:
        """The first from which all later facts are kept."""

    async def facts_after(self, seq: int, max_facts: int, max_bytes: int) -> list[bytes]:
        """Canonical bytes that follow a place, oldest first, at least one if there is any."""

    async def cursor(self) -> Cursor:
        """How far the county has acknowledged."""

    async def save_cursor(self, cursor: Cursor) -> None:
        """Keep what the county acknowledged."""


@dataclass(frozen=True, slots=True)
class LinkUp:
    """The broker took us in; nothing sent before counts.

    `most_bytes` is the largest payload on `up` that it takes, None where it told no limit.
    """

    most_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class LinkDown:
    """The broker is gone; the link tries again by itself."""

    reason: str


@dataclass(frozen=True, slots=True)
class LinkMessage:
    """Bytes from the county on `dn` or `ans`, as untrusted as any bytes."""

    lane: str
    payload: bytes


LinkEvent = LinkUp | LinkDown | LinkMessage


class Link(Protocol):
    """A pipe to the county that may lose, repeat and reorder everything."""

    def start(self, on_event: Callable[[LinkEvent], None]) -> None:
        """Connect and stay connected; `on_event` is called on the event loop."""

    def send(self, lane: str, payload: bytes) -> None:
        """Hand bytes to the broker on `up`, `ask` or `tel`; no promise is made."""

    async def aclose(self) -> None:
        """Say goodbye and disconnect."""
