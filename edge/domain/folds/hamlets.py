"""Which village a parcel is for."""

from dataclasses import replace

from edge.domain.hamlet_facts import HamletListed, HamletNoted
from edge.domain.state import State
from edge.kernel.time import Instant


def noted(state: State, fact: HamletNoted, _at: Instant) -> State:
    """For that village from here on."""
    parcel = replace(state.parcels[fact.waybill_no], hamlet=fact.hamlet)
    return replace(state, parcels=state.parcels.set(fact.waybill_no, parcel))


def listed(state: State, _fact: HamletListed, _at: Instant) -> State:
    """As it was: paper moves no parcel."""
    return state
