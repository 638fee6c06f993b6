"""The state stream across a pipe that does its worst, and counties that are put back."""

import itertools
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cloud_sync.county.desk import Letter
from cloud_sync.county.stream.desk import AGAIN_CAP_MS, AGAIN_MS
from cloud_sync.wire.messages import (
    Message,
)
from edge.kernel.ids import StationId
from tests.county.stream_ends import Far, MemoryShelf, Near, exchange, notice


class World:
    """Many stations, one county, and a pipe that loses, repeats and reorders."""

    def __init__(self, folder: Path, seed: int, stations: int) -> None:
        self.chance = random.Random(seed)
        self.fars = {n: Far(n) for n in (StationId(f"station-{i}") for i in range(stations))}
        self.near = Near(folder, self.fars)
        self.down: list[Letter] = []
        self.up: list[tuple[StationId, Message]] = []
        self.bodies = itertools.count()
        self.drawer: dict[StationId, MemoryShelf] = {}
        self.near.back_up()

    def run(self, steps: int) -> None:
        doings = (
            *[self.hello] * 12,
            *[self.put] * 25,
            *[self.deliver_down] * 50,
            *[self.deliver_up] * 50,
            *[self.tick] * 25,
            self.blank_card,
            *[self.keep_card] * 4,
            *[self.old_card] * 2,
        )
        for step in range(steps):
            self.chance.choice(doings)()
            if step % (steps // 4) == steps // 5:
                self.chance.choice((self.near.back_up, self.near.restart, self.near.restore))()

    def any(self) -> Far:
        return self.fars[self.chance.choice(list(self.fars))]

    def hello(self) -> None:
        self.down += self.near.desk.welcomed(*self.any().hello())

    def put(self) -> None:
        station = None if self.chance.random() < 0.02 else self.any().station
        key = f"k{self.chance.randrange(4)}"
        gone = self.chance.random() < 0.2
        self.near.put(station, "notice", key, None if gone else notice(f"{next(self.bodies)}"))

    def deliver_down(self) -> None:
        if not self.down:
            return
        letter = self.take(self.down)
        far = self.fars[letter.station]
        self.up += [(far.station, answer) for answer in far.hear(letter.message)]

    def deliver_up(self) -> None:
        if self.up:
            self.down += self.near.desk.hear(*self.take(self.up))

    def take(self, bag: list[Any]) -> Any:
        """One of those on their way; at times it stays too, at times another is lost."""
        where = self.chance.randrange(len(bag))
        fate = self.chance.random()
        if fate < 0.3:
            return bag[where]
        taken = bag.pop(where)
        if fate > 0.7 and bag:
            bag.pop(self.chance.randrange(len(bag)))
        return taken

    def tick(self) -> None:
        self.near.now_ms += self.chance.choice((100, AGAIN_MS, AGAIN_CAP_MS))
        self.down += self.near.desk.tick()

    def blank_card(self) -> None:
        station = self.any().station
        self.fars[station] = Far(station)

    def keep_card(self) -> None:
        """Somebody copies a card and puts the copy into a drawer."""
        far = self.any()
        self.drawer[far.station] = replace(far.shelf, holds=dict(far.shelf.holds), taken={})

    def old_card(self) -> None:
        """The copy from the drawer goes into the machine."""
        if not self.drawer:
            return
        station = self.chance.choice(list(self.drawer))
        self.fars[station] = Far(station, self.drawer.pop(station))

    def settle(self) -> None:
        """No more losses: everything must come right."""
        for far in self.fars.values():
            exchange(self.near, far, self.near.desk.welcomed(*far.hello()))


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_pipe_does_all_that_holds_is_stored_in_the_end(
    seed: int, tmp_path: Path
) -> None:
    """Twenty worlds of fifty stations: a thousand schedules."""
    world = World(tmp_path / "county", seed, stations=50)
    world.run(900)
    world.settle()
    holds: dict[str, dict[str, dict[str, Any]]] = {station: {} for station in world.fars}
    for item in world.near.items():
        name = f"{item['kind']}/{item['key']}"
        if item["body"] is None:
            holds[item["station"]].pop(name, None)
        else:
            holds[item["station"]][name] = json.loads(item["body"])
    for station, far in world.fars.items():
        assert far.shelf.bodies() == holds[station], station
    world.near.database.close()
