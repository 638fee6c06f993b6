"""What a technician asks of the sync of a running station, over its local socket."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

from cloud_sync.station.session import SyncSession
from edge.daemon.front import LinkView, RoomView
from edge.kernel.errors import StoreError
from edge.kernel.time import Instant

STATUS: Final = "sync_status"
TAIL: Final = "sync_tail"
RESEND: Final = "sync_resend"
ASKS: Final = (STATUS, TAIL, RESEND)
SILENCE_S: Final = 5.0
"""A tail in which nothing happens says so this often: thus whoever hung up is noticed."""
ANSWER_S: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncAsks:
    """Answers with lines: each a mapping for JSON."""

    session: SyncSession
    link: Callable[[], LinkView]
    room: Callable[[], RoomView | None]
    state_seq: Callable[[], int]
    oldest_seq: Callable[[], int]
    now: Callable[[], Instant]
    clock_doubt: Callable[[], str] = str
    """Why the time that the county told last was not believed; empty where it was."""

    async def answers(self, asked: str) -> AsyncGenerator[dict[str, Any], None]:
        """The lines for one ask."""
        try:
            async with contextlib.aclosing(self._lines(asked)) as lines:
                async for line in lines:
                    yield line
        except StoreError as failure:
            yield {"error": str(failure)}

    async def _lines(self, asked: str) -> AsyncGenerator[dict[str, Any], None]:
        if asked == STATUS:
            yield {"status": await self._status()}
        elif asked == TAIL:
            async for line in self._tail():
                yield line
        else:
            async for line in self._resend():
                yield line

    async def _status(self) -> dict[str, Any]:
        room, now, link = self.room(), self.now(), self.link()
        view = await self.session.view()
        return {
            **asdict(view),
            # Who is not enrolled has nobody to give a verdict: only the link knows that.
            "verdict": link.verdict or view.verdict,
            "daemon": True,
            "oldest_seq": self.oldest_seq(),
            "state_seq": self.state_seq(),
            "since_ms": link.since_ms,
            "free_bytes": room.free_bytes if room is not None else None,
            "daily_bytes": room.daily_bytes if room is not None else None,
            "wall_lo_ms": now.wall_lo_ms,
            "wall_hi_ms": now.wall_hi_ms,
            "clock_doubt": self.clock_doubt(),
        }

    async def _tail(self) -> AsyncGenerator[dict[str, Any], None]:
        """What the ring still has, then whatever comes; ends when nobody reads any more."""
        seen = 0
        while True:
            try:
                async with asyncio.timeout(SILENCE_S):
                    events = await self.session.events.more(seen)
            except TimeoutError:
                yield {"alive": True}
                continue
            now = self.now()
            for event in events:
                seen = event.serial
                wall_ms = now.wall_lo_ms - (now.mono_ms - event.mono_ms)
                yield {"event": {**asdict(event), "wall_ms": wall_ms}}

    async def _resend(self) -> AsyncGenerator[dict[str, Any], None]:
        """A new HELLO, which settles everything; no mark is moved but by its answer."""
        events = self.session.events
        seen = events.serial
        if not self.session.greet_anew():
            yield {"resend": "down"}
            return
        try:
            async with asyncio.timeout(ANSWER_S):
                while True:
                    for event in await events.more(seen):
                        seen = event.serial
                        yield {"event": asdict(event)}
                        if event.what == "welcome":
                            yield {"resend": str(event.detail["verdict"])}
                            return
        except TimeoutError:
            yield {"resend": "silent"}
