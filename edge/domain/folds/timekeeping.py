"""The time that the county told."""

from dataclasses import replace

from edge.domain.clock_facts import ClockSynced
from edge.domain.state import State, Synced
from edge.kernel.time import Instant


def synced(state: State, fact: ClockSynced, at: Instant) -> State:
    """Known from here on, and of this boot."""
    return replace(state, synced=Synced(at=at, county_ms=fact.county_ms))
