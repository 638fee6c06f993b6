"""The book of what an attacker tried, kept beside the station and without any of its counts.

It knows each slip that was printed, each parcel that is gone, and what time it is by a watch of its
own. A try whose answer depends on the digits costs as many units as codes it could
hit: live ones of its phone tail of which fewer than five wrong tries were made in the 24 hours
before. A tail that nobody has costs one unit and is asked five times like a code.
"""

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Final

from edge.domain.decision import Decision
from edge.domain.facts import PickupRefused, RefusalReason
from edge.domain.policy import Policy
from edge.kernel.ids import PhoneTail
from edge.simulation.attack.station import NOT_LOOKED_AT, answer_of, doors_of
from edge.simulation.people import Slip

DAY_MS: Final = 24 * 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """What somebody typed, when, and what came of it. `honest` where he has a slip."""

    at_ms: int
    tail: PhoneTail
    digits: str
    decision: Decision
    honest: bool = False


@dataclass
class Book:
    """Judges each try as it happens; `troubles` are broken promises, in words."""

    policy: Policy
    troubles: list[str] = field(default_factory=list)
    sums: Counter[str] = field(default_factory=Counter)
    most_units: int = 0
    most_wrong: int = 0
    answered_ms: deque[int] = field(default_factory=deque)
    """When tries of the last 24 hours were answered wrong, the oldest first."""
    _live: dict[PhoneTail, dict[str, Slip]] = field(default_factory=dict)
    _gone: set[tuple[PhoneTail, str]] = field(default_factory=set)
    _units: deque[tuple[int, int]] = field(default_factory=deque)
    _spent: int = 0
    _wrong: dict[str, deque[int]] = field(default_factory=dict)
    _charged: dict[str, deque[int]] = field(default_factory=dict)

    def printed(self, slip: Slip) -> None:
        """A code lives from now on."""
        self._live.setdefault(slip.phone_tail, {})[slip.digits] = slip
        self._gone.discard((slip.phone_tail, slip.digits))

    def taken(self, slip: Slip) -> None:
        """Its parcel is gone, and so is the code."""
        self._gone.add((slip.phone_tail, slip.digits))
        left = self._live[slip.phone_tail]
        del left[slip.digits]
        if not left:
            del self._live[slip.phone_tail]

    def codes_at(self, tail: PhoneTail) -> int:
        """Live codes of a tail."""
        return len(self._live.get(tail, ()))

    def tails(self) -> list[PhoneTail]:
        """Tails that somebody here has, the most crowded first."""
        return sorted(self._live, key=lambda tail: (-len(self._live[tail]), tail))

    def judge(self, made: Try) -> Slip | None:
        """Enter a try. Returns the slip that it hit, if it did."""
        key = answer_of(made.decision)
        self.sums["tries"] += 1
        if key in NOT_LOOKED_AT:
            self.sums[key] += 1
            if made.decision.facts or made.decision.effects:
                self._trouble(made, f"{key}, and yet something happened")
            return None
        self._forget(made.at_ms)
        live = self._live.get(made.tail, {})
        reach = self._in_reach(made)
        units = len(reach)
        if not units:
            self._trouble(made, f"{key} for codes of which every one had its wrong tries")
            units = max(1, len(live))
        self._pays(made, units, live_units=units if live else 0)
        if key == RefusalReason.WRONG_CODE:
            self._is_wrong(made, reach, units)
            return None
        return self._fits(made, reach, key)

    def _in_reach(self, made: Try) -> list[str]:
        """What this try could hit: waybills, or the tail where nobody here has it."""
        live = self._live.get(made.tail)
        names = [made.tail] if live is None else [slip.waybill_no for slip in live.values()]
        each = self.policy.wrong_codes_per_credential
        return [name for name in names if self._wrong_tries(name, made.at_ms) < each]

    def _pays(self, made: Try, units: int, *, live_units: int) -> None:
        self.most_units = max(self.most_units, self._spent + units)
        if self._spent + units > self.policy.station_tries_per_day:
            self._trouble(made, f"{self._spent + units} units in 24 hours")
        if not made.honest:
            self.sums["looked_at"] += 1
            self.sums["units"] += units
            self.sums["units_at_live_codes"] += live_units

    def _is_wrong(self, made: Try, reach: list[str], units: int) -> None:
        slip = self._live.get(made.tail, {}).get(made.digits)
        if slip is not None and slip.waybill_no in reach:
            self._trouble(made, "a right code is called wrong")
        if made.decision.effects:
            self._trouble(made, "a wrong code, and yet something happened")
        self._units.append((made.at_ms, units))
        self._spent += units
        self.answered_ms.append(made.at_ms)
        for name in reach:
            self._wrong.setdefault(name, deque()).append(made.at_ms)
        self._is_charged(made, units)

    def _is_charged(self, made: Try, units: int) -> None:
        """The station's own word for what a wrong try cost, and whom."""
        facts = [fact for fact in made.decision.facts if isinstance(fact, PickupRefused)]
        if (charged := [fact.charged for fact in facts]) != [units]:
            self._trouble(made, f"charged {charged} where {units} codes could be hit")
        for name in (name for fact in facts for name in fact.credentials):
            tries = self._charged.setdefault(name, deque())
            tries.append(made.at_ms)
            wrong = len(_of_the_day(tries, made.at_ms))
            self.most_wrong = max(self.most_wrong, wrong)
            if wrong > self.policy.wrong_codes_per_credential:
                self._trouble(made, f"{wrong} wrong tries at one code in 24 hours")

    def _fits(self, made: Try, reach: list[str], key: str) -> Slip | None:
        """An answer that a wrong code does not get: it must be the word on a slip of this tail."""
        doors = doors_of(made.decision)
        slip = self._live.get(made.tail, {}).get(made.digits)
        if slip is None or slip.waybill_no not in reach:
            if doors or slip is not None or (made.tail, made.digits) not in self._gone:
                self._trouble(made, f"{key} for digits that are no code in reach")
            self.sums["gone_codes_hit"] += 1
            return None
        if doors not in ([], [slip.cell]):
            self._trouble(made, f"doors {doors} where the parcel lies in {slip.cell}")
        if not made.honest:
            self.sums["hits"] += 1
        return slip

    def _wrong_tries(self, name: str, now_ms: int) -> int:
        tries = self._wrong.get(name)
        return 0 if tries is None else len(_of_the_day(tries, now_ms))

    def _forget(self, now_ms: int) -> None:
        """What is 24 hours old is no part of any stretch of 24 hours that ends now."""
        while self._units and now_ms - self._units[0][0] >= DAY_MS:
            self._spent -= self._units.popleft()[1]
        _of_the_day(self.answered_ms, now_ms)

    def _trouble(self, made: Try, what: str) -> None:
        self.troubles.append(f"at {made.at_ms} ms, tail {made.tail}: {what}")


def _of_the_day(moments: deque[int], now_ms: int) -> deque[int]:
    """The same without what is 24 hours old."""
    while moments and now_ms - moments[0] >= DAY_MS:
        moments.popleft()
    return moments
