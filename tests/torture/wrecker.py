"""Kills and freezes the processes of a house at seeded moments."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from edge.tools.house import House
from tests.torture.rig import frozen

SOON_S: Final = (0.02, 0.8)
LATER_S: Final = (0.8, 4.0)
"""A visit from the counter to the empty cell takes some four seconds."""
_LATER: Final = 1 / 8
_FREEZES: Final = 1 / 5
_FREEZE_S: Final = (0.1, 1.0)
VICTIMS: Final = (("station",), ("county",), ("broker",), ("station", "county", "broker"))
WEIGHTS: Final = (6, 2, 1, 1)
"""The station has most to lose: it is hit most often."""


@dataclass(slots=True)
class Wrecker:
    """One dice for everything that it does; `done` counts it."""

    house: House
    dice: random.Random
    done: Counter[str] = field(default_factory=Counter)

    def cycle(self) -> None:
        """Wait for a random moment, kill one or all, perhaps freeze one before; all up again."""
        time.sleep(self.dice.uniform(*(LATER_S if self.dice.random() < _LATER else SOON_S)))
        if self.dice.random() < _FREEZES:
            self._freeze()
        victims = self.dice.choices(VICTIMS, WEIGHTS)[0]
        for name in victims:
            self._kill(name)
        for name in reversed(victims):  # the broker first, as at a power cut of the whole county
            self._start(name)
        self.done[" and ".join(victims)] += 1

    def _freeze(self) -> None:
        name = self.dice.choice(("station", "county", "broker"))
        with frozen(self._pid(name)):
            time.sleep(self.dice.uniform(*_FREEZE_S))
        self.done["freezes"] += 1

    def _pid(self, name: str) -> int:
        pids = {
            "station": self.house.station.pid,
            "county": self.house.county.pid,
            "broker": self.house.broker.pid,
        }
        return pids[name]

    def _kill(self, name: str) -> None:
        kills: dict[str, Callable[[], None]] = {
            "station": self.house.station.kill,
            "county": self.house.county.kill,
            "broker": self.house.broker.kill,
        }
        kills[name]()

    def _start(self, name: str) -> None:
        starts: dict[str, Callable[[], None]] = {
            "station": self.house.start_station,
            "county": self.house.start_county,
            "broker": self.house.broker.start,
        }
        starts[name]()


@contextmanager
def repeating(what: Callable[[], object], every_s: float) -> Iterator[None]:
    """Do something again and again in a thread; what it raises comes out at the end."""
    over, failed = threading.Event(), list[Exception]()

    def work() -> None:
        try:
            while not over.wait(every_s):
                what()
        except Exception as failure:  # noqa: BLE001 - raised in the test's own thread below
            failed.append(failure)

    thread = threading.Thread(target=work, name="repeating")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    if failed:
        raise failed[0]
