"""One port with its Modbus relay boards: a thread that polls doors and pulses coils.

Order on the line: coils of unknown state are switched off first, a waiting pulse goes before the
next poll, one coil at a time. A pulse is written once; reading and switching off may be repeated.
"""

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog

from edge.kernel.errors import ConfigError, DeviceJammed, PulseNotSent
from hardware.byte_channel import ByteChannel, PortGone
from hardware.drivers.locks.modbus_wire import OFF, ON, TIMEOUT_S, ModbusWire, Written
from hardware.drivers.locks.pulse_queue import PulseJob, PulseQueue
from hardware.drivers.locks.relay_board import STALE_S, RelayBoard
from hardware.drivers.locks.serial_line import SerialLine
from hardware.drivers.port_keeper import PortKeeper

log = structlog.get_logger(__name__)

POLL_S: Final = 0.5
FAST_POLL_S: Final = 0.1
FAST_FOR_S: Final = 5.0
DEAD_POLL_S: Final = 2.0
"""These four as on the serial lock boards, for the same reasons (`lock_bus`, beside this)."""
STATUS_TRIES: Final = 2
OFF_TRIES: Final = 5
OFF_WITHIN_S: Final = 0.2
"""A coil that is on cannot wait a whole time-out for the next try to switch it off."""
ON_WITHIN_S: Final = 0.1
"""The shortest wait for the answer to an on: the off must be on its way when the pulse ends."""
FLASH: Final = 0x0200
"""Waveshare: coil 0x0200 + n flashes relay n + 1 for the written number of FLASH_STEP_S."""
FLASH_STEP_S: Final = 0.1
MOST_FLASH_STEPS: Final = 0x7FFF


def flash_steps(pulse_s: float) -> int:
    """The pulse in steps of 100 ms, rounded up: a shorter one might not free the bolt."""
    steps = -(-round(pulse_s * 1_000) // round(FLASH_STEP_S * 1_000))
    return min(max(steps, 1), MOST_FLASH_STEPS)


@dataclass(slots=True, kw_only=True, eq=False)
class ModbusBoard(RelayBoard):
    """One unit on the line. `timed`: the board itself ends a pulse.

    `unsure`: its coils must be switched off before anything else is asked of it.
    """

    timed: bool
    unsure: bool = True
    poll_s: float = 0.0
    fast_until_s: float = 0.0


class ModbusLine:
    """The line. `join`, `leave` and `wake` may be called from any thread, the rest is its own."""

    def __init__(self, port: str, baud: int) -> None:
        self.port = port
        self.baud = baud
        self.keeper = PortKeeper(f"modbus-line {port}", port, baud)
        self.queue = PulseQueue[ModbusBoard]()
        self.failure: Exception | None = None
        self._boards: tuple[ModbusBoard, ...] = ()
        self._fired: PulseJob[ModbusBoard] | None = None
        self._patient = False
        self._gate = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=f"modbus-line {port}", daemon=True)

    def join(self, board: ModbusBoard) -> None:
        """Add a board; the first one starts the line. Raises ConfigError for a taken address."""
        with self._gate:
            if any(other.address == board.address for other in self._boards):
                problem = f"{self.port} has another board with address {board.address}"
                fix = "Set another address on one board's switches and here"
                raise ConfigError("station.toml", board.name, problem, fix)
            self._boards = (*self._boards, board)
        if len(self._boards) == 1:
            self._thread.start()

    def leave(self, board: ModbusBoard) -> None:
        """Take a board off. The last one ends the line and gives the port back, which blocks."""
        with self._gate:
            others = tuple(other for other in self._boards if other is not board)
            self._boards = others or self._boards  # the line's thread always has one to talk to
        self.queue.refuse_of(board, lambda _channel: board.not_sent("was closed"))
        if not others:
            self.queue.close()
            self.keeper.stop()
            self._thread.join()

    def _run(self) -> None:
        try:
            self._keep_serving()
        except Exception as bug:
            log.exception("device_thread_failed", port=self.port)
            self._give_up(bug)
        else:
            self.queue.refuse_all("it was closed")
        finally:
            self.keeper.close()

    def _give_up(self, bug: Exception) -> None:
        """Our bug: leave nobody waiting, and no door that looks as if somebody watched it."""
        self.failure = bug
        self.queue.close()
        if (lost := self._fired) is not None:
            lost.settle(lost.board.maybe_moved(lost.channel, "failed"))
        self.queue.refuse_all("its driver failed")
        for board in self._boards:
            board.answering = False
            with suppress(Exception):  # whoever listens may be the bug
                board.tell(board.doors.lose_sight())

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
                    board.answering = False

    def _without_port(self) -> None:
        for board in self._boards:
            board.missed()
        self.queue.refuse_all("the port is not there")
        self.keeper.rest()

    def _serve(self, channel: ByteChannel) -> None:
        wire = ModbusWire(SerialLine(channel, self.baud), self.baud, self._in_a_hurry)
        for board in self._boards:
            board.unsure, board.poll_s = True, 0.0
        while not self.keeper.stopping:
            now_s = time.monotonic()
            if (job := self.queue.first_ready(now_s, STALE_S)) is not None:
                self._fire(wire, job)
            elif (board := min(self._boards, key=lambda one: one.poll_s)).poll_s <= now_s:
                self._poll(wire, board)
            else:
                ready_s = self.queue.ready_s()
                wire.rest(board.poll_s if ready_s is None else min(board.poll_s, ready_s))
        self._patient = True
        for board in self._boards:
            # A board that keeps the time itself ends a pulse that has just begun when it is due.
            if board.held or not (board.timed or board.dead):
                self._all_off(wire, board)

    def _in_a_hurry(self) -> bool:
        return self.keeper.stopping and not self._patient

    # -- pulses

    def _fire(self, wire: ModbusWire, job: PulseJob[ModbusBoard]) -> None:
        board = job.board
        if not board.answering and not self._stale(job):
            self._look_first(wire, job)
        if self._stale(job) or not board.answering:
            why = "waited too long" if board.answering else "does not answer"
            self.queue.refuse(job, board.not_sent(why))
            return
        if not board.claim(job.channel, time.monotonic()):
            return  # another thread with this supply was faster
        self._fired = job
        if not self.queue.take(job):
            return
        try:
            (self._flash if board.timed else self._switch)(wire, job)
        except PortGone as cause:
            job.settle(cause)
            raise

    @staticmethod
    def _stale(job: PulseJob[ModbusBoard]) -> bool:
        return time.monotonic() - job.asked_s > STALE_S

    def _look_first(self, wire: ModbusWire, job: PulseJob[ModbusBoard]) -> None:
        """Never pulse before all sensors were read (F041)."""
        try:
            self._poll(wire, job.board)
        except PortGone as cause:
            self.queue.refuse(job, PulseNotSent(f"{cause}; nothing was sent"))
            raise

    def _flash(self, wire: ModbusWire, job: PulseJob[ModbusBoard]) -> None:
        """One write; the board's own clock ends the pulse, whatever becomes of us."""
        board = job.board
        steps = flash_steps(board.pulse_s)
        self._told(job, self._write(wire, board, FLASH + job.channel - 1, steps))

    def _switch(self, wire: ModbusWire, job: PulseJob[ModbusBoard]) -> None:
        """On, wait, off. Until the board has confirmed the off, the coil counts as driven."""
        board, coil = job.board, job.channel - 1
        board.unsure = True
        try:
            written = self._write(wire, board, coil, ON, max(board.pulse_s, ON_WITHIN_S))
            off_s = wire.sent_s + board.pulse_s  # on and off take the same time on the line
            self._told(job, written)
            while written is Written.DONE and time.monotonic() < off_s and not self._in_a_hurry():
                wire.rest(off_s)
            self._patient = True  # also when we are asked to end: this comes first
            board.unsure = not self._surely_off(wire, board, coil, OFF_TRIES, OFF_WITHIN_S)
        finally:
            self._patient = False
            if board.unsure:
                self._hold(board)

    def _told(self, job: PulseJob[ModbusBoard], written: Written) -> None:
        board, now_s = job.board, time.monotonic()
        board.fast_until_s, board.poll_s = now_s + FAST_FOR_S, now_s
        if written is Written.DONE:
            job.settle()
        elif written is Written.REFUSED:
            text = f"{board.name} refused to pulse lock {job.channel}: is it another board?"
            job.settle(DeviceJammed(text))
        else:
            board.answering = False  # until it is heard again, no other coil is driven
            job.settle(board.maybe_moved(job.channel, "took the command without a word"))

    # -- off, and doors

    def _hold(self, board: ModbusBoard) -> None:
        if not board.held:
            log.error("coil_held", name=board.name)
        board.hold()
        self.queue.refuse_of(board, board.holds)

    def _surely_off(
        self, wire: ModbusWire, board: ModbusBoard, coil: int, tries: int, within_s: float
    ) -> bool:
        return any(
            self._write(wire, board, coil, OFF, within_s) is Written.DONE for _ in range(tries)
        )

    def _all_off(self, wire: ModbusWire, board: ModbusBoard) -> bool:
        """Whether all coils are off for sure; stops at the first that is not."""
        tries = 1 if board.dead else STATUS_TRIES
        board.unsure = not all(
            self._surely_off(wire, board, coil, tries, TIMEOUT_S) for coil in range(board.channels)
        )
        if not board.unsure:
            board.let_go(time.monotonic())
        return not board.unsure

    def _poll(self, wire: ModbusWire, board: ModbusBoard) -> None:
        began_s = asked_s = time.monotonic()
        bits = None
        if not board.unsure or self._all_off(wire, board):
            asked_s = time.monotonic()
            tries = 1 if board.dead else STATUS_TRIES
            while bits is None and tries and not self.keeper.stopping:
                bits, tries = wire.read_inputs(board.address, board.channels), tries - 1
                self._count_noise(wire, board)
        now_s = time.monotonic()
        if bits is not None:
            board.see(bits, now_s, now_s - asked_s)
        elif not self.keeper.stopping:
            board.missed()
        pace_s = FAST_POLL_S if now_s < board.fast_until_s else POLL_S
        board.poll_s = now_s + DEAD_POLL_S if board.dead else max(now_s, began_s + pace_s)
        if (again_s := board.doors.look_again_s()) is not None:
            board.poll_s = min(board.poll_s, again_s)

    def _write(
        self,
        wire: ModbusWire,
        board: ModbusBoard,
        address: int,
        value: int,
        within_s: float = TIMEOUT_S,
    ) -> Written:
        written = wire.write_coil(board.address, address, value, within_s)
        self._count_noise(wire, board)
        return written

    @staticmethod
    def _count_noise(wire: ModbusWire, board: ModbusBoard) -> None:
        board.bad_frames, wire.bad_frames = board.bad_frames + wire.bad_frames, 0
