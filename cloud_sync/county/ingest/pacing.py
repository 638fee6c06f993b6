"""How fast stations may send, so that the ingest is never far behind: decided by numbers alone.

A station has one batch under way at a time, and rests before the next for as long as it is told.
The county keeps a timetable: each station that has more to send gets the next free slot, as long
as a batch takes, and rests until a little before it. So the work comes evenly, none of it early
and none of it late, however many send; and whoever is ready always gets a slot.
"""

from typing import Final, NamedTuple

BEHIND_MS: Final = 1_000
"""So much work may lie in the queue: more is no faster, and makes waiting stations ask again."""
SLOWEST_MS: Final = 60_000
"""Nobody rests longer between two batches: whoever is ready always gets on."""
MOST_FACTS: Final = 1_000
FEWEST_FACTS: Final = 200
"""Below this a batch is mostly its own frame and its commit."""
_EACH_COUNTS: Final = 0.05
_FIRST_BATCH_MS: Final = 20.0
"""A full batch on a small machine: what is expected before anything was measured."""


class Slot(NamedTuple):
    """When a station's next batch is expected, and how long it rests until then."""

    taken_until_ms: float
    rest_ms: int


def book(taken_until_ms: float, now_ms: float, batch_ms: float, behind: int) -> Slot:
    """The next free slot, after what is booked and after what waits in the queue already."""
    starts = max(taken_until_ms, now_ms + behind * batch_ms)
    # Also where the clock was set back: nobody waits for it to catch up.
    starts = min(starts, now_ms + SLOWEST_MS + BEHIND_MS)
    rest = int(starts - now_ms) - BEHIND_MS
    return Slot(starts + batch_ms, min(SLOWEST_MS, max(0, rest)))


def most_facts(behind_ms: float, fact_ms: float) -> int:
    """How many facts a batch may have: fewer where others wait, so that everybody gets on."""
    if fact_ms <= 0 or behind_ms <= BEHIND_MS:
        return MOST_FACTS
    return min(MOST_FACTS, max(FEWEST_FACTS, int(BEHIND_MS / 10 / fact_ms)))


class Load:
    """What the ingest sees of its own work. A hint, in memory alone: a new process begins anew."""

    def __init__(self) -> None:
        self._batch_ms, self._fact_ms = _FIRST_BATCH_MS, _FIRST_BATCH_MS / 500
        self._taken_until_ms = 0.0
        self.behind = 0
        """Messages that wait behind the one in hand."""

    def took(self, facts: int, ms: float) -> None:
        """A batch was taken in."""
        if facts:
            self._batch_ms += _EACH_COUNTS * (ms - self._batch_ms)
            self._fact_ms += _EACH_COUNTS * (ms / facts - self._fact_ms)

    def rest_ms(self, now_ms: int, *, more: bool) -> int:
        """For the station in hand, which has more to send or not: who has none needs no slot."""
        if not more:
            return 0
        slot = book(self._taken_until_ms, now_ms, self._batch_ms, self.behind)
        self._taken_until_ms = slot.taken_until_ms
        return slot.rest_ms

    def most_facts(self, now_ms: int) -> int:
        """For the station in hand."""
        return most_facts(self._taken_until_ms - now_ms, self._fact_ms)
