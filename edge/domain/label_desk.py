"""A label that was torn, lost or never seen: the keeper has it printed again, marked as such."""

from edge.domain import labels
from edge.domain.answers import Answer, Refusal
from edge.domain.codes import find
from edge.domain.decision import Decision
from edge.domain.dock import Dock, Verdict
from edge.domain.effects import Reply
from edge.domain.label_inputs import BagLabelAsked, ShelfLabelAsked
from edge.domain.labels import GoingOn
from edge.domain.parcel import IN_CELL
from edge.domain.policy import Policy
from edge.domain.state import State
from edge.kernel.errors import Refused
from edge.kernel.ids import NOWHERE, SealNo


def print_shelf(state: State, told: ShelfLabelAsked, policy: Policy) -> Decision:
    """The label of a parcel, as it lies now. Refused where it lies on no slot."""
    parcel = find(state, told.waybill_no, IN_CELL)
    _require_printer(policy)
    if parcel.slot is None:
        raise Refused(Refusal.NO_SLOT)
    return Decision(
        effects=labels.of_shelf(parcel, parcel.slot, told.at, policy, again=True),
        reply=Reply(
            key=Answer.LABEL_QUEUED, ok=True, slot=parcel.slot, waybill_no=parcel.waybill_no
        ),
    )


def print_bag(state: State, told: BagLabelAsked, policy: Policy) -> Decision:
    """The label of a bag that goes on from here. Refused for any other."""
    _require_printer(policy)
    bag = _going_on(state.dock, told.seal)
    if bag is None:
        raise Refused(Refusal.BAG_NOT_SCANNED)
    return Decision(
        effects=labels.of_bag(bag, told.advice, told.at, policy, again=True),
        reply=Reply(key=Answer.LABEL_QUEUED, ok=True, seal=bag.seal, next_hop=bag.next_hop),
    )


def _require_printer(policy: Policy) -> None:
    if not policy.labels:
        raise Refused(Refusal.NO_LABEL_PRINTER)


def _going_on(dock: Dock, seal: SealNo) -> GoingOn | None:
    """A bag that was scanned out or is of a hub's runs, in this handover or an earlier one."""
    if (held := dock.held.get(seal)) is not None:
        return GoingOn(seal=seal, trip=held.trip, to=held.to, next_hop=held.next_hop)
    if (now := dock.handover) is None:
        return None
    if (out := now.out.get(seal)) is not None:
        return GoingOn(seal=seal, trip=now.trip, to=NOWHERE, next_hop=out.next_hop)
    bag = now.scanned.get(seal)
    if bag is None or bag.verdict is not Verdict.CROSS_DOCK:
        return None
    return GoingOn(seal=seal, trip=now.trip, to=bag.to, next_hop=bag.next_hop)
