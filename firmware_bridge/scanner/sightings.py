"""Codes in the pictures of a camera: two equal readings are one scan.

A single reading may be a misreading, and pictures come several a second. So a code counts when it
was read from a second picture, and not again until it has been out of sight for a while.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from firmware_bridge.scanner.codes import Code

HITS: Final = 2
"""Tuning of an unattended check-out (docs/devices/scanners.md)."""
WITHIN_S: Final = 1.5
"""From the same place: half a pair is dropped after so long."""
MOST_IN_SIGHT: Final = 16


@dataclass(slots=True)
class _Sight:
    hits: int
    seen_s: float


class Sightings:
    """One camera's codes. `repeat_s`: how long a code must be out of sight to count again."""

    def __init__(self, repeat_s: float) -> None:
        self._gone_s = max(repeat_s, WITHIN_S)
        self._in_sight: dict[str, _Sight] = {}

    def picture(self, texts: Iterable[str], now_s: float) -> Iterator[Code]:
        """The codes of one picture; yields those that count now. Iterate to the end."""
        for text in dict.fromkeys(texts):
            sight = self._in_sight.pop(text, None) or _Sight(0, now_s)
            patience_s = WITHIN_S if sight.hits < HITS else self._gone_s
            sight.hits = 1 if now_s - sight.seen_s >= patience_s else sight.hits + 1
            sight.seen_s = now_s
            self._in_sight[text] = sight  # the last one in the dict is the last one seen
            if len(self._in_sight) > MOST_IN_SIGHT:
                del self._in_sight[next(iter(self._in_sight))]
            if sight.hits == HITS:
                yield Code(text)
