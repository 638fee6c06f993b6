"""R36: a pass from the addressee's phone opens one parcel's door once, and no more than a code."""

from dataclasses import replace

import pytest

from edge.domain.answers import Answer
from edge.domain.decision import Decision
from edge.domain.facts import PickupRefused, RefusalReason
from edge.domain.guesses import targets
from edge.domain.inputs import CountyJudged, TimePassed
from edge.domain.parcel import Stage
from edge.domain.place_facts import Flag
from edge.domain.proxies import Standing, standing
from edge.domain.proxy_answers import ProxyAnswer
from edge.domain.proxy_facts import (
    ProxyAccepted,
    ProxyCodeRevoked,
    ProxyCodeShown,
    ProxyEnd,
    ProxyPassRevoked,
    ProxyPassTaken,
)
from edge.domain.state import MOST_DEAD_PROXIES
from edge.domain.state_codec import decode_state, encode_state
from edge.kernel.ids import WaybillNo
from tests.domain.house import HOUR, SECOND, SF, TAIL, YT, auth_in, cell_in, policy_of
from tests.domain.pass_acts import Flaw, PassHouse

TO_MIDNIGHT = 12 * HOUR


def house_with(*waybills: WaybillNo) -> PassHouse:
    house = PassHouse(policy=policy_of("SSML", floor=2))
    house.open_shop()
    for waybill_no in waybills or (YT,):
        house.check_in(waybill_no)
    return house


def test_a_pass_opens_its_parcels_door_once_and_then_tells_when_that_was() -> None:
    house = house_with(YT, SF)
    mine, before = house.made(), len(house.pulses)
    shown = house.scans_pass(mine)
    assert (shown.ok, shown.key, shown.count) == (True, ProxyAnswer.SHOWN, 1)
    assert len(house.pulses) == before, "showing opens nothing by itself"
    house.collects(auth_in(shown))
    (taken,) = house.facts(ProxyPassTaken)
    (opened,) = house.facts(ProxyAccepted)
    assert (taken.credential, taken.phone_tail) == (mine.credential, TAIL)
    assert (opened.waybill_no, opened.credential) == (YT, mine.credential)
    assert (house.stage(), house.stage(SF)) == (Stage.PICKED_UP, Stage.STORED)
    again = house.scans_pass(mine)
    assert (again.ok, again.key) == (False, RefusalReason.ALREADY_COLLECTED)
    assert again.at == house.parcel().collected_at


def test_a_power_cut_forgets_no_pass_that_was_used_or_shown() -> None:
    house = house_with(YT, SF)
    used, shown = house.made(), house.made(SF)
    house.collects(auth_in(house.scans_pass(used)))
    house.scans_pass(shown)
    house.state = house.replayed()
    house.restart()
    house.see_all_shut()
    assert house.scans_pass(used).key == RefusalReason.ALREADY_COLLECTED
    house.wait(61 * SECOND)
    house.collects(auth_in(house.scans_pass(shown)))
    assert len(house.facts(ProxyPassTaken)) == 2, "taken once each"
    assert decode_state(encode_state(house.state)) == house.state


def test_held_up_again_and_again_it_is_one_fact_a_minute() -> None:
    house = house_with()
    mine = house.made()
    visits = {auth_in(house.scans_pass(mine)) for _ in range(5)}
    assert (len(visits), len(house.facts(ProxyCodeShown))) == (1, 1)


@pytest.mark.parametrize("flaw", [ProxyAnswer.FORGED, ProxyAnswer.ELSEWHERE])
def test_what_the_county_did_not_sign_for_this_station_opens_nothing_and_costs_nobody_a_try(
    flaw: Flaw,
) -> None:
    house = house_with()
    own = house.slips[-1]
    for _ in range(100):
        reply = house.scans_pass(house.made(), flaw)
        assert (reply.ok, reply.key, house.news()) == (False, flaw, ())
    assert house.facts(PickupRefused) == []
    assert house.code(own.digits).ok, "the owner types as before"


def test_a_pass_cannot_be_typed_and_adds_no_target_for_a_guesser() -> None:
    house = house_with()
    before = targets(house.state, TAIL, house.now, house.policy)
    house.scans_pass(house.made())
    after = targets(house.state, TAIL, house.now, house.policy)
    assert (after.credentials, after.tries_left) == (before.credentials, before.tries_left)


def test_each_reason_why_a_good_pass_opens_nothing_has_its_own_word() -> None:
    house = house_with(YT)
    late = replace(house.made(), until_ms=house.wall_ms - 1)
    assert house.scans_pass(late).key == ProxyAnswer.EXPIRED
    assert house.scans_pass(house.made(SF)).key == ProxyAnswer.NO_PARCEL
    cell = cell_in(house.code(house.slips[-1].digits))
    assert house.scans_pass(house.made()).ok, "the door is open, and the parcel not yet out"
    house.opens(cell)
    house.shuts(cell)
    gone = house.scans_pass(house.made())
    assert (gone.key, gone.at) == (
        RefusalReason.ALREADY_COLLECTED,
        house.parcel().collected_at,
    )
    house.check_in(SF, None)
    assert house.scans_pass(house.made(SF)).key == RefusalReason.ASK_KEEPER
    house.tell(CountyJudged(at=house.now, verdict="rollback"))
    assert house.scans_pass(house.made(SF)).key == RefusalReason.ASK_KEEPER


def test_a_parcel_that_went_back_says_so() -> None:
    house = house_with()
    back = replace(house.parcel(), stage=Stage.RETURNED, ended_at=house.now)
    house.state = replace(house.state, parcels=house.state.parcels.set(YT, back))
    reply = house.scans_pass(house.made())
    assert (reply.key, reply.at) == (RefusalReason.RETURNED, back.ended_at)


@pytest.mark.parametrize(
    ("flags", "fen"), [((), 1_200), ((Flag.VALUABLE,), 0), ((Flag.SIGNATURE,), 0)]
)
def test_what_is_barred_waits_for_the_keeper_with_a_pass_too(
    flags: tuple[Flag, ...], fen: int
) -> None:
    house = house_with()
    house.flag(YT, *flags, fen=fen)
    mine = house.made()
    visit = auth_in(house.scans_pass(mine))
    before = len(house.pulses)
    assert house.opens_next(visit).key == ProxyAnswer.WAITS
    assert len(house.pulses) == before
    assert house.keeper_answers(mine, agreed=False).key == ProxyAnswer.DECLINED
    assert house.scans_pass(mine).key == ProxyAnswer.NOT_AGREED


def test_while_nobody_has_told_the_time_the_keeper_says_whether_its_day_is_over() -> None:
    house = house_with()
    house.trusted = False
    mine = house.made()
    visit = auth_in(house.scans_pass(mine))
    (code,) = house.state.proxies
    assert standing(house.state, code, YT, house.now) is Standing.WAITS, "also in the same boot"
    assert house.opens_next(visit).key == ProxyAnswer.WAITS
    house.trusted = True
    assert house.opens_next(visit).key == Answer.DOOR_OPEN


def test_at_midnight_in_the_village_it_is_over() -> None:
    house = house_with()
    mine = house.made()
    house.scans_pass(mine)
    house.wait(TO_MIDNIGHT)
    house.tell(TimePassed(at=house.now))
    assert house.facts(ProxyCodeRevoked)[-1].reason is ProxyEnd.DAY_OVER
    assert house.scans_pass(mine).key == ProxyAnswer.EXPIRED
    assert house.scans_pass(house.made()).key == ProxyAnswer.SHOWN


@pytest.mark.parametrize("seen", [False, True], ids=["unseen", "shown before"])
def test_what_the_county_took_back_opens_nothing_from_then_on(*, seen: bool) -> None:
    house = house_with()
    mine, other = house.made(), house.made()
    visit = auth_in(house.scans_pass(mine)) if seen else None
    house.is_told_of_the_end(mine)
    (ended,) = house.facts(ProxyPassRevoked)
    assert ended.credential == mine.credential
    house.state = house.replayed()
    assert house.scans_pass(mine).key == ProxyAnswer.DEAD
    if visit is not None:
        assert house.opens_next(visit).key == ProxyAnswer.SHOW_AGAIN
    house.is_told_of_the_end(mine)
    assert len(house.facts(ProxyPassRevoked)) == 1, "said anew after the county was put back"
    assert house.scans_pass(other).ok, "another of the same parcel stands"


def test_the_end_of_a_pass_that_did_its_work_or_is_long_over_changes_nothing() -> None:
    house = house_with()
    mine, old = house.made(), replace(house.made(), until_ms=house.wall_ms - 1)
    house.collects(auth_in(house.scans_pass(mine)))
    house.is_told_of_the_end(mine, old)
    assert house.facts(ProxyPassRevoked) == []
    assert house.scans_pass(mine).key == RefusalReason.ALREADY_COLLECTED


def test_the_keeper_takes_a_shown_pass_back_too() -> None:
    house = house_with()
    mine = house.made()
    house.scans_pass(mine)
    assert house.keeper_ends(mine).key == ProxyAnswer.REVOKED
    assert house.scans_pass(mine).key == ProxyAnswer.DEAD


def test_a_dead_pass_is_remembered_until_its_day_is_over_however_many_there_are() -> None:
    house = house_with()
    mine = [house.made() for _ in range(MOST_DEAD_PROXIES + 10)]
    for one in mine:
        house.is_told_of_the_end(one)
    assert {house.scans_pass(one).key for one in mine} == {ProxyAnswer.DEAD}
    house.wait(TO_MIDNIGHT)
    house.is_told_of_the_end(house.made())
    assert len(house.state.proxies) <= MOST_DEAD_PROXIES + 1
    assert {house.scans_pass(one).key for one in mine} == {ProxyAnswer.DEAD, ProxyAnswer.EXPIRED}


def test_nothing_is_decided_on_words_that_end_no_pass() -> None:
    house = house_with()
    house.is_told_of_the_end()
    assert house.last == Decision()
