"""What happens in the sync session, for a technician who watches: the last of it, in a ring."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MOST_KEPT: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncEvent:
    """One thing that was sent or came; `serial` only grows, `mono_ms` is the session's clock."""

    serial: int
    mono_ms: int
    what: str
    detail: dict[str, int | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncView:
    """How the sync stands, in numbers."""

    link_up: bool
    online: bool
    verdict: str
    epoch: int
    head_seq: int
    applied_seq: int
    durable_seq: int
    waiting: int
    county_gen: str
    snapshot_seq: int


class SyncEvents:
    """A ring of events. Used on one event loop."""

    def __init__(self, clock_ms: Callable[[], int]) -> None:
        self._clock_ms = clock_ms
        self._events: deque[SyncEvent] = deque(maxlen=MOST_KEPT)
        self._serial = 0
        self._bell = asyncio.Event()

    def note(self, what: str, **detail: int | str) -> None:
        """Something happened."""
        self._serial += 1
        self._events.append(
            SyncEvent(serial=self._serial, mono_ms=self._clock_ms(), what=what, detail=dict(detail))
        )
        self._bell.set()
        self._bell = asyncio.Event()

    def after(self, serial: int) -> list[SyncEvent]:
        """What came after a number, as far as it is kept."""
        return [event for event in self._events if event.serial > serial]

    @property
    def serial(self) -> int:
        """The number of the newest."""
        return self._serial

    async def more(self, serial: int) -> list[SyncEvent]:
        """What came after a number; waits until there is something."""
        while not (found := self.after(serial)):
            await self._bell.wait()
        return found
