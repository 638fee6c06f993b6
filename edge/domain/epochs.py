"""A journal that goes on by a GRANT: what lies in the cells is counted before it is believed.

Until the keeper signs the count, codes open their doors and parcels are checked in, because the
snapshot is all that anybody knows; but nobody opens a door from afar.

An old image is worse: a code that it calls good may have been spent, and another parcel lie behind
its door. From the county's word on, until a GRANT, parcels pass through the keeper's hands alone.
"""

from typing import Final

from edge.domain.answers import Answer, Refusal
from edge.domain.cabinet import Occupancy
from edge.domain.decision import Decision
from edge.domain.effects import Reply
from edge.domain.inputs import CountSigned, CountyJudged, SnapshotKept
from edge.domain.journal_facts import EpochCountSigned, JournalJudged, SnapshotNoted
from edge.domain.policy import Policy
from edge.domain.state import State
from edge.kernel.errors import Refused

OK: Final = "ok"
ROLLBACK: Final = "rollback"
"""The county has facts that this journal lacks."""


def sign_count(state: State, told: CountSigned, _policy: Policy) -> Decision:
    """Every cell has been looked into. Refused while one of them waits for an answer."""
    reply = Reply(key=Answer.COUNT_SIGNED, ok=True)
    if not state.counting:
        return Decision(reply=reply)
    cells = state.cells.values()
    if any(one.occupancy is Occupancy.QUESTIONED and not one.settled for one in cells):
        raise Refused(Refusal.CELLS_IN_DOUBT)
    return Decision(facts=(EpochCountSigned(keeper=told.keeper),), reply=reply)


def note_snapshot(_state: State, told: SnapshotKept, _policy: Policy) -> Decision:
    """The chain proves the snapshot from here on."""
    return Decision(facts=(SnapshotNoted(seq=told.seq, digest=told.digest, ran_ms=told.ran_ms),))


def note_verdict(state: State, told: CountyJudged, _policy: Policy) -> Decision:
    """An old image is told to be one, once. Other verdicts say nothing of what is missing here."""
    doubted = told.verdict == ROLLBACK
    if doubted == state.doubted or (not doubted and told.verdict != OK):
        return Decision()
    return Decision(facts=(JournalJudged(verdict=told.verdict),))
