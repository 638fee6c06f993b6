"""What an attacker has in mind for a day: whom he guesses at, when, and what he does to the box."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Final

from edge.kernel.ids import PhoneTail
from edge.simulation.attack.book import DAY_MS
from edge.simulation.ground.chance import Dice

TRIES: Final = 68
"""More than the station takes in a day, so that its refusals are seen too."""
_BURST_MS: Final = 5_000
_MINUTE_MS: Final = 60_000
_FEW: Final = 6
"""Answered tries of yesterday that are no day's work; ten at the most crowded tail are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What somebody who watches the counter knows: tails with parcels, the most crowded first, and
    when his tries of the last day were answered.
    """

    now_ms: int
    tails: Sequence[PhoneTail]
    answered_ms: Sequence[int]


Plan = list[tuple[int, PhoneTail]]
"""Moments of running time, and the tail to type then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """One kind of day. Shares are how often he does it before a try."""

    name: str
    weight: int
    plan: Callable[[Knowledge, Dice], Plan]
    power_cuts: float = 0.0
    clock_jumps: float = 0.0


def _hammer(knows: Knowledge, dice: Dice) -> Plan:
    """One tail, again and again."""
    tail = dice.one_of(knows.tails)
    return [(at_ms, tail) for at_ms in _all_day(knows, dice)]


def _crowds(knows: Knowledge, dice: Dice) -> Plan:
    """Each try where it could hit as many codes as possible."""
    return list(zip(_all_day(knows, dice), _in_turn(knows.tails[:3]), strict=True))


def _rotate(knows: Knowledge, dice: Dice) -> Plan:
    """Every tail in turn."""
    return list(zip(_all_day(knows, dice), _in_turn(dice.shuffled(knows.tails)), strict=True))


def _strangers(knows: Knowledge, dice: Dice) -> Plan:
    """Any four digits; hardly anybody here has them."""
    return [(at_ms, _anybody(dice)) for at_ms in _all_day(knows, dice)]


def _burst(knows: Knowledge, dice: Dice) -> Plan:
    """All within minutes, and then home."""
    at_ms = knows.now_ms + dice.number(0, DAY_MS - TRIES * _BURST_MS)
    plan: Plan = []
    for tail in _in_turn(dice.shuffled(knows.tails)):
        plan.append((at_ms, tail))
        at_ms += dice.number(0, _BURST_MS)
    return plan


def _edge(knows: Knowledge, dice: Dice) -> Plan:
    """At the moment a try of yesterday is 24 hours old, and a millisecond before it is."""
    if len(knows.answered_ms) < _FEW:
        return _burst(knows, dice)
    moments = [at_ms + DAY_MS + late_ms for at_ms in knows.answered_ms for late_ms in (-1, 0)]
    tails = _in_turn(dice.shuffled(knows.tails), len(moments))
    return list(zip(moments, tails, strict=True))


def _last_hour(knows: Knowledge, dice: Dice) -> Plan:
    """The end of one day, for whoever takes the beginning of the next."""
    begin_ms = knows.now_ms + DAY_MS - 60 * _MINUTE_MS
    moments = sorted(begin_ms + dice.number(0, 59 * _MINUTE_MS) for _ in range(TRIES))
    return list(zip(moments, _in_turn(dice.shuffled(knows.tails)), strict=True))


def _anything(knows: Knowledge, dice: Dice) -> Plan:
    """No plan at all."""
    return [
        (at_ms, dice.one_of(knows.tails) if dice.chance(0.8) else _anybody(dice))
        for at_ms in _all_day(knows, dice)
    ]


STRATEGIES: Final = (
    Strategy(name="one_tail", weight=1, plan=_hammer),
    Strategy(name="crowded_tails", weight=2, plan=_crowds),
    Strategy(name="tails_in_turn", weight=3, plan=_rotate),
    Strategy(name="unknown_tails", weight=1, plan=_strangers),
    Strategy(name="burst", weight=2, plan=_burst),
    Strategy(name="edge_of_24_hours", weight=3, plan=_edge),
    Strategy(name="last_hour", weight=2, plan=_last_hour),
    Strategy(name="power_cuts", weight=2, plan=_rotate, power_cuts=0.3),
    Strategy(name="power_cuts_in_a_burst", weight=1, plan=_burst, power_cuts=0.2),
    Strategy(name="clock_jumps", weight=2, plan=_rotate, clock_jumps=0.5),
    Strategy(name="anything", weight=2, plan=_anything, power_cuts=0.05, clock_jumps=0.1),
)


def _all_day(knows: Knowledge, dice: Dice) -> list[int]:
    return sorted(knows.now_ms + dice.number(0, DAY_MS - 1) for _ in range(TRIES))


def _in_turn(tails: Sequence[PhoneTail], count: int = TRIES) -> list[PhoneTail]:
    return list(islice(cycle(tails), count))


def _anybody(dice: Dice) -> PhoneTail:
    return PhoneTail(f"{dice.number(0, 9_999):04d}")
