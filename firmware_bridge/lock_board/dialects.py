"""The lock boards that we can talk to: one row each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from firmware_bridge.assembler import Look
from firmware_bridge.lock_board import codec, frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one kind of board speaks. `gap_chars`: silence between frames, in characters.

    `look` makes the law of frames for a number of channels. `baud` and `closed_bit` (the feedback
    bit of a shut door) are what boards leave the factory with; the settings may differ.
    """

    name: str
    baud: int
    addresses: range
    channels: tuple[int, ...]
    closed_bit: int
    look: Callable[[int], Look]
    encode: Callable[[codec.Request], bytes]
    decode: Callable[[bytes, int], codec.Reply]
    gap_chars: float


DIALECTS: Final[dict[str, Dialect]] = {
    "8a80": Dialect(
        name="8a80",
        baud=9_600,
        addresses=range(1, 100),
        channels=(2, 8, 12, 18, 24, 50),
        closed_bit=1,
        look=frames.Shape,
        encode=codec.encode,
        decode=codec.decode,
        # 5 ms at 9600 8N1, without which a second board never answers (devices/lock-boards.md).
        gap_chars=4.8,
    ),
}
