"""An event loop on virtual time: when nothing is ready it jumps to the next timer.

No threads, no sockets, and every run of the same program is the same run.
"""

import asyncio
import math
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

_R = TypeVar("_R")
MOST_TURNS: Final = 50_000
"""Of the loop at one moment; a busy world takes some hundreds."""


class AllAsleepError(RuntimeError):
    """Nobody waits for a time and nothing is ready: the program would wait for ever."""


class StuckError(RuntimeError):
    """Something is always ready, and so time never passes: a program that turns in place."""


class VirtualLoop(asyncio.BaseEventLoop):
    """See the module's docstring. `start_s` is what its clock shows at first."""

    def __init__(self, start_s: float = 0.0) -> None:
        super().__init__()
        self._now_s = start_s
        self._selector = _Jump(self)
        # asyncio takes a timer for due up to this much early. The usual 1 ns is lost in rounding
        # after half a year, and a timer that is due right now would be waited for, for ever.
        self._clock_resolution = 1e-6
        self.turns = 0
        """How often anything was ready: what an idle world costs."""
        self.bugs: list[str] = []
        """What nobody was there to hear: an exception in a callback or an unawaited task."""
        self.set_exception_handler(self._note)

    def time(self) -> float:
        """Seconds of virtual time."""
        return self._now_s

    def jump(self, seconds: float) -> None:
        """Let time pass at once; whatever is due is late by so much.

        After half a year the smallest step of a float is above some waits: time passes even so.
        """
        self._now_s = max(self._now_s + seconds, math.nextafter(self._now_s, math.inf))

    def run_in_executor(  # type: ignore[override]  # no thread: the answer is there at once
        self, _executor: Any, func: Callable[..., _R], *args: Any
    ) -> "asyncio.Future[_R]":
        """Call it here and now."""
        answer: asyncio.Future[_R] = self.create_future()
        try:
            answer.set_result(func(*args))
        except Exception as failure:  # noqa: BLE001 - it is raised where it is waited for
            answer.set_exception(failure)
        return answer

    def run_for(self, seconds: float) -> None:
        """Run whatever is due within so many seconds of virtual time."""
        self.run_until_complete(asyncio.sleep(seconds))

    def run(self, program: Coroutine[Any, Any, _R]) -> _R:
        """Run a program to its end."""
        return self.run_until_complete(program)

    def _note(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        failure = context.get("exception")
        self.bugs.append(f"{context.get('message')}: {failure!r}")

    # -- what asyncio asks of a loop's own kind

    def _process_events(self, event_list: list[Any]) -> None:
        """There are no files, so there is nothing to process."""

    def _write_to_self(self) -> None:
        """There is only one thread, and it is awake."""


class _Jump:
    """In the place of a selector: waiting for files becomes a jump in time."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self._turns = 0
        self._seen_s = loop.time()

    def select(self, timeout: float | None) -> list[Any]:
        self._loop.turns += 1
        if timeout is None:
            raise AllAsleepError("nothing is ready, and nobody waits for a time")
        if timeout > 0:
            self._loop.jump(timeout)
        self._turns = self._turns + 1 if self._loop.time() == self._seen_s else 0
        self._seen_s = self._loop.time()
        if self._turns > MOST_TURNS:
            self._turns = 0
            raise StuckError(f"nothing has passed time since {self._seen_s:.3f} s")
        return []

    def close(self) -> None:
        """Nothing is held."""


__all__ = ["AllAsleepError", "StuckError", "VirtualLoop"]
