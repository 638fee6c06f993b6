"""An ESC/POS receipt printer on a pty: understands the bytes and turns them into pictures.

It has a supply of its own, as they all have: without its cable it keeps what it has heard, half a
command included; without power (PRINTER_OFF) it forgets all but what is on paper, while the port,
an adapter's, stays.
"""

import threading
from collections import deque
from pathlib import Path
from typing import Final

from PIL import Image

from hardware.twins.cable import Cable
from hardware.twins.faults import Broken, Device, Fault, Faults
from hardware.twins.line_troubles import LineTroubles
from hardware.twins.printers.escpos_ear import Do, EscposEar, StatusEar
from hardware.twins.printers.print_head import PrintHead, Slip
from hardware.twins.printers.typeface import has_chinese

LINES_TO_THE_END: Final = 5
"""Lines that still come out when one of the faults that come soon is switched on."""
_SOON: Final = {
    Fault.PAPER_ENDS_SOON: Fault.PAPER_OUT,
    Fault.COVER_OPENS_SOON: Fault.COVER_OPEN,
    Fault.POWER_FAILS_SOON: Fault.PRINTER_OFF,
    Fault.CABLE_SLIPS_SOON: Fault.PRINTER_UNPLUGGED,
}
_LAST_BYTES: Final = 64
"""What the printer still gets of a slip when the cable slips: the head of a picture, say."""
_KEPT: Final = 500
_FIXED_BITS: Final = 0x12
_STOPS: Final = (Fault.PAPER_OUT, Fault.COVER_OPEN)


class PrinterTwin:
    """`dots` 384 is 58 mm paper, 576 is 80 mm. The slips are there when they have been cut."""

    def __init__(self, link: Path, faults: Faults, dots: int = 384) -> None:
        self._faults = faults
        self._lock = threading.RLock()
        self._ear = EscposEar()
        self._status_ear = StatusEar()
        self._head = PrintHead(dots, self._keep, self._count_line)
        self._slips: deque[Slip] = deque(maxlen=_KEPT)
        self._soon: Fault | None = None
        self._lines_left = 0
        self._deaf = False
        faults.listen(self._changed)  # before its cable does: plugged in again it must listen
        self.cable: Final = Cable(link, self._hear, troubles=LineTroubles(faults, Device.PRINTER))

    @property
    def papers(self) -> list[Image.Image]:
        """A picture of each slip, oldest first."""
        return [slip.image for slip in self.slips]

    @property
    def slips(self) -> tuple[Slip, ...]:
        """Each slip with its number and its text, oldest first; the last 500."""
        with self._lock:
            return tuple(self._slips)

    @property
    def unknown_bytes(self) -> int:
        """How many commands and bytes this printer did not understand and left out."""
        with self._lock:
            return self._head.unknown_bytes

    @property
    def note(self) -> str:
        """A word key when it cannot print as it should, else empty."""
        return "" if has_chinese() else "bench.no_chinese_font"

    def _hear(self, chunk: bytes) -> None:
        with self._lock:
            if self._deaf or self._faults.is_on(Fault.PRINTER_OFF):
                return
            for question in self._status_ear.feed(chunk):
                self._answer(self._status(question))
            self._ear.feed(chunk)
            self._work()

    def _work(self) -> None:
        """Print until the bytes end, or the paper, or somebody opens the cover."""
        while not self._stopped:
            command = self._ear.take()
            if command is None:
                return
            if command.do is Do.ASK_PAPER:
                self._answer(0x03 * self._paper_low)  # out of paper it stops before it answers
            elif not self._lies:
                self._head.obey(command)

    @property
    def _stopped(self) -> bool:
        return not self._lies and any(self._faults.is_on(fault) for fault in _STOPS)

    @property
    def _lies(self) -> bool:
        return self._faults.is_on(Fault.PRINTER_LIES)

    @property
    def _paper_low(self) -> bool:
        low = (Fault.PAPER_LOW, Fault.PAPER_ENDS_SOON, Fault.PAPER_OUT)
        return not self._lies and any(self._faults.is_on(fault) for fault in low)

    def _status(self, question: int) -> int:
        out = not self._lies and self._faults.is_on(Fault.PAPER_OUT)
        cover = not self._lies and self._faults.is_on(Fault.COVER_OPEN)
        bits = {
            1: 0x08 * self._stopped,
            2: 0x04 * cover | 0x20 * out,
            3: 0,
            4: 0x0C * self._paper_low | 0x60 * out,
        }
        return _FIXED_BITS | bits[question]

    def _answer(self, byte: int) -> None:
        self.cable.say(bytes([byte]))

    def _keep(self, slip: Slip) -> None:
        self._slips.append(slip)

    def _count_line(self) -> None:
        if self._soon is None:
            return
        self._lines_left -= 1
        if self._lines_left <= 0:
            soon, self._soon = self._soon, None
            self._come_about(soon)

    def _come_about(self, soon: Fault) -> None:
        if soon is Fault.CABLE_SLIPS_SOON:
            self._deaf = True
            self._ear.keep_only(_LAST_BYTES)
            # Not in this thread, which is the cable's own: it would wait for itself.
            threading.Thread(target=self._switch_over, args=(soon,), daemon=True).start()
        else:
            self._switch_over(soon)

    def _switch_over(self, soon: Fault) -> None:
        self._faults.switch(_SOON[soon], on=True)
        if soon is not Fault.PAPER_ENDS_SOON:  # that one stays until there is a new roll
            self._faults.switch(soon, on=False)

    def _changed(self, broken: Broken, on: bool) -> None:  # noqa: FBT001 - a listener of Faults
        with self._lock:
            match broken.fault:
                case fault if fault in _SOON:
                    self._soon = fault if on else None
                    self._lines_left = LINES_TO_THE_END
                case Fault.PAPER_OUT if on:
                    self._head.tear()
                case Fault.PAPER_OUT:
                    self._faults.switch(Fault.PAPER_ENDS_SOON, on=False)  # a new roll
                case Fault.PRINTER_OFF if on:
                    self._ear.forget()
                    self._head.reset()
                case Fault.PRINTER_UNPLUGGED if not on:
                    self._deaf = False
                case _:
                    pass
            self._work()
