"""From raw feedback bits to door changes: each new reading must last before it is believed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from hardware.ports import DoorChange, DoorReading

DEBOUNCE_S: Final = 0.05
"""A latch and its switch bounce for some tens of ms (F028)."""
SILENT_S: Final = 0.9
"""A board that left a question open for so long may have started anew meanwhile."""
START_S: Final = 1.0
"""Until it has read its inputs, such a board may say that all doors are shut (F041)."""

_UNKNOWN: Final = DoorReading.UNKNOWN


class DoorWatch:
    """All doors of one board. Times are seconds of the caller's clock."""

    def __init__(self, channels: int, debounce_s: float = DEBOUNCE_S) -> None:
        self._channels = range(1, channels + 1)
        self._debounce_s = debounce_s
        self._believed: dict[int, DoorReading] = {}
        self._doubted: dict[int, float] = {}
        self._trust_from_s = 0.0

    def distrust(self, now_s: float) -> None:
        """The board may have started anew: for a while no news of it is believed."""
        self._trust_from_s = now_s + START_S

    def see(self, readings: Mapping[int, DoorReading], now_s: float) -> Iterator[DoorChange]:
        """Take readings of some doors; yields what is now believed and was not before."""
        for channel, reading in readings.items():
            believed = self._believed.get(channel, _UNKNOWN)
            if channel not in self._channels:
                continue
            if reading is believed:
                self._doubted.pop(channel, None)
            elif self._lasted(channel, now_s, 0.0 if believed is _UNKNOWN else self._debounce_s):
                yield from self._believe((channel,), reading)

    def lose_sight(self) -> Iterator[DoorChange]:
        """The board does not answer: yields an unknown reading for each door that had another."""
        self._doubted.clear()
        known = [n for n in self._channels if self._believed.get(n) is not _UNKNOWN]
        yield from self._believe(known, _UNKNOWN)

    def look_again_s(self) -> float | None:
        """When a doubted reading should be read once more, None when nothing is in doubt."""
        return min(self._doubted.values(), default=None)

    def _lasted(self, channel: int, now_s: float, debounce_s: float) -> bool:
        believe_s = max(now_s + debounce_s, self._trust_from_s)
        return now_s >= self._doubted.setdefault(channel, believe_s)

    def _believe(self, channels: Iterable[int], reading: DoorReading) -> Iterator[DoorChange]:
        for channel in channels:
            self._believed[channel] = reading
            self._doubted.pop(channel, None)
            yield DoorChange(channel=channel, reading=reading)
