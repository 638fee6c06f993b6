"""Mains and battery: what goes on when the mains are away, and what a nearly empty battery ends.

On battery new parcels wait outside, everybody else is served. Once the battery is called nearly
empty no door is opened any more, for a lock that fires on a sagging supply may leave its door
ajar and the journal behind it in the dark; doors that stand open are still watched and settled.

Nobody may be locked out by a supply that is wrong or has fallen silent. Therefore the station does
not end itself: it stays up with its doors at rest and wakes with the mains, without a restart. Each
word of the supply counts for one boot only, for a start asks it anew, and no longer than a battery
can last: who still runs then was not running dry.
"""

from typing import Final

from edge.domain.answers import Clip
from edge.domain.decision import NOTHING, Decision
from edge.domain.door import IN_MOTION, Door
from edge.domain.effects import Effect, Say
from edge.domain.facts import Fact
from edge.domain.inputs import PowerMoved, StopAsked
from edge.domain.machine_facts import BatteryLow, PowerLost, PowerRestored, StationStopping
from edge.domain.policy import Policy
from edge.domain.state import State
from edge.kernel.time import Instant

LONGEST_REST_MS: Final = 30 * 60_000
"""A small supply calls its battery low some minutes before it is empty."""
LONGEST_HOLD_MS: Final = 12 * 3_600_000
"""The longest planned outage takes eight hours."""
WAIT_FOR_DOORS_MS: Final = 60_000
"""So long a machine is kept on for whoever stands at an open door."""


def power_moved(state: State, told: PowerMoved, _policy: Policy) -> Decision:
    """The supply tells. What is known already, and what it does not know, is no news."""
    supply = state.supply
    if told.mains is None:
        return NOTHING
    if told.mains:
        if supply.lost_at is None:
            return NOTHING
        restored = PowerRestored(duration_ms=_between_ms(supply.lost_at, told.at))
        return Decision(facts=(restored,))
    facts: tuple[Fact, ...] = ()
    effects: tuple[Effect, ...] = ()
    if _age_ms(supply.told_at, told.at) is None:
        facts += (PowerLost(),)
    if told.low and _age_ms(supply.low_at, told.at) is None:
        facts += (BatteryLow(battery_percent=told.battery_percent),)
        effects += (Say(clip=Clip.BATTERY_LOW, cell=None),)
    return Decision(facts=facts, effects=effects)


def stop(state: State, told: StopAsked, _policy: Policy) -> Decision:
    """The machine is about to be switched off. With the mains back there is no need."""
    if state.supply.low_at is None:
        return NOTHING
    return Decision(facts=(StationStopping(reason=told.reason),))


def on_battery_ms(state: State, at: Instant) -> int | None:
    """How long the mains have been away, as far as this boot saw it; None while they are there."""
    supply = state.supply
    if _age_ms(supply.told_at, at) is None or supply.lost_at is None:
        return None
    away_ms = _between_ms(supply.lost_at, at)
    return _age_ms(supply.told_at, at) if away_ms is None else away_ms


def holds_check_in(state: State, at: Instant, policy: Policy) -> bool:
    """Whether no new parcel is taken in now."""
    told_ms = _age_ms(state.supply.told_at, at)
    held = policy.hold_check_in_on_battery and told_ms is not None and told_ms < LONGEST_HOLD_MS
    return held or doors_rest(state, at)


def doors_rest(state: State, at: Instant) -> bool:
    """Whether no door is opened now, for the battery is nearly empty."""
    low_ms = _age_ms(state.supply.low_at, at)
    return low_ms is not None and low_ms < LONGEST_REST_MS


def may_switch_off(state: State, at: Instant) -> bool:
    """Whether nobody at a door needs the machine any more, or has had time enough."""
    low_ms = _age_ms(state.supply.low_at, at)
    if low_ms is None:
        return False
    busy = any(door.door in {*IN_MOTION, Door.FORCED} for door in state.doors.values())
    return not busy or low_ms >= WAIT_FOR_DOORS_MS


def _age_ms(since: Instant | None, at: Instant) -> int | None:
    """Time since a word of the supply; None where there was none in this boot."""
    return None if since is None else at.since_ms(since)


def _between_ms(earlier: Instant, later: Instant) -> int | None:
    """Time between two moments: over a restart only by a wall clock that is trusted at both."""
    age_ms = later.since_ms(earlier)
    if age_ms is not None or earlier.wall_hi_ms is None or later.wall_hi_ms is None:
        return age_ms
    return max(0, later.wall_lo_ms - earlier.wall_lo_ms)
