"""One port with its Modbus relay boards.

Coils of unknown state are switched off before anything else. Reading and switching off may be
repeated, a pulse is written once.
"""

import time
from dataclasses import dataclass
from typing import ClassVar, Final

import structlog

from edge.kernel.errors import DeviceJammed
from hardware.byte_channel import ByteChannel
from hardware.drivers.locks.board_line import BoardLine
from hardware.drivers.locks.lock_board import LockBoard
from hardware.drivers.locks.modbus_wire import OFF, ON, TIMEOUT_S, ModbusWire, Written
from hardware.drivers.locks.pulse_queue import PulseJob
from hardware.drivers.locks.relay_board import RelayBoard
from hardware.drivers.locks.serial_line import SerialLine
from hardware.options import FLASH_STEP_MS

log = structlog.get_logger(__name__)

STATUS_TRIES: Final = 2
OFF_TRIES: Final = 5
OFF_WITHIN_S: Final = 0.2
"""A coil that is on cannot wait a whole time-out for the next try to switch it off."""
ON_WITHIN_S: Final = 0.1
"""The shortest wait for the answer to an on: the off must be on its way when the pulse ends."""
FLASH: Final = 0x0200
"""Waveshare: coil 0x0200 + n flashes relay n + 1 for the written number of FLASH_STEP_MS."""
MOST_FLASH_STEPS: Final = 0x7FFF


def flash_steps(pulse_s: float) -> int:
    """The pulse in steps of 100 ms, rounded up: a shorter one might not free the bolt."""
    steps = -(-round(pulse_s * 1_000) // FLASH_STEP_MS)
    return min(max(steps, 1), MOST_FLASH_STEPS)


@dataclass(slots=True, kw_only=True, eq=False)
class ModbusBoard(RelayBoard):
    """One unit on the line. `timed`: the board itself ends a pulse.

    `unsure`: its coils must be switched off before anything else is asked of it.
    """

    timed: bool
    unsure: bool = True

    def __post_init__(self) -> None:
        LockBoard.__post_init__(self)  # a class with slots is made twice: super() is another one
        if self.timed:  # what the relay does counts, not what it was asked for
            self.pulse_s = flash_steps(self.pulse_s) * FLASH_STEP_MS / 1_000


class ModbusLine(BoardLine[ModbusBoard, ModbusWire]):
    """The line."""

    KIND: ClassVar[str] = "modbus-line"

    def __init__(self, port: str, baud: int) -> None:
        super().__init__(port, baud)
        self._patient = False

    def _talk_on(self, channel: ByteChannel) -> ModbusWire:
        for board in self._boards:
            board.unsure = True
        return ModbusWire(SerialLine(channel, self.baud), self.baud, self._in_a_hurry)

    def _rest(self, talk: ModbusWire, until_s: float) -> None:
        talk.rest(until_s)

    def _look(self, talk: ModbusWire, board: ModbusBoard) -> None:
        self._poll(talk, board)

    def _finish(self, talk: ModbusWire) -> None:
        self._patient = True
        for board in self._boards:
            # A board that keeps the time itself ends a pulse that has just begun when it is due.
            if board.held or not (board.timed or board.dead):
                self._all_off(talk, board)

    def _in_a_hurry(self) -> bool:
        return self.keeper.stopping and not self._patient

    # -- pulses

    def _pulse(self, talk: ModbusWire, job: PulseJob[ModbusBoard]) -> None:
        (self._flash if job.board.timed else self._switch)(talk, job)

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
        board = job.board
        board.was_pulsed(time.monotonic())
        if written is Written.DONE:
            job.settle()
        elif written is Written.REFUSED:
            text = f"{board.name} refused to pulse lock {job.channel}: is it another board?"
            job.settle(DeviceJammed(text))
        else:
            board.left_without_a_word()
            job.settle(board.maybe_moved(job.channel, "took the command without a word"))

    # -- off, and doors

    def _hold(self, board: ModbusBoard) -> None:
        if not board.held:
            log.error("coil_held", name=board.name)
        board.hold()
        self._queue.refuse_of(board, board.holds)

    def _surely_off(
        self, wire: ModbusWire, board: ModbusBoard, coil: int, tries: int, within_s: float
    ) -> bool:
        return any(
            self._write(wire, board, coil, OFF, within_s) is Written.DONE for _ in range(tries)
        )

    def _each_off(self, wire: ModbusWire, board: ModbusBoard) -> bool:
        tries = 1 if board.dead else STATUS_TRIES
        return all(
            self._surely_off(wire, board, coil, tries, TIMEOUT_S) for coil in range(board.channels)
        )

    def _all_off(self, wire: ModbusWire, board: ModbusBoard) -> bool:
        """Whether all coils are off for sure; stops at the first that is not.

        Off comes first. Behind it the inputs tell whether a board spoke, or our own echo did.
        """
        board.unsure = not self._each_off(wire, board)
        if not board.unsure and not wire.knows_echo:
            heard = wire.read_inputs(board.address, board.channels) is not None
            self._count_noise(wire, board)
            board.unsure = not heard or (wire.echoes and not self._each_off(wire, board))
        if not board.unsure:
            board.let_go(time.monotonic())
        return not board.unsure

    def _poll(self, talk: ModbusWire, board: ModbusBoard) -> bool:
        began_s = asked_s = time.monotonic()
        bits = None
        if not board.unsure or self._all_off(talk, board):
            asked_s = time.monotonic()
            tries = 1 if board.dead else STATUS_TRIES
            while bits is None and tries and not self.keeper.stopping:
                bits, tries = talk.read_inputs(board.address, board.channels), tries - 1
                self._count_noise(talk, board)
        now_s = time.monotonic()
        if bits is not None:
            board.see(bits, now_s, now_s - asked_s)
        elif not self.keeper.stopping:
            board.missed()
        board.was_polled(began_s, now_s)
        return True

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
