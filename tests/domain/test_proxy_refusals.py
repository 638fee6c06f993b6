"""R36: when a proxy, or the keeper for one, is told no; and how each parcel of a code stands."""

from edge.domain.answers import Answer, Refusal
from edge.domain.consent_facts import Wish
from edge.domain.facts import RefusalReason
from edge.domain.place_facts import Flag, Seen
from edge.domain.proxies import Standing, may_be_authorised, standing
from edge.domain.proxy_answers import ProxyAnswer, ProxyRefusal
from edge.domain.proxy_facts import ProxyAccepted
from tests.domain.house import SECOND, SF, YT, ZTO, slip_of
from tests.domain.house import refusal as refused
from tests.domain.test_proxies import TO_MIDNIGHT, doors, house_with


def test_what_was_shown_just_before_midnight_opens_nothing_after_it() -> None:
    house = house_with()
    slip = house.sends()
    house.tick(TO_MIDNIGHT - 5 * 60_000)
    visit = house.shows(slip)
    before = doors(house)
    house.wait(5 * 60_000 + SECOND)  # within the visit, and before the station has looked
    assert house.opens_next(visit).key == ProxyAnswer.EXPIRED
    assert doors(house) == before


def test_the_keepers_word_is_taken_for_no_parcel_that_waits_for_none() -> None:
    house = house_with(YT, SF)
    slip = house.sends(YT, SF)
    house.flag(YT, Flag.SIGNATURE)
    house.shows(slip)
    assert refused(lambda: house.keeper_says(slip, SF, Seen.SIGNED)) == ProxyRefusal.NOT_WAITING
    assert refused(lambda: house.keeper_says(slip, ZTO, Seen.SIGNED)) == ProxyRefusal.NOT_WAITING
    assert house.keeper_says(slip, YT, Seen.SIGNED).ok
    assert standing(house.state, house.code_now, YT, house.now) is Standing.AGREED


def test_a_door_that_is_unseen_or_already_asked_for_is_not_opened_for_a_proxy() -> None:
    house = house_with()
    own = slip_of(house.slips[-1])
    cell = house.parcel().cell
    assert cell is not None
    visit = house.shows(house.sends())
    before = doors(house)
    house.lost(cell)
    assert house.opens_next(visit).key == RefusalReason.DOOR_UNSEEN
    house.shuts(cell)
    assert house.token(own.token).key == Answer.DOOR_OPEN  # the owner comes after all
    reply = house.opens_next(visit)
    assert (reply.key, reply.cell) == (RefusalReason.DOOR_IN_USE, cell)
    assert doors(house) == before + 1
    assert house.facts(ProxyAccepted) == []


def test_each_parcel_of_a_code_tells_how_it_stands() -> None:
    house = house_with(YT, SF)
    slip = house.sends(YT, SF)
    assert may_be_authorised(house.state, house.parcel(YT))
    house.collects(house.shows(slip))
    standings = {one: standing(house.state, house.code_now, one, house.now) for one in (YT, SF)}
    assert sorted(standings.values()) == [Standing.READY, Standing.TAKEN]
    taken = next(one for one, how in standings.items() if how is Standing.TAKEN)
    assert not may_be_authorised(house.state, house.parcel(taken))


def test_where_the_owner_has_no_code_or_none_can_be_drawn_a_proxy_gets_none() -> None:
    house = house_with()
    before = house.state.proxies
    assert refused(lambda: house.wants_proxy(YT, secrets=())) == Refusal.TRY_AGAIN
    house.word(Wish.HOME)  # brought to the door: no code is good
    assert refused(lambda: house.wants_proxy(YT)) == ProxyRefusal.NO_CODE_OF_ITS_OWN
    assert house.state.proxies == before == ()
