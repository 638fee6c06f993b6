"""One RS-485 line with its lock boards: a thread that polls, pulses and listens.

Order on the line: a waiting unlock goes before the next question, one coil at a time, silence
between frames. A status is asked again when its answer is lost; an unlock is written once and
never more.
"""

import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from typing import Final

import structlog

from edge.kernel.errors import (
    ConfigError,
    CunyiError,
    DeviceGone,
    DeviceJammed,
    PulseNotSent,
)
from firmware_bridge.lock_board.exchange import (
    STATUS_TRIES,
    Answered,
    GiveUp,
    StatusExchange,
    UnlockExchange,
)
from firmware_bridge.lock_board.messages import Unlock, UnlockRefused
from hardware.byte_channel import ByteChannel, PortGone
from hardware.drivers.locks.bus_board import BusBoard
from hardware.drivers.locks.bus_talk import SILENCE_S, BusTalk
from hardware.drivers.locks.pulse_queue import PulseJob, PulseQueue
from hardware.drivers.locks.serial_line import SerialLine
from hardware.drivers.port_keeper import PortKeeper

log = structlog.get_logger(__name__)

POLL_S: Final = 0.5
"""docs/devices/lock-boards.md: a poll of 5 s misses a door that opens and shuts."""
FAST_POLL_S: Final = 0.1
FAST_FOR_S: Final = 5.0
"""After a pulse a door is expected to move; the station asks the person after 3 s."""
DEAD_POLL_S: Final = 2.0
"""A dead board is asked once, then left alone so long: its neighbours need the line."""
STALE_S: Final = 10.0
"""An unlock that waited so long is not sent any more: nobody expects that door to open now.

The longest rest of a coil is as long: ten times the longest pulse that the settings allow.
"""


class LockBus:
    """The line. `join` and `release` may be called from any thread, the rest is its own."""

    def __init__(self, port: str, baud: int) -> None:
        self.port = port
        self.baud = baud
        self.keeper = PortKeeper(f"lock-bus {port}", port, baud)
        self._boards: tuple[BusBoard, ...] = ()
        self.failure: Exception | None = None
        self._pulses = PulseQueue[BusBoard]()
        self._fired: PulseJob[BusBoard] | None = None
        self._gate = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=f"lock-bus {port}", daemon=True)

    def join(self, board: BusBoard) -> None:
        """Add a board; the first one starts the line. Raises ConfigError for a taken address."""
        with self._gate:
            if any(other.address == board.address for other in self._boards):
                problem = f"{self.port} has another board with address {board.address}"
                fix = "Set another address on one board's switches and here"
                raise ConfigError("station.toml", board.name, problem, fix)
            self._boards = (*self._boards, board)
        if len(self._boards) == 1:
            self._thread.start()

    def leave(self, board: BusBoard) -> None:
        """Take a board off. The last one ends the line and gives the port back, which blocks."""
        with self._gate:
            others = tuple(other for other in self._boards if other is not board)
            self._boards = others or self._boards  # the line's thread always has one to talk to
        if not others:
            self._pulses.close()
            self.keeper.stop()
            self._thread.join()

    def release(self, board: BusBoard, channel: int) -> Future[None]:
        """Queue one pulse, which waits for its coil to cool. Raises PulseNotSent.

        A lock whose pulse still waits gets no second one: both who asked share the first.
        """
        done = self._pulses.ask(board, channel)
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
            self._pulses.refuse_all("it was closed")

    def _give_up(self, bug: Exception) -> None:
        """Our bug: leave nobody waiting, and no door that looks as if somebody watched it."""
        self.failure = bug
        self._pulses.close()
        if self._fired is not None:
            name, channel = self._fired.board.name, self._fired.channel
            self._fired.settle(DeviceGone(f"{name} failed at lock {channel}; it may have moved"))
        self._pulses.refuse_all("its driver failed")
        for board in self._boards:
            board.answering = False
            with suppress(Exception):  # whoever listens may be the bug
                board.lose_sight()
        self.keeper.close()

    def _keep_serving(self) -> None:
        while not self.keeper.stopping:
            channel = self.keeper.open()
            if channel is None:
                for board in self._boards:
                    board.missed()
                self._pulses.refuse_all("the port is not there")
                self.keeper.rest()
                continue
            try:
                self._serve(channel)
            except PortGone as cause:
                self.keeper.lost(cause)
                for board in self._boards:
                    board.hush()

    def _serve(self, channel: ByteChannel) -> None:
        line = SerialLine(channel, self.baud)
        talk = BusTalk(line, lambda: self._boards, lambda: self.keeper.stopping)
        for board in self._boards:
            board.poll_s = 0.0
        while not self.keeper.stopping:
            now_s = time.monotonic()
            if (job := self._pulses.first_ready(now_s, STALE_S)) is not None:
                self._fire(talk, job)
            elif (board := min(self._boards, key=lambda one: one.poll_s)).poll_s <= now_s:
                self._poll(talk, board)
            else:
                ready_s = self._pulses.ready_s()
                talk.overhear(board.poll_s if ready_s is None else min(board.poll_s, ready_s))

    def _fire(self, talk: BusTalk, job: PulseJob[BusBoard]) -> None:
        board = job.board
        if not self._stale(job) and (not board.answering or board.voices.suspected):
            self._look_first(talk, job)
        if (refusal := self._refusal(job)) is not None:
            self._pulses.refuse(job, refusal)
            return
        if not board.coils.claim(board.name, job.channel, board.pulse_s, time.monotonic()):
            return  # another line with this supply was faster
        self._fired = job
        if not self._pulses.take(job):
            return
        try:
            self._pulse(talk, job)
        except PortGone as cause:
            job.settle(cause)
            raise

    def _look_first(self, talk: BusTalk, job: PulseJob[BusBoard]) -> None:
        """Never pulse before all sensors were read (F041), nor while two boards may answer."""
        board = job.board
        try:
            self._look(talk, board)
            while board.answering and board.voices.suspected:  # until it is proven or forgiven
                if self.keeper.stopping:
                    return
                self._look(talk, board)
        except PortGone as cause:
            self._pulses.refuse(job, PulseNotSent(f"{cause}; nothing was sent"))
            raise

    def _look(self, talk: BusTalk, board: BusBoard) -> None:
        while not self._poll(talk, board):
            pass
        until_s = time.monotonic() + SILENCE_S  # a second voice comes behind the first
        while board.answering and time.monotonic() < until_s:
            talk.overhear(until_s)

    def _refusal(self, job: PulseJob[BusBoard]) -> CunyiError | None:
        board = job.board
        if board.voices.doubled:
            text = f"two boards answer as {board.name}; nothing was sent for lock {job.channel}"
            return DeviceJammed(text)
        if self.keeper.stopping:
            return PulseNotSent(f"{board.name} was closed; nothing was sent")
        if self._stale(job):
            return PulseNotSent(f"{board.name} waited too long; nothing was sent")
        if not board.answering:
            return PulseNotSent(f"{board.name} does not answer; nothing was sent")
        return None

    def _stale(self, job: PulseJob[BusBoard]) -> bool:
        return time.monotonic() - job.asked_s > STALE_S

    def _pulse(self, talk: BusTalk, job: PulseJob[BusBoard]) -> None:
        board, dialect = job.board, job.board.dialect
        about = dialect.question_about(board.address, job.channel)
        exchange = UnlockExchange(
            unlock=Unlock(board.address, job.channel),
            echoes=talk.echoes,
            confirm=None if dialect.answers_unlock else about,
        )
        outcome = talk.converse(board, exchange)
        now_s = time.monotonic()
        board.fast_until_s, board.poll_s, board.pulsed = now_s + FAST_FOR_S, now_s, job.channel
        board.left.clear()
        if isinstance(outcome, GiveUp):
            board.answering = False  # until it is heard again, no other coil is driven
            text = f"{board.name} took lock {job.channel} without a word; it may have moved"
            job.settle(DeviceGone(text))
        elif isinstance(outcome.reply, UnlockRefused):
            why = "must cool" if outcome.reply.cooling else "failed"
            job.settle(DeviceJammed(f"{board.name} says that lock {job.channel} {why}"))
        else:
            job.settle()

    def _poll(self, talk: BusTalk, board: BusBoard) -> bool:
        """Ask one question; whether a poll ended with it, all locks read or the board silent."""
        question = board.next_question(time.monotonic())
        tries = STATUS_TRIES - 1 if board.dead else 0
        outcome = talk.converse(board, StatusExchange(question=question, tries=tries))
        now_s = time.monotonic()
        if isinstance(outcome, Answered):
            talk.echoes = talk.echoes or outcome.echoed
            if not board.answered():
                board.poll_s = now_s
                return False
        elif not self.keeper.stopping:
            board.missed()
        pace_s = FAST_POLL_S if now_s < board.fast_until_s else POLL_S
        board.poll_s = now_s + DEAD_POLL_S if board.dead else max(now_s, board.began_s + pace_s)
        board.look_again_soon()
        return True
