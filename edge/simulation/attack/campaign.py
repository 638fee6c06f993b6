"""Some attacker-days in a row at one station, with people who come and go all the while."""

import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from edge.domain.answers import Answer
from edge.domain.policy import Policy
from edge.kernel.errors import Refused
from edge.kernel.ids import PhoneTail, WaybillNo
from edge.simulation.attack.book import DAY_MS, Book, Try
from edge.simulation.attack.station import (
    RULES,
    Station,
    answer_of,
    doors_of,
    in_digits,
)
from edge.simulation.attack.strategy import STRATEGIES, Knowledge, Strategy
from edge.simulation.ground.chance import Dice
from edge.simulation.people import Slip

TAILS: Final = 9
FULL: Final = 13
"""Parcels that lie there each morning: three cells are for whoever brings one in between."""
MOST_TROUBLES: Final = 5
"""Of one campaign: one broken promise often breaks many."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was seen. Sums add up over campaigns."""

    sums: Counter[str] = field(default_factory=Counter)
    strategies: Counter[str] = field(default_factory=Counter)
    most_units: int = 0
    most_wrong: int = 0
    troubles: tuple[str, ...] = ()

    def __add__(self, other: "Outcome") -> "Outcome":
        """Both together."""
        return Outcome(
            sums=self.sums + other.sums,
            strategies=self.strategies + other.strategies,
            most_units=max(self.most_units, other.most_units),
            most_wrong=max(self.most_wrong, other.most_wrong),
            troubles=self.troubles + other.troubles,
        )


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """So many days of one seed, with codes of so many digits."""

    seed: int
    digits: int
    days: int
    rules: Policy = RULES

    def play(self) -> Outcome:
        """Live through all of them."""
        siege = Siege(self.rules, self.digits, Dice(f"attack {self.digits} {self.seed}"))
        book = siege.book
        try:
            for _ in range(self.days):
                siege.day()
        except Exception as cause:  # noqa: BLE001 - a bug is a finding, and the other seeds go on
            where = traceback.extract_tb(cause.__traceback__)[-1]
            book.troubles.insert(0, f"bug: {cause!r} in {where.name}, line {where.lineno}")
        return Outcome(
            sums=book.sums + Counter(days=siege.days, decisions=siege.station.decisions),
            strategies=siege.strategies,
            most_units=book.most_units,
            most_wrong=book.most_wrong,
            troubles=tuple(
                f"seed {self.seed}, {self.digits} digits, {trouble}"
                for trouble in book.troubles[:MOST_TROUBLES]
            ),
        )


class Siege:
    """An attacker, a keeper and owners at one station, and the book of it."""

    def __init__(self, rules: Policy, digits: int, dice: Dice) -> None:
        self.station, self.book = Station(rules, digits, dice.fork("station")), Book(rules)
        self.strategies: Counter[str] = Counter()
        self.days = 0
        self._dice, self._space = dice, 10**digits
        self._slips: list[Slip] = []
        self._parcels = 0
        self._first_tail = dice.number(0, 9_999)
        self._begun_ms = self.station.ran_ms
        self._next_guess = 0

    def day(self) -> None:
        """24 hours of running time."""
        self._fill()
        strategy = self._dice.weighted([(one, one.weight) for one in STRATEGIES])
        self.strategies[strategy.name] += 1
        # Somebody who thinks never types the same digits twice at a tail.
        self._next_guess = self._dice.number(0, self._space - 1)
        plan = strategy.plan(self._knows(), self._dice)
        people = self._people(len(plan))
        for number, (at_ms, tail) in enumerate(plan):
            self._wait_until(at_ms)
            self._attack(strategy, tail)
            if visit := people.get(number):
                visit()
        self._begun_ms += DAY_MS
        self._wait_until(self._begun_ms)
        self.days += 1

    # -- the attacker

    def _attack(self, strategy: Strategy, tail: PhoneTail) -> None:
        if strategy.power_cuts and self._dice.chance(strategy.power_cuts):
            self.station.cut_power()
            self.book.sums["power_cuts"] += 1
        if strategy.clock_jumps and self._dice.chance(strategy.clock_jumps):
            self.station.turn_clock()
            self.book.sums["clock_jumps"] += 1
        digits = in_digits(self._next_guess, self.station.digits)
        self._next_guess = (self._next_guess + 1) % self._space
        hit = self._type(tail, digits, honest=False)
        if hit is not None:
            self._take_out(hit)

    def _type(self, tail: PhoneTail, digits: str, *, honest: bool) -> Slip | None:
        """The slip whose door stands open now."""
        at_ms, decision = self.station.ran_ms, self.station.type_code(tail, digits)
        made = Try(at_ms=at_ms, tail=tail, digits=digits, decision=decision, honest=honest)
        hit = self.book.judge(made)
        return hit if hit is not None and doors_of(decision) else None

    def _knows(self) -> Knowledge:
        return Knowledge(
            now_ms=self._begun_ms,
            tails=self.book.tails(),
            answered_ms=tuple(self.book.answered_ms),
        )

    def _wait_until(self, at_ms: int) -> None:
        if at_ms > self.station.ran_ms:
            self.station.wait(at_ms - self.station.ran_ms)

    # -- everybody else

    def _people(self, tries: int) -> dict[int, Callable[[], None]]:
        """Who comes after which try. Two of them come when the station has had most of its day."""
        late = range(tries * 2 // 3, tries)
        keeper, by_qr = self._dice.shuffled(late)[:2]
        by_code, bringer = self._dice.shuffled(range(tries * 2 // 3))[:2]
        return {
            keeper: self._keeper_releases,
            by_qr: self._owner_shows_qr,
            by_code: self._owner_types,
            bringer: self._check_in,
        }

    def _owner_shows_qr(self) -> None:
        slip = self._somebody()
        decision = self.station.patiently(lambda: self.station.show_qr(slip.token))
        if answer_of(decision) != Answer.DOOR_OPEN or doors_of(decision) != [slip.cell]:
            self._trouble(f"the owner of {slip.waybill_no} reads {answer_of(decision)}")
            return
        self.book.sums["collected_by_qr"] += 1
        self._take_out(slip)

    def _keeper_releases(self) -> None:
        slip = self._somebody()
        try:
            decision = self.station.patiently(lambda: self.station.release(slip.waybill_no))
        except Refused as refused:
            self._trouble(f"the keeper cannot hand out {slip.waybill_no}: {refused.reason}")
            return
        if doors_of(decision) != [slip.cell]:
            self._trouble(f"the keeper of {slip.waybill_no} reads {answer_of(decision)}")
            return
        self.book.sums["released_by_keeper"] += 1
        self._take_out(slip)

    def _owner_types(self) -> None:
        """It may be refused while somebody guesses; the slip is good all the same."""
        slip = self._somebody()
        if self._type(slip.phone_tail, slip.digits, honest=True) is slip:
            self.book.sums["collected_by_code"] += 1
            self._take_out(slip)

    def _check_in(self) -> None:
        tail = PhoneTail(f"{(self._first_tail + self._which_tail()) % 10_000:04d}")
        self._parcels += 1
        slip = self.station.check_in(WaybillNo(f"YT{self._parcels:013d}"), tail)
        self._slips.append(slip)
        self.book.printed(slip)
        self.book.sums["checked_in"] += 1

    def _which_tail(self) -> int:
        """Every third parcel is for the same phone."""
        return 0 if self._dice.chance(1 / 3) else self._dice.number(1, TAILS - 1)

    def _fill(self) -> None:
        self.station.wait(self.station.policy.safe_ms)  # doors may rest from last night
        while len(self._slips) < FULL:
            self._check_in()

    def _somebody(self) -> Slip:
        return self._dice.one_of(self._slips)

    def _take_out(self, slip: Slip) -> None:
        self.station.take_out(slip.cell)
        self._slips.remove(slip)
        self.book.taken(slip)

    def _trouble(self, what: str) -> None:
        self.book.troubles.append(f"at {self.station.ran_ms} ms: {what}")
