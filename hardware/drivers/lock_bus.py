"""One RS-485 line with its lock boards: a thread that polls, pulses and listens.

Order on the line: a waiting unlock goes before the next poll, one coil at a time, silence between
frames. A status is asked again when its answer is lost; an unlock is written once and never more.
"""

import threading
import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import structlog

from edge.kernel.errors import DeviceGone, PulseNotSent
from firmware_bridge.assembler import FrameError
from firmware_bridge.lock_board.codec import AllBits, AskAll, Moved, Reply, Unlock
from firmware_bridge.lock_board.exchange import (
    STATUS_TRIES,
    Answered,
    GiveUp,
    Listen,
    Send,
    StatusExchange,
    UnlockExchange,
)
from hardware.byte_channel import ByteChannel, PortGone
from hardware.drivers.bus_board import BusBoard
from hardware.drivers.coil_guard import CoilGuard
from hardware.drivers.port_keeper import PortKeeper
from hardware.drivers.serial_line import SerialLine

log = structlog.get_logger(__name__)

POLL_S: Final = 0.5
"""docs/devices/lock-boards.md: a poll of 5 s misses a door that opens and shuts."""
FAST_POLL_S: Final = 0.1
FAST_FOR_S: Final = 5.0
"""After a pulse a door is expected to move; the station asks the person after 3 s."""
DEAD_POLL_S: Final = 2.0
"""A dead board is asked once, then left alone so long: its neighbours need the line."""
SILENCE_S: Final = 0.05
"""No byte for so long ends a frame: above the 16 ms that USB adapters collect bytes for."""
STALE_S: Final = 10.0
"""An unlock that waited so long is not sent any more: nobody expects that door to open now.

The longest rest of a coil is as long: ten times the longest pulse that the settings allow.
"""


@dataclass(slots=True, kw_only=True, eq=False)
class _Job:
    """One pulse, and all who wait for it."""

    board: BusBoard
    channel: int
    asked_s: float = 0.0
    waiting: list[Future[None]] = field(default_factory=list)

    def share(self) -> Future[None]:
        """One more who waits for this pulse from now on."""
        done: Future[None] = Future()
        self.waiting.append(done)
        self.asked_s = time.monotonic()
        return done

    def begin(self) -> bool:
        """From here on nobody can step back; False when all have already."""
        self.waiting = [done for done in self.waiting if done.set_running_or_notify_cancel()]
        return bool(self.waiting)

    def settle(self, failure: Exception | None = None) -> None:
        """Tell all who wait, unless they were told before."""
        for done in self.waiting:
            if done.done():
                continue
            if failure is None:
                done.set_result(None)
            else:
                done.set_exception(failure)


class LockBus:
    """The line. `join` and `release` may be called from any thread, the rest is its own."""

    def __init__(self, port: str, baud: int) -> None:
        self.port = port
        self.baud = baud
        self.keeper = PortKeeper(f"lock-bus {port}", port, baud)
        self._boards: tuple[BusBoard, ...] = ()
        self.failure: Exception | None = None
        self._jobs: deque[_Job] = deque()
        self._fired: _Job | None = None
        self._gate = threading.Lock()
        self._coils = CoilGuard()
        self._echoes = False
        self._thread = threading.Thread(target=self._run, name=f"lock-bus {port}", daemon=True)

    def join(self, board: BusBoard) -> None:
        """Add a board; the first one starts the line."""
        with self._gate:
            self._boards = (*self._boards, board)
        if len(self._boards) == 1:
            self._thread.start()

    def leave(self, board: BusBoard) -> None:
        """Take a board off. The last one ends the line and gives the port back, which blocks."""
        with self._gate:
            others = tuple(other for other in self._boards if other is not board)
            self._boards = others or self._boards  # the line's thread always has one to talk to
        if not others:
            self.keeper.stop()
            self._thread.join()

    def release(self, board: BusBoard, channel: int) -> Future[None]:
        """Queue one pulse, which waits for its coil to cool. Raises PulseNotSent.

        A lock whose pulse still waits gets no second one: both who asked share the first.
        """
        with self._gate:
            if self.keeper.stopping or self.failure is not None:
                raise PulseNotSent(f"{board.name} is closed; nothing was sent")
            for job in self._jobs:
                if job.board is board and job.channel == channel:
                    return job.share()
            job = _Job(board=board, channel=channel)
            self._jobs.append(job)
            done = job.share()
        self.keeper.wake()
        return done

    def _run(self) -> None:
        try:
            self._keep_serving()
        except Exception as bug:
            log.exception("device_thread_failed", port=self.port)
            self._give_up(bug)
        else:
            self.keeper.close()
            self._refuse_all("it was closed")

    def _give_up(self, bug: Exception) -> None:
        """Our bug: leave nobody waiting, and no door that looks as if somebody watched it."""
        with self._gate:
            self.failure = bug
        if self._fired is not None:
            lost = (
                f"{self._fired.board.name} failed at lock {self._fired.channel}; it may have moved"
            )
            self._fired.settle(DeviceGone(lost))
        self._refuse_all("its driver failed")
        for board in self._boards:
            board.answering = False
            with suppress(Exception):  # whoever listens may be the bug
                board.tell(board.doors.lose_sight())
        self.keeper.close()

    def _keep_serving(self) -> None:
        while not self.keeper.stopping:
            channel = self.keeper.open()
            if channel is None:
                for board in self._boards:
                    board.missed()
                self._refuse_all("the port is not there")
                self.keeper.rest()
                continue
            try:
                self._serve(channel)
            except PortGone as cause:
                self.keeper.lost(cause)
                for board in self._boards:
                    board.answering = False

    def _serve(self, channel: ByteChannel) -> None:
        line = SerialLine(channel, self.baud)
        for board in self._boards:
            board.poll_s = 0.0
        while not self.keeper.stopping:
            now_s = time.monotonic()
            if (job := self._take_job(now_s)) is not None:
                self._fire(line, job)
            elif (board := min(self._boards, key=lambda one: one.poll_s)).poll_s <= now_s:
                self._poll(line, board)
            else:
                self._listen(line, board, self._until(board.poll_s))

    def _until(self, poll_s: float) -> float:
        with self._gate:
            ready = [self._coils.ready_s(job.board.address, job.channel) for job in self._jobs]
        return min([poll_s, *ready])

    def _take_job(self, now_s: float) -> _Job | None:
        with self._gate:
            for job in self._jobs:
                if self._coils.ready_s(job.board.address, job.channel) <= now_s:
                    self._jobs.remove(job)
                    return job
        return None

    def _fire(self, line: SerialLine, job: _Job) -> None:
        board = job.board
        if not job.begin():
            return
        self._fired = job
        if not board.answering:  # never pulse before all sensors were read (F041)
            self._look_first(line, job)
        if not board.answering or time.monotonic() - job.asked_s > STALE_S:
            why = "waited too long" if board.answering else "does not answer"
            job.settle(PulseNotSent(f"{board.name} {why}; nothing was sent"))
            return
        try:
            self._pulse(line, job)
        except PortGone as cause:
            job.settle(cause)
            raise

    def _look_first(self, line: SerialLine, job: _Job) -> None:
        try:
            self._poll(line, job.board)
        except PortGone as cause:
            job.settle(PulseNotSent(f"{cause}; nothing was sent"))
            raise

    def _pulse(self, line: SerialLine, job: _Job) -> None:
        board = job.board
        exchange = UnlockExchange(
            board=board.address,
            channel=job.channel,
            frame=board.dialect.encode(Unlock(board.address, job.channel)),
            echoes=self._echoes,
        )
        self._coils.drive(board.address, job.channel, board.pulse_s, time.monotonic())
        outcome = self._converse(line, board, exchange)
        now_s = time.monotonic()
        board.fast_until_s, board.poll_s = now_s + FAST_FOR_S, now_s
        if isinstance(outcome, Answered):
            job.settle()
        else:
            board.answering = False  # until it is heard again, no other coil is driven
            text = f"{board.name} took lock {job.channel} without a word; it may have moved"
            job.settle(DeviceGone(text))

    def _poll(self, line: SerialLine, board: BusBoard) -> None:
        began_s = time.monotonic()
        exchange = StatusExchange(
            board=board.address,
            frame=board.dialect.encode(AskAll(board.address)),
            tries=STATUS_TRIES - 1 if board.dead else 0,
        )
        outcome = self._converse(line, board, exchange)
        now_s = time.monotonic()
        if isinstance(outcome, Answered) and isinstance(outcome.reply, AllBits):
            self._echoes = self._echoes or outcome.echoed
            board.answering, board.failed = True, 0
        elif not self.keeper.stopping:
            board.missed()
        pace_s = FAST_POLL_S if now_s < board.fast_until_s else POLL_S
        board.poll_s = now_s + DEAD_POLL_S if board.dead else max(now_s, began_s + pace_s)
        if (again_s := board.doors.look_again_s()) is not None:
            board.poll_s = min(board.poll_s, again_s)

    def _converse(
        self, line: SerialLine, board: BusBoard, exchange: StatusExchange | UnlockExchange
    ) -> Answered | GiveUp:
        for item in board.assembler.quiet():  # what an earlier talk left behind
            board.bad_frames += self._read(board, item) is None
        while True:
            exchange, action = exchange.next(time.monotonic())
            match action:
                case Send(frame):
                    line.send(frame, board.dialect.gap_chars)
                case Listen(until_s):
                    if self.keeper.stopping:
                        return GiveUp(1)
                    exchange = self._hear(line, board, exchange, until_s)
                case _:
                    return action

    def _hear(
        self,
        line: SerialLine,
        board: BusBoard,
        exchange: StatusExchange | UnlockExchange,
        until_s: float,
    ) -> StatusExchange | UnlockExchange:
        replies, damaged = self._listen(line, board, until_s)
        for reply in replies:
            exchange = exchange.hear(reply)
        return exchange.hear_noise(time.monotonic()) if damaged else exchange

    def _listen(
        self, line: SerialLine, board: BusBoard, until_s: float
    ) -> tuple[list[Reply], bool]:
        """Read once; returns what was said to us and whether damaged bytes were among it."""
        wait_s = until_s - time.monotonic()
        pending = board.assembler.pending
        data = line.read(min(wait_s, SILENCE_S) if pending else wait_s)
        if data:
            items = list(board.assembler.feed(data))
        elif pending and line.silent_s() >= SILENCE_S:
            items = list(board.assembler.quiet())
        else:
            return [], False
        heard = [self._read(board, item) for item in items]
        damaged = any(reply is None for reply in heard)
        board.bad_frames += damaged
        return [reply for reply in heard if reply is not None], damaged

    def _read(self, listening: BusBoard, item: bytes | FrameError) -> Reply | None:
        """The meaning of what was heard, None when it is damaged or from a stranger (F034)."""
        if isinstance(item, FrameError):
            return None
        reply = listening.dialect.decode(item, listening.channels)
        board = next((one for one in self._boards if one.address == reply.board), None)
        if board is None:
            return None
        self._look_at_doors(board, reply)
        return reply

    def _look_at_doors(self, board: BusBoard, reply: Reply) -> None:
        """Take readings in the order in which they were said: a later one overrules."""
        match reply:
            case AllBits(bits=bits):
                readings = {n: board.reading(bit=bit) for n, bit in enumerate(bits, start=1)}
            case Moved(channel=channel, bit=bit):
                readings = {channel: board.reading(bit=bit)}
            case _:
                return
        board.tell(board.doors.see(readings, time.monotonic()))
        if (again_s := board.doors.look_again_s()) is not None:
            board.poll_s = min(board.poll_s, again_s)

    def _refuse_all(self, why: str) -> None:
        while True:
            with self._gate:
                if not self._jobs:
                    return
                job = self._jobs.popleft()
            if job.begin():
                text = f"{job.board.name}: {why}; nothing was sent for lock {job.channel}"
                job.settle(PulseNotSent(text))
