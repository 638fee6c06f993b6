"""Live commands."""

from dataclasses import replace
from typing import Final

import pytest

from edge.daemon import station as station_module
from edge.domain import remote
from edge.domain.decision import Decision
from edge.domain.door import Door
from edge.domain.effects import OpenDoor
from edge.domain.facts import Purpose
from edge.domain.inputs import DoorMoved, Input, RemoteOpenAsked
from edge.domain.policy import Policy
from edge.domain.state import State, door_of
from edge.domain.station import decide
from tests.simulation.defences.defence import Defence


def _opens_as_often_as_it_is_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(remote, "MOST_OPENS_AT_ONCE", 1_000)


def _counts_a_command_twice(patch: pytest.MonkeyPatch) -> None:
    def twice(state: State, told: Input, policy: Policy) -> Decision:
        decision = decide(state, told, policy)
        ends = tuple(fact for fact in decision.facts if fact.KIND == "remote.ended")
        return replace(decision, facts=decision.facts + ends)

    patch.setattr(station_module, "decide", twice)


def _has_no_fence(patch: pytest.MonkeyPatch) -> None:
    def blind(state: State, told: Input, policy: Policy) -> Decision:
        if isinstance(told, RemoteOpenAsked):
            state = replace(state, remote=replace(state.remote, fence=0))
        return decide(state, told, policy)

    patch.setattr(station_module, "decide", blind)


def _carries_a_command_out_again_after_a_crash(patch: pytest.MonkeyPatch) -> None:
    def eager(state: State, told: Input, policy: Policy) -> Decision:
        decision = decide(state, told, policy)
        if isinstance(told, DoorMoved):
            door = door_of(state, told.cell)
            lost = door.door is Door.UNKNOWN and door.purpose is Purpose.REMOTE
            if lost and door.auth is not None:
                again = OpenDoor(cell=told.cell, auth=door.auth, attempt=door.attempt)
                return replace(decision, effects=(*decision.effects, again))
        return decision

    patch.setattr(station_module, "decide", eager)


DEFENCES: Final = (
    Defence(
        name="opens_seldom_for_the_county",
        off=_opens_as_often_as_it_is_told,
        laws=frozenset(["D7"]),
    ),
    Defence(name="ends_each_command_once", off=_counts_a_command_twice, laws=frozenset(["S9"])),
    Defence(name="takes_no_command_of_before", off=_has_no_fence, laws=frozenset(["S8"])),
    Defence(
        name="fires_no_command_again_after_a_crash",
        off=_carries_a_command_out_again_after_a_crash,
        laws=frozenset(["D2", "S8"]),
    ),
)
