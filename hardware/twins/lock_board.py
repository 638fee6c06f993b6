"""A lock board on a pty: hears commands, drives the cabinet's coils, answers.

Like the real one it takes the next command while a coil is still driven; keeping two pulses
apart is the software's duty, and the cabinet's law watches over it.
"""

import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from hardware.twins.boards.bus import Bus, Spoken
from hardware.twins.boards.make import BoardMake, Wiring
from hardware.twins.boards.makes import MAKES, faults_of
from hardware.twins.boards.terminals import Terminals
from hardware.twins.cabinet import Cabinet
from hardware.twins.cable import Cable
from hardware.twins.faults import Broken, Fault, Faults

__all__ = ["MAKES", "BoardMake", "Bus", "LockBoardTwin", "Wiring", "faults_of"]

_MS: Final = 1_000


class LockBoardTwin:
    """One board of a cabinet, at the far end of a cable of its own or on a bus with others.

    `faults` are those of this board; what is broken in the steel is the cabinet's affair.
    """

    def __init__(
        self, link: Path | Bus, cabinet: Cabinet, faults: Faults, make: BoardMake | None = None
    ) -> None:
        self.make: Final = make or BoardMake()
        self.faults: Final = faults
        self._board = Terminals(cabinet, faults, self.make)
        self._lock = threading.RLock()
        self._firmware = self.make.dialect(self._board)
        self._heard_s = 0.0
        self._said: list[Spoken] = []
        self._seen = self._board.feedbacks() if self.make.unsolicited else []
        bus = Bus(link, self.make.baud, self.make.noise_seed) if isinstance(link, Path) else link
        bus.join(self, beats=self.make.unsolicited or self._firmware.TICKS)
        self.cable: Final[Cable] = bus.cable
        faults.listen(self._changed)

    # -- on the bus

    def listen(self, chunk: bytes) -> list[Spoken]:
        """Take what is on the wire; the answers."""
        self._hear(chunk)
        return self._take()

    def beat(self) -> list[Spoken]:
        """A moment passed; what it says by itself."""
        with self._lock:
            if not self._board.is_booting:
                self._answer_all(self._firmware.tick())
                self._report_changes()
        return self._take()

    @property
    def echoes(self) -> bool:
        """Whether the adapter hands the sender's bytes back."""
        return self.make.echo or self.faults.is_on(Fault.BOARD_ECHO)

    @property
    def noisy(self) -> bool:
        """Whether there is noise on the line."""
        return self.faults.is_on(Fault.BOARD_BIT_ERRORS)

    # -- inside

    def _hear(self, chunk: bytes) -> None:
        now_s = time.monotonic()
        with self._lock:
            if self._board.is_booting:
                return
            if (now_s - self._heard_s) * _MS > self.make.pause_ms:
                self._firmware.pause()
            self._heard_s = now_s
            self._answer_all(self._firmware.hear(chunk))

    def _take(self) -> list[Spoken]:
        with self._lock:
            said, self._said = self._said, []
            return said

    def _answer_all(self, frames: Iterable[bytes]) -> None:
        for frame in frames:
            self._answer(frame)

    def _answer(self, frame: bytes) -> None:
        if self.faults.is_on(Fault.BOARD_SILENT):
            return
        if self.faults.is_on(Fault.BOARD_GARBLED):
            frame = frame[:-2] + bytes([frame[-2] ^ 0x40]) + frame[-1:]
        if self.faults.is_on(Fault.BOARD_HALF_FRAME):
            frame = frame[: len(frame) // 2]
        if self.faults.is_on(Fault.BOARD_DOUBLE):
            frame += frame
        late = self.faults.is_on(Fault.BOARD_LATE)
        self._said.append(Spoken(frame, (self.make.late_ms if late else self.make.reply_ms) / _MS))

    def _report_changes(self) -> None:
        if not self.make.unsolicited:
            return
        bits = self._board.feedbacks()
        for channel, (bit, before) in enumerate(zip(bits, self._seen, strict=True), start=1):
            if bit != before and (frame := self._firmware.report(channel)) is not None:
                self._answer(frame)
        self._seen = bits

    def _changed(self, broken: Broken, on: bool) -> None:  # noqa: FBT001 - a listener of Faults
        if on and broken.fault is Fault.BOARD_REBOOTS:
            with self._lock:
                self._board.reboot()
                self._firmware = self.make.dialect(self._board)
                self._said.clear()
                self._seen = self._board.feedbacks()  # all shut; what it finds it will report
