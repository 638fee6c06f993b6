"""Mains and battery."""

from edge.domain.changing import replace
from edge.domain.machine_facts import BatteryLow, PowerLost, PowerRestored, StationStopping
from edge.domain.state import State, Supply
from edge.kernel.time import Instant


def lost(state: State, _fact: PowerLost, at: Instant) -> State:
    """On battery; an outage that a restart lies in began before it."""
    supply = replace(state.supply, lost_at=state.supply.lost_at or at, told_at=at)
    return replace(state, supply=supply)


def restored(state: State, _fact: PowerRestored, _at: Instant) -> State:
    """On the mains; whatever rested wakes."""
    return replace(state, supply=Supply())


def battery_low(state: State, _fact: BatteryLow, at: Instant) -> State:
    """Nearly empty."""
    return replace(state, supply=replace(state.supply, low_at=at))


def stopping(state: State, _fact: StationStopping, _at: Instant) -> State:
    """For the county: here it changes nothing, for a machine that stays on goes on."""
    return state
