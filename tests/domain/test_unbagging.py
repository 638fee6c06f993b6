"""What comes out of a bag, against its manifest."""

from edge.domain.answers import Answer, Refusal
from edge.domain.parcel import Stage
from edge.domain.place_facts import Choice
from edge.domain.trip_facts import BagEmptied, ParcelMisrouted, ParcelPreadvised, ParcelShort
from edge.kernel.ids import SealNo, WaybillNo
from tests.domain.house import LI, SF, TAIL, YT, ZTO, refusal
from tests.domain.van import BAG, BAG2, RUN3, THERE, TOWN, Van, parcel_in

BOTH = frozenset({YT, SF})


def opened() -> Van:
    van = Van()
    van.takes(BAG)
    van.check_in_on()
    return van


def test_a_parcel_of_the_manifest_needs_no_typing_and_gets_its_slip() -> None:
    van = opened()
    van.puts_in(YT, parcel_in(BOTH))
    (known,) = van.facts(ParcelPreadvised)
    assert (known.waybill_no, known.piece, known.pieces, known.consent) == (YT, 1, 2, "yes")
    assert van.parcel().phone_tail == "3865"
    assert van.slips[-1].waybill_no == YT
    assert van.state.dock.bags[BAG].found == {YT}


def test_without_a_tail_on_the_manifest_the_keeper_is_asked_as_ever() -> None:
    van = opened()
    van.puts_in(YT, parcel_in(BOTH, tail=None))
    assert van.parcel().phone_tail is None
    assert van.slips == []


def test_a_parcel_of_no_manifest_is_over_and_goes_in_all_the_same() -> None:
    van = opened()
    van.unpacks(ZTO, None)
    assert van.kinds == ["parcel.received", "parcel.over", "cell.reserved", "door.asked"]


def test_where_no_bag_is_being_emptied_nothing_is_over() -> None:
    van = opened()
    van.empties(BAG)
    van.unpacks(ZTO, None)
    assert "parcel.over" not in van.kinds


def test_a_parcel_of_another_station_gets_no_cell_and_is_told_once() -> None:
    van = opened()
    reply = van.unpacks(YT, parcel_in(BOTH, to=THERE))
    assert (reply.key, reply.ok, reply.to, reply.next_hop) == (
        Answer.PARCEL_MISROUTED,
        False,
        THERE,
        TOWN,
    )
    assert van.kinds == ["parcel.misrouted"]
    assert YT not in van.state.parcels
    assert van.pulses == []
    assert van.unpacks(YT, parcel_in(BOTH, to=THERE)).key == Answer.PARCEL_MISROUTED
    assert len(van.facts(ParcelMisrouted)) == 1


def test_a_bags_seal_is_no_parcel_and_says_so() -> None:
    van = opened()
    reply = van.unpacks(WaybillNo(str(BAG)), None, is_seal=True)
    assert (reply.key, van.news()) == (Answer.WAYBILL_WANTED, ())


def test_the_last_parcel_empties_its_bag() -> None:
    van = opened()
    van.puts_in(YT, parcel_in(BOTH))
    assert not van.state.dock.bags[BAG].emptied
    van.puts_in(SF, parcel_in(BOTH))
    assert van.facts(BagEmptied) == [BagEmptied(trip=RUN3, seal=BAG, expected=2, found=2)]
    assert refusal(lambda: van.empties(BAG, YT, SF)) == Refusal.BAG_NOT_SCANNED


def test_what_the_manifest_names_and_nobody_scanned_is_short() -> None:
    van = opened()
    van.puts_in(YT, parcel_in(BOTH))
    reply = van.empties(BAG, YT, SF)
    assert (reply.key, reply.ok, reply.count) == (Answer.BAG_SHORT, False, 1)
    assert van.news() == (
        ParcelShort(waybill_no=SF, trip=RUN3, seal=BAG),
        BagEmptied(trip=RUN3, seal=BAG, expected=2, found=1),
    )


def test_an_empty_bag_with_nothing_missing_is_done() -> None:
    van = opened()
    assert van.empties(BAG).key == Answer.BAG_DONE
    assert refusal(lambda: van.empties(SealNo("NOBODY1"))) == Refusal.BAG_NOT_SCANNED


def test_a_check_in_that_was_taken_back_does_not_count_as_found() -> None:
    van = opened()
    van.puts_in(ZTO, parcel_in(frozenset({ZTO}), seal=BAG2))
    reply = van.unpacks(YT, parcel_in(BOTH))
    assert reply.cell is not None
    van.cancel(YT)
    assert van.stage() is Stage.UNDONE
    assert van.state.dock.bags[BAG].found == frozenset()
    assert van.state.dock.bags[BAG2].found == {ZTO}


def test_a_parcel_whose_bag_was_never_handed_over_counts_too() -> None:
    van = Van()
    van.check_in_on()
    van.puts_in(YT, parcel_in(BOTH, seal=BAG2))
    assert van.state.dock.bags[BAG2].found == {YT}
    assert van.state.desk.keeper == LI
    assert van.replayed() == van.state


def test_a_parcel_of_the_manifest_that_goes_on_a_shelf_has_its_slip_at_once() -> None:
    van = opened()
    van.place(Choice.SHELF, None)
    reply = van.unpacks(YT, parcel_in(BOTH))
    assert (reply.key, reply.slot) == (Answer.PUT_ON, van.parcel().slot)
    told = ["parcel.received", "parcel.preadvised", "parcel.phone_tail_noted", "parcel.shelved"]
    assert van.kinds == [*told, "pickup.code_issued"]
    assert (van.slips[-1].waybill_no, van.slips[-1].phone_tail) == (YT, TAIL)
    assert van.state.dock.bags[BAG].found == {YT}
    assert van.replayed() == van.state


def test_where_no_place_is_free_nothing_is_told_of_the_parcel() -> None:
    van = opened()
    for cell in van.policy.cells:
        van.lock(cell.cell)
    for number in range(van.policy.floor_slots + len(van.policy.shelves) * 1_000):
        if not van.unpacks(WaybillNo(f"YT66{number:08d}"), None).ok:
            break
    assert van.unpacks(SF, parcel_in(BOTH)).key == Answer.NO_FREE_CELL
    assert van.news() == ()
    assert van.state.dock.bags[BAG].found == frozenset()


def test_a_parcel_in_hand_is_put_down_whatever_a_later_manifest_says_of_it() -> None:
    van = opened()
    van.place(Choice.SHELF, None)
    van.unpacks(YT, None)
    van.move(YT)
    assert van.parcel().in_hand
    assert van.unpacks(YT, parcel_in(BOTH, to=THERE)).cell is not None
    assert van.facts(ParcelMisrouted) == []
