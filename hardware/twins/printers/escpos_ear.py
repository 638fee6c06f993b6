"""The bytes of an ESC/POS receipt printer, as its firmware takes them apart.

Nothing is drawn here: commands come out one by one. A byte that begins no command known here is
counted as unknown and left out, as a printer does not print what it does not understand.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Do(StrEnum):
    """What a command asks for."""

    RESET = "reset"
    TEXT = "text"
    LINE = "line"
    FEED_LINES = "feed_lines"
    FEED_DOTS = "feed_dots"
    ALIGN = "align"
    BOLD = "bold"
    SIZE = "size"
    CHINESE_SIZE = "chinese_size"
    MODE = "mode"
    SPACING = "spacing"
    SKIP = "skip"
    RASTER = "raster"
    COLUMNS = "columns"
    GRAPHICS = "graphics"
    QR = "qr"
    CUT = "cut"
    ASK_PAPER = "ask_paper"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Command:
    """One command with its numbers, and the bytes or the character that it carries."""

    do: Do
    numbers: tuple[int, ...] = ()
    data: bytes = b""
    text: str = ""
    wide: bool = False


_ESC, _FS, _GS, _DLE = 0x1B, 0x1C, 0x1D, 0x10
_FIXED: Final = {
    b"\n": (Do.LINE, 0),
    b"\r": (Do.NOTHING, 0),
    b"\x00": (Do.NOTHING, 0),
    b"\x1b@": (Do.RESET, 0),
    b"\x1bd": (Do.FEED_LINES, 1),
    b"\x1bJ": (Do.FEED_DOTS, 1),
    b"\x1ba": (Do.ALIGN, 1),
    b"\x1bE": (Do.BOLD, 1),
    b"\x1bG": (Do.BOLD, 1),
    b"\x1b!": (Do.MODE, 1),
    b"\x1b3": (Do.SPACING, 1),
    b"\x1b2": (Do.SPACING, 0),
    b"\x1bt": (Do.NOTHING, 1),
    b"\x1bR": (Do.NOTHING, 1),
    b"\x1bM": (Do.NOTHING, 1),
    b"\x1b-": (Do.NOTHING, 1),
    b"\x1b ": (Do.NOTHING, 1),
    b"\x1b{": (Do.NOTHING, 1),
    b"\x1b\\": (Do.SKIP, 2),
    b"\x1b$": (Do.SKIP, 2),  # from the left; seen only with 0 at the start of a line
    b"\x1bp": (Do.NOTHING, 3),
    b"\x1c&": (Do.NOTHING, 0),
    b"\x1c.": (Do.NOTHING, 0),
    b"\x1c!": (Do.CHINESE_SIZE, 1),
    b"\x1cC": (Do.NOTHING, 1),
    b"\x1cS": (Do.NOTHING, 2),
    b"\x1c-": (Do.NOTHING, 1),
    b"\x1dB": (Do.NOTHING, 1),
    b"\x1d!": (Do.SIZE, 1),
    b"\x1dL": (Do.NOTHING, 2),
    b"\x1dW": (Do.NOTHING, 2),
    b"\x1da": (Do.NOTHING, 1),
    b"\x1dr": (Do.ASK_PAPER, 1),
    b"\x10\x04": (Do.NOTHING, 1),  # answered when it came in, ahead of the queue
}
_LATIN, _KATAKANA = 0, 1
_RULES: Final = "▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼┴┬┤├▔─│▕┌┐└┘╭╮╰╯"
"""Page 1 from 0x80: blocks and rules, with katakana behind them."""
_CUT_AFTER_FEED: Final = frozenset({65, 66})
_CUTS: Final = frozenset({0, 1, 48, 49}) | _CUT_AFTER_FEED
_CHINESE_LEADS: Final = range(0x81, 0xFF)
_FOUR_BYTE_SECONDS: Final = range(0x30, 0x3A)
_PRINTABLE, _HIGH = 0x20, 0x80
_RULE_CODES: Final = range(_HIGH, _HIGH + len(_RULES))
_COLUMN_BYTES: Final = {0: 1, 1: 1, 32: 3, 33: 3}
_MOST_PENDING: Final = 1 << 20
"""A buffer for the longest picture that a command can name on 80 mm paper, and more."""


class _MoreNeeded(Exception):
    """The command at the front is not complete yet."""


class EscposEar:
    """Bytes in, commands out, one at a time, so that the head can stop in the middle."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._chinese = False
        self._page = _LATIN
        self.lost_bytes = 0

    def feed(self, chunk: bytes) -> None:
        """Take bytes in. What does not fit into the buffer is lost and counted."""
        room = _MOST_PENDING - len(self._pending)
        self._pending += chunk[:room]
        self.lost_bytes += max(0, len(chunk) - room)

    def forget(self) -> None:
        """Power was lost: the buffer and all modes are gone."""
        self._pending.clear()
        self._chinese = False
        self._page = _LATIN

    def keep_only(self, size: int) -> None:
        """The rest never came in."""
        del self._pending[size:]

    def take(self) -> Command | None:
        """The next complete command, or None until more bytes come."""
        if not self._pending:
            return None
        try:
            size, command = self._front()
        except _MoreNeeded:
            return None
        del self._pending[:size]
        return command

    def _front(self) -> tuple[int, Command]:
        first = self._pending[0]
        if first in (_ESC, _FS, _GS, _DLE):
            return self._escaped(bytes(self._some(0, 2)))
        if first in b"\n\r\x00":
            return 1, Command(_FIXED[bytes([first])][0])
        if first < _PRINTABLE:
            return 1, Command(Do.UNKNOWN, (first,))
        return self._character(first)

    def _some(self, start: int, size: int) -> bytearray:
        if len(self._pending) < start + size:
            raise _MoreNeeded
        return self._pending[start : start + size]

    def _escaped(self, head: bytes) -> tuple[int, Command]:
        if head in _FIXED:
            do, count = _FIXED[head]
            numbers = tuple(self._some(2, count))
            self._switch(do, head, numbers)
            return 2 + count, Command(do, numbers)
        long = {
            b"\x1dv": self._raster,
            b"\x1b*": self._columns,
            b"\x1d(": self._function,
            b"\x1c(": self._chinese_function,
            b"\x1d8": self._graphics,
            b"\x1dV": self._cut,
        }
        return long[head]() if head in long else (2, Command(Do.UNKNOWN, tuple(head)))

    def _switch(self, do: Do, head: bytes, numbers: tuple[int, ...]) -> None:
        if do is Do.RESET:
            self._chinese, self._page = False, _LATIN
        elif head in {b"\x1c&", b"\x1c."}:
            self._chinese = head == b"\x1c&"
        elif head == b"\x1bt":
            self._page = numbers[0]

    def _raster(self) -> tuple[int, Command]:
        zero, mode, wl, wh, hl, hh = self._some(2, 6)
        if zero != ord("0"):
            return 3, Command(Do.UNKNOWN, (_GS,))
        width, height = wl + wh * 256, hl + hh * 256
        data = bytes(self._some(8, width * height))
        return 8 + len(data), Command(Do.RASTER, (mode & 3, width, height), data)

    def _columns(self) -> tuple[int, Command]:
        mode, low, high = self._some(2, 3)
        if mode not in _COLUMN_BYTES:
            return 3, Command(Do.UNKNOWN, (_ESC,))
        columns = low + high * 256
        data = bytes(self._some(5, columns * _COLUMN_BYTES[mode]))
        return 5 + len(data), Command(Do.COLUMNS, (mode, columns), data)

    def _function(self) -> tuple[int, Command]:
        group, low, high = self._some(2, 3)
        body = bytes(self._some(5, low + high * 256))
        if group == ord("L"):
            return 5 + len(body), Command(Do.GRAPHICS, data=body)
        is_qr = group == ord("k") and body[:1] == b"1"
        command = Command(Do.QR, data=body[1:]) if is_qr else Command(Do.UNKNOWN, (_GS,))
        return 5 + len(body), command

    def _chinese_function(self) -> tuple[int, Command]:
        _group, low, high = self._some(2, 3)
        return 5 + len(self._some(5, low + high * 256)), Command(Do.NOTHING)

    def _graphics(self) -> tuple[int, Command]:
        if self._some(2, 1) != b"L":
            return 3, Command(Do.UNKNOWN, (_GS,))
        size = int.from_bytes(self._some(3, 4), "little")
        body = bytes(self._some(7, size))
        return 7 + len(body), Command(Do.GRAPHICS, data=body)

    def _cut(self) -> tuple[int, Command]:
        mode = self._some(2, 1)[0]
        if mode not in _CUTS:
            return 3, Command(Do.UNKNOWN, (_GS,))
        if mode in _CUT_AFTER_FEED:
            return 4, Command(Do.CUT, (self._some(3, 1)[0],))
        return 3, Command(Do.CUT, (0,))

    def _character(self, first: int) -> tuple[int, Command]:
        if not self._chinese and self._page == _KATAKANA and first in _RULE_CODES:
            return 1, Command(Do.TEXT, text=_RULES[first - _HIGH])
        if not self._chinese or first < _HIGH:
            return 1, Command(Do.TEXT, text=bytes([first]).decode("cp437"))
        if first not in _CHINESE_LEADS:
            return 1, Command(Do.UNKNOWN, (first,))
        size = 4 if self._some(1, 1)[0] in _FOUR_BYTE_SECONDS else 2
        try:
            text = bytes(self._some(0, size)).decode("gb18030")
        except UnicodeDecodeError:
            return 1, Command(Do.UNKNOWN, (first,))
        return size, Command(Do.TEXT, text=text, wide=True)


class StatusEar:
    """Finds `DLE EOT n` anywhere in the stream, even inside a picture, as real printers do."""

    def __init__(self) -> None:
        self._tail = b""

    def feed(self, chunk: bytes) -> list[int]:
        """The n (1 to 4) of each status question that is complete now."""
        seen = self._tail + chunk
        asked = []
        at = seen.find(b"\x10\x04")
        while at >= 0 and at + 2 < len(seen):
            if 1 <= seen[at + 2] <= 4:  # noqa: PLR2004 - the four questions of the sheet
                asked.append(seen[at + 2])
            at = seen.find(b"\x10\x04", at + 2)
        self._tail = seen[at:] if at >= 0 else seen[-1:] if seen[-1:] == b"\x10" else b""
        return asked
