"""A van at the door: bags in and out, two signatures, and what is said of each mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain.advice import BagAdvice
from edge.domain.answers import Answer, Refusal
from edge.domain.dock import Disputed, Verdict
from edge.domain.folds.dock import MOST_BAGS, MOST_SIGNED, MOST_SUSPENDED
from edge.domain.inputs import CountyJudged
from edge.domain.trip_facts import BagScanned, HandoverSigned, HandoverSuspended
from edge.kernel.ids import CourierId, Place, SealNo, TripId
from tests.domain.house import LI, House, refusal
from tests.domain.van import (
    BAG,
    BAG2,
    BAG3,
    CHEN,
    HERE,
    RUN3,
    THERE,
    TOWN,
    Van,
    bag_for,
)

OTHER = CourierId("刘师傅")


def test_a_courier_arrives_and_check_in_rests_meanwhile() -> None:
    van = Van()
    van.check_in_on()
    reply = van.arrives()
    assert (reply.key, reply.ok) == (Answer.COURIER_HERE, True)
    assert van.kinds == ["check_in.ended", "trip.arrived"]
    assert (van.handover.trip, van.handover.courier) == (RUN3, CHEN)
    assert refusal(van.check_in_on) == Refusal.HANDOVER_UNDER_WAY


def test_the_same_courier_again_changes_nothing_and_another_has_to_wait() -> None:
    van = Van()
    van.arrives()
    assert van.arrives().key == Answer.COURIER_HERE
    assert van.news() == ()
    assert refusal(lambda: van.arrives(OTHER)) == Refusal.HANDOVER_UNDER_WAY


def test_a_journal_in_doubt_takes_no_bags() -> None:
    van = Van()
    van.tell(CountyJudged(at=van.now, verdict="rollback"))
    assert van.arrives().key == Answer.JOURNAL_DOUBTED
    assert van.state.dock.handover is None


@pytest.mark.parametrize(
    ("advice", "verdict", "key"),
    [
        (bag_for(HERE), Verdict.EXPECTED, Answer.BAG_IN),
        (bag_for(HERE, trip=TripId("other")), Verdict.OVER, Answer.BAG_OVER),
        (bag_for(THERE), Verdict.MISROUTED, Answer.BAG_MISROUTED),
        (None, Verdict.OVER, Answer.BAG_OVER),
    ],
)
def test_each_bag_is_told_apart(advice: BagAdvice | None, verdict: Verdict, key: Answer) -> None:
    van = Van()
    van.arrives()
    reply = van.bag(BAG, advice)
    assert (reply.key, reply.ok) == (key, verdict is not Verdict.MISROUTED)
    assert van.facts(BagScanned)[-1].verdict is verdict
    if verdict is Verdict.MISROUTED:
        assert (reply.to, reply.next_hop) == (THERE, TOWN)


def test_a_double_scan_counts_once() -> None:
    van = Van()
    van.arrives()
    van.bag(BAG, bag_for())
    reply = van.bag(BAG, bag_for())
    assert (reply.key, reply.ok, van.news()) == (Answer.BAG_ALREADY, False, ())
    assert len(van.handover.scanned) == 1


def test_a_bag_of_an_earlier_handover_is_neither_taken_again_nor_short() -> None:
    van = Van()
    van.takes(BAG)
    van.arrives()
    assert van.bag(BAG, bag_for()).key == Answer.BAG_ALREADY
    van.bag(BAG2, bag_for())
    van.agrees(BAG, BAG2)
    signed = van.facts(HandoverSigned)[-1]
    assert (signed.expected, signed.taken, signed.short) == (1, 1, ())


def test_a_parcels_number_is_no_seal_and_says_so() -> None:
    van = Van()
    van.arrives()
    assert van.bag(SealNo("YT7700123456789"), is_waybill=True).key == Answer.SEAL_WANTED
    assert van.news() == ()


def test_nobody_scans_bags_without_a_courier_or_a_keeper() -> None:
    van = Van()
    assert van.bag(BAG, bag_for()).key == Answer.SCAN_NOT_EXPECTED
    van.arrives()
    van.leave()
    assert van.bag(BAG, bag_for()).key == Answer.SCAN_NOT_EXPECTED


def test_a_mistaken_scan_is_taken_back_and_can_be_made_again() -> None:
    van = Van()
    van.arrives()
    assert refusal(van.unscans) == Refusal.BAG_NOT_SCANNED
    van.bag(BAG, bag_for())
    assert van.unscans().key == Answer.SCAN_TAKEN_BACK
    assert not van.handover.scanned
    assert van.bag(BAG, bag_for()).key == Answer.BAG_IN


def test_damage_wants_a_scanned_bag_and_words() -> None:
    van = Van()
    van.arrives()
    assert refusal(van.finds_damaged) == Refusal.BAG_NOT_SCANNED
    van.bag(BAG, bag_for())
    assert refusal(lambda: van.finds_damaged(note="")) == Refusal.REASON_MISSING
    assert van.finds_damaged().key == Answer.DAMAGE_NOTED
    assert van.kinds == ["bag.damaged"]
    van.finds_damaged()
    assert van.news() == ()
    assert van.handover.scanned[BAG].note == "封签断"


def test_bags_go_out_where_the_route_table_says() -> None:
    van = Van()
    van.arrives()
    assert refusal(lambda: van.turns("county", Place(""))) == Refusal.NO_ROUTE
    assert van.turns("county").next_hop == TOWN
    van.turns("county")
    assert van.news() == ()
    reply = van.bag(BAG)
    assert (reply.key, reply.next_hop) == (Answer.BAG_OUT, TOWN)
    assert van.bag(BAG).key == Answer.BAG_ALREADY
    assert van.turns("").key == Answer.BAGS_IN
    assert van.bag(BAG).key == Answer.BAG_IS_OUT
    van.unscans()
    assert not van.handover.out


def test_a_bag_that_just_came_or_is_not_emptied_does_not_go_out() -> None:
    van = Van()
    van.takes(BAG)
    van.arrives()
    van.bag(BAG2, bag_for())
    van.turns("county")
    assert van.bag(BAG).key == Answer.BAG_NOT_EMPTIED
    assert van.bag(BAG2).key == Answer.BAG_JUST_CAME
    van.empties(BAG)
    assert van.bag(BAG).key == Answer.BAG_OUT  # the empty bag goes back


def test_both_sign_and_each_gets_a_slip() -> None:
    van = Van()
    van.arrives()
    assert refusal(lambda: van.agrees(BAG)) == Refusal.NOTHING_SCANNED
    van.bag(BAG, bag_for())
    van.bag(BAG3, bag_for(THERE))
    van.finds_damaged()
    van.disputes(3)
    van.turns("county")
    van.bag(SealNo("OUT0001"))
    assert refusal(lambda: van.agrees(courier=OTHER)) == Refusal.OTHER_COURIER
    assert van.agrees(BAG, BAG2).key == Answer.HANDOVER_SIGNED
    signed = HandoverSigned(
        trip=RUN3,
        courier=CHEN,
        keeper=LI,
        expected=2,
        taken=1,
        short=(BAG2,),
        over=(),
        damaged=(BAG,),
        misrouted=(BAG3,),
        out=(SealNo("OUT0001"),),
    )
    assert van.news() == (signed,)
    (paper,) = van.papers
    assert paper.signed == signed
    assert paper.misrouted == ((BAG3, THERE, TOWN),)
    assert paper.next_hops == ((SealNo("OUT0001"), TOWN),)
    assert paper.disputed == Disputed(courier_count=3, keeper_count=1)
    assert van.state.dock.handover is None
    assert set(van.state.dock.bags) == {BAG}
    assert van.state.dock.signed[-1].short == 1


def test_a_dispute_keeps_both_counts() -> None:
    van = Van()
    van.arrives()
    van.bag(BAG, bag_for())
    assert van.disputes(2).key == Answer.BOTH_COUNTS_KEPT
    assert van.handover.disputed == Disputed(courier_count=2, keeper_count=1)


def test_without_the_keeper_a_courier_says_why_and_goes_on_later() -> None:
    van = Van()
    van.arrives()
    van.bag(BAG, bag_for())
    assert refusal(lambda: van.holds_up("")) == Refusal.REASON_MISSING
    assert refusal(lambda: van.holds_up(courier=OTHER)) == Refusal.HANDOVER_UNDER_WAY
    assert van.holds_up().key == Answer.HANDOVER_HELD_UP
    assert van.state.dock.suspended[RUN3].reason == "店主不在"
    assert refusal(van.unscans) == Refusal.NO_HANDOVER
    van.leave()
    van.holds_up("还是不在")  # again, without anybody at the desk
    assert van.facts(HandoverSuspended)[-1].reason == "还是不在"
    van.enter()
    van.arrives(OTHER)
    assert BAG in van.handover.scanned
    assert van.handover.courier == OTHER
    assert RUN3 not in van.state.dock.suspended


def test_a_courier_who_never_got_in_leaves_a_word_too() -> None:
    van = Van()
    van.leave()
    van.holds_up()
    assert van.state.dock.suspended[RUN3].handover is None
    van.enter()
    van.arrives()
    assert not van.handover.scanned


def test_a_hub_sends_bags_of_its_runs_on_and_keeps_none() -> None:
    hub = Van(hub=True)
    hub.arrives()
    run = Place("run-4")
    assert hub.bag(BAG, bag_for(THERE, next_hop=run, run=True)).key == Answer.BAG_CROSS_DOCK
    assert hub.bag(BAG2, bag_for(Place("far"))).key == Answer.BAG_MISROUTED
    hub.agrees(BAG)
    signed = hub.facts(HandoverSigned)[-1]
    assert (signed.expected, signed.taken, signed.misrouted) == (1, 1, (BAG2,))
    assert not hub.state.dock.bags
    assert hub.state.dock.held[BAG].next_hop == run
    hub.arrives(OTHER, TripId("out-4"))
    hub.turns("other", Place("run-5"))
    wrong = hub.bag(BAG)
    assert (wrong.key, wrong.next_hop) == (Answer.BAG_OF_OTHER_RUN, run)
    hub.turns(str(THERE), run)
    assert hub.bag(BAG).key == Answer.BAG_OUT
    hub.agrees(courier=OTHER)
    assert not hub.state.dock.held


def test_a_restart_in_the_middle_loses_no_scan() -> None:
    van = Van()
    van.arrives()
    van.bag(BAG, bag_for())
    van.restart()
    assert BAG in van.handover.scanned
    assert van.replayed().dock == van.state.dock


def test_memory_stays_bounded_over_many_trips() -> None:
    van = Van()
    for n in range(MOST_BAGS + 5):
        van.arrives(trip=TripId(f"t{n}"))
        van.wait(1)
        van.bag(SealNo(f"SEAL{n}"), bag_for(trip=TripId(f"t{n}")))
        van.agrees()
    for n in range(MOST_SUSPENDED + 3):
        van.wait(1)
        van.holds_up(trip=TripId(f"s{n}"))
    dock = van.state.dock
    assert len(dock.bags) == MOST_BAGS
    assert SealNo("SEAL0") not in dock.bags
    assert (len(dock.signed), len(dock.suspended)) == (MOST_SIGNED, MOST_SUSPENDED)
    assert TripId("s0") not in dock.suspended


SEALS = [SealNo(f"SEAL{n}") for n in range(6)]


@given(
    st.lists(st.tuples(st.sampled_from(SEALS), st.sampled_from(["scan", "undo", "out"]))),
    st.frozensets(st.sampled_from(SEALS)),
)
def test_every_bag_is_counted_once_and_expected_is_taken_plus_short(
    acts: list[tuple[SealNo, str]], expected: frozenset[SealNo]
) -> None:
    """Law: whatever is scanned in whatever order, expected = taken of them + short, and no bag
    stands in two lists that exclude each other."""
    van = Van()
    van.arrives()
    for seal, act in acts:
        _act(van, seal, act, expected)
    if not van.handover.scanned and not van.handover.out:
        return
    van.agrees(*expected)
    signed = van.facts(HandoverSigned)[-1]
    bags = set(van.state.dock.bags)
    assert len(bags) == signed.taken
    assert len(bags & expected) + len(signed.short) == len(expected)
    assert not bags & set(signed.short)
    assert not bags & set(signed.misrouted)
    assert not bags & set(signed.out)
    assert van.replayed() == van.state


def _act(van: House, seal: SealNo, act: str, expected: frozenset[SealNo]) -> None:
    assert isinstance(van, Van)
    advice = bag_for() if seal in expected else None
    if act == "undo" and (seal in van.handover.scanned or seal in van.handover.out):
        van.unscans(seal)
    elif act == "out":
        van.turns("county")
        van.bag(seal)
        van.turns("")
    else:
        van.bag(seal, advice)
