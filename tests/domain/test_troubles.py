"""What went wrong stays on the keeper's page until somebody has settled it."""

from edge.domain.keeping import Liable
from edge.domain.trouble_desk import is_open
from edge.domain.troubles import MOST_TROUBLES, TroubleKind
from edge.kernel.ids import SealNo, WaybillNo
from tests.domain.house import ONE, SF, YT, ZTO, refusal, slip_of
from tests.domain.long_stay import LongStay
from tests.domain.van import BAG, BAG2, BAG3, THERE, bag_for, parcel_in

LOST_BAG = SealNo("FQ0000009")


def open_kinds(house: LongStay) -> list[TroubleKind]:
    return [one.kind for one in house.state.troubles if is_open(house.state, one)]


def test_bags_that_are_short_over_damaged_or_misrouted_are_kept_from_the_signature() -> None:
    house = LongStay()
    house.arrives()
    house.bag(BAG, bag_for())
    house.finds_damaged(BAG, "封签断")
    house.bag(BAG2)
    house.bag(BAG3, bag_for(THERE))
    house.agrees(BAG, LOST_BAG)
    assert [(one.kind, one.subject, one.note) for one in house.state.troubles] == [
        (TroubleKind.BAG_SHORT, LOST_BAG, ""),
        (TroubleKind.BAG_OVER, BAG2, ""),
        (TroubleKind.BAG_DAMAGED, BAG, "封签断"),
        (TroubleKind.BAG_MISROUTED, BAG3, f"→ {THERE}"),
    ]
    assert house.replayed() == house.state


def test_parcels_that_are_over_misrouted_or_short_are_kept_from_the_unpacking() -> None:
    house = LongStay()
    house.takes(BAG)
    house.check_in_on()
    house.puts_in(YT, None)
    house.unpacks(SF, parcel_in(frozenset({SF}), to=THERE))
    house.empties(BAG, ZTO)
    assert house.troubles() == [
        (TroubleKind.OVER, YT),
        (TroubleKind.MISROUTED, SF),
        (TroubleKind.SHORT, ZTO),
    ]
    assert open_kinds(house) == [TroubleKind.OVER, TroubleKind.MISROUTED, TroubleKind.SHORT]
    house.puts_in(ZTO, None)
    assert TroubleKind.SHORT not in open_kinds(house)
    house.cancel(ZTO)
    house.opens(house.pulses[-1].cell)
    house.shuts(house.pulses[-1].cell)
    assert TroubleKind.SHORT in open_kinds(house)


def test_a_damaged_or_refused_parcel_is_settled_by_leaving() -> None:
    house = LongStay()
    slip_of(house.check_in())
    house.is_damaged()
    house.refuses()
    assert open_kinds(house) == [TroubleKind.DAMAGED, TroubleKind.REFUSED]
    house.release()
    house.opens(ONE)
    house.shuts(ONE)
    assert open_kinds(house) == []


def test_a_misrouted_parcel_stays_open_whatever_became_of_it_here() -> None:
    house = LongStay()
    house.check_in(SF)
    house.cancel(SF)
    house.opens(ONE)
    house.shuts(ONE)
    house.unpacks(SF, parcel_in(frozenset({SF}), to=THERE))
    assert open_kinds(house) == [TroubleKind.MISROUTED]


def test_the_keeper_says_more_and_that_it_is_settled() -> None:
    house = LongStay()
    house.check_in()
    house.is_damaged()
    reply = house.says(TroubleKind.DAMAGED, note=" 已拍照 ", liable=Liable.SENDER)
    assert reply.key == "trouble_kept"
    assert (house.trouble().note, house.trouble().liable) == ("已拍照", Liable.SENDER)
    house.says(TroubleKind.DAMAGED, note="已拍照", liable=Liable.SENDER)
    assert house.kinds == []
    house.refuses()
    house.says(TroubleKind.DAMAGED, note="已拍照", liable=Liable.SENDER, settled=True)
    assert open_kinds(house) == [TroubleKind.REFUSED]
    assert house.replayed() == house.state


def test_about_a_trouble_that_nobody_knows_nothing_is_said() -> None:
    house = LongStay()
    house.check_in()
    assert refusal(lambda: house.says(TroubleKind.DAMAGED)) == "no_such_trouble"


def test_the_newest_of_its_kind_replaces_the_one_before_and_the_oldest_are_forgotten() -> None:
    house = LongStay()
    house.takes(BAG)
    house.check_in_on()
    for n in range(MOST_TROUBLES + 1):
        waybill_no = WaybillNo(f"YT{n:013d}")
        house.puts_in(waybill_no, None)
        house.cancel(waybill_no)
        house.opens(house.pulses[-1].cell)
        house.shuts(house.pulses[-1].cell)
    assert len(house.state.troubles) == MOST_TROUBLES
    assert house.state.troubles[0].subject == "YT0000000000001"
