"""A villager collects: the code or QR opens one door once, and a shut door settles it."""

import pytest

from edge.domain.answers import Answer, CellReason, Clip, Refusal
from edge.domain.cabinet import Occupancy
from edge.domain.door import Door
from edge.domain.effects import OpenDoor, Say
from edge.domain.facts import (
    CellFreed,
    DoorAsked,
    DoorOpened,
    DoorShut,
    DoorSilent,
    ParcelPickedUp,
    PickupAccepted,
    PickupRefused,
    Proof,
    Purpose,
    RefusalReason,
)
from edge.domain.parcel import Stage
from edge.domain.policy import Policy
from edge.kernel.ids import AuthId, CellId, CredentialId
from tests.domain.house import (
    HOUR,
    ONE,
    OTHER_TAIL,
    SECOND,
    SF,
    TWO,
    YT,
    House,
    auth_in,
    policy_of,
    refusal,
    slip_of,
)

MINUTE = 60 * SECOND


@pytest.fixture
def house() -> House:
    """One parcel with a slip in cell 1, and the keeper gone home."""
    house = House().open_shop()
    house.check_in()
    house.leave()
    return house


def test_a_good_token_binds_the_code_and_opens_its_door(house: House) -> None:
    slip = house.slips[0]
    reply = house.token(slip.token)
    auth = auth_in(reply)
    credential = CredentialId(f"c-{slip.token.removeprefix('token-')}")
    assert house.news() == (
        PickupAccepted(
            credential=credential, waybill_no=YT, cell=ONE, auth=auth, proof=Proof.TOKEN
        ),
        DoorAsked(cell=ONE, auth=auth, attempt=1, purpose=Purpose.PICKUP, actor="kiosk", reason=""),
    )
    assert house.last.effects == (OpenDoor(cell=ONE, auth=auth, attempt=1),)
    assert (reply.key, reply.ok, reply.cell, reply.waybill_no) == (
        Answer.DOOR_OPEN,
        True,
        ONE,
        YT,
    )
    visit = house.state.visit
    assert visit is not None
    assert (visit.auth, visit.cell, visit.waybill_no, visit.done_at) == (auth, ONE, YT, None)


def test_the_voice_speaks_when_the_door_opens_and_the_shut_door_spends_the_code(
    house: House,
) -> None:
    auth = auth_in(house.code(house.slips[0].digits))
    house.wait(SECOND)
    house.opens(ONE)
    assert house.news() == (DoorOpened(cell=ONE, auth=auth),)
    assert house.last.effects == (Say(clip=Clip.DOOR_OPEN, cell=ONE),)
    house.wait(7 * SECOND)
    house.shuts(ONE)
    assert house.news() == (
        DoorShut(cell=ONE, open_ms=7 * SECOND),
        ParcelPickedUp(waybill_no=YT, cell=ONE, auth=auth, proof=Proof.CODE, actor="kiosk"),
        CellFreed(cell=ONE),
    )
    assert (house.stage(), house.cell(ONE)) == (Stage.PICKED_UP, Occupancy.FREE)
    assert house.parcel().ended_by == auth
    assert house.thanked_at() == house.now


def test_a_second_use_says_when_it_was_collected(house: House) -> None:
    slip = house.slips[0]
    _collect(house, slip.token)
    collected = house.now
    house.wait(HOUR)
    for reply in (house.token(slip.token), house.code(slip.digits)):
        assert (reply.key, reply.ok, reply.at) == (
            RefusalReason.ALREADY_COLLECTED,
            False,
            collected,
        )
        assert house.kinds == []
    assert len(house.pulses) == 2


def _collect(house: House, token: str, cell: CellId = ONE) -> AuthId:
    auth = auth_in(house.token(token))
    house.opens(cell)
    house.wait(5 * SECOND)
    house.shuts(cell)
    return auth


def test_an_unknown_token_is_refused_without_a_fact_and_costs_nothing(house: House) -> None:
    for _ in range(200):
        assert house.token("guess").key == RefusalReason.UNKNOWN_TOKEN
    assert house.facts(PickupRefused) == []
    assert house.code(house.slips[0].digits).ok


@pytest.mark.parametrize("way", ["token", "code"])
def test_a_double_scan_is_one_request(house: House, way: str) -> None:
    slip = house.slips[0]

    def show() -> object:
        return house.token(slip.token) if way == "token" else house.code(slip.digits)

    first = show()
    house.wait(4_900)
    assert (show(), house.kinds) == (first, [])
    house.opens(ONE)
    assert (show(), house.kinds) == (first, [])
    assert len(house.pulses) == 2


def test_after_five_seconds_an_open_door_is_in_use(house: House) -> None:
    slip = house.slips[0]
    house.token(slip.token)
    house.opens(ONE)
    house.wait(5 * SECOND)
    reply = house.token(slip.token)
    assert (reply.key, reply.ok, reply.cell) == (RefusalReason.DOOR_IN_USE, False, ONE)
    assert len(house.pulses) == 2


def test_showing_the_code_to_a_silent_door_is_the_one_retry(house: House) -> None:
    slip = house.slips[0]
    auth = auth_in(house.token(slip.token))
    house.tick(3 * SECOND)
    assert house.token(slip.token).ok  # within five seconds: the same request
    assert len(house.pulses) == 2
    house.wait(3 * SECOND)
    reply = house.token(slip.token)
    assert (reply.key, reply.auth) == (Answer.DOOR_OPEN, auth)
    assert house.pulses[-1] == OpenDoor(cell=ONE, auth=auth, attempt=2)
    house.tick(6 * SECOND)
    assert house.token(slip.token).key == RefusalReason.ASK_KEEPER


def test_no_sign_twice_calls_the_keeper_and_the_code_stays_good(house: House) -> None:
    slip = house.slips[0]
    auth = auth_in(house.token(slip.token))
    house.tick(2_999)
    assert house.kinds == []
    house.tick(1)
    assert house.news() == (DoorSilent(cell=ONE, auth=auth, attempt=1, reason="no_sign"),)
    reply = house.stuck(ONE, auth)
    assert (reply.key, reply.cell, reply.auth) == (Answer.DOOR_OPEN, ONE, auth)
    house.tick(3 * SECOND)
    assert house.kinds == ["door.silent", "cell.faulted"]
    assert (house.stage(), house.cell(ONE)) == (Stage.KEEPER_ASSIST, Occupancy.FAULTED)
    assert refusal(lambda: house.stuck(ONE, auth)) == Refusal.NOTHING_TO_RETRY
    assert house.token(slip.token).key == RefusalReason.ASK_KEEPER
    assert house.code(slip.digits).key == RefusalReason.ASK_KEEPER
    house.tick(MINUTE)
    assert house.kinds == ["door.shut"]
    house.enter()
    house.inspect(ONE, YT)
    assert house.kinds == ["parcel.stored"]
    assert house.token(slip.token).ok


def test_a_door_that_opens_after_all_hands_its_parcel_out(house: House) -> None:
    auth = auth_in(house.token(house.slips[0].token))
    house.tick(3 * SECOND)
    house.stuck(ONE, auth)
    house.tick(3 * SECOND)
    house.opens(ONE)
    house.shuts(ONE)
    assert house.kinds == ["door.shut", "parcel.picked_up"]
    assert (house.stage(), house.cell(ONE)) == (Stage.PICKED_UP, Occupancy.FAULTED)


def test_only_the_person_at_this_door_can_ask_for_the_second_pulse(house: House) -> None:
    auth = auth_in(house.token(house.slips[0].token))
    assert refusal(lambda: house.stuck(ONE, auth)) == Refusal.NOTHING_TO_RETRY
    house.tick(3 * SECOND)
    for cell, other in ((ONE, AuthId("a-other")), (TWO, auth), (CellId(99), auth)):
        assert refusal(lambda c=cell, o=other: house.stuck(c, o)) == Refusal.NOTHING_TO_RETRY  # type: ignore[misc] # bound now
    assert len(house.pulses) == 2


def test_a_failed_pulse_counts_and_a_late_word_of_the_board_does_not(house: House) -> None:
    auth = auth_in(house.token(house.slips[0].token))
    house.pulse_failed(TWO, auth)
    house.pulse_failed(ONE, AuthId("a-other"))
    assert house.door(ONE) is Door.ASKED
    house.pulse_failed(ONE, auth, "board_gone")
    assert house.news() == (DoorSilent(cell=ONE, auth=auth, attempt=1, reason="board_gone"),)
    house.pulse_failed(ONE, auth)
    assert house.kinds == []
    house.stuck(ONE, auth)
    house.pulse_failed(ONE, auth, "board_refused", attempt=2)
    assert house.kinds == ["door.silent", "cell.faulted"]


def test_a_late_word_on_the_first_pulse_says_nothing_of_the_second(house: House) -> None:
    auth = auth_in(house.token(house.slips[0].token))
    house.tick(3 * SECOND)
    house.stuck(ONE, auth)
    house.pulse_failed(ONE, auth, "board_gone", attempt=1)
    assert (house.kinds, house.door(ONE), house.cell(ONE)) == ([], Door.ASKED, Occupancy.HELD)
    house.opens(ONE)
    house.shuts(ONE)
    assert (house.stage(), house.cell(ONE)) == (Stage.PICKED_UP, Occupancy.FREE)


def test_who_walks_away_from_a_silent_door_can_come_again(house: House) -> None:
    slip = house.slips[0]
    house.token(slip.token)
    house.tick(3 * SECOND)
    assert house.due_ms() == MINUTE
    house.tick(MINUTE)
    assert house.kinds == ["door.shut", "cell.questioned"]
    assert (house.stage(), house.why(ONE)) == (Stage.STORED, CellReason.PICKUP_INTERRUPTED)
    first, second = house.pulses[-1].auth, auth_in(house.token(slip.token))
    assert first != second
    house.opens(ONE)
    house.shuts(ONE)
    assert (house.stage(), house.cell(ONE)) == (Stage.PICKED_UP, Occupancy.FREE)


def test_a_door_that_another_person_forced_is_the_keepers(house: House) -> None:
    slip = house.slips[0]
    house.opens(ONE)
    assert house.kinds == ["door.forced", "cell.questioned"]
    house.shuts(ONE)
    assert house.token(slip.token).key == RefusalReason.ASK_KEEPER
    assert house.facts(ParcelPickedUp) == []


def test_a_door_that_the_keeper_uses_is_in_use(house: House) -> None:
    slip = house.slips[0]
    house.enter()
    house.open_by_hand(ONE)
    reply = house.token(slip.token)
    assert (reply.key, house.kinds) == (RefusalReason.DOOR_IN_USE, [])


def test_a_door_that_nobody_sees_is_not_pulsed(house: House) -> None:
    house.lost(ONE)
    reply = house.token(house.slips[0].token)
    assert (reply.key, reply.cell) == (RefusalReason.DOOR_UNSEEN, ONE)
    assert len(house.pulses) == 1


def test_two_parcels_of_one_phone_open_a_door_each(house: House) -> None:
    house.enter()
    house.check_in_on()
    house.check_in(SF)
    first, second = house.slips
    assert house.code(second.digits).cell == TWO
    assert house.code(first.digits).cell == ONE


def test_the_right_digits_under_another_tail_open_nothing(house: House) -> None:
    assert house.code(house.slips[0].digits, OTHER_TAIL).key == RefusalReason.WRONG_CODE


def test_the_keeper_hands_a_parcel_out_and_its_code_dies(house: House) -> None:
    slip = house.slips[0]
    house.enter()
    reply = house.release()
    assert (reply.key, reply.ok, reply.cell, reply.waybill_no) == (
        Answer.TAKE_IT_OUT,
        True,
        ONE,
        YT,
    )
    house.opens(ONE)
    house.shuts(ONE)
    assert house.kinds == [
        "door.shut",
        "pickup.code_revoked",
        "parcel.picked_up",
        "cell.freed",
    ]
    picked_up = house.facts(ParcelPickedUp)[-1]
    assert (picked_up.proof, picked_up.actor) == (Proof.KEEPER, "keeper:李店主")
    assert house.token(slip.token).key == RefusalReason.ALREADY_COLLECTED
    assert house.state.visit is None


def test_a_parcel_without_a_tail_can_be_handed_out() -> None:
    house = House().open_shop()
    house.check_in(tail=None)
    house.release()
    house.opens(ONE)
    house.shuts(ONE)
    assert house.kinds == ["door.shut", "parcel.picked_up", "cell.freed"]
    assert house.state.desk.in_hand is None


def test_a_release_from_a_doubted_cell_leaves_the_doubt(house: House) -> None:
    house.opens(ONE)
    house.shuts(ONE)
    house.enter()
    house.release()
    house.opens(ONE)
    house.shuts(ONE)
    assert (house.stage(), house.cell(ONE)) == (Stage.PICKED_UP, Occupancy.QUESTIONED)
    house.inspect(ONE, None)
    assert house.kinds == ["cell.freed"]


def test_release_and_pickup_exclude_each_other(house: House) -> None:
    slip = house.slips[0]
    house.enter()
    house.token(slip.token)
    assert refusal(house.release) == Refusal.PICKUP_UNDER_WAY
    house.opens(ONE)
    house.shuts(ONE)
    assert refusal(house.release) == Refusal.PARCEL_NOT_HERE


def test_release_needs_a_door_that_is_shut_and_seen(house: House) -> None:
    house.enter()
    house.opens(ONE)
    assert refusal(house.release) == Refusal.DOOR_NOT_SHUT
    house.lost(ONE)
    assert refusal(house.release) == RefusalReason.DOOR_UNSEEN
    house.shuts(ONE)
    house.open_by_hand(ONE)
    assert refusal(house.release) == Refusal.DOOR_IN_USE


def test_a_parcel_in_a_cell_that_is_no_longer_built_waits_for_the_keeper() -> None:
    large = House(policy=policy_of("SS"))
    large.open_shop()
    large.check_in(YT)
    large.check_in(SF)
    token = large.slips[1].token
    smaller: Policy = policy_of("S")
    large.policy = smaller
    large.restart()
    large.see_all_shut()
    large.enter()
    assert large.token(token).key == RefusalReason.DOOR_UNSEEN
    assert refusal(lambda: large.release(SF)) == Refusal.UNKNOWN_CELL
    assert large.token(slip_of(large.slips[0]).token).ok
