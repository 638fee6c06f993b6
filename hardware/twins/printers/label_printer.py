"""A TSPL label printer on a pty: draws what it is told and gives out one picture a label.

It prints dots (BITMAP) alone. TEXT, BARCODE and QRCODE it does not know, as no two clones draw
them alike; they are counted as unknown. `odd_lid` is a clone that says "jam" and "no label" too
while only its lid is open.
"""

import threading
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops

from hardware.twins.cable import Cable
from hardware.twins.faults import Broken, Device, Fault, Faults
from hardware.twins.line_troubles import LineTroubles
from hardware.twins.printers.label_ear import RESET, STATUS, LabelCommand, LabelEar

_DOTS_A_MM: Final = 8
_MOST_MM: Final = 300
_WHITE: Final = 255
_KEPT: Final = 500
_MOST_COPIES: Final = 100
_BITS: Final = {
    Fault.LABEL_HEAD_OPEN: 0x01,
    Fault.LABEL_JAM: 0x02,
    Fault.LABEL_OUT: 0x04,
    Fault.LABEL_PAUSED: 0x10,
}
_ODD_LID: Final = 0x07
_QUIET: Final = frozenset(
    {"GAP", "DIRECTION", "REFERENCE", "DENSITY", "SPEED", "OFFSET", "SHIFT", "SET", "CODEPAGE"}
)


class LabelPrinterTwin:
    """`labels` are the pictures of what came out, oldest first."""

    def __init__(self, link: Path, faults: Faults, *, odd_lid: bool = False) -> None:
        self._faults = faults
        self._odd_lid = odd_lid
        self._lock = threading.RLock()
        self._ear = LabelEar()
        self._label = Image.new("1", (1, 1), _WHITE)
        self._labels: deque[Image.Image] = deque(maxlen=_KEPT)
        self._made = 0
        self._unknown = 0
        self._gap_mm = ""
        troubles = LineTroubles(faults, Device.LABEL_PRINTER)
        self.cable: Final = Cable(link, self._hear, troubles=troubles)
        faults.listen(self._changed)

    @property
    def labels(self) -> list[Image.Image]:
        """A picture of each label; the last 500."""
        with self._lock:
            return [label.convert("L") for label in self._labels]

    @property
    def numbered(self) -> tuple[tuple[int, Image.Image], ...]:
        """The last 500 labels, in one bit a dot, each with its number; the first ever was 1."""
        with self._lock:
            return tuple(enumerate(self._labels, start=self._made - len(self._labels) + 1))

    @property
    def gap_mm(self) -> str:
        """The gap between two labels as it was last told, e.g. "2 mm"."""
        with self._lock:
            return self._gap_mm

    @property
    def unknown_commands(self) -> int:
        """How many lines this printer did not understand and left out."""
        with self._lock:
            return self._unknown

    @property
    def _stopped(self) -> bool:
        return any(self._faults.is_on(fault) for fault in _BITS)

    def _hear(self, chunk: bytes) -> None:
        with self._lock:
            for letter in self._ear.feed(chunk):
                if letter == STATUS:
                    self._answer()
                elif letter != RESET:  # that one the ear has obeyed
                    self._unknown += 1
            self._work()

    def _answer(self) -> None:
        status = sum(bit for fault, bit in _BITS.items() if self._faults.is_on(fault))
        if self._odd_lid and self._faults.is_on(Fault.LABEL_HEAD_OPEN):
            status |= _ODD_LID
        self.cable.say(bytes([status]))

    def _work(self) -> None:
        while not self._stopped and (command := self._ear.take()) is not None:
            if not self._obey(command):
                self._unknown += 1

    def _obey(self, command: LabelCommand) -> bool:
        how = {
            "SIZE": self._size,
            "CLS": self._clear,
            "BITMAP": self._bitmap,
            "PRINT": self._print,
        }.get(command.word)
        if command.word == "GAP" and command.arguments:
            self._gap_mm = command.arguments[0]
        if how is None:
            return command.word in _QUIET
        with suppress(ValueError, IndexError):  # a line with numbers that are none
            how(command)
            return True
        return False

    def _size(self, command: LabelCommand) -> None:
        width, height = (_mm(argument) * _DOTS_A_MM for argument in command.arguments[:2])
        self._label = Image.new("1", (width, height), _WHITE)

    def _clear(self, _command: LabelCommand) -> None:
        self._label = Image.new("1", self._label.size, _WHITE)

    def _bitmap(self, command: LabelCommand) -> None:
        x, y, width_bytes, height, mode = (int(number) for number in command.arguments)
        if not width_bytes or not height:
            return
        dots = Image.frombytes("1", (width_bytes * 8, height), command.dots)  # a set bit is white
        box = (x, y, x + dots.width, y + dots.height)
        if mode != 0:  # 1 OR, 2 XOR of what is black
            below = self._label.crop(box)
            mix = ImageChops.logical_and if mode == 1 else _xor_ink
            dots = mix(below, dots)
        self._label.paste(dots, (x, y))

    def _print(self, command: LabelCommand) -> None:
        sets, copies = (int(number) for number in (*command.arguments, "1")[:2])
        for _ in range(min(sets * copies, _MOST_COPIES)):
            self._labels.append(self._label.copy())
            self._made += 1

    def _changed(self, _broken: Broken, _on: bool) -> None:  # noqa: FBT001 - a listener of Faults
        with self._lock:
            self._work()


def _xor_ink(below: Image.Image, dots: Image.Image) -> Image.Image:
    return ImageChops.invert(ImageChops.logical_xor(below, dots))


def _mm(argument: str) -> int:
    """Of e.g. "60 mm". Inches have no unit behind them; this printer does not know them."""
    number, unit = argument.split()
    if unit != "mm" or not 0 < float(number) <= _MOST_MM:
        raise ValueError(argument)
    return round(float(number))
