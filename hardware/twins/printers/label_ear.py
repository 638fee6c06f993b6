"""The bytes of a TSPL label printer, as its firmware takes them apart.

Commands are lines; BITMAP carries its dots behind the last comma, whatever bytes they are. What
begins with ESC ! is obeyed where it stands, line or picture, and is not part of either.
"""

import re
from dataclasses import dataclass
from typing import Final

STATUS: Final = b"?"
RESET: Final = b"R"
_IMMEDIATE: Final = b"\x1b!"
_IMMEDIATE_SIZE: Final = 3
_BITMAP: Final = re.compile(rb"BITMAP +(\d+),(\d+),(\d+),(\d+),(\d+),")
_LONGEST_LINE: Final = 1_024
_MOST_PENDING: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class LabelCommand:
    """One line: its word and its arguments; `dots` of a BITMAP."""

    word: str
    arguments: tuple[str, ...] = ()
    dots: bytes = b""


class LabelEar:
    """Bytes in; immediate letters and commands out."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._tail = b""
        self.lost_bytes = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take bytes in. The letters of the immediate commands (ESC ! letter) that came whole."""
        seen = self._tail + chunk
        letters = []
        while (at := seen.find(_IMMEDIATE)) >= 0 and at + 2 < len(seen):
            letters.append(letter := seen[at + 2 : at + _IMMEDIATE_SIZE])
            if letter == RESET:
                self._pending.clear()
                at, seen = 0, seen[at:]
            seen = seen[:at] + seen[at + _IMMEDIATE_SIZE :]
        keep = 2 if seen.endswith(_IMMEDIATE) else 1 if seen.endswith(_IMMEDIATE[:1]) else 0
        self._tail = seen[len(seen) - keep :]
        self._pending += seen[: len(seen) - keep]
        self.lost_bytes += max(0, len(self._pending) - _MOST_PENDING)
        del self._pending[_MOST_PENDING:]
        return letters

    def take(self) -> LabelCommand | None:
        """The next complete command, or None until more bytes come."""
        while self._pending:
            if (head := _BITMAP.match(self._pending)) is not None:
                return self._bitmap(head)
            end = self._pending.find(b"\n")
            if end < 0:
                if len(self._pending) > _LONGEST_LINE:
                    self._pending.clear()
                    return LabelCommand("")
                return None
            line = bytes(self._pending[:end]).strip()
            del self._pending[: end + 1]
            if line:
                return _read(line)
        return None

    def _bitmap(self, head: re.Match[bytes]) -> LabelCommand | None:
        numbers = tuple(number.decode() for number in head.groups())
        end = head.end() + int(numbers[2]) * int(numbers[3])
        if len(self._pending) < end:
            return None
        dots = bytes(self._pending[head.end() : end])
        del self._pending[:end]
        return LabelCommand("BITMAP", numbers, dots)


def _read(line: bytes) -> LabelCommand:
    word, _, rest = line.decode("ascii", "replace").partition(" ")
    return LabelCommand(word, tuple(part.strip() for part in rest.split(",")) if rest else ())
