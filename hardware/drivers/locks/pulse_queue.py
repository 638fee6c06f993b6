"""The pulses that wait for their turn on one line, and those who wait for them."""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

from edge.kernel.errors import CunyiError, PulseNotSent
from hardware.drivers.locks.coil_guard import CoilGuard

STALE_S: Final = 10.0
"""A pulse that waited so long is not sent any more: nobody expects that door to open now.

The longest rest of a coil is as long: ten times the longest pulse that the settings allow.
"""


class Pulsed(Protocol):
    """What the queue must know of a board: what its supply calls it, and who guards that."""

    name: str
    coils: CoilGuard


_Board = TypeVar("_Board", bound=Pulsed)


@dataclass(slots=True, kw_only=True, eq=False)
class PulseJob(Generic[_Board]):
    """One pulse, and all who wait for it."""

    board: _Board
    channel: int
    asked_s: float = 0.0
    waiting: list[Future[None]] = field(default_factory=list)

    def share(self) -> Future[None]:
        """One more who waits for this pulse from now on."""
        done: Future[None] = Future()
        self.waiting.append(done)
        self.asked_s = time.monotonic()
        return done

    def ready_s(self) -> float:
        """The earliest second at which its coil may be driven."""
        return self.board.coils.ready_s(self.board.name, self.channel)

    def stale(self, now_s: float) -> bool:
        """Whether it has waited too long."""
        return now_s - self.asked_s > STALE_S

    def begin(self) -> bool:
        """From here on nobody can step back; False when all have already."""
        self.waiting = [done for done in self.waiting if done.set_running_or_notify_cancel()]
        return bool(self.waiting)

    def settle(self, failure: CunyiError | None = None) -> None:
        """Tell all who wait, unless they were told before."""
        for done in self.waiting:
            if done.done():
                continue
            if failure is None:
                done.set_result(None)
            else:
                done.set_exception(failure)


class PulseQueue(Generic[_Board]):
    """First come, first served, as far as the coils allow. Any thread may call."""

    def __init__(self) -> None:
        self._jobs: deque[PulseJob[_Board]] = deque()
        self._closed = False
        self._gate = threading.Lock()

    def ask(self, board: _Board, channel: int) -> Future[None]:
        """Queue one pulse. Raises PulseNotSent once the queue is closed.

        A lock whose pulse still waits gets no second one: both who asked share the first.
        """
        with self._gate:
            if self._closed:
                raise PulseNotSent(f"{board.name} is closed; nothing was sent")
            for job in self._jobs:
                if job.board is board and job.channel == channel:
                    return job.share()
            job = PulseJob(board=board, channel=channel)
            self._jobs.append(job)
            return job.share()

    def ready_s(self) -> float | None:
        """When the next coil may be driven, None when nothing waits."""
        with self._gate:
            return min((job.ready_s() for job in self._jobs), default=None)

    def first_ready(self, now_s: float) -> PulseJob[_Board] | None:
        """The first pulse whose coil may be driven, or that has waited too long.

        It stays in the queue. What nobody waits for any more is dropped.
        """
        with self._gate:
            wanted = [job for job in self._jobs if not all(one.cancelled() for one in job.waiting)]
            self._jobs = deque(wanted)
            for job in wanted:
                if job.ready_s() <= now_s or job.stale(now_s):
                    return job
        return None

    def take(self, job: PulseJob[_Board]) -> bool:
        """Out of the queue: now or never. False when nobody wants it any more.

        False also when another thread has taken or refused it meanwhile.
        """
        with self._gate:
            if job not in self._jobs:
                return False
            self._jobs.remove(job)
            return job.begin()

    def refuse(self, job: PulseJob[_Board], failure: CunyiError) -> None:
        """Out of the queue, with the reason for those who wait."""
        if self.take(job):
            job.settle(failure)

    def refuse_all(self, why: str) -> None:
        """Nothing of what waits now will be sent."""
        with self._gate:
            jobs, self._jobs = self._jobs, deque()
        for job in jobs:
            if job.begin():
                text = f"{job.board.name}: {why}; nothing was sent for lock {job.channel}"
                job.settle(PulseNotSent(text))

    def refuse_of(self, board: _Board, failure: Callable[[int], CunyiError]) -> None:
        """Nothing of what waits for this board; `failure` gets the channel."""
        with self._gate:
            jobs = [job for job in self._jobs if job.board is board]
        for job in jobs:
            self.refuse(job, failure(job.channel))

    def close(self) -> None:
        """Take nothing more in."""
        with self._gate:
            self._closed = True
