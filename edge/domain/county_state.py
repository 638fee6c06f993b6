"""What the county tells: stored as it comes. Of it the core heeds the end of a pass alone."""

from edge.domain import proxy_pass
from edge.domain.county_facts import CountyStateApplied, NoticeRead
from edge.domain.decision import NOTHING, Decision
from edge.domain.effects import KeepCountyWords, MarkNoticeRead
from edge.domain.inputs import CountyStateTold, NoticeAcknowledged
from edge.domain.policy import Policy
from edge.domain.state import State


def told(state: State, told: CountyStateTold, _policy: Policy) -> Decision:
    """Items that follow what is stored: kept whatever they say, so that none holds up the next."""
    if not told.words:
        return NOTHING
    applied = CountyStateApplied(
        first=told.words[0].seq,
        last=told.words[-1].seq,
        kinds=tuple(sorted({word.kind for word in told.words})),
        sweep=told.sweep,
    )
    keep = KeepCountyWords(words=told.words, sweep=told.sweep)
    revoked = proxy_pass.revoked(state, told.ended, told.at)
    return Decision(facts=(applied, *revoked), effects=(keep,))


def read_notice(_state: State, told: NoticeAcknowledged, _policy: Policy) -> Decision:
    """The keeper has read it: the county learns so, and nobody is reminded any more."""
    read = NoticeRead(notice=told.notice, seq=told.seq, keeper=told.keeper)
    return Decision(facts=(read,), effects=(MarkNoticeRead(notice=told.notice, seq=told.seq),))
