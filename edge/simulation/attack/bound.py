"""How likely it is that guessing opens a door: the formula, and whether measured hits agree.

A try at a phone tail with N live codes hits one of them with a chance of N/S, S being how many
codes there are, and it costs N units. The station pays for no try beyond W units in any 24 hours of
running time. So whatever an attacker has typed in a day up to and including his first hit cost at
most W units together, and

    P(a wrong person's hit on a day) <= sum(N / S) <= W / S

however many codes he aims at, in whatever order. W is `Policy.station_tries_per_day` and S is 10^8:
60 / 10^8 = 6e-7. The first hit is what is bounded: a right code costs its owner nothing, so nothing
is charged for a hit either, and whoever has had that luck goes on with what was left to him.

Two things are left out because they change nothing that can be seen. A code that has gone answers
without a charge, so D remembered ones at a tail make it W / (S - D), and a station remembers 500.
And whoever never types the same number twice gains nothing: the k-th number is as likely as the
first to be the code.

Measured is what was spent: units at live codes / S are the hits to expect, and hits are rare and
independent, so their number follows Poisson's law, P(k) = m^k e^-m / k! about the mean m. Agreed is
what lies between the ends that a share of CUT_OFF is cut off at, so that one right run in 20,000 is
called wrong.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from edge.domain.policy import Policy

PROMISED: Final = 1e-6
"""The most that a station-day may see (E10)."""
CUT_OFF: Final = 2.5e-5


def bound(policy: Policy, digits: int) -> float:
    """W/S: the chance that a day of guessing hits, at most, where codes have so many digits."""
    return policy.station_tries_per_day / float(10**digits)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What so many days of attack showed; `units` are those that were spent at live codes."""

    days: int
    digits: int
    units: int
    hits: int
    bound: float

    @property
    def expected(self) -> float:
        """Hits that so many units buy."""
        return self.units / float(10**self.digits)

    def troubles(self) -> Iterator[str]:
        """In what the measurement and the formula do not agree."""
        most = self.bound * self.days
        low, high = interval(self.expected)
        if not low <= self.hits <= high:
            yield f"{self.hits} hits where {self.units} units buy {self.expected:.1f}"
        if self.expected > most:
            yield f"{self.units} units in {self.days} days are more than the bound allows"
        if self.hits > interval(most)[1]:
            yield f"{self.hits} hits are above the bound, which is {most:.1f}"

    def figures(self) -> dict[str, Any]:
        """For those who want to compute it again."""
        return {
            "digits": self.digits,
            "days": self.days,
            "units_at_live_codes": self.units,
            "hits": self.hits,
            "hits_expected": round(self.expected, 3),
            "hits_interval": list(interval(self.expected)),
            "hits_a_day": self.hits / self.days if self.days else 0.0,
            "bound_a_day": self.bound,
        }


def interval(mean: float) -> tuple[int, int]:
    """The least and the most hits that agree with a mean."""
    low, hits, at_most = 0, 0, _chance(0, mean)
    while at_most < 1 - CUT_OFF:
        if at_most <= CUT_OFF:
            low = hits + 1
        hits += 1
        at_most += _chance(hits, mean)
    return low, hits


def _chance(hits: int, mean: float) -> float:
    if not mean:
        return float(hits == 0)
    return math.exp(hits * math.log(mean) - mean - math.lgamma(hits + 1))
