"""What an ESC/POS printer answers about itself (devices/printers.md), one bare byte each."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class Topic(IntEnum):
    """What DLE EOT n asks, answered at once even while the printer is off line."""

    PRINTER = 1
    OFFLINE_CAUSE = 2
    PAPER = 4


ASK_PAPER_IN_TURN: Final = b"\x1d\x72\x01"
"""GS r 1: answered in its turn, so its answer says that everything before was taken."""

_FIXED_MASK: Final = 0b1001_0011
_FIXED: Final = 0b0001_0010
_IN_TURN_MASK: Final = 0b1111_0000


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What one answer says; a flag that its topic does not cover is False."""

    offline: bool = False
    cover_open: bool = False
    paper_low: bool = False
    paper_out: bool = False


def ask(topic: Topic) -> bytes:
    """The question about one topic."""
    return bytes([0x10, 0x04, topic])


def read_answer(topic: Topic, byte: int) -> Condition | None:
    """What the byte says, or None when it is no answer to DLE EOT (four of its bits are fixed)."""
    if byte & _FIXED_MASK != _FIXED:
        return None
    match topic:
        case Topic.PRINTER:
            return Condition(offline=bool(byte & 0x08))
        case Topic.OFFLINE_CAUSE:
            return Condition(cover_open=bool(byte & 0x04), paper_out=bool(byte & 0x20))
    return Condition(paper_low=bool(byte & 0x0C), paper_out=bool(byte & 0x60))


def read_in_turn(byte: int) -> Condition | None:
    """What the answer to GS r 1 says, or None when the byte is none."""
    if byte & _IN_TURN_MASK:
        return None
    return Condition(paper_low=bool(byte & 0x03), paper_out=bool(byte & 0x0C))
