"""Check bytes of device frames."""

from functools import reduce
from operator import xor


def bcc(data: bytes) -> int:
    """Block check character: all bytes joined by exclusive or."""
    return reduce(xor, data, 0)
