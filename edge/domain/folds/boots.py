"""Boots that lasted, and those that did not; a start itself is folded with the doors."""

from edge.domain.changing import replace
from edge.domain.machine_facts import SafeEntered, SafeLeft, StationSteady
from edge.domain.state import Boots, State
from edge.kernel.time import Instant


def lasted(state: State, _fact: StationSteady | SafeLeft, _at: Instant) -> State:
    """The row of short boots is over, and with it whatever rested for it."""
    return replace(state, boots=Boots())


def safe_entered(state: State, _fact: SafeEntered, _at: Instant) -> State:
    """Doors rest."""
    return replace(state, boots=replace(state.boots, safe=True))
