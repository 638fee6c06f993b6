"""Guessing pickup codes for thousands of days: A01, A02, A26, E10 and E28 of docs/acceptance.md."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

from edge.domain import collection
from edge.domain.answers import Answer, Refusal
from edge.domain.decision import Decision
from edge.domain.effects import OpenDoor, Reply
from edge.domain.facts import PickupRefused, RefusalReason
from edge.domain.folds import FOLDS
from edge.domain.guesses import affordable
from edge.domain.inputs import CodeTyped, ReleaseAsked
from edge.domain.policy import Policy
from edge.domain.state import State
from edge.domain.station import DECISIONS
from edge.kernel.errors import Refused
from edge.kernel.ids import AuthId
from edge.kernel.time import Instant
from edge.simulation.attack import __main__ as command
from edge.simulation.attack.bound import CUT_OFF, PROMISED, Measured, bound, interval
from edge.simulation.attack.campaign import Campaign, Outcome
from edge.simulation.attack.station import RULES
from edge.simulation.attack.strategy import STRATEGIES
from edge.simulation.command import ENDED_EARLY
from tests.simulation.defences.every import DEFENCES

MEASURED_SEEDS: Final = 8
DAYS: Final = 100


@pytest.fixture(scope="module")
def printed() -> Outcome:
    """Days with codes as stations print them."""
    return Campaign(seed=0, digits=8, days=2 * DAYS).play()


@pytest.fixture(scope="module")
def measured() -> Outcome:
    """Days with so few codes that some are hit."""
    found = Outcome()
    for seed in range(MEASURED_SEEDS):
        found += Campaign(seed=seed, digits=4, days=DAYS).play()
    return found


# -- what is promised


def test_no_24_hours_of_an_attack_see_more_than_the_units_of_a_station(
    printed: Outcome, measured: Outcome
) -> None:
    whole = printed + measured
    assert whole.troubles == ()
    assert (whole.most_units, whole.most_wrong) == (60, 5)
    assert set(whole.strategies) == {strategy.name for strategy in STRATEGIES}
    assert whole.sums["power_cuts"] > 500
    assert whole.sums["clock_jumps"] > 500


def test_owners_collect_by_qr_and_from_the_keeper_on_every_day_of_an_attack(
    printed: Outcome, measured: Outcome
) -> None:
    for outcome in (printed, measured):
        days = outcome.sums["days"]
        assert days >= 2 * DAYS
        assert outcome.sums["collected_by_qr"] == outcome.sums["released_by_keeper"] == days
        assert outcome.sums["station_locked_out"] > days  # the keypad was shut meanwhile


def test_a_day_of_guessing_hits_with_at_most_one_in_a_million() -> None:
    assert bound(RULES, 8) == RULES.station_tries_per_day / 10**8 == 6e-7
    assert bound(RULES, 8) <= PROMISED == 1e-6
    assert bound(replace(RULES, station_tries_per_day=101), 8) > PROMISED


def test_hits_in_a_space_of_four_digits_are_as_many_as_the_formula_says(
    measured: Outcome,
) -> None:
    shown = Measured(
        days=measured.sums["days"],
        digits=4,
        units=measured.sums["units_at_live_codes"],
        hits=measured.sums["hits"],
        bound=bound(RULES, 4),
    )
    assert list(shown.troubles()) == []
    assert shown.hits > 0
    assert 30 * shown.days < shown.units <= 60 * shown.days


def test_the_same_seed_is_the_same_attack() -> None:
    campaign = Campaign(seed=3, digits=4, days=5)
    assert campaign.play() == campaign.play() != replace(campaign, seed=4).play()


# -- whether the book would notice


def _shares_nothing_of_the_price(patch: pytest.MonkeyPatch) -> None:
    """A try costs one unit, however many codes it can hit."""

    def cheap(**told: Any) -> PickupRefused:
        return PickupRefused(**{**told, "charged": 1})

    def lenient(state: State, _units: int, at: Instant, rules: Policy) -> bool:
        return affordable(state, 1, at, rules)

    patch.setattr(collection, "PickupRefused", cheap)
    patch.setattr(collection, "affordable", lenient)


def _charges_one_code_of_several(patch: pytest.MonkeyPatch) -> None:
    def one(**told: Any) -> PickupRefused:
        return PickupRefused(**{**told, "credentials": told["credentials"][:1]})

    patch.setattr(collection, "PickupRefused", one)


def _forgets_what_it_charged(patch: pytest.MonkeyPatch) -> None:
    """The fact is written, and the machine forgets at once that it was."""
    patch.setitem(FOLDS, PickupRefused, lambda state, _fact, _at: state)


def _takes_one_unit_too_many(patch: pytest.MonkeyPatch) -> None:
    def generous(state: State, units: int, at: Instant, rules: Policy) -> bool:
        return affordable(state, units - 1, at, rules)

    patch.setattr(collection, "affordable", generous)


def _opens(answer: str, patch: pytest.MonkeyPatch) -> None:
    """Whoever reads this answer sees the last door open, wherever the parcel lies."""
    really = collection.type_code

    def wild(state: State, told: CodeTyped, rules: Policy) -> Decision:
        decision = really(state, told, rules)
        if decision.reply is None or decision.reply.key != answer:
            return decision
        cell = rules.cells[-1].cell
        return replace(decision, effects=(OpenDoor(cell=cell, auth=AuthId("?"), attempt=1),))

    patch.setitem(DECISIONS, CodeTyped, wild)


_opens_to_a_wrong_code: Final = partial(_opens, RefusalReason.WRONG_CODE)
_opens_to_whom_it_locks_out: Final = partial(_opens, RefusalReason.LOCKED_OUT)
_opens_another_door_to_an_owner: Final = partial(_opens, Answer.DOOR_OPEN)


def _calls_every_code_wrong(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(collection, "hmac", SimpleNamespace(compare_digest=lambda _one, _other: False))


def _ties_the_keepers_hands(patch: pytest.MonkeyPatch) -> None:
    release = collection.release

    def strict(state: State, told: ReleaseAsked, rules: Policy) -> Decision:
        if not affordable(state, 1, told.at, rules):
            raise Refused(Refusal.TRY_AGAIN)
        return release(state, told, rules)

    patch.setitem(DECISIONS, ReleaseAsked, strict)


def _moves_no_lock_for_the_keeper(patch: pytest.MonkeyPatch) -> None:
    reply = Reply(key=Answer.ASK_KEEPER, ok=False)
    patch.setitem(DECISIONS, ReleaseAsked, lambda _state, _told, _rules: Decision(reply=reply))


Off = Callable[[pytest.MonkeyPatch], None]
_PLANTED: Final[dict[str, tuple[Off, str]]] = {
    "a try costs one unit": (_shares_nothing_of_the_price, "charged [1] where"),
    "one code of several is charged": (_charges_one_code_of_several, "codes could be hit"),
    "nothing is remembered": (_forgets_what_it_charged, "units in 24 hours"),
    "one unit too many": (_takes_one_unit_too_many, "61 units in 24 hours"),
    "a wrong code opens": (_opens_to_a_wrong_code, "a wrong code, and yet something happened"),
    "a lock-out opens": (_opens_to_whom_it_locks_out, "locked_out, and yet something happened"),
    "another door opens": (_opens_another_door_to_an_owner, "where the parcel lies in"),
    "every code is wrong": (_calls_every_code_wrong, "a right code is called wrong"),
    "the keeper is refused": (_ties_the_keepers_hands, "the keeper cannot hand out"),
    "the keeper is told no": (_moves_no_lock_for_the_keeper, "the keeper of"),
}
_OFF: Final = (
    ("has_so_many_units_a_day", "units in 24 hours"),
    ("remembers_wrong_tries_over_a_start", "units in 24 hours"),
    ("counts_by_running_time", "units in 24 hours"),
    ("locks_a_tail_after_five_wrong_tries", "had its wrong tries"),
    ("locks_a_tail_after_five_wrong_tries", "6 wrong tries at one code in 24 hours"),
    ("looks_at_no_digits_of_a_locked_tail", "had its wrong tries"),
    ("compares_the_digits", "for digits that are no code in reach"),
    ("asks_for_the_tail", "charged"),
    ("takes_a_slip_whoever_guessed", "the owner of"),
)


@pytest.mark.parametrize("mistake", _PLANTED)
def test_the_book_notices_what_a_station_miscounts(
    mistake: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    off, words = _PLANTED[mistake]
    off(monkeypatch)
    assert _noticed(words)


@pytest.mark.parametrize(("name", "words"), _OFF)
def test_the_book_notices_when_a_defence_is_off(
    name: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    DEFENCES[name].off(monkeypatch)
    assert _noticed(words)


def _noticed(words: str) -> bool:
    """Whether a few days are enough for a trouble in these words."""
    troubles = [
        trouble
        for seed in range(6)
        for trouble in Campaign(seed=seed, digits=8, days=5).play().troubles
    ]
    return any(words in trouble for trouble in troubles)


def test_a_measurement_that_is_off_the_formula_says_so() -> None:
    right = Measured(days=10_000, digits=4, units=500_000, hits=50, bound=6e-3)
    assert list(right.troubles()) == []
    assert list(replace(right, hits=85).troubles()) == ["85 hits where 500000 units buy 50.0"]
    assert list(replace(right, hits=20).troubles()) == ["20 hits where 500000 units buy 50.0"]
    dear = replace(right, units=650_000, hits=65)
    assert list(dear.troubles()) == ["650000 units in 10000 days are more than the bound allows"]
    many = replace(right, units=900_000, hits=100)
    assert list(many.troubles())[-1] == "100 hits are above the bound, which is 60.0"


def test_the_interval_of_a_measurement_is_that_of_poissons_law() -> None:
    assert interval(0.0) == (0, 0)
    assert interval(0.001) == (0, 1)
    low, high = interval(50.0)
    assert _at_most(low - 1, 50) <= CUT_OFF < _at_most(low, 50)
    assert _at_most(high - 1, 50) < 1 - CUT_OFF <= _at_most(high, 50)
    low, high = interval(4_900.0)  # a root of 70: four of them to each side
    assert 4_600 < low < 4_630
    assert 5_170 < high < 5_200


def _at_most(hits: int, mean: int) -> float:
    parts = (Fraction(mean**k, math.factorial(k)) for k in range(hits + 1))
    return float(sum(parts)) * math.exp(-mean)


# -- the command


def test_a_short_attack_tells_its_figures_and_leaves_the_published_ones_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    published, named = tmp_path / "attack.json", tmp_path / "mine.json"
    monkeypatch.setattr(command, "FIGURES", published)
    assert command.main(8, jobs=1) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["days"], figures["violations"], figures["bound_a_day"]) == (8, 0, 6e-7)
    assert figures["measured"]["days"] == figures["as_printed"]["days"] == 8
    assert not published.exists()
    assert command.main(8, [str(named)], jobs=1) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(named)
    kept = json.loads(named.read_text(encoding="utf-8"))
    assert kept["sums_of_both"] == figures["sums_of_both"]
    assert command.figures_file(999_999, []) is None
    assert command.figures_file(1_000_000, []) == published


def test_a_million_days_are_a_million_in_each_space_whoever_shares_them() -> None:
    shares = command.campaigns(1_000_050)
    for digits in (8, 4):
        assert sum(one.days for one in shares if one.digits == digits) == 1_000_050
    assert len({(one.seed, one.digits) for one in shares}) == len(shares)


def test_a_broken_promise_is_told_at_once_and_ends_in_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _forgets_what_it_charged(monkeypatch)
    assert command.main(4, jobs=1) == 1
    told = capsys.readouterr()
    assert "seed 0, 8 digits, at " in told.err
    assert json.loads(told.out.splitlines()[0])["violations"] > 0
    assert "✗ seed 0, 8 digits, at " in told.out


def test_a_bug_of_the_core_is_a_finding_and_the_other_seeds_go_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_told: object) -> Decision:
        raise ZeroDivisionError

    monkeypatch.setitem(DECISIONS, CodeTyped, broken)
    assert command.main(2, jobs=1) == 1
    told = capsys.readouterr().out
    assert "seed 0, 8 digits, bug: ZeroDivisionError() in broken" in told
    assert "seed 0, 4 digits, bug: ZeroDivisionError() in broken" in told


def test_ctrl_c_ends_an_attack_with_what_was_judged_and_keeps_no_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    really, named = Campaign.play, tmp_path / "mine.json"

    def play(campaign: Campaign) -> Outcome:
        if campaign.digits == 4:
            raise KeyboardInterrupt
        return really(campaign)

    monkeypatch.setattr(Campaign, "play", play)
    assert command.main(3, [str(named)], jobs=1) == ENDED_EARLY
    assert "ended early: 3 of 6 days judged" in capsys.readouterr().err
    assert not named.exists()
