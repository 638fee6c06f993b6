"""What every door switch said and when, so that what was told of a door can be held against it."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from hardware.ports import DoorChange, DoorReading
from hardware.twins.cabinet import Cabinet

LOOK_S: Final = 0.005
WITHIN_S: Final = 1.5
"""A reading may be so old when it is told: a late answer, the debounce, a poll and its repeat."""
_SAID: Final = {True: DoorReading.SHUT, False: DoorReading.OPEN}


@dataclass(frozen=True, slots=True)
class Told:
    """What was reported of a door, and when by the monotonic clock."""

    at_s: float
    change: DoorChange


class SensorRecord:
    """Looks at the steel itself, past board, wire and driver, while the `with` lasts."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet
        self._said: dict[int, list[tuple[float, DoorReading]]] = {
            channel: [] for channel in range(1, cabinet.channels + 1)
        }
        self._look()  # before anything can be told
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sensor-record", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def never_said(self, told: Iterable[Told]) -> list[DoorChange]:
        """The reports that no switch had said lately. That a door is unknown is never false."""
        return [one.change for one in told if one.change.reading not in self._lately(one)]

    def _lately(self, told: Told) -> set[DoorReading]:
        since_s, said = told.at_s - WITHIN_S, self._said[told.change.channel]
        before = [reading for at_s, reading in said if at_s < since_s][-1:]
        meanwhile = [reading for at_s, reading in said if since_s <= at_s <= told.at_s]
        return {*before, *meanwhile, DoorReading.UNKNOWN}

    def _run(self) -> None:
        while not self._end.wait(LOOK_S):
            self._look()

    def _look(self) -> None:
        for channel, said in self._said.items():
            now_s, reading = time.monotonic(), _SAID[self._cabinet.sensor_shut(channel)]
            if not said or said[-1][1] is not reading:
                said.append((now_s, reading))
