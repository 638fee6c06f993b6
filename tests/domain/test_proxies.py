"""R36: a code for a proxy, for whom it opens what, and for how long."""

from dataclasses import replace

import pytest

from edge.domain.answers import Answer, Refusal
from edge.domain.effects import OpenDoor
from edge.domain.facts import ParcelPickedUp, PickupRefused, RefusalReason
from edge.domain.guesses import targets
from edge.domain.inputs import TimePassed
from edge.domain.parcel import Stage
from edge.domain.place_facts import Flag, Seen
from edge.domain.proxy_answers import ProxyAnswer, ProxyRefusal
from edge.domain.proxy_facts import (
    ProxyAccepted,
    ProxyAuthorised,
    ProxyCodeRevoked,
    ProxyCodeShown,
    ProxyEnd,
)
from edge.domain.state_codec import decode_state, encode_state
from edge.kernel.ids import WaybillNo
from edge.kernel.time import Instant
from tests.domain.house import (
    HOUR,
    LI,
    OTHER_TAIL,
    SECOND,
    SF,
    TAIL,
    WANG,
    YT,
    ZTO,
    cell_in,
    policy_of,
    slip_of,
)
from tests.domain.house import refusal as refused
from tests.domain.proxy_acts import OWNER, PROXY, ProxyHouse

TO_MIDNIGHT = 12 * HOUR
"""The houses of these tests start at noon in the village, and a minute."""


def house_with(*waybills: WaybillNo) -> ProxyHouse:
    house = ProxyHouse(policy=policy_of("SSML", floor=2))
    house.open_shop()
    for waybill_no in waybills or (YT,):
        house.check_in(waybill_no)
    return house


def doors(house: ProxyHouse) -> int:
    return len(house.pulses)


def test_a_proxy_collects_with_the_typed_code_and_it_is_on_record_who_for_whom() -> None:
    house = house_with()
    slip = house.sends()
    assert (slip.proxy, slip.owner, slip.count, slip.phone_tail) == (PROXY, OWNER, 1, TAIL)
    shown = house.code(slip.digits)
    assert (shown.key, shown.count) == (ProxyAnswer.SHOWN, 1)
    before = doors(house)
    assert shown.auth is not None
    house.collects(shown.auth)
    assert doors(house) == before + 1
    (told,) = house.facts(ProxyAuthorised)
    (opened,) = house.facts(ProxyAccepted)
    (gone,) = house.facts(ParcelPickedUp)
    assert (told.waybill_no, told.proxy, told.owner) == (YT, PROXY, OWNER)
    assert (opened.credential, gone.auth) == (told.credential, opened.auth)
    assert house.stage() is Stage.PICKED_UP


def test_the_code_works_once_and_then_tells_when_that_was() -> None:
    house = house_with()
    slip = house.sends()
    house.collects(house.shows(slip))
    for again in (house.token(slip.token), house.code(slip.digits)):
        assert again.key == RefusalReason.ALREADY_COLLECTED
        assert again.at is not None
    assert house.opens_next(house.facts(ProxyCodeShown)[0].visit).key == ProxyAnswer.SHOW_AGAIN


def test_showing_opens_nothing_by_itself_and_is_one_fact_a_minute() -> None:
    house = house_with()
    slip = house.sends()
    before = doors(house)
    visits = {house.shows(slip) for _ in range(5)}
    assert (len(visits), len(house.facts(ProxyCodeShown)), doors(house)) == (1, 1, before)
    house.wait(61 * SECOND)
    house.shows(slip)
    assert len(house.facts(ProxyCodeShown)) == 2


def test_several_parcels_open_one_after_another_and_nothing_else() -> None:
    house = house_with(YT, SF, ZTO)
    slip = house.sends(YT, SF)
    visit = house.shows(slip)
    first = house.opens_next(visit)
    busy = house.opens_next(visit)
    assert (busy.key, busy.ok) == (RefusalReason.DOOR_IN_USE, False)
    house.opens(cell_in(first))
    assert house.opens_next(visit).key == RefusalReason.DOOR_IN_USE
    house.shuts(cell_in(first))
    house.collects(visit)
    assert {house.stage(YT), house.stage(SF)} == {Stage.PICKED_UP}
    assert house.stage(ZTO) is Stage.STORED
    assert house.opens_next(visit).key == ProxyAnswer.SHOW_AGAIN


def test_the_owner_still_collects_with_the_own_slip_and_the_proxy_then_reads_that() -> None:
    house = house_with()
    own, slip = house.slips[-1], house.sends()
    cell = cell_in(house.code(own.digits))
    house.opens(cell)
    house.shuts(cell)
    assert house.token(slip.token).key == RefusalReason.ALREADY_COLLECTED


def test_an_owner_and_a_proxy_at_the_same_door_open_it_once() -> None:
    house = house_with()
    own, slip = house.slips[-1], house.sends()
    visit = house.shows(slip)
    house.opens_next(visit)
    before = doors(house)
    assert house.code(own.digits).key == RefusalReason.DOOR_IN_USE
    assert doors(house) == before


@pytest.mark.parametrize(
    ("flags", "fen"),
    [((), 1_200), ((Flag.VALUABLE,), 0), ((Flag.SIGNATURE,), 0)],
    ids=["cash due", "valuable", "to be signed for"],
)
def test_no_kiosk_opens_a_barred_parcel_for_a_proxy(flags: tuple[Flag, ...], fen: int) -> None:
    house = house_with()
    slip = house.sends()
    house.flag(YT, *flags, fen=fen)
    before = doors(house)
    visit = house.shows(slip)
    assert house.opens_next(visit).key == ProxyAnswer.WAITS
    assert doors(house) == before
    seen = (Seen.PAID,) if fen else (Seen.SIGNED,)
    assert refused(lambda: house.keeper_says(slip)) in {Refusal.NOT_PAID, Refusal.NOT_SIGNED}
    reply = house.keeper_says(slip, YT, *seen)
    assert reply.key == Answer.TAKE_IT_OUT
    assert house.kinds == ["proxy.agreed", "parcel.handover_seen", "door.asked"]
    house.opens(cell_in(reply))
    house.shuts(cell_in(reply))
    assert house.stage() is Stage.PICKED_UP


def test_what_became_barred_while_the_proxy_stood_there_is_not_opened() -> None:
    house = house_with()
    visit = house.shows(house.sends())
    house.flag(YT, fen=500)
    assert house.opens_next(visit).key == ProxyAnswer.WAITS


def test_a_keeper_who_does_not_agree_ends_it_for_that_parcel_alone() -> None:
    house = house_with(YT, SF)
    slip = house.sends(YT, SF)
    house.flag(YT, Flag.VALUABLE)
    visit = house.shows(slip)
    assert house.keeper_says(slip, YT, agreed=False).key == ProxyAnswer.DECLINED
    assert refused(lambda: house.keeper_says(slip, YT, Seen.SIGNED)) == ProxyRefusal.NOT_WAITING
    house.flag(YT)
    house.collects(visit)
    assert (house.stage(YT), house.stage(SF)) == (Stage.STORED, Stage.PICKED_UP)
    house.wait(61 * SECOND)
    assert house.token(slip.token).key == ProxyAnswer.NOT_AGREED


def test_a_parcel_on_a_shelf_waits_for_the_keeper_who_hands_it_out_in_one_step() -> None:
    house = ProxyHouse(policy=policy_of("SSML", shelves="A", floor=2))
    house.open_shop()
    house.shelve(YT)
    slip = house.sends()
    visit = house.shows(slip)
    assert house.opens_next(visit).key == ProxyAnswer.WAITS
    assert house.keeper_says(slip).key == Answer.HANDED_OUT
    assert house.kinds == ["proxy.agreed", "parcel.handed_out"]


def test_the_keeper_says_yes_only_to_a_proxy_who_stands_there() -> None:
    house = house_with()
    slip = house.sends()
    house.flag(YT, Flag.VALUABLE)
    assert refused(lambda: house.keeper_says(slip, YT, Seen.SIGNED)) == ProxyRefusal.NOT_WAITING
    house.shows(slip)
    house.wait(HOUR)
    assert refused(lambda: house.keeper_says(slip, YT, Seen.SIGNED)) == ProxyRefusal.NOT_WAITING


def test_revoked_is_revoked_and_another_code_revokes_the_former() -> None:
    house = house_with(YT, SF)
    first, second = house.sends(YT, SF), house.sends(SF)
    assert [fact.reason for fact in house.facts(ProxyCodeRevoked)] == [ProxyEnd.REPLACED]
    assert house.token(first.token).key == ProxyAnswer.DEAD
    visit = house.shows(second)
    house.takes_code_back(second)
    house.takes_code_back(second)
    assert house.opens_next(visit).key == ProxyAnswer.SHOW_AGAIN
    assert house.code(second.digits).key == ProxyAnswer.DEAD
    assert len(house.facts(ProxyCodeRevoked)) == 2


def test_a_code_is_good_until_midnight_in_the_village() -> None:
    house = house_with()
    slip = house.sends()
    house.tick(TO_MIDNIGHT - 30 * 60_000)
    assert house.token(slip.token).key == ProxyAnswer.SHOWN
    visit = house.facts(ProxyCodeShown)[-1].visit
    house.wait(30 * 60_000 + SECOND)
    assert house.opens_next(visit).key == ProxyAnswer.SHOW_AGAIN
    assert house.code(slip.digits).key == ProxyAnswer.EXPIRED  # before the station has looked
    assert house.due_ms() == 0
    house.tick()
    (end,) = house.facts(ProxyCodeRevoked)
    assert (end.reason, house.due_ms()) == (ProxyEnd.DAY_OVER, None)
    assert house.code(slip.digits).key == ProxyAnswer.EXPIRED


def test_after_a_restart_with_no_time_the_keeper_is_asked_and_a_told_time_decides() -> None:
    house = house_with()
    slip = house.sends()
    house.restart()
    house.see_all_shut()
    house.enter()
    visit = house.shows(slip)
    assert house.opens_next(visit).key == ProxyAnswer.WAITS
    assert house.keeper_says(slip).key == Answer.TAKE_IT_OUT
    early = Instant(boot=2, mono_ms=house.mono_ms, wall_lo_ms=house.wall_ms, wall_hi_ms=None)
    sure = replace(early, wall_hi_ms=house.wall_ms + 1_000)
    assert house.code_now.until_ms > sure.wall_lo_ms
    late = replace(sure, wall_lo_ms=house.code_now.until_ms + 1)
    house.tell(TimePassed(at=late))
    assert house.facts(ProxyCodeRevoked)[-1].reason is ProxyEnd.DAY_OVER


def test_a_code_is_for_one_recipient_whose_own_codes_are_good() -> None:
    house = house_with(YT)
    house.check_in(SF, OTHER_TAIL)
    assert refused(lambda: house.wants_proxy(YT, SF)) == ProxyRefusal.NOT_ONE_OWNER
    assert refused(lambda: house.wants_proxy(ZTO)) == Refusal.PARCEL_NOT_HERE
    assert refused(lambda: house.wants_proxy(YT, proxy="")) == ProxyRefusal.NAME_MISSING
    assert refused(lambda: house.wants_proxy(YT, keeper=WANG)) == Refusal.NOT_SIGNED_IN
    house.check_in(ZTO, None)
    assert refused(lambda: house.wants_proxy(ZTO)) == Refusal.PHONE_TAIL_MISSING
    assert house.state.proxies == ()


def test_a_code_dies_with_the_digits_of_another_phone_but_not_with_a_new_slip() -> None:
    house = house_with(YT)
    slip = house.sends()
    house.reprint(YT)
    visit = house.shows(slip)
    house.tail(YT, OTHER_TAIL)
    assert house.opens_next(visit).key == ProxyAnswer.WAITS
    house.tail(YT, TAIL)
    house.collects(visit)
    assert house.stage() is Stage.PICKED_UP


def test_what_a_proxy_put_back_is_not_opened_by_the_code_again() -> None:
    house = house_with(YT)
    slip = house.sends()
    reply = house.collects(house.shows(slip))
    cell = cell_in(reply)
    assert reply.auth is not None
    house.put_back(reply.auth)
    house.opens(cell)
    house.shuts(cell)
    house.inspect(cell, YT)
    house.reprint(YT)
    assert house.stage() is Stage.STORED
    house.wait(61 * SECOND)
    assert house.token(slip.token).key == RefusalReason.ALREADY_COLLECTED
    assert len(house.facts(ProxyAccepted)) == 1


def test_a_door_that_did_not_open_is_tried_once_more_for_the_proxy() -> None:
    house = house_with(YT)
    visit = house.shows(house.sends())
    reply = house.opens_next(visit)
    cell = cell_in(reply)
    house.tick(3 * SECOND)
    assert house.opens_next(visit).key == RefusalReason.DOOR_IN_USE
    assert reply.auth is not None
    house.stuck(cell, reply.auth)
    house.opens(cell)
    house.shuts(cell)
    assert (house.stage(), doors(house)) == (Stage.PICKED_UP, 3)


def test_wrong_tries_pay_for_the_proxy_s_code_too_and_a_parcel_has_five_in_all() -> None:
    house = house_with(YT)
    slip = house.sends()
    seen = []
    for n in range(6):
        house.code(f"wrong-{n}")
        seen.append(sum(f.charged for f in house.news() if isinstance(f, PickupRefused)))
    assert seen == [2, 2, 1, 0, 0, 0]
    charged = house.facts(PickupRefused)
    assert sum(fact.charged for fact in charged) == house.policy.wrong_codes_per_credential
    assert house.code(slip.digits).key == RefusalReason.LOCKED_OUT
    assert house.token(slip.token).key == ProxyAnswer.SHOWN  # a QR code always works


def test_a_right_proxy_code_that_had_its_tries_reads_like_a_wrong_one() -> None:
    house = house_with(YT)
    slip = house.sends()
    house.code("wrong-1")
    house.code("wrong-2")
    reached = targets(house.state, TAIL, house.now, house.policy)
    assert slip.credential not in reached.credentials
    assert len(reached.credentials) == 1
    assert house.code(slip.digits).key == RefusalReason.WRONG_CODE


def test_tries_at_the_tail_age_with_the_day_for_a_proxy_as_well() -> None:
    house = house_with(YT)
    house.code("wrong-1")
    slip = house.sends()
    house.code("wrong-2")
    assert len(house.code_now.wrong) == 1
    house.wait(25 * HOUR)
    assert len(targets(house.state, TAIL, house.now, house.policy).credentials) == 2
    assert house.code(slip.digits).key == ProxyAnswer.EXPIRED


def test_the_keeper_hands_out_to_a_proxy_whose_digits_and_names_she_has_heard() -> None:
    house = house_with(YT)
    assert refused(lambda: house.gives_to_proxy(YT, name="")) == ProxyRefusal.NAME_MISSING
    assert refused(lambda: house.gives_to_proxy(YT, owner="")) == ProxyRefusal.NAME_MISSING
    assert refused(lambda: house.gives_to_proxy(YT, tail=OTHER_TAIL)) == Refusal.WRONG_PHONE_TAIL
    house.gives_to_proxy(YT, Seen.ID)
    assert house.kinds == ["proxy.released", "parcel.handover_seen", "door.asked"]
    house.check_in(SF, None)
    assert refused(lambda: house.gives_to_proxy(SF)) == Refusal.PHONE_TAIL_MISSING


def test_a_doubted_journal_opens_nothing_for_a_proxy() -> None:
    house = house_with(YT)
    slip = house.sends()
    visit = house.shows(slip)
    house.state = replace(house.state, doubted=True)
    assert house.opens_next(visit).key == RefusalReason.ASK_KEEPER
    assert house.token(slip.token).key == RefusalReason.ASK_KEEPER


def test_no_door_opens_for_a_proxy_while_doors_rest() -> None:
    house = house_with(YT)
    visit = house.shows(house.sends())
    house.power(mains=False, percent=5, low=True)
    assert house.opens_next(visit).key == RefusalReason.BATTERY_LOW
    assert not any(isinstance(effect, OpenDoor) for effect in house.last.effects)
    assert house.facts(ProxyAccepted) == []


def test_dead_codes_are_forgotten_in_the_end_and_a_state_keeps_them_over_a_snapshot() -> None:
    house = house_with(YT)
    for _ in range(60):
        house.sends(YT)
    assert sum(not code.live for code in house.state.proxies) <= 51
    assert decode_state(encode_state(house.state)) == house.state == house.replayed()


def test_a_keeper_who_left_makes_no_code() -> None:
    house = house_with(YT)
    house.leave(LI)
    assert refused(lambda: house.wants_proxy(YT)) == Refusal.NOT_SIGNED_IN


def test_two_codes_are_never_alike_at_one_tail() -> None:
    house = house_with(YT, SF)
    slip = house.sends(YT)
    own = {known.code_mac for known in house.state.credentials.values()}
    assert house.code_now.code_mac not in own
    slip_of(house.slips[-1])
    assert slip.digits not in {one.digits for one in house.slips}
