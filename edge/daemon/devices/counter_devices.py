"""What stands on the counter beside scanner and printer: the scale."""

import asyncio

from edge.daemon.station import Station
from hardware.ports import Scale, Weight


class CounterScale:
    """Keeps what lay still on the scale last; a new weight wakes the screens."""

    def __init__(self, station: Station, scale: Scale) -> None:
        self._station = station
        self._scale = scale
        self._weight: Weight | None = None
        self._opening = 0

    def start(self) -> None:
        """Begin reading. Call it in the event loop."""
        loop = asyncio.get_running_loop()

        def on_weight(weight: Weight) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._keep, weight)

        self._scale.start(on_weight)

    def weight(self) -> Weight | None:
        """The last stable weight; None while the scale is away or something is wrong with it.

        Nor is it one from before the scale was plugged out and in.
        """
        health = self._scale.health()
        if not health.present or health.note or health.reconnects != self._opening:
            return None
        return self._weight

    def _keep(self, weight: Weight) -> None:
        self._weight = weight
        self._opening = self._scale.health().reconnects
        self._station.ring()
