"""Parcels that only the keeper hands out, and what she must have seen."""

import pytest

from edge.domain.answers import Answer, Refusal
from edge.domain.facts import Proof, RefusalReason
from edge.domain.parcel import Stage
from edge.domain.place_facts import (
    Choice,
    Flag,
    HandoverSeen,
    ParcelHandedOut,
    Seen,
)
from edge.domain.policy import Policy
from tests.domain.house import (
    ONE,
    SECOND,
    SF,
    YT,
    ZTO,
    House,
    policy_of,
    refusal,
)


def shop() -> House:
    return House(policy=policy_of(shelves="AB", floor=2)).open_shop()


def test_a_right_code_calls_the_keeper_and_spends_nothing() -> None:
    house = shop()
    slip = house.shelve()
    reply = house.token(slip.token)
    assert (reply.key, reply.ok, reply.slot) == (Answer.AT_SHELF, True, "A-1-201")
    assert house.kinds == ["parcel.called"]
    house.wait(10 * SECOND)
    house.token(slip.token)
    assert house.kinds == [], "held up again: no new fact"
    house.wait(60 * SECOND)
    assert house.code(slip.digits).ok
    assert house.kinds == ["parcel.called"]
    house.release()
    assert house.facts(ParcelHandedOut)[-1].proof is Proof.CODE
    assert house.stage() is Stage.PICKED_UP
    again = house.token(slip.token)
    assert (again.key, again.at) == (RefusalReason.ALREADY_COLLECTED, house.parcel().collected_at)


def test_without_a_code_papers_must_be_seen() -> None:
    house = shop()
    slip = house.shelve()
    assert refusal(house.release) == Refusal.ID_NOT_SEEN
    house.release(YT, Seen.ID)
    assert house.facts(ParcelHandedOut)[-1].proof is Proof.KEEPER
    assert house.facts(HandoverSeen)[-1].seen == (Seen.ID,)
    assert not house.token(slip.token).ok


def test_a_code_shown_long_ago_or_before_a_restart_is_no_proof() -> None:
    house = shop()
    slip = house.shelve()
    house.token(slip.token)
    house.wait(31 * 60 * SECOND)
    assert refusal(house.release) == Refusal.ID_NOT_SEEN
    house.token(slip.token)
    house.restart()
    house.enter()
    assert refusal(house.release) == Refusal.ID_NOT_SEEN


def test_a_parcel_without_a_code_is_handed_out_too() -> None:
    house = shop()
    house.place(Choice.FLOOR, None)
    house.scan()
    house.release(YT, Seen.ID)
    assert house.stage() is Stage.PICKED_UP


def test_handing_out_is_undone_within_ten_minutes() -> None:
    house = shop()
    house.shelve()
    house.release(YT, Seen.ID)
    house.wait(9 * 60 * SECOND)
    reply = house.take_back()
    assert (reply.key, reply.slot) == (Answer.HANDED_BACK, "A-1-201")
    assert house.stage() is Stage.STORED
    house.reprint()
    assert house.token(house.slips[-1].token).key == Answer.AT_SHELF


def test_too_late_after_ten_minutes_or_for_a_parcel_from_a_cell() -> None:
    house = shop()
    house.shelve()
    house.release(YT, Seen.ID)
    house.wait(11 * 60 * SECOND)
    assert house.take_back().key == Answer.TOO_LATE
    house.check_in(SF)
    house.release(SF)
    house.opens(ONE)
    house.shuts(ONE)
    assert house.take_back(SF).key == Answer.TOO_LATE
    assert refusal(lambda: house.take_back(ZTO)) == Refusal.PARCEL_NOT_HERE


def test_a_slot_that_was_given_on_is_not_given_back() -> None:
    house = House(policy=Policy(cells=policy_of("S").cells, floor_slots=1)).open_shop()
    house.shelve(YT)
    house.release(YT, Seen.ID)
    house.shelve(SF)
    assert house.take_back(YT).key == Answer.NO_FREE_SLOT
    wider = House(policy=policy_of("S", shelves="A", floor=1)).open_shop()
    wider.place(Choice.FLOOR, None)
    wider.scan(YT)
    wider.release(YT, Seen.ID)
    wider.place(Choice.FLOOR, None)
    wider.scan(SF)
    assert wider.take_back(YT).slot == "A-1-201"


# -- what is to be minded


def test_cash_due_never_opens_at_the_kiosk_and_is_handed_out_against_money() -> None:
    house = shop()
    slip = house.check_in()
    assert slip is not None
    assert house.flag(YT, Flag.BULKY, fen=1200).key == Answer.FLAGS_NOTED
    reply = house.token(slip.token)
    assert (reply.key, reply.ok, reply.fen) == (RefusalReason.PAY_FIRST, False, 1200)
    assert len(house.pulses) == 1, "the check-in's alone"
    assert refusal(house.release) == Refusal.NOT_PAID
    house.release(YT, Seen.PAID)
    house.opens(ONE)
    house.shuts(ONE)
    assert house.stage() is Stage.PICKED_UP
    assert house.facts(HandoverSeen)[-1].paid_fen == 1200


@pytest.mark.parametrize("flag", [Flag.SIGNATURE, Flag.VALUABLE])
def test_what_must_be_signed_for_goes_through_the_keeper(flag: Flag) -> None:
    house = shop()
    slip = house.check_in()
    assert slip is not None
    house.flag(YT, flag)
    assert house.code(slip.digits).key == RefusalReason.SIGN_FIRST
    assert refusal(lambda: house.release(YT, Seen.ID)) == Refusal.NOT_SIGNED
    house.release(YT, Seen.SIGNED)
    assert house.facts(HandoverSeen)[-1].paid_fen == 0
    assert house.pulses[-1].cell == ONE


def test_a_flag_that_is_taken_away_lets_the_kiosk_open_again() -> None:
    house = shop()
    slip = house.check_in()
    assert slip is not None
    house.flag(YT, Flag.SIGNATURE)
    house.flag(YT, Flag.SIGNATURE)
    assert house.kinds == [], "said already"
    house.flag(YT)
    assert house.token(slip.token).ok
