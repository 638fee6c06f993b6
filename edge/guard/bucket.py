"""A token bucket for each visitor, bounded in memory."""

from collections import OrderedDict
from typing import Final

RATE_PER_S: Final = 20.0
"""No person and no scanner acts faster; a stuck button repeats at 30 a second."""
BURST: Final = 60.0
MOST_VISITORS: Final = 4_096


class Buckets:
    """Counts unsafe requests. Whoever was not seen for longest is forgotten first."""

    def __init__(self, rate_per_s: float = RATE_PER_S, burst: float = BURST) -> None:
        self._rate_per_s, self._burst = rate_per_s, burst
        self._left: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, visitor: tuple[str, str], now_s: float) -> bool:
        """Take one token; False when the visitor has none left."""
        left, seen_s = self._left.pop(visitor, (self._burst, now_s))
        left = min(self._burst, left + (now_s - seen_s) * self._rate_per_s)
        allowed = left >= 1
        self._left[visitor] = (left - 1 if allowed else left, now_s)
        if len(self._left) > MOST_VISITORS:
            self._left.popitem(last=False)
        return allowed
