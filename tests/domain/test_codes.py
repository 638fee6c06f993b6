"""Issuing codes: tails, slips, clashes, and what becomes of an old slip."""

from dataclasses import replace

import pytest

from edge.domain.answers import Answer, Refusal, RevokeReason
from edge.domain.effects import QueueSlip
from edge.domain.facts import (
    PickupCodeIssued,
    PickupCodeRevoked,
    PickupCodeSealed,
)
from edge.domain.inputs import Fresh
from edge.kernel.ids import AuthId, PhoneTail
from tests.domain.house import (
    ONE,
    OTHER_TAIL,
    SF,
    TAIL,
    THREE,
    TWO,
    YT,
    ZTO,
    House,
    refusal,
    secret,
    slip_of,
)


def test_the_phone_tail_brings_the_code_and_the_slip() -> None:
    house = House().open_shop()
    house.check_in(tail=None)
    reply = house.tail()
    assert (reply.key, reply.ok, reply.cell) == (Answer.SLIP_QUEUED, True, ONE)
    name = house.facts(PickupCodeIssued)[-1].credential.removeprefix("c-")
    assert house.slips == [
        QueueSlip(
            waybill_no=YT,
            carrier="圆通",
            phone_tail=TAIL,
            cell=ONE,
            digits=f"digits-{name}",
            token=f"token-{name}",
        )
    ]
    assert house.state.desk.in_hand is None


def test_a_tail_typed_while_the_door_is_open_prints_when_it_is_shut() -> None:
    house = House().open_shop()
    house.scan()
    house.opens(ONE)
    assert house.tail().key == Answer.TAIL_NOTED
    assert house.slips == []
    house.shuts(ONE)
    assert house.kinds == ["door.shut", "parcel.stored", "pickup.code_issued"]
    assert [slip.phone_tail for slip in house.slips] == [TAIL]
    assert house.state.desk.in_hand is None


def test_a_repeated_tail_changes_nothing_and_prints_nothing() -> None:
    house = House().open_shop()
    house.scan()
    house.tail()
    assert (house.tail().key, house.kinds) == (Answer.TAIL_NOTED, [])
    house.opens(ONE)
    house.shuts(ONE)
    assert (house.tail().key, house.kinds) == (Answer.TAIL_NOTED, [])
    assert len(house.slips) == 1


def test_a_corrected_tail_revokes_the_first_code() -> None:
    house = House().open_shop()
    old = slip_of(house.check_in())
    house.tail(tail=OTHER_TAIL)
    assert house.kinds == [
        "parcel.phone_tail_noted",
        "pickup.code_revoked",
        "pickup.code_issued",
    ]
    assert house.facts(PickupCodeRevoked)[-1].reason == RevokeReason.PHONE_TAIL_CHANGED
    assert house.token(old.token).key == "revoked"
    assert house.token(house.slips[-1].token).ok


@pytest.mark.parametrize("tail", ["", "386", "38655", "38a5", "３８６５"])
def test_a_tail_that_is_not_four_digits_is_refused(tail: str) -> None:
    house = House().open_shop()
    house.check_in(tail=None)
    before = house.state
    assert refusal(lambda: house.tail(tail=PhoneTail(tail))) == Refusal.WRONG_PHONE_TAIL
    assert house.state == before


def test_no_clear_code_is_in_any_fact() -> None:
    house = House().open_shop()
    slip = slip_of(house.check_in())
    told = [repr(fact) for fact, _at in house.journal]
    assert not any(f"'{clear}'" in fact for fact in told for clear in (slip.digits, slip.token))


def test_a_code_that_clashes_is_drawn_again() -> None:
    house = House().open_shop()
    house.check_in(YT)
    taken = house.slips[-1]
    house.check_in(SF, tail=None)
    same_digits = secret("same-digits", digits=taken.digits)
    same_token = secret(taken.token.removeprefix("token-"), digits="00000000")
    good = secret("good")
    fresh = Fresh(auth=AuthId("a-x"), secrets=(same_digits, same_token, good))
    house.tail(SF, fresh=fresh)
    assert house.slips[-1].token == good.token


def test_without_any_free_code_the_keeper_tries_again_but_a_sensor_is_heard() -> None:
    house = House().open_shop()
    house.check_in(YT)
    taken = secret(house.slips[-1].token.removeprefix("token-"))
    house.check_in(SF, tail=None)
    nothing = Fresh(auth=AuthId("a-x"), secrets=(taken,))
    assert refusal(lambda: house.tail(SF, fresh=nothing)) == Refusal.TRY_AGAIN
    house.scan(ZTO)
    house.tail(ZTO)
    house.opens(THREE)
    house.fresh = lambda: nothing  # type: ignore[method-assign] # the draw that finds nothing
    house.shuts(THREE)
    assert house.kinds == ["door.shut", "parcel.stored"]
    del house.fresh
    assert house.tail(ZTO).key == Answer.SLIP_QUEUED


def test_the_same_digits_under_another_tail_are_no_clash() -> None:
    house = House().open_shop()
    house.check_in(YT)
    house.check_in(SF, tail=None)
    twin = secret("twin", digits=house.slips[-1].digits)
    house.tail(SF, OTHER_TAIL, fresh=Fresh(auth=AuthId("a-x"), secrets=(twin,)))
    assert house.code(twin.digits, OTHER_TAIL).cell == TWO


def test_reprinting_issues_a_new_code_and_kills_the_old_one() -> None:
    house = House().open_shop()
    old = slip_of(house.check_in())
    assert house.reprint().key == Answer.SLIP_QUEUED
    assert house.kinds == ["pickup.code_revoked", "pickup.code_issued"]
    assert house.token(old.token).key == "revoked"
    assert house.code(old.digits).key == "revoked"
    assert house.code(house.slips[-1].digits).ok


def test_only_the_last_of_many_old_slips_is_remembered() -> None:
    house = House().open_shop()
    tokens = [slip_of(house.check_in()).token]
    for _ in range(20):
        house.reprint()
        tokens.append(house.slips[-1].token)
    assert len(house.state.credentials) == 2
    assert [house.token(token).key for token in tokens[-3:-1]] == ["unknown_token", "revoked"]


def test_without_a_tail_nothing_can_be_printed() -> None:
    house = House().open_shop()
    house.check_in(tail=None)
    assert refusal(house.reprint) == Refusal.PHONE_TAIL_MISSING
    house.scan(SF)
    assert refusal(lambda: house.reprint(SF)) == Refusal.PARCEL_NOT_HERE


def test_an_undone_parcel_comes_in_again_and_its_old_slip_stays_dead() -> None:
    house = House().open_shop()
    old = slip_of(house.check_in())
    for _ in range(2):
        house.cancel()
        house.opens(ONE)
        house.shuts(ONE)
        house.check_in()
    assert house.token(old.token).key == "unknown_token"
    assert house.token(house.slips[-2].token).key == "revoked"
    assert house.token(house.slips[-1].token).ok


def test_r53_each_code_goes_sealed_to_the_county_where_that_has_a_key() -> None:
    house = House().open_shop()
    house.check_in(tail=None)
    first, second = (replace(secret(name), sealed=f"sealed-{name}") for name in ("one", "two"))
    house.tail(fresh=Fresh(auth=AuthId("a-x"), secrets=(first,)))
    assert house.kinds[-2:] == ["pickup.code_issued", "pickup.code_sealed"]
    house.reprint(fresh=Fresh(auth=AuthId("a-y"), secrets=(second,)))
    assert house.kinds == ["pickup.code_revoked", "pickup.code_issued", "pickup.code_sealed"]
    assert house.facts(PickupCodeSealed) == [
        PickupCodeSealed(credential=one.credential, waybill_no=YT, sealed=one.sealed)
        for one in (first, second)
    ]
    assert house.state == house.replayed()
    house.reprint()  # drawn without a key
    assert house.kinds == ["pickup.code_revoked", "pickup.code_issued"]
