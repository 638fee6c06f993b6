"""Epochs, and what the journal tells of itself."""

from edge.domain.changing import replace
from edge.domain.journal_facts import EpochCountSigned, EpochStarted, JournalJudged, SnapshotNoted
from edge.domain.state import State
from edge.kernel.time import Instant


def started(state: State, fact: EpochStarted, _at: Instant) -> State:
    """Whatever is known may have changed since the parent was written."""
    remote = replace(state.remote, fence=max(state.remote.fence, fact.fence))
    return replace(state, counting=True, doubted=False, remote=remote)


def judged(state: State, fact: JournalJudged, _at: Instant) -> State:
    """Codes are believed, or no longer."""
    return replace(state, doubted=fact.verdict != "ok")


def count_signed(state: State, _fact: EpochCountSigned, _at: Instant) -> State:
    """Known again."""
    return replace(state, counting=False)


def snapshot_noted(state: State, _fact: SnapshotNoted, _at: Instant) -> State:
    """Of the journal, not of the station."""
    return state
