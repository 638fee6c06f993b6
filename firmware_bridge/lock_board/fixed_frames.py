"""Frames whose third byte is a command that fixes their length: the law of several dialects."""

from collections.abc import Callable, Mapping
from typing import Final

from firmware_bridge.assembler import Fault, More, Verdict, Whole

SHORTEST: Final = 3
"""So many bytes tell a frame's command, and so its length."""


def judge(
    pending: bytes, head: int, lengths: Mapping[int, int], sound: Callable[[bytes], bool]
) -> Verdict:
    """Judge the frame that starts at the first pending byte. `lengths` by command."""
    if pending[0] != head:
        return Fault.NOISE
    if len(pending) < SHORTEST:
        return More()
    length = lengths.get(pending[2])
    if length is None:
        return Fault.DAMAGED
    if len(pending) < length:
        return More()
    return Whole(length) if sound(pending[:length]) else Fault.DAMAGED
