"""The lines that most Chinese scales send all the time: `ST,GS,+  4.876kg` CR LF.

docs/devices/scales.md has the variants. A line has no check byte; ScaleWatch takes no single one.
"""

import re
from collections.abc import Iterator
from typing import Final

from firmware_bridge.scale.reading import NoLoad, Reading, Trouble, load_of

MOST_BYTES: Final = 32
"""The longest known line has 21 bytes."""
SILENT_S: Final = 3.0
"""The slowest setting known sends once a second."""
_ENDS: Final = frozenset(b"\r\n")
_LINE: Final = re.compile(
    rb" *(?P<head>ST|US|OL),(?P<mode>GS|NT|TR),? *(?P<sign>[+-]?) *"
    rb"(?P<digits>\d{1,8}(?:\.\d{1,4})?)? *(?P<unit>[A-Za-z./]+|\xbd\xef)? *"
)
_GRAMS: Final = {b"g": 1, b"kg": 1_000, b"jin": 500, b"sj": 500, b"\xbd\xef": 500}
"""Grams of each unit; BD EF is 斤 in GB 2312, SJ is what a T-Scale sheet calls it."""


class LineEar:
    """Cuts the stream into lines and reads them; never holds more than one line."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._too_long = False

    def feed(self, chunk: bytes) -> Iterator[Reading]:
        """Take bytes in; yields what each ended line says. Iterate to the end before the next."""
        for byte in chunk:
            if byte in _ENDS:
                yield from self._end()
            elif len(self._line) < MOST_BYTES:
                self._line.append(byte)
            else:
                self._too_long = True

    def _end(self) -> Iterator[Reading]:
        line, too_long = bytes(self._line), self._too_long
        self._line.clear()
        self._too_long = False
        if too_long:
            yield NoLoad(Trouble.UNREADABLE)
        elif line and (reading := _read(line)) is not None:
            yield reading


def _read(line: bytes) -> Reading | None:
    """What the line says; None for the tare, which is no weight on the platform."""
    parts = _LINE.fullmatch(line)
    if parts is None:
        return NoLoad(Trouble.UNREADABLE)
    if parts["head"] == b"ST" and parts["mode"] == b"TR":
        return None
    trouble, grams_a_unit = _trouble(parts), _GRAMS.get((parts["unit"] or b"").lower())
    if trouble is not None:
        return NoLoad(trouble)
    if grams_a_unit is None:
        return NoLoad(Trouble.OTHER_UNIT)
    negative, net = parts["sign"] == b"-", parts["mode"] == b"NT"
    return load_of(parts["digits"].decode(), grams_a_unit, negative=negative, net=net)


def _trouble(parts: re.Match[bytes]) -> Trouble | None:
    if parts["head"] == b"OL":
        return Trouble.UNDERLOAD if parts["sign"] == b"-" else Trouble.OVERLOAD
    if parts["head"] == b"US":
        return Trouble.MOVING
    return Trouble.UNREADABLE if parts["digits"] is None else None
