"""From readings of a scale to weights that are told and a note for the screens."""

import time
from collections.abc import Callable

from firmware_bridge.scale.reading import NoLoad, Reading, ScaleWatch, Trouble
from hardware.drivers.port_thread import PortThread
from hardware.ports import Weight

_BAD = (Trouble.OTHER_UNIT, Trouble.UNREADABLE)


class ScaleTeller:
    """One opening of the port: after the next one the same weight is told anew."""

    def __init__(self, thread: PortThread, on_weight: Callable[[Weight], None]) -> None:
        self._thread = thread
        self._on_weight = on_weight
        self._watch = ScaleWatch()

    def take(self, reading: Reading) -> None:
        """One reading came: the scale is there."""
        if isinstance(reading, NoLoad) and reading.trouble in _BAD:
            self._thread.bad_frames += 1
        load = self._watch.take(reading, time.monotonic())
        trouble = self._watch.trouble
        self._thread.answered("" if trouble is None else f"scale.{trouble}")
        if load is not None:
            self._on_weight(Weight(grams=load.grams, net=load.net))

    def lost(self) -> None:
        """The scale fell silent: what it says afterwards is told anew."""
        self._watch = ScaleWatch()
