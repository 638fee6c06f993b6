"""What lies behind the doors, and what may be said of it."""

from dataclasses import replace
from typing import Any, Final

import pytest

from edge.domain import boots, door_reports, inspection, places, placing, settlement
from edge.domain import station as station_rules
from edge.domain.cabinet import FREE, TO_LOOK, CellState
from edge.domain.decision import NOTHING, Decision
from edge.domain.door import Door
from edge.domain.facts import CellFreed, DoorSilent, Fact, ParcelPickedUp, Purpose
from edge.domain.folds import FOLDS
from edge.domain.inputs import CellInspected, DoorMoved, TimePassed
from edge.domain.parcel import Parcel
from edge.domain.pickup import Auth
from edge.domain.policy import CellSize, Policy
from edge.domain.pulse import pulse_again
from edge.domain.state import State, auth_at
from edge.domain.station import DECISIONS
from edge.kernel.ids import CellId
from edge.kernel.time import Instant
from tests.simulation.defences.defence import defence


def _offers_what_is_in_doubt(patch: pytest.MonkeyPatch) -> None:
    free_cell = places.free_cell

    def hopeful(
        state: State, at: Instant, policy: Policy, *, least: CellSize | None = CellSize.SMALL
    ) -> CellId | None:
        doubted = {cell: FREE for cell, what in state.cells.items() if what.occupancy in TO_LOOK}
        guessed = replace(state, cells=state.cells.update(doubted))
        return free_cell(guessed, at, policy, least=least)

    patch.setattr(placing, "free_cell", hopeful)


def _shrugs_at_a_forced_door(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(door_reports._NEWS, Door.FORCED, lambda *_anything: NOTHING)  # noqa: SLF001 - the mistake stands here


def _tells_and_goes_on(patch: pytest.MonkeyPatch) -> None:
    """The alarm is given, and the cell stays as it was."""
    forced = door_reports._forced  # noqa: SLF001 - the mistake stands here

    def cool(state: State, told: DoorMoved, policy: Policy) -> Decision:
        decision = forced(state, told, policy)
        return replace(decision, facts=decision.facts[:1])

    patch.setitem(door_reports._NEWS, Door.FORCED, cool)  # noqa: SLF001 - the same


def _collects_once_more_when_it_is_shut(patch: pytest.MonkeyPatch) -> None:
    """A door that was left open has told of its pickup already."""
    taken_out = settlement._taken_out  # noqa: SLF001 - the mistake stands here

    def twice(state: State, auth: Auth, parcel: Parcel) -> Decision:
        return taken_out(state, auth, replace(parcel, ended_by=None))

    for purpose in (Purpose.PICKUP, Purpose.RELEASE):
        patch.setitem(settlement._AT_SHUT, purpose, twice)  # noqa: SLF001 - the mistake stands here


def _collects_by_any_door(patch: pytest.MonkeyPatch) -> None:
    """The parcel is the one that is counted in the cell now, not the one of the authorisation."""
    collected = settlement._collected  # noqa: SLF001 - the mistake stands here

    def by_first(state: State, auth: Auth, parcel: Parcel) -> tuple[Any, ...]:
        stored = sorted(no for no, one in state.parcels.items() if one.stage == parcel.stage)
        facts = collected(state, auth, parcel)
        return tuple(
            replace(fact, waybill_no=stored[0])
            if isinstance(fact, ParcelPickedUp) and stored
            else fact
            for fact in facts
        )

    patch.setattr(settlement, "_collected", by_first)


def _misses_what_has_gone(patch: pytest.MonkeyPatch) -> None:
    """Parcels are asked which of them lies in the cell, and one that has gone still names it."""
    not_there = inspection._not_there  # noqa: SLF001 - the mistake stands here

    def by_parcels(state: State, told: CellInspected, content: CellState) -> tuple[Fact, ...]:
        lay_there = [no for no, one in state.parcels.items() if one.cell == told.cell]
        waybill_no = content.waybill_no or max(lay_there, default=None)
        return not_there(state, told, replace(content, waybill_no=waybill_no))

    patch.setattr(inspection, "_not_there", by_parcels)


def _tries_again_by_itself(patch: pytest.MonkeyPatch) -> None:
    passed = DECISIONS[TimePassed]

    def eager(state: State, told: TimePassed, policy: Policy) -> Decision:
        decision = passed(state, told, policy)
        for fact in decision.facts:
            auth = auth_at(state, fact.cell) if isinstance(fact, DoorSilent) else None
            if auth is not None and auth.attempt == 1:
                again = pulse_again(auth)
                facts, effects = decision.facts + again.facts, decision.effects + again.effects
                return replace(decision, facts=facts, effects=effects)
        return decision

    patch.setitem(DECISIONS, TimePassed, eager)


def _retries_without_end(patch: pytest.MonkeyPatch) -> None:
    """Whoever says that a door is stuck is believed, though its lock has not had its time yet."""

    def at_once(state: State, cell: CellId) -> bool:
        return auth_at(state, cell) is not None

    patch.setattr(door_reports, "can_pulse_again", at_once)


def _never_rests(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(station_rules, "let_doors_rest", lambda _state, _at, decision: decision)


def _calls_every_boot_a_good_one(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(boots, "begin", lambda _state, _policy: ())


def _frees_no_cell(patch: pytest.MonkeyPatch) -> None:
    """The fact is written, and the machine forgets at once that it was."""
    patch.setitem(FOLDS, CellFreed, lambda state, _fact, _at: state)


DEFENCES: Final = (
    defence("frees_what_it_calls_free", _frees_no_cell, "A1"),
    defence("offers_no_cell_in_doubt", _offers_what_is_in_doubt, "P1", "P2"),
    defence("tells_of_a_forced_door", _shrugs_at_a_forced_door, "D5"),
    defence(
        "doubts_a_forced_cell",
        _tells_and_goes_on,
        "P1",
        long=True,
        needs=("careless", "devices"),  # who forces doors, and cabinets in which one can be forced
        most=250,
    ),
    defence("collects_a_parcel_once", _collects_once_more_when_it_is_shut, "P3"),
    defence("collects_its_own_parcel", _collects_by_any_door, "P1", "P3"),
    defence("misses_only_what_a_cell_counts", _misses_what_has_gone, "P4"),
    defence("fires_no_silent_lock_by_itself", _tries_again_by_itself, "D3"),
    defence("retries_once_at_most", _retries_without_end, "D1", long=True, needs=("careless",)),
    defence("lets_doors_rest_after_short_starts", _never_rests, "L4"),
    defence("counts_short_starts", _calls_every_boot_a_good_one, "L4"),
)
