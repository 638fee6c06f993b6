"""One port with its lock boards: a thread that polls, pulses and listens.

Order on the line: a waiting pulse goes before the next poll, one coil at a time. A pulse is
written once and never more; what is asked may be asked again. What is said on the wire is the
matter of each kind of line.
"""

import threading
import time
from abc import ABC, abstractmethod
from concurrent.futures import Future
from contextlib import suppress
from typing import ClassVar, Generic, TypeVar

import structlog

from edge.kernel.errors import ConfigError, CunyiError, PulseNotSent
from hardware.byte_channel import ByteChannel, PortGone
from hardware.drivers.locks.lock_board import LockBoard
from hardware.drivers.locks.pulse_queue import PulseJob, PulseQueue
from hardware.drivers.port_keeper import PortKeeper

log = structlog.get_logger(__name__)

_Board = TypeVar("_Board", bound=LockBoard)
_Talk = TypeVar("_Talk")


class BoardLine(ABC, Generic[_Board, _Talk]):
    """The line. `join`, `leave` and `release` may be called from any thread, the rest is its own.

    `_Talk` is one opening of the port; whatever gets one may raise PortGone.
    """

    KIND: ClassVar[str]

    def __init__(self, port: str, baud: int) -> None:
        self.port = port
        self.baud = baud
        name = f"{self.KIND} {port}"
        self.keeper = PortKeeper(name, port, baud)
        self.failure: Exception | None = None
        self._boards: tuple[_Board, ...] = ()
        self._queue = PulseQueue[_Board]()
        self._fired: PulseJob[_Board] | None = None
        self._gate = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def join(self, board: _Board) -> None:
        """Add a board; the first one starts the line. Raises ConfigError for a taken address."""
        with self._gate:
            if any(other.address == board.address for other in self._boards):
                problem = f"{self.port} has another board with address {board.address}"
                fix = "Set another address on one board's switches and here"
                raise ConfigError("station.toml", board.name, problem, fix)
            self._boards = (*self._boards, board)
        if len(self._boards) == 1:
            self._thread.start()

    def leave(self, board: _Board) -> None:
        """Take a board off. The last one ends the line and gives the port back, which blocks."""
        with self._gate:
            others = tuple(other for other in self._boards if other is not board)
            self._boards = others or self._boards  # the line's thread always has one to talk to
        self._queue.refuse_of(board, lambda _channel: board.not_sent("was closed"))
        if not others:
            self._queue.close()
            self.keeper.stop()
            self._thread.join()

    def release(self, board: _Board, channel: int) -> Future[None]:
        """Queue one pulse, which waits for its coil to cool. Raises PulseNotSent.

        A lock whose pulse still waits gets no second one: both who asked share the first.
        """
        done = self._queue.ask(board, channel)
        self.keeper.wake()
        return done

    # -- what is said on the wire

    @abstractmethod
    def _talk_on(self, channel: ByteChannel) -> _Talk:
        """The port was opened."""

    @abstractmethod
    def _poll(self, talk: _Talk, board: _Board) -> bool:
        """Ask one question; whether a poll ended with it, all locks read or the board silent."""

    @abstractmethod
    def _look(self, talk: _Talk, board: _Board) -> None:
        """Read all doors now: no lock is pulsed before (F041)."""

    @abstractmethod
    def _pulse(self, talk: _Talk, job: PulseJob[_Board]) -> None:
        """Send this pulse and settle the job."""

    @abstractmethod
    def _rest(self, talk: _Talk, until_s: float) -> None:
        """Nothing to do until then, or until woken."""

    def _finish(self, talk: _Talk) -> None:
        """The line ends while its port is open."""

    def _refusal(self, job: PulseJob[_Board]) -> CunyiError | None:
        """Why this pulse must not be sent now."""
        if self.keeper.stopping:
            return job.board.not_sent("was closed")
        if job.stale(time.monotonic()):
            return job.board.not_sent("waited too long")
        if not job.board.answering:
            return job.board.not_sent("does not answer")
        return None

    # -- the thread

    def _run(self) -> None:
        try:
            self._keep_serving()
        except Exception as bug:
            log.exception("device_thread_failed", port=self.port)
            self._give_up(bug)
        else:
            self._queue.refuse_all("it was closed")
        finally:
            self.keeper.close()

    def _give_up(self, bug: Exception) -> None:
        """Our bug: leave nobody waiting, and no door that looks as if somebody watched it."""
        self.failure = bug
        self._queue.close()
        if (lost := self._fired) is not None:
            lost.settle(lost.board.maybe_moved(lost.channel, "failed"))
        self._queue.refuse_all("its driver failed")
        for board in self._boards:
            board.answering = False
            with suppress(Exception):  # whoever listens may be the bug
                board.lose_sight()

    def _keep_serving(self) -> None:
        while not self.keeper.stopping:
            channel = self.keeper.open()
            if channel is None:
                self._without_port()
                continue
            try:
                self._serve(channel)
            except PortGone as cause:
                self.keeper.lost(cause)
                for board in self._boards:
                    board.hush()

    def _without_port(self) -> None:
        for board in self._boards:
            board.missed()
        self._queue.refuse_all("the port is not there")
        self.keeper.rest()

    def _serve(self, channel: ByteChannel) -> None:
        talk = self._talk_on(channel)
        for board in self._boards:
            board.poll_s = 0.0
        while not self.keeper.stopping:
            now_s = time.monotonic()
            if (job := self._queue.first_ready(now_s)) is not None:
                self._fire(talk, job)
            elif (board := min(self._boards, key=lambda one: one.poll_s)).poll_s <= now_s:
                self._poll(talk, board)
            else:
                ready_s = self._queue.ready_s()
                self._rest(talk, board.poll_s if ready_s is None else min(board.poll_s, ready_s))
        self._finish(talk)

    def _fire(self, talk: _Talk, job: PulseJob[_Board]) -> None:
        board = job.board
        if not board.trusted and not job.stale(time.monotonic()):
            self._look_first(talk, job)
        if (refusal := self._refusal(job)) is not None:
            self._queue.refuse(job, refusal)
            return
        if not board.claim(job.channel, time.monotonic()):
            return  # another thread with this supply was faster
        self._fired = job
        if not self._queue.take(job):
            return
        try:
            self._pulse(talk, job)
        except PortGone as cause:
            job.settle(cause)
            raise

    def _look_first(self, talk: _Talk, job: PulseJob[_Board]) -> None:
        try:
            self._look(talk, job.board)
        except PortGone as cause:
            self._queue.refuse(job, PulseNotSent(f"{cause}; nothing was sent"))
            raise
