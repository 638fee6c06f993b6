"""What a TSPL label printer answers about itself (devices/printers.md): one byte of bits.

The byte carries no frame and no checksum; half of all bytes could be an answer. So it is believed
only as the first thing that comes after the question.
"""

from dataclasses import dataclass
from typing import Final

ASK: Final = b"\x1b!?"
"""Answered at once, even while it prints; no line end."""
IMMEDIATE: Final = b"\x1b!"
"""What begins a command that is obeyed wherever it stands, even among the dots of a picture."""

_HEAD_OPEN: Final = 0x01
_JAM: Final = 0x02
_NO_LABEL: Final = 0x04
_NO_RIBBON: Final = 0x08
_PAUSED: Final = 0x10
_PRINTING: Final = 0x20
_NEVER: Final = 0x40
_OTHER: Final = 0x80


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCondition:
    """What the bits say, all that are set. A clone sets jam and no label too with its lid open."""

    head_open: bool = False
    jammed: bool = False
    no_label: bool = False
    no_ribbon: bool = False
    paused: bool = False
    printing: bool = False
    other: bool = False


def read_answer(byte: int) -> LabelCondition | None:
    """What the byte says, or None when it is no answer (one of its bits is never set)."""
    if byte & _NEVER:
        return None
    return LabelCondition(
        head_open=bool(byte & _HEAD_OPEN),
        jammed=bool(byte & _JAM),
        no_label=bool(byte & _NO_LABEL),
        no_ribbon=bool(byte & _NO_RIBBON),
        paused=bool(byte & _PAUSED),
        printing=bool(byte & _PRINTING),
        other=bool(byte & _OTHER),
    )
