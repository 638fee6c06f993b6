"""A code, whatever read it, and why one was skipped.

A code is printable ASCII. Waybill numbers and our own tokens are no more than that, so other
bytes (UTF-8 of a wrong barcode, control characters) make a code unreadable.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_BYTES: Final = 192
"""A carrier's longest code has 30 characters, ours (a proxy's pass) 156; QR links stay below."""
PRINTABLE: Final = range(0x20, 0x7F)


class Blemish(StrEnum):
    """Why a code was skipped."""

    BINARY = "binary"
    OVERSIZED = "oversized"
    HALF = "half"
    GARBLED = "garbled"


@dataclass(frozen=True, slots=True)
class Code:
    """A whole code without its end."""

    text: str


@dataclass(frozen=True, slots=True)
class BadCode:
    """A code that cannot be used; its bytes are not kept."""

    blemish: Blemish


def read_code(data: bytes) -> Code | BadCode:
    """The code that these bytes are, when a scanner has already told where they end."""
    if not data:
        return BadCode(Blemish.HALF)
    if len(data) > MAX_BYTES:
        return BadCode(Blemish.OVERSIZED)
    if any(byte not in PRINTABLE for byte in data):
        return BadCode(Blemish.BINARY)
    return Code(data.decode("ascii"))
