"""R72: a parcel has a natural village or none, and today's parcels are listed by village."""

from dataclasses import replace

import pytest

from edge.domain.answers import Answer, Refusal
from edge.domain.effects import QueueHamletList
from edge.domain.hamlet_facts import HamletListed, HamletNoted
from edge.domain.hamlet_inputs import HamletGiven, HamletListAsked
from edge.domain.hamlets import MOST_LINES, todays_parcels
from edge.kernel.ids import NO_HAMLET, Hamlet, WaybillNo
from tests.domain.house import HOUR, LI, SF, TAIL, WANG, YT, ZTO, House, policy_of
from tests.domain.house import refusal as refused
from tests.domain.van import BAG, Van, parcel_in

QINGSHAN, DATANG, SHUINAN = Hamlet("青山村"), Hamlet("大塘"), Hamlet("水南")


def house(sizes: str = "SSSS", *, floor: int = 0) -> House:
    """A station that serves two villages."""
    policy = replace(policy_of(sizes, floor=floor), hamlets=(QINGSHAN, DATANG))
    return House(policy=policy).open_shop()


def give(at: House, hamlet: Hamlet, waybill_no: WaybillNo = YT) -> Answer:
    told = HamletGiven(at=at.now, keeper=LI, waybill_no=waybill_no, hamlet=hamlet)
    return Answer(at.hear(told).key)


def ask_lists(at: House, hamlet: Hamlet | None = None) -> list[QueueHamletList]:
    reply = at.hear(HamletListAsked(at=at.now, keeper=LI, hamlet=hamlet))
    printed = [one for one in at.last.effects if isinstance(one, QueueHamletList)]
    assert (reply.key, reply.count) == (Answer.LISTS_QUEUED, len(printed))
    return printed


def test_a_village_is_noted_mended_and_taken_back() -> None:
    here = house()
    here.check_in(YT)
    assert here.parcel(YT).hamlet == NO_HAMLET
    assert give(here, QINGSHAN) == Answer.HAMLET_NOTED
    assert give(here, QINGSHAN) == Answer.HAMLET_NOTED
    assert give(here, DATANG) == Answer.HAMLET_NOTED
    assert give(here, NO_HAMLET) == Answer.HAMLET_CLEARED
    assert [fact.hamlet for fact in here.facts(HamletNoted)] == [QINGSHAN, DATANG, NO_HAMLET]
    assert here.replayed() == here.state


def test_a_village_that_the_station_does_not_list_is_refused() -> None:
    here = house()
    here.check_in(YT)
    assert refused(lambda: give(here, SHUINAN)) == Refusal.NO_SUCH_HAMLET
    assert here.facts(HamletNoted) == []


def test_only_a_parcel_that_is_here_has_a_village_noted_by_the_keeper_who_is_signed_in() -> None:
    here = house()
    assert refused(lambda: give(here, QINGSHAN)) == Refusal.PARCEL_NOT_HERE
    here.check_in(YT)
    other = HamletGiven(at=here.now, keeper=WANG, waybill_no=YT, hamlet=QINGSHAN)
    assert refused(lambda: here.hear(other)) == Refusal.NOT_SIGNED_IN


def test_a_parcel_needs_no_village_and_gets_its_code_without() -> None:
    here = house()
    here.check_in(YT)
    assert here.facts(HamletNoted) == []
    assert len(here.slips) == 1


def test_what_was_taken_back_and_comes_again_has_no_village() -> None:
    here = house()
    here.scan(YT)
    give(here, QINGSHAN)
    here.cancel(YT)
    here.scan(YT)
    assert here.parcel(YT).hamlet == NO_HAMLET


@pytest.mark.parametrize("hamlet", [QINGSHAN, SHUINAN, NO_HAMLET])
def test_a_manifest_may_say_the_village_also_one_that_is_not_listed(hamlet: Hamlet) -> None:
    van = Van()
    van.takes(BAG)
    van.check_in_on()
    van.unpacks(YT, replace(parcel_in(frozenset({YT, SF})), hamlet=hamlet))
    told = [fact.hamlet for fact in van.facts(HamletNoted)]
    assert told == ([hamlet] if hamlet else [])
    assert van.parcel(YT).hamlet == hamlet
    assert van.replayed() == van.state


def test_todays_parcels_stand_by_village_in_the_order_of_the_list_and_none_comes_last() -> None:
    here = house()
    for waybill_no, hamlet in ((YT, DATANG), (SF, NO_HAMLET), (ZTO, DATANG)):
        here.check_in(waybill_no)
        give(here, hamlet, waybill_no)
    lists = todays_parcels(here.state, here.now, here.policy)
    assert list(lists) == [QINGSHAN, DATANG, NO_HAMLET]
    assert [[p.waybill_no for p in one] for one in lists.values()] == [[], [YT, ZTO], [SF]]
    strange = replace(here.policy, hamlets=(QINGSHAN,))
    assert list(todays_parcels(here.state, here.now, strange)) == [QINGSHAN, DATANG, NO_HAMLET]
    here.wait(24 * HOUR)
    assert not any(todays_parcels(here.state, here.now, here.policy).values())


def test_a_list_for_one_village_or_for_each_that_has_parcels_is_printed_and_told() -> None:
    here = house()
    for waybill_no, hamlet in ((YT, DATANG), (SF, NO_HAMLET)):
        here.check_in(waybill_no)
        give(here, hamlet, waybill_no)
    (one,) = ask_lists(here, DATANG)
    assert (one.hamlet, one.parcels, one.left) == (DATANG, 1, 0)
    assert [(line.phone_tail, line.cell) for line in one.lines] == [(TAIL, here.parcel(YT).cell)]
    assert [each.hamlet for each in ask_lists(here)] == [DATANG, NO_HAMLET]
    told = [(fact.hamlet, fact.parcels) for fact in here.facts(HamletListed)]
    assert told == [(DATANG, 1), (DATANG, 1), (NO_HAMLET, 1)]
    assert here.replayed() == here.state


@pytest.mark.parametrize("hamlet", [None, QINGSHAN, SHUINAN])
def test_without_a_parcel_of_it_no_list_is_printed(hamlet: Hamlet | None) -> None:
    here = house()
    assert refused(lambda: ask_lists(here, hamlet)) == Refusal.NOBODYS_PARCELS


def test_a_long_list_says_how_many_more_stand_on_the_page() -> None:
    here = house("S", floor=60)
    here.check_in(YT)  # and the cabinet is full
    for n in range(MOST_LINES + 1):
        waybill_no = WaybillNo(f"YT77001234{n:05d}")
        here.scan(waybill_no)
        here.tail(waybill_no)
    (one,) = ask_lists(here, NO_HAMLET)
    assert (one.parcels, len(one.lines), one.left) == (MOST_LINES + 2, MOST_LINES, 2)
