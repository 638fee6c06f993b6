"""Boots: which of them lasted, and how long doors rest after some in a row that did not.

A weak supply sags under the coil of a lock and resets the machine; whoever waits at the door asks
again, and it is reset again (F018, F043). A boot has lasted once it is `steady_ms` old, or ends in
order. The start that is the third in a row without one that lasted lets the doors rest until it is
`safe_ms` old. Ages are monotonic, of one boot. Whatever ended a boot counts, a crash of our own
too: nobody can tell them apart, and the coil is worth the wait.
"""

from typing import Final

from edge.domain.answers import CellReason
from edge.domain.decision import NOTHING, Decision
from edge.domain.door import Door
from edge.domain.facts import CellFaulted, Fact
from edge.domain.inputs import EndedInOrder
from edge.domain.machine_facts import SafeEntered, SafeLeft, StationSteady
from edge.domain.policy import Policy
from edge.domain.state import Boots, State, cell_of
from edge.kernel.ids import CellId
from edge.kernel.time import Instant

MOST_FALLS: Final = 2
"""Once may be chance; a cell at whose lock the station was cut off twice running is not offered."""


def after_start(state: State) -> Boots:
    """The row as one more start makes it, by what the boot before has left behind."""
    before, fell_at = state.boots, _just_fired(state)
    falls = before.falls if fell_at == before.fell_at else 0
    return Boots(starts=before.starts + 1, fell_at=fell_at, falls=falls + 1)


def begin(state: State, policy: Policy) -> tuple[Fact, ...]:
    """What a start has to say of those before it."""
    if not policy.safe_after_boots:
        return ()
    facts: tuple[Fact, ...] = ()
    now = after_start(state)
    cell = now.fell_at
    told = cell is not None and cell_of(state, cell).reason == CellReason.CUT_OFF_TWICE
    if cell is not None and now.falls >= MOST_FALLS and not told:
        facts += (CellFaulted(cell=cell, reason=CellReason.CUT_OFF_TWICE),)
    if now.starts >= policy.safe_after_boots:
        facts += (SafeEntered(starts=now.starts, cell=always_cut_off_at(now)),)
    return facts


def always_cut_off_at(boots: Boots) -> CellId | None:
    """The cell whose lock had just been fired at the end of each short boot of the row."""
    return boots.fell_at if boots.falls >= boots.starts - 1 else None


def lasted(state: State, at: Instant, policy: Policy) -> tuple[Fact, ...]:
    """What is to be told once the present boot is old enough."""
    if due_ms(state, at, policy) != 0:
        return ()
    return (SafeLeft(),) if state.boots.safe else (StationSteady(),)


def due_ms(state: State, at: Instant, policy: Policy) -> int | None:
    """How long until the present boot has lasted; None once it has."""
    if not state.boots.starts:
        return None
    age_ms = policy.safe_ms if state.boots.safe else policy.steady_ms
    return max(0, age_ms - at.mono_ms)


def end(state: State, _told: EndedInOrder, _policy: Policy) -> Decision:
    """Ended by somebody who can wait no longer; that is no fall."""
    return Decision(facts=(StationSteady(),)) if state.boots.starts else NOTHING


def _just_fired(state: State) -> CellId | None:
    """The door that was told to open and had not answered; of several nobody knows which it was.

    A door answers, or is given up, within `no_sign_ms`: so the fall came before that.
    """
    asked = [cell for cell, door in state.doors.items() if door.door is Door.ASKED]
    return asked[0] if len(asked) == 1 else None
