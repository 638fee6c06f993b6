"""The counter: who is signed in and whether scans are check-ins."""

from edge.domain.changing import replace
from edge.domain.facts import CheckInBegun, CheckInEnded, KeeperSignedIn, KeeperSignedOut
from edge.domain.state import State
from edge.kernel.time import Instant


def signed_in(state: State, fact: KeeperSignedIn, _at: Instant) -> State:
    """The desk is this keeper's; a parcel in hand stays there over a change of keepers."""
    return replace(state, desk=replace(state.desk, keeper=fact.keeper))


def signed_out(state: State, _fact: KeeperSignedOut, _at: Instant) -> State:
    """Nobody is at the desk."""
    return replace(state, desk=replace(state.desk, keeper=None))


def check_in_begun(state: State, _fact: CheckInBegun, _at: Instant) -> State:
    """Scanned waybills are received from here on."""
    return replace(state, desk=replace(state.desk, checking_in=True))


def check_in_ended(state: State, _fact: CheckInEnded, _at: Instant) -> State:
    """Scanned waybills are not expected any more."""
    return replace(state, desk=replace(state.desk, checking_in=False))
