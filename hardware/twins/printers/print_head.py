"""The print head and the roll: commands become dots on paper, a cut makes a slip."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import qrcode
from PIL import Image, ImageChops
from qrcode.exceptions import DataOverflowError

from hardware.twins.printers.escpos_ear import Command, Do
from hardware.twins.printers.typeface import HALF_WIDTH, HEIGHT, glyph

DEFAULT_SPACING: Final = 30
_LONGEST: Final = 20_000
"""Dots of paper without a cut (2.5 m); longer paper is torn off, memory stays bounded."""
_ECC: Final = {
    48: qrcode.ERROR_CORRECT_L,
    49: qrcode.ERROR_CORRECT_M,
    50: qrcode.ERROR_CORRECT_Q,
    51: qrcode.ERROR_CORRECT_H,
}
_QR_MODEL, _QR_SIZE, _QR_ECC, _QR_STORE, _QR_PRINT = 65, 67, 69, 80, 81
_MOST_MODULE: Final = 16
_GRAPHICS_HEAD: Final = 10
_CENTRE, _RIGHT = 1, 2


@dataclass(frozen=True, slots=True)
class Slip:
    """One piece of paper. `torn`: it ended at the end of the roll, not at a cut."""

    number: int
    image: Image.Image
    text: tuple[str, ...]
    torn: bool


@dataclass(frozen=True, slots=True)
class _Style:
    align: int = 0
    bold: bool = False
    across: int = 1
    down: int = 1
    spacing: int = DEFAULT_SPACING


class PrintHead:
    """`dots` wide. `on_slip` gets each slip, `on_line` is called for each line of paper moved."""

    def __init__(
        self, dots: int, on_slip: Callable[[Slip], None], on_line: Callable[[], None]
    ) -> None:
        self._dots = dots
        self._on_slip = on_slip
        self._on_line = on_line
        self._style = _Style()
        self._qr = (3, 48, b"")
        self._stored = Image.new("1", (0, 0), 0)
        self._line: list[Image.Image] = []
        self._line_text = ""
        self._strips: list[Image.Image] = []
        self._text: list[str] = []
        self._slips = 0
        self.unknown_bytes = 0
        self._how: Final[Mapping[Do, Callable[[Command], None]]] = {
            Do.RESET: lambda _: self.reset(),
            Do.TEXT: self._letter,
            Do.LINE: lambda _: self._end_line(),
            Do.FEED_LINES: lambda c: self._feed(c.numbers[0] * self._style.spacing),
            Do.FEED_DOTS: lambda c: self._feed(c.numbers[0]),
            Do.ALIGN: self._align,
            Do.BOLD: self._bold,
            Do.SIZE: self._size,
            Do.MODE: self._mode,
            Do.CHINESE_SIZE: self._chinese_size,
            Do.SPACING: self._spacing,
            Do.RASTER: self._raster,
            Do.COLUMNS: self._columns,
            Do.GRAPHICS: self._graphics,
            Do.SKIP: self._skip,
            Do.QR: self._qr_step,
            Do.CUT: self._cut,
            Do.UNKNOWN: self._count,
        }

    def obey(self, command: Command) -> None:
        """Carry out one command; those that move no dot and no paper are passed over."""
        how = self._how.get(command.do)
        if how is not None:
            how(command)

    def reset(self) -> None:
        """ESC @: default style, the unfinished line is dropped, paper and stored QR stay."""
        self._style = _Style()
        self._line, self._line_text = [], ""

    def tear(self) -> None:
        """The roll is at its end: what is on paper so far comes out by itself."""
        if self._strips:
            self._hand_out(torn=True)

    # -- style

    def _align(self, command: Command) -> None:
        self._style = replace(self._style, align=command.numbers[0] % ord("0"))  # 1 or "1"

    def _bold(self, command: Command) -> None:
        self._style = replace(self._style, bold=bool(command.numbers[0] & 1))

    def _spacing(self, command: Command) -> None:
        self._style = replace(self._style, spacing=(*command.numbers, DEFAULT_SPACING)[0])

    def _size(self, command: Command) -> None:
        size = command.numbers[0]
        self._style = replace(self._style, across=(size >> 4 & 7) + 1, down=(size & 7) + 1)

    def _mode(self, command: Command) -> None:
        mode = command.numbers[0]
        across, down = 1 + (mode >> 5 & 1), 1 + (mode >> 4 & 1)
        self._style = replace(self._style, bold=bool(mode & 8), across=across, down=down)

    def _chinese_size(self, command: Command) -> None:
        mode = command.numbers[0]
        across, down = 1 + (mode >> 2 & 1), 1 + (mode >> 3 & 1)
        self._style = replace(self._style, across=across, down=down)

    # -- dots

    def _letter(self, command: Command) -> None:
        dots = glyph(command.text, wide=command.wide)
        if self._style.bold:
            dots = ImageChops.logical_or(dots, ImageChops.offset(dots, 1, 0))
        width = (2 if command.wide else 1) * HALF_WIDTH * self._style.across
        self._add(dots.resize((width, HEIGHT * self._style.down), Image.Resampling.NEAREST))
        self._line_text += command.text

    def _add(self, dots: Image.Image) -> None:
        if self._line and sum(piece.width for piece in self._line) + dots.width > self._dots:
            self._end_line()
        self._line.append(dots)

    def _end_line(self) -> None:
        height = max([self._style.spacing, *(piece.height for piece in self._line)])
        tallest = max((piece.height for piece in self._line), default=0)
        strip = Image.new("1", (self._dots, height), 0)
        x = self._left(sum(piece.width for piece in self._line))
        for piece in self._line:
            strip.paste(piece, (x, tallest - piece.height))
            x += piece.width
        if text := self._line_text.strip():
            self._text.append(text)
        self._line, self._line_text = [], ""
        self._move(strip)

    def _feed(self, dots: int) -> None:
        if self._line:
            self._end_line()
        if dots:
            self._move(Image.new("1", (self._dots, dots), 0))

    def _picture(self, ink: Image.Image) -> None:
        if self._line:
            self._end_line()
        strip = Image.new("1", (self._dots, ink.height), 0)
        strip.paste(ink, (self._left(ink.width), 0))
        self._move(strip)

    def _left(self, width: int) -> int:
        room = max(0, self._dots - width)
        return {_CENTRE: room // 2, _RIGHT: room}.get(self._style.align, 0)

    def _move(self, strip: Image.Image) -> None:
        self._strips.append(strip)
        self._on_line()
        if sum(one.height for one in self._strips) > _LONGEST:
            self._hand_out(torn=True)

    def _raster(self, command: Command) -> None:
        mode, width, height = command.numbers
        if width and height:
            ink = Image.frombytes("1", (width * 8, height), command.data)
            size = (ink.width << (mode & 1), ink.height << (mode >> 1))
            self._picture(ink.resize(size, Image.Resampling.NEAREST))

    def _columns(self, command: Command) -> None:
        mode, columns = command.numbers
        if columns:
            deep = len(command.data) // columns * 8
            sideways = Image.frombytes("1", (deep, columns), command.data)
            ink = sideways.transpose(Image.Transpose.TRANSPOSE)
            across = 2 if mode in (0, 32) else 1
            self._add(ink.resize((columns * across, HEIGHT), Image.Resampling.NEAREST))

    def _skip(self, command: Command) -> None:
        low, high = command.numbers
        if dots := low + high * 256:
            self._add(Image.new("1", (dots, HEIGHT), 0))

    def _graphics(self, command: Command) -> None:
        """GS ( L and GS 8 L: a picture is stored, then printed by a command of its own."""
        function, dots = command.data[1:2], command.data[_GRAPHICS_HEAD:]
        width = int.from_bytes(command.data[6:8], "little")
        height = int.from_bytes(command.data[8:10], "little")
        if function == b"\x70" and 0 < (width + 7) // 8 * height <= len(dots):
            self._stored = Image.frombytes("1", (width, height), dots)
        elif function in {b"\x02", b"\x32"} and self._stored.width:
            self._picture(self._stored)
        else:
            self.unknown_bytes += 1

    def _qr_step(self, command: Command) -> None:
        step, told = command.data[0] if command.data else 0, command.data[1:]
        size, ecc, data = self._qr
        if step == _QR_SIZE and told and 1 <= told[0] <= _MOST_MODULE:
            size = told[0]
        elif step == _QR_ECC and told and told[0] in _ECC:
            ecc = told[0]
        elif step == _QR_STORE:
            data = told[1:]
        elif step == _QR_PRINT:
            self._print_qr(size, ecc, data)
        elif step != _QR_MODEL:
            self.unknown_bytes += 1
        self._qr = (size, ecc, data)

    def _print_qr(self, size: int, ecc: int, data: bytes) -> None:
        """As real ones: no quiet zone, and nothing at all where it is wider than the paper."""
        code = qrcode.QRCode(error_correction=_ECC[ecc])
        code.add_data(data)
        try:
            code.make(fit=True)
        except (DataOverflowError, ValueError):
            return
        rows = code.modules_count
        if not data or rows * size > self._dots:
            return
        ink = Image.new("1", (rows, rows), 0)
        ink.putdata([255 if dark else 0 for row in code.modules for dark in row])
        self._picture(ink.resize((rows * size, rows * size), Image.Resampling.NEAREST))

    def _cut(self, command: Command) -> None:
        self._feed(command.numbers[0])
        if self._strips:
            self._hand_out(torn=False)

    def _count(self, _command: Command) -> None:
        self.unknown_bytes += 1

    def _hand_out(self, *, torn: bool) -> None:
        paper = Image.new("1", (self._dots, sum(strip.height for strip in self._strips)), 0)
        y = 0
        for strip in self._strips:
            paper.paste(strip, (0, y))
            y += strip.height
        self._slips += 1
        image = ImageChops.invert(paper).convert("L")
        slip = Slip(self._slips, image, tuple(self._text), torn)
        self._strips, self._text = [], []
        self._on_slip(slip)
