"""Toledo 8217: the scale is asked and answers a weight, or a status byte when it has none.

docs/devices/scales.md has the bytes. Seven data bits: whatever is above 7F is noise.
"""

import re
from typing import Final

from firmware_bridge.assembler import Fault, More, Verdict, Whole
from firmware_bridge.scale.reading import NoLoad, Reading, Trouble, load_of

ASK_WEIGHT: Final = b"W"
EVERY_S: Final = 0.25
"""The sheet wants 200 ms between two commands."""
PATIENCE_S: Final = 0.5
"""The answer takes 10 characters, 11 ms at 9600; a slow scale finishes a measurement first."""
_STX: Final = 0x02
_CR: Final = 0x0D
_ASKS: Final = 0x3F
_STATUS_BYTES: Final = 4
_MOST_BYTES: Final = 11
"""STX, up to 8 places with the point, N, CR."""
_PLACES: Final = frozenset(b" 0123456789.N")
_NUMBER: Final = re.compile(rb"\x02 *\d+(\.\d+)?N?\r")
_KILOGRAMS: Final = re.compile(rb"\x02 *(\d{1,3}\.\d{3})(N?)\r")
"""Only in kg the sheets show three decimals; in lb there are two."""
_STATUS: Final = {
    0x02: Trouble.OVERLOAD,
    0x04: Trouble.UNDERLOAD,
    0x01: Trouble.MOVING,
}
"""Bits of the status byte, the gravest first; bits 3 and 4 only tell of the zero."""


def look(pending: bytes, *, final: bool) -> Verdict:  # noqa: ARG001 - the law of an Assembler
    """The law of an answer, for an Assembler."""
    if pending[0] != _STX:
        return Fault.NOISE
    if pending[1:2] == bytes([_ASKS]):
        if len(pending) < _STATUS_BYTES:
            return More()
        return Whole(_STATUS_BYTES) if pending[3] == _CR else Fault.DAMAGED
    for n, byte in enumerate(pending[1:], start=1):
        if byte == _CR:
            return Whole(n + 1) if _NUMBER.fullmatch(pending) else Fault.DAMAGED
        if byte not in _PLACES:
            return Fault.DAMAGED
    return More() if len(pending) < _MOST_BYTES else Fault.DAMAGED


def read(frame: bytes) -> Reading:
    """What one answer says."""
    if frame[1] == _ASKS:
        return NoLoad(_trouble(frame[2]))
    weight = _KILOGRAMS.fullmatch(frame)
    if weight is None:
        return NoLoad(Trouble.OTHER_UNIT)
    return load_of(weight[1].decode(), 1_000, negative=False, net=bool(weight[2]))


def _trouble(status: int) -> Trouble:
    known = (trouble for bit, trouble in _STATUS.items() if status & bit)
    return next(known, Trouble.MOVING)  # no weight and no reason: not ready yet
