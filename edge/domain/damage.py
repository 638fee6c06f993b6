"""A damaged parcel: noted with whose fault it is, kept out of cells, and shown by the keeper."""

from edge.domain.codes import find
from edge.domain.decision import Decision
from edge.domain.effects import Reply
from edge.domain.parcel import IN_CARE, Stage
from edge.domain.place_facts import Choice
from edge.domain.placing import PuttingDown, set_aside
from edge.domain.policy import Policy
from edge.domain.reasons import required
from edge.domain.return_answers import ReturnAnswer
from edge.domain.return_facts import ParcelDamaged
from edge.domain.return_inputs import DamageTold
from edge.domain.state import State


def note(state: State, told: DamageTold, policy: Policy) -> Decision:
    """What is broken, and by whom. On its way into a cell it goes onto a slot instead.

    One that lies in a cell stays there, and the kiosk sends whoever has its code to the keeper.
    """
    parcel = find(state, told.waybill_no, (*IN_CARE, Stage.BAGGED))
    words = required(told.note)
    damaged = ParcelDamaged(
        waybill_no=parcel.waybill_no, note=words, liable=told.liable, keeper=told.keeper
    )
    reply = Reply(
        key=ReturnAnswer.PARCEL_DAMAGE_NOTED,
        ok=True,
        cell=parcel.cell,
        slot=parcel.slot,
        waybill_no=parcel.waybill_no,
    )
    if (parcel.keeping.damage, parcel.keeping.liable) == (words, told.liable):
        return Decision(reply=reply)
    wish = PuttingDown(
        parcel=parcel, keeper=told.keeper, at=told.at, fresh=told.fresh, choice=Choice.SHELF
    )
    aside = set_aside(state, wish, policy, (damaged,))
    return aside or Decision(facts=(damaged,), reply=reply)
