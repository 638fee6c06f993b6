"""Between the loop and the doors, and what it remembers of them."""

from dataclasses import replace
from typing import Any, Final

import pytest

from edge.daemon import station as station_module
from edge.daemon.devices.actuate import Actuator
from edge.daemon.recovery import recover_state
from edge.domain.decision import Decision
from edge.domain.door import Door
from edge.domain.effects import Effect, OpenDoor
from edge.domain.facts import CellFreed, Fact
from edge.domain.inputs import DoorMoved, Input
from edge.domain.policy import Policy
from edge.domain.state import State, door_of
from edge.domain.station import decide, evolve
from edge.kernel.hashing import chain_hash
from edge.kernel.time import Instant
from edge.store.database import Store
from tests.simulation.defences.defence import Defence


def _chains_without_the_fact_before(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        "edge.store.journal.chain_hash", lambda _before, *rest: chain_hash(bytes(32), *rest)
    )


def _opens_without_writing_it_down(patch: pytest.MonkeyPatch) -> None:
    commit = Store.commit

    def lazy(self: Store, entries: Any, *rest: Any) -> Any:
        return commit(self, [one for one in entries if one.kind != "door.asked"], *rest)

    patch.setattr(Store, "commit", lazy)


def _fires_twice(patch: pytest.MonkeyPatch) -> None:
    act = Actuator.act

    def eager(self: Actuator, effect: Effect) -> None:
        act(self, effect)
        if isinstance(effect, OpenDoor):
            act(self, effect)

    patch.setattr(Actuator, "act", eager)


def _fires_again_after_a_start(patch: pytest.MonkeyPatch) -> None:
    def eager(state: State, told: Input, policy: Policy) -> Decision:
        decision = decide(state, told, policy)
        if isinstance(told, DoorMoved):
            door = door_of(state, told.cell)
            if door.door is Door.UNKNOWN and door.auth is not None:
                again = OpenDoor(cell=told.cell, auth=door.auth, attempt=door.attempt)
                return replace(decision, effects=(*decision.effects, again))
        return decision

    patch.setattr(station_module, "decide", eager)


def _remembers_what_it_did_not_write(patch: pytest.MonkeyPatch) -> None:
    def lossy(state: State, fact: Fact, at: Instant) -> State:
        return state if isinstance(fact, CellFreed) else evolve(state, fact, at)

    patch.setattr(station_module, "evolve", lossy)


def _forgets_codes_at_a_start(patch: pytest.MonkeyPatch) -> None:
    def lossy(store: Store, policy: Policy) -> State:
        state = recover_state(store, policy)
        dead = {name: replace(one, live=False) for name, one in state.credentials.items()}
        return replace(state, credentials=state.credentials.update(dead))

    patch.setattr("edge.simulation.parts.process.recover_state", lossy)


DEFENCES: Final = (
    Defence(
        name="chains_each_fact_to_the_one_before",
        off=_chains_without_the_fact_before,
        laws=frozenset(["S5"]),
    ),
    Defence(
        name="writes_down_before_it_fires",
        off=_opens_without_writing_it_down,
        laws=frozenset(["D2"]),
    ),
    Defence(name="fires_once_for_each_wish", off=_fires_twice, laws=frozenset(["D2"])),
    Defence(
        name="fires_nothing_after_a_start", off=_fires_again_after_a_start, laws=frozenset(["D2"])
    ),
    Defence(
        name="remembers_only_what_is_written",
        off=_remembers_what_it_did_not_write,
        laws=frozenset(["A1"]),
    ),
    Defence(
        name="remembers_codes_over_a_start",
        off=_forgets_codes_at_a_start,
        laws=frozenset(["A1", "L1"]),
    ),
)
