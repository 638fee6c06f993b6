"""Facts about the county's word change nothing here: what it said stands in the store."""

from edge.domain.county_facts import CountyStateApplied, NoticeRead
from edge.domain.state import State
from edge.kernel.time import Instant


def noted(state: State, _fact: CountyStateApplied | NoticeRead, _at: Instant) -> State:
    """As it was."""
    return state
