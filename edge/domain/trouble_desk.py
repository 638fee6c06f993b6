"""What the keeper says of exceptions: a note, whose fault it is, and that one is settled."""

from dataclasses import replace

from edge.domain.decision import Decision
from edge.domain.effects import Reply
from edge.domain.parcel import Stage
from edge.domain.policy import Policy
from edge.domain.return_answers import ReturnAnswer, ReturnRefusal
from edge.domain.return_facts import TroubleNoted
from edge.domain.return_inputs import TroubleTold
from edge.domain.state import State
from edge.domain.troubles import Trouble, TroubleKind, TroubleState
from edge.kernel.errors import Refused
from edge.kernel.ids import WaybillNo

_LEFT = (Stage.PICKED_UP, Stage.UNDONE, Stage.RETURNED)
"""Stages in which what was wrong with a parcel is nobody's trouble here any more."""


def note(state: State, told: TroubleTold, _policy: Policy) -> Decision:
    """More about one that is known. Refused for any other."""
    known = next(
        (
            one
            for one in reversed(state.troubles)
            if (one.kind, one.subject) == (told.trouble, told.subject)
        ),
        None,
    )
    if known is None:
        raise Refused(ReturnRefusal.NO_SUCH_TROUBLE)
    words = told.note.strip()
    noted = TroubleNoted(
        trouble=told.trouble,
        subject=told.subject,
        note=words,
        liable=told.liable,
        state=told.state,
        keeper=told.keeper,
    )
    same = known == replace(known, note=words, liable=told.liable, state=told.state)
    reply = Reply(key=ReturnAnswer.TROUBLE_KEPT, ok=True)
    return Decision(facts=() if same else (noted,), reply=reply)


def is_open(state: State, trouble: Trouble) -> bool:
    """Whether somebody still has to do something about it.

    A parcel that has left with its trouble settles it, and so does a missing one that came later.
    """
    if trouble.state is TroubleState.SETTLED:
        return False
    parcel = state.parcels.get(WaybillNo(trouble.subject))
    if parcel is None:
        return True
    if trouble.kind is TroubleKind.SHORT:
        return parcel.stage is Stage.UNDONE
    return parcel.stage not in _LEFT or trouble.kind is TroubleKind.MISROUTED
