"""The time that the county told."""

from edge.domain.changing import replace
from edge.domain.clock_facts import ClockSynced
from edge.domain.folds.returns import date_stays
from edge.domain.state import State, Synced
from edge.kernel.time import Instant


def synced(state: State, fact: ClockSynced, at: Instant) -> State:
    """Known from here on, and of this boot; and what came before can be dated."""
    state = date_stays(state, at)
    return replace(state, synced=Synced(at=at, county_ms=fact.county_ms))
