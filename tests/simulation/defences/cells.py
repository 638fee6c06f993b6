"""What lies behind the doors, and what may be said of it."""

from dataclasses import replace
from typing import Any, Final

import pytest

from edge.domain import boots, check_in, codes, door_reports, settlement
from edge.domain import station as station_rules
from edge.domain.cabinet import FREE, TO_LOOK
from edge.domain.decision import NOTHING, Decision
from edge.domain.door import Door
from edge.domain.facts import DoorSilent, ParcelPickedUp
from edge.domain.inputs import DoorMoved, TimePassed
from edge.domain.parcel import Parcel
from edge.domain.pickup import Auth
from edge.domain.policy import Policy
from edge.domain.pulse import can_pulse_again, pulse_again
from edge.domain.state import State, auth_at
from edge.domain.station import DECISIONS
from edge.kernel.errors import Refused
from edge.kernel.ids import CellId
from edge.kernel.time import Instant
from tests.simulation.defences.defence import HOURS, defence


def _offers_what_is_in_doubt(patch: pytest.MonkeyPatch) -> None:
    free_cell = check_in._free_cell  # noqa: SLF001 - the mistake stands here

    def hopeful(state: State, at: Instant, policy: Policy) -> CellId | None:
        doubted = {cell: FREE for cell, what in state.cells.items() if what.occupancy in TO_LOOK}
        return free_cell(replace(state, cells=state.cells.update(doubted)), at, policy)

    patch.setattr(check_in, "_free_cell", hopeful)


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

    patch.setattr(settlement, "_taken_out", twice)


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


def _takes_back_what_has_gone(patch: pytest.MonkeyPatch) -> None:
    def trusting(state: State, waybill_no: Any, _stages: Any) -> tuple[Parcel, CellId]:
        parcel = state.parcels.get(waybill_no)
        if parcel is None or parcel.cell is None:
            raise Refused("parcel_not_here")
        return parcel, parcel.cell

    patch.setattr(codes, "find_parcel", trusting)
    patch.setattr(check_in, "find_parcel", trusting)


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
    """And no door is ever for the repairman, which would end it as well."""
    silence = settlement.silence

    def hopeful(state: State, auth: Auth, reason: str) -> tuple[Any, ...]:
        return silence(state, replace(auth, attempt=1), reason)

    def patient(state: State, cell: CellId) -> bool:
        door = state.doors[cell]
        known = replace(door, attempt=1)
        return can_pulse_again(replace(state, doors=state.doors.set(cell, known)), cell)

    for place in ("door_reports", "collection", "deadlines"):
        patch.setattr(f"edge.domain.{place}.can_pulse_again", patient)
    for place in ("door_reports", "deadlines"):
        patch.setattr(f"edge.domain.{place}.silence", hopeful)


def _never_rests(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(station_rules, "let_doors_rest", lambda _state, _at, decision: decision)


def _calls_every_boot_a_good_one(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(boots, "begin", lambda _state, _policy: ())


DEFENCES: Final = (
    defence("offers_no_cell_in_doubt", _offers_what_is_in_doubt, "P1", "P2"),
    defence("tells_of_a_forced_door", _shrugs_at_a_forced_door, "D5"),
    defence("doubts_a_forced_cell", _tells_and_goes_on, "P1", schedule=HOURS),
    defence("collects_a_parcel_once", _collects_once_more_when_it_is_shut, "P3"),
    defence("collects_its_own_parcel", _collects_by_any_door, "P1", "P3"),
    defence("takes_back_only_what_is_here", _takes_back_what_has_gone, "P4", schedule=HOURS),
    defence("fires_no_silent_lock_by_itself", _tries_again_by_itself, "D3"),
    defence("retries_once_at_most", _retries_without_end, "D1", schedule=HOURS),
    defence("lets_doors_rest_after_short_starts", _never_rests, "L4"),
    defence("counts_short_starts", _calls_every_boot_a_good_one, "L4"),
)
