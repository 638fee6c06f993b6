"""What is to be minded about a parcel: cash due, a signature, what spoils or is worth much."""

from dataclasses import replace

from edge.domain.answers import Answer
from edge.domain.codes import find
from edge.domain.decision import Decision
from edge.domain.effects import Reply
from edge.domain.inputs import FlagsGiven
from edge.domain.parcel import IN_CARE, IN_CELL, Parcel
from edge.domain.place_facts import ParcelFlagged
from edge.domain.placing import PuttingDown, set_aside
from edge.domain.policy import Policy
from edge.domain.state import State


def note(state: State, told: FlagsGiven, policy: Policy) -> Decision:
    """What is to be minded about a parcel. What turns out to be delicate on its way into a cell
    that nobody named for it goes onto a slot instead.
    """
    parcel = find(state, told.waybill_no, IN_CARE)
    flags = tuple(sorted(set(told.flags)))
    flagged = ParcelFlagged(
        waybill_no=parcel.waybill_no,
        keeper=told.keeper,
        flags=flags,
        cash_due_fen=told.cash_due_fen,
    )
    if (parcel.flags, parcel.cash_due_fen) == (flags, told.cash_due_fen):
        return Decision(reply=_flagged(parcel))
    now = replace(parcel, flags=flags)
    wish = PuttingDown(parcel=now, keeper=told.keeper, at=told.at, fresh=told.fresh, choice=None)
    if now.unagreed and (aside := set_aside(state, wish, policy, (flagged,))):
        return aside
    return Decision(facts=(flagged,), reply=_flagged(now))


def _flagged(parcel: Parcel) -> Reply:
    bad = parcel.stage in IN_CELL and parcel.cell is not None and parcel.unagreed
    key = Answer.LIES_IN_CELL if bad else Answer.FLAGS_NOTED
    return Reply(key=key, ok=True, cell=parcel.cell, waybill_no=parcel.waybill_no)
