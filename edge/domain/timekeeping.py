"""When the time that the county told is worth a fact: once a boot, and when it has moved since."""

from typing import Final

from edge.domain.clock_facts import ClockSynced
from edge.domain.decision import NOTHING, Decision
from edge.domain.inputs import ClockLearned
from edge.domain.policy import Policy
from edge.domain.state import State

MOVED_MS: Final = 60_000


def learn(state: State, told: ClockLearned, _policy: Policy) -> Decision:
    """A fact, unless the last one of this boot already says as much."""
    before = state.synced
    age_ms = None if before is None else told.at.since_ms(before.at)
    if before is not None and age_ms is not None:
        moved_ms = abs(told.county_ms - before.county_ms - age_ms)
        if moved_ms <= MOVED_MS:
            return NOTHING
    return Decision(facts=(ClockSynced(county_ms=told.county_ms, error_ms=told.error_ms),))
