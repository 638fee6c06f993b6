"""Check bytes of device frames."""

from functools import reduce
from operator import xor


def bcc(data: bytes) -> int:
    """Block check character: all bytes joined by exclusive or."""
    return reduce(xor, data, 0)


def low_sum(data: bytes) -> int:
    """The low byte of the sum of all bytes."""
    return sum(data) & 0xFF
