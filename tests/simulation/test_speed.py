"""An idle hour costs a world next to no work: counted, because a clock would judge the machine."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from edge.simulation.parts.simulated_store import InlineStore
from edge.simulation.world import World, open_world
from tests.support.statements import each_statement

HOUR_S = 3_600.0


@dataclass
class Work:
    """What was done so far; each number only grows."""

    world: World
    store_calls: int = 0
    statements: int = 0

    def so_far(self) -> tuple[int, int, int, int]:
        """Turns of the loop, packets, calls of the station's store, statements at the county."""
        return self.world.loop.turns, self.world.road.carried, self.store_calls, self.statements


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """A world whose one station has told the county all."""
    with open_world(seed=1) as world:
        counted = Work(world)
        village = world.add_station("qingshan-01")
        really_begin = InlineStore.begin

        def begin(
            calls: InlineStore, call: Callable[..., Any], *args: object, **kwargs: object
        ) -> "asyncio.Future[Any]":
            counted.store_calls += 1
            return really_begin(calls, call, *args, **kwargs)

        monkeypatch.setattr(InlineStore, "begin", begin)
        village.node.start()
        world.loop.run_for(600)
        assert village.node.alive is not None
        assert village.node.alive.status is not None
        assert (village.node.alive.status.online, village.node.alive.status.waiting) == (True, 0)
        assert world.county.database is not None

        def count(_words: str, _values: Any) -> None:
            counted.statements += 1

        with each_statement(count, world.county.database.writer):
            yield counted


def test_an_idle_connected_hour_is_a_probe_each_minute_and_a_heartbeat_each_30_s(
    work: Work,
) -> None:
    before = work.so_far()
    work.world.loop.run_for(HOUR_S)
    turns, packets, store_calls, statements = (
        now - then for then, now in zip(before, work.so_far(), strict=True)
    )
    assert 2 * 57 + 115 <= packets <= 2 * 60 + 121, "each probe and its ACK, each heartbeat"
    assert turns <= 2_200, "some six for each packet, and the county's tick every 5 s"
    assert store_calls <= 62 * 4, "four looks into the journal for a probe and its ACK"
    assert statements <= 61 * 4 + 60 * 2 + 4, "four for each probe; once a minute who was seen"


def test_an_idle_hour_without_a_county_is_nothing_but_a_few_attempts(work: Work) -> None:
    work.world.county.kill()
    work.world.road.broker_away()
    work.world.loop.run_for(120)
    before = work.so_far()
    work.world.loop.run_for(HOUR_S)
    turns, packets, store_calls, _ = (
        now - then for then, now in zip(before, work.so_far(), strict=True)
    )
    assert (packets, store_calls) == (0, 0)
    assert turns <= 10, "the station rests until somebody comes or the road is mended"
