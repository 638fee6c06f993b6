"""Natural villages: whose parcels came today, by the village that they are for.

A village is never needed: a parcel without one is checked in, told of and collected like any other,
and stands under 未分村. It is not guessed from a phone's last four digits either, which two
households of two villages may share.
"""

from collections.abc import Mapping
from typing import Final

from edge.domain.answers import Answer, Refusal
from edge.domain.codes import find
from edge.domain.decision import Decision
from edge.domain.effects import HamletLine, QueueHamletList, Reply
from edge.domain.hamlet_facts import HamletListed, HamletNoted
from edge.domain.hamlet_inputs import HamletGiven, HamletListAsked
from edge.domain.parcel import IN_CARE, IN_CELL, Parcel
from edge.domain.policy import Policy
from edge.domain.state import State
from edge.kernel.errors import Refused
from edge.kernel.ids import NO_HAMLET, Hamlet
from edge.kernel.time import Instant
from edge.kernel.village_time import village_day

MOST_LINES: Final = 40
"""Of one printed list; the page has them all."""
TodaysParcels = Mapping[Hamlet, tuple[Parcel, ...]]


def note(state: State, told: HamletGiven, policy: Policy) -> Decision:
    """The village of a parcel that is here, of those that the station lists."""
    parcel = find(state, told.waybill_no, IN_CARE)
    if told.hamlet != NO_HAMLET and told.hamlet not in policy.hamlets:
        raise Refused(Refusal.NO_SUCH_HAMLET)
    key = Answer.HAMLET_NOTED if told.hamlet else Answer.HAMLET_CLEARED
    reply = Reply(key=key, ok=True, waybill_no=parcel.waybill_no)
    if told.hamlet == parcel.hamlet:
        return Decision(reply=reply)
    noted = HamletNoted(waybill_no=parcel.waybill_no, hamlet=told.hamlet)
    return Decision(facts=(noted,), reply=reply)


def print_lists(state: State, told: HamletListAsked, policy: Policy) -> Decision:
    """A list for the keeper to take along or to read out: of one village, or of each."""
    lists = todays_parcels(state, told.at, policy)
    wanted = [one for one in lists if told.hamlet in {None, one} and lists[one]]
    if not wanted:
        raise Refused(Refusal.NOBODYS_PARCELS)
    facts = [
        HamletListed(hamlet=one, parcels=len(lists[one]), keeper=told.keeper) for one in wanted
    ]
    printed = [_list(one, lists[one], told.at) for one in wanted]
    reply = Reply(key=Answer.LISTS_QUEUED, ok=True, count=len(wanted))
    return Decision(facts=tuple(facts), effects=tuple(printed), reply=reply)


def todays_parcels(state: State, at: Instant, policy: Policy) -> TodaysParcels:
    """What came today and waits in its place, by village: the station's own list first, then what
    manifests call otherwise, in the end those of no village.
    """
    here = sorted(
        (parcel for parcel in state.parcels.values() if parcel.stage in IN_CELL),
        key=lambda parcel: (parcel.received_at.wall_lo_ms, parcel.waybill_no),
    )
    today = [parcel for parcel in here if came_on(parcel, at)]
    strange = sorted({parcel.hamlet for parcel in today} - {*policy.hamlets, NO_HAMLET})
    return {
        hamlet: tuple(parcel for parcel in today if parcel.hamlet == hamlet)
        for hamlet in (*policy.hamlets, *strange, NO_HAMLET)
    }


def came_on(parcel: Parcel, at: Instant) -> bool:
    """Whether it came in on this day of the village's calendar."""
    return village_day(parcel.received_at.wall_lo_ms) == village_day(at.wall_lo_ms)


def _list(hamlet: Hamlet, parcels: tuple[Parcel, ...], at: Instant) -> QueueHamletList:
    lines = tuple(
        HamletLine(
            carrier=parcel.carrier,
            waybill_no=parcel.waybill_no,
            phone_tail=parcel.phone_tail,
            cell=parcel.cell,
            slot=parcel.slot,
        )
        for parcel in parcels[:MOST_LINES]
    )
    return QueueHamletList(
        hamlet=hamlet,
        parcels=len(parcels),
        lines=lines,
        left=len(parcels) - len(lines),
        at=at,
    )
