"""How often one may guess: A01, A02, A26 and E10 of docs/acceptance.md."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain.facts import PickupRefused, Proof, RefusalReason
from edge.domain.pickup import DAY_MS
from edge.domain.station import evolve
from edge.kernel.ids import PhoneTail, WaybillNo
from tests.domain.house import HOUR, OTHER_TAIL, SF, TAIL, YT, House, slip_of

WRONG: Final = RefusalReason.WRONG_CODE
LOCKED: Final = RefusalReason.LOCKED_OUT
BUSY: Final = RefusalReason.STATION_BUSY_GUESSING
CODE_SPACE: Final = 10**8


def _waybill(n: int) -> WaybillNo:
    return WaybillNo(f"YT{n:013d}")


def _tail(n: int) -> PhoneTail:
    return PhoneTail(f"{n:04d}")


def _one_parcel() -> House:
    house = House().open_shop()
    house.check_in()
    return house


@pytest.mark.parametrize("tail", [TAIL, OTHER_TAIL])
def test_the_sixth_wrong_code_is_locked_out_whether_the_tail_is_known_or_not(
    tail: PhoneTail,
) -> None:
    house = _one_parcel()
    told = [house.code("wrong", tail) for _ in range(7)]
    assert [reply.key for reply in told] == [WRONG] * 5 + [LOCKED] * 2
    assert [reply.tries_left for reply in told] == [4, 3, 2, 1, 0, None, None]


@pytest.mark.parametrize("tail", [TAIL, OTHER_TAIL])
def test_each_wrong_try_is_a_fact_with_its_price(tail: PhoneTail) -> None:
    house = _one_parcel()
    credential = house.parcel().credential
    house.code("wrong", tail)
    named = credential if tail == TAIL else f"tail-{tail}"
    assert [(r.charged, r.credentials) for r in house.facts(PickupRefused)] == [(1, (named,))]


def test_a_locked_code_is_refused_although_it_is_right_but_its_qr_opens() -> None:
    house = _one_parcel()
    slip = house.slips[0]
    for _ in range(5):
        house.code("wrong")
    assert house.code(slip.digits).key == LOCKED
    assert house.kinds == []
    assert house.token(slip.token).ok


def test_a_try_costs_a_unit_and_a_try_of_each_code_that_it_could_hit() -> None:
    house = House("SSSS").open_shop()
    for n in range(3):
        house.check_in(_waybill(n))
    house.code("wrong")
    refused = house.facts(PickupRefused)[-1]
    assert (refused.charged, len(refused.credentials)) == (3, 3)
    for _ in range(4):
        house.code("wrong")
    assert house.code(house.slips[1].digits).key == LOCKED


def test_a_fresh_code_can_be_typed_although_its_neighbours_are_locked() -> None:
    house = House().open_shop()
    house.check_in(YT)
    for _ in range(5):
        house.code("wrong")
    house.check_in(SF)
    locked, fresh = house.slips
    told = house.code(locked.digits)
    assert (told.key, told.tries_left) == (WRONG, 4)  # as wrong as any other: nothing is learnt
    assert house.code(fresh.digits).ok


def test_the_station_takes_sixty_units_a_day_and_then_no_typed_code_at_all() -> None:
    house = _one_parcel()
    slip = house.slips[0]
    told = [house.code("wrong", _tail(n)).key for n in range(70)]
    assert told == [WRONG] * 60 + [BUSY] * 10
    assert house.code(slip.digits).key == BUSY
    assert house.token(slip.token).ok


def test_a_try_that_the_station_cannot_pay_is_not_looked_at() -> None:
    house = House("SSSS").open_shop()
    for n in range(3):
        house.check_in(_waybill(n))
    for n in range(58):
        house.code("wrong", _tail(n))
    assert house.code(house.slips[0].digits).key == BUSY
    assert sum(refused.charged for refused in house.facts(PickupRefused)) == 58


def test_more_codes_at_one_phone_than_units_a_day_open_by_qr_alone() -> None:
    house = House("S" * 61).open_shop()
    for n in range(61):
        house.check_in(_waybill(n))
    assert house.code(house.slips[0].digits).key == BUSY
    assert house.token(house.slips[0].token).ok


def test_a_flood_of_refusals_that_cost_nothing_leaves_the_journal_as_it_was() -> None:
    house = _one_parcel()
    for _ in range(5):
        house.code("wrong")
    size = len(house.journal)
    for n in range(300):
        house.code("wrong")
        house.token(f"rubbish-{n}")
    assert len(house.journal) == size


def test_a_refusal_that_cost_nothing_in_an_older_journal_changes_no_count() -> None:
    house = _one_parcel()
    free = PickupRefused(
        reason=RefusalReason.UNKNOWN_TOKEN, proof=Proof.TOKEN, charged=0, credentials=()
    )
    after = evolve(house.state, free, house.now)
    assert (after.guesses, after.strangers) == (house.state.guesses, house.state.strangers)


def test_tries_come_back_after_a_day_of_running_and_not_before() -> None:
    house = _one_parcel()
    digits = house.slips[0].digits
    for _ in range(5):
        house.code("wrong")
    house.wait(DAY_MS - 1)
    assert house.code(digits).key == LOCKED
    house.wait(1)
    assert house.code(digits).ok


def test_the_units_of_the_station_come_back_after_a_day_of_running_and_not_before() -> None:
    house = _one_parcel()
    for n in range(60):
        house.code("wrong", _tail(n))
    house.wait(DAY_MS - 1)
    assert house.code(house.slips[0].digits).key == BUSY
    house.wait(1)
    assert house.code(house.slips[0].digits).ok


def test_old_tries_are_forgotten_by_memory_too() -> None:
    house = _one_parcel()
    for n in range(30):
        house.code("wrong", _tail(n))
    house.wait(DAY_MS)
    house.code("wrong", OTHER_TAIL)
    assert (len(house.state.guesses), len(house.state.strangers)) == (1, 1)


def test_a_power_cycle_gives_no_tries_back() -> None:
    house = _one_parcel()
    for n in range(60):
        house.code("wrong", _tail(n))
    for _ in range(50):
        house.restart(off_ms=30 * DAY_MS)
        house.see_all_shut()
        assert house.code("wrong").key == BUSY


def test_short_days_with_the_power_gone_at_night_still_add_up() -> None:
    house = _one_parcel()
    for _ in range(5):
        house.code("wrong")
    for _ in range(5):
        house.restart(off_ms=10 * HOUR)
        house.see_all_shut()
        house.wait(5 * HOUR)
        house.code("wrong", OTHER_TAIL)
    assert house.code("wrong").key == WRONG


def test_a_jump_of_the_wall_clock_gives_no_tries_back() -> None:
    house = _one_parcel()
    for _ in range(5):
        house.code("wrong")
    for wall_ms in (4_070_908_800_000, 0):
        house.wall_ms = wall_ms
        assert house.code(house.slips[0].digits).key == LOCKED


def test_an_owner_collects_by_qr_while_the_keypad_is_under_attack() -> None:
    house = House("S" * 6).open_shop()
    for n in range(6):
        house.check_in(_waybill(n), _tail(n))
    for n in range(6):
        told = [house.code(f"{attempt}", _tail(n)).key for attempt in range(30)]
        assert told == [WRONG] * 5 + [LOCKED] * 25
        slip = slip_of(house.slips[n])
        assert house.token(slip.token).ok
        house.opens(house.pulses[-1].cell)
        house.shuts(house.pulses[-1].cell)


_ACTS = st.one_of(
    st.tuples(st.just("guess"), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.integers(0, 3 * HOUR)),
    st.tuples(st.just("restart"), st.integers(0, DAY_MS)),
    st.tuples(st.just("wall"), st.integers(0, 4_000_000_000_000)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_ACTS, max_size=120), st.integers(2, 12), st.integers(1, 3))
def test_no_day_ever_sees_more_than_the_units_of_the_station(
    acts: list[tuple[str, int]], units: int, each: int
) -> None:
    house = House("SSS")
    house.policy = replace(
        house.policy, station_tries_per_day=units, wrong_codes_per_credential=each
    )
    house.open_shop()
    for n in range(3):
        house.check_in(_waybill(n), _tail(n // 2))
    watch = Watch(house)
    for act, number in acts:
        if act == "guess":
            watch.guess(_tail(number))
        elif act == "wait":
            watch.wait(number)
        elif act == "restart":
            watch.pull_the_plug(number)
        else:
            house.wall_ms = number
    assert watch.most_units_in_a_day() <= units
    assert watch.most_tries_at_one_code_in_a_day() <= each
    assert house.replayed() == house.state


def test_a_hundred_days_of_attack_stay_within_one_in_a_million_a_day() -> None:
    house = House("S" * 5).open_shop()
    for n in range(5):
        house.check_in(_waybill(n), _tail(n % 3))
    watch = Watch(house)
    for hour in range(100 * 24):
        for n in range(4):
            watch.guess(_tail((hour + n) % 20))
        if hour % 17 == 0:
            watch.pull_the_plug(20 * HOUR)
        watch.wait(HOUR)
    most = watch.most_units_in_a_day()
    assert 50 < most <= 60
    assert most / CODE_SPACE <= 1e-6
    assert watch.most_tries_at_one_code_in_a_day() / CODE_SPACE <= 5e-8


class Watch:
    """What the attacker's own watch says, power or no power, and what each guess was charged."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.ms = 0
        self.charged: list[tuple[int, PickupRefused]] = []

    def guess(self, tail: PhoneTail) -> None:
        assert not self.house.code("wrong", tail).ok
        for refused in self.house.news():
            assert isinstance(refused, PickupRefused)
            self.charged.append((self.ms, refused))

    def wait(self, ms: int) -> None:
        self.house.wait(ms)
        self.ms += ms

    def pull_the_plug(self, off_ms: int) -> None:
        self.house.restart(off_ms=off_ms)
        self.ms += off_ms + self.house.mono_ms

    def most_units_in_a_day(self) -> int:
        return max((sum(r.charged for r in day) for day in self._days()), default=0)

    def most_tries_at_one_code_in_a_day(self) -> int:
        return max(
            (
                max(Counter(key for r in day for key in r.credentials).values())
                for day in self._days()
            ),
            default=0,
        )

    def _days(self) -> Iterator[list[PickupRefused]]:
        """Every stretch of 24 hours that begins with a wrong try."""
        for first, (start, _) in enumerate(self.charged):
            yield [
                refused
                for _, refused in takewhile(
                    lambda entry: entry[0] < start + DAY_MS,  # noqa: B023 - used at once
                    self.charged[first:],
                )
            ]
