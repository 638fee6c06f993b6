"""Many stations that come back at once are taken in as fast as one by one, and none is left out."""

import heapq
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_sync.county.ingest.pacing import (
    BEHIND_MS,
    FEWEST_FACTS,
    MOST_FACTS,
    SLOWEST_MS,
    Load,
    book,
    most_facts,
)

COMMIT_MS = 2.0
FACT_MS = 0.04
STATION_FACTS = 500
"""What a station sends in one batch at most, whatever the county allows."""


@dataclass
class Crowd:
    """Stations with a backlog before one county that takes one message at a time."""

    stations: int
    backlog: int
    paced: bool
    rests_first: bool = True
    """Whether a station heeds the pace of its WELCOME before its first batch too."""
    load: Load = field(default_factory=Load)
    worst_ms: float = 0.0
    """The longest that a batch lay in the queue after the first round."""
    batches: int = 0

    def run(self) -> float:
        """Until everything is there; returns how long that took in ms."""
        left = dict.fromkeys(range(self.stations), self.backlog)
        coming = [(self._greeted(number), number) for number in left]
        heapq.heapify(coming)
        now = 0.0
        while coming:
            arrived, station = heapq.heappop(coming)
            began = max(now, arrived)
            if self.batches >= self.stations:
                self.worst_ms = max(self.worst_ms, began - arrived)
            facts = min(left[station], STATION_FACTS)
            took = COMMIT_MS + FACT_MS * facts
            now = began + took
            self.batches += 1
            left[station] -= facts
            self.load.behind = sum(1 for due, _who in coming if due <= now)
            self.load.took(facts, took)
            rest = self.load.rest_ms(int(now), more=left[station] > 0) if self.paced else 0
            if left[station]:
                heapq.heappush(coming, (now + 50 + rest, station))
        return now

    def _greeted(self, number: int) -> float:
        """When the first batch of a station comes: a HELLO takes a millisecond."""
        rest = self.load.rest_ms(number, more=True) if self.paced else 0
        return number + 50 + (rest if self.rests_first else 0)


@pytest.mark.parametrize("rests_first", [True, False])
def test_five_hundred_stations_at_once_are_drained_without_a_storm(*, rests_first: bool) -> None:
    crowd = Crowd(stations=500, backlog=2_000, paced=True, rests_first=rests_first)
    storm = Crowd(stations=500, backlog=2_000, paced=False)

    took, at_best = crowd.run(), storm.run()

    assert storm.worst_ms > 5 * BEHIND_MS
    assert crowd.worst_ms < 2.5 * BEHIND_MS
    assert took < 1.05 * at_best
    assert crowd.batches == storm.batches


def test_a_few_stations_are_never_slowed_down() -> None:
    crowd, free = (Crowd(stations=20, backlog=5_000, paced=paced) for paced in (True, False))
    assert crowd.run() == pytest.approx(free.run(), rel=0.01)


@given(
    taken_until_ms=st.integers(-(10**15), 10**15),
    now_ms=st.integers(0, 4_000_000_000_000),
    batch_ms=st.integers(0, 100_000),
    behind=st.integers(0, 2_000),
)
def test_whatever_the_load_and_the_clock_everybody_gets_on(
    taken_until_ms: int, now_ms: int, batch_ms: int, behind: int
) -> None:
    slot = book(taken_until_ms, now_ms, batch_ms, behind)
    assert 0 <= slot.rest_ms <= SLOWEST_MS
    assert slot.taken_until_ms - now_ms <= SLOWEST_MS + BEHIND_MS + batch_ms


@given(behind_ms=st.integers(-(10**15), 10**15), fact_ms=st.floats(1e-9, 100_000))
def test_a_batch_is_never_so_small_that_it_is_all_frame(behind_ms: int, fact_ms: float) -> None:
    assert FEWEST_FACTS <= most_facts(behind_ms, fact_ms) <= MOST_FACTS


def test_slots_follow_each_other_as_batches_do() -> None:
    taken, rests = 0.0, []
    for _station in range(60):
        taken, rest = book(taken, 0, 100.0, 0)
        rests.append(rest)
    assert rests[:11] == [0] * 11
    assert rests[11:] == [100 * number for number in range(1, 50)]


def test_a_station_without_more_to_send_takes_no_slot() -> None:
    load = Load()
    for _batch in range(500):
        load.took(1, 1_000.0)
    assert [load.rest_ms(0, more=False) for _ in range(9)] == [0] * 9
    assert [load.rest_ms(0, more=True) for _ in range(4)] == [0, 0, 999, 1_999]


def test_where_many_wait_batches_are_shorter() -> None:
    load = Load()
    for _batch in range(500):
        load.took(500, 500.0)
    assert load.most_facts(0) == MOST_FACTS
    for _station in range(9):
        load.rest_ms(0, more=True)
    assert load.most_facts(0) == FEWEST_FACTS
