"""The lock boards that we can talk to: one row each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from firmware_bridge.assembler import Look
from firmware_bridge.lock_board import codec, frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one kind of board speaks. `gap_chars`: silence between frames, in characters.

    `look` makes the law of frames for a number of channels.
    """

    name: str
    look: Callable[[int], Look]
    encode: Callable[[codec.Request], bytes]
    decode: Callable[[bytes, int], codec.Reply]
    gap_chars: float


DIALECTS: Final[Mapping[str, Dialect]] = {
    "8a80": Dialect(
        name="8a80",
        look=frames.Shape,
        encode=codec.encode,
        decode=codec.decode,
        # 5 ms at 9600 8N1, without which a second board never answers (docs/devices.md).
        gap_chars=4.8,
    ),
}
