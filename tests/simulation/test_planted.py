"""Mistakes planted in the real code, one at a time: the worlds must find every one of them."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

import pytest
from sqlalchemy import Connection

from cloud_sync.county import database as county_database
from cloud_sync.county.database import Database
from cloud_sync.county.ingest import projections
from cloud_sync.county.ingest.reading import fact_rows
from cloud_sync.station import session
from cloud_sync.station.uplink import (
    Event,
    Moment,
    SendBatch,
    Step,
    TimePassed,
    Uplink,
    step,
)
from cloud_sync.wire.envelope import Envelope
from edge.daemon import station as station_module
from edge.daemon.devices.actuate import Actuator
from edge.daemon.recovery import recover_state
from edge.domain import remote
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
from tests.simulation.mistake import KILLS, ORDERS, RESTORES, ROADS, Mistake, look_for, name_of

# -- at the county


def _keeps_its_generation(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(county_database, "next_generation", lambda *known: known[0])


def _answers_before_the_commit(patch: pytest.MonkeyPatch) -> None:
    """Now and then what was answered never reaches the disk."""
    write, turns = Database.write, iter(range(1_000_000))

    @contextlib.contextmanager
    def lazy(self: Database) -> Iterator[Connection]:
        with write(self) as connection:
            if next(turns) % 7 != 6:
                yield connection
                return
            with contextlib.closing(connection.begin_nested()) as lost:
                yield connection
                lost.rollback()

    patch.setattr(Database, "write", lazy)


def _forgets_the_last_of_a_batch(patch: pytest.MonkeyPatch) -> None:
    def fewer(*args: Any) -> list[dict[str, Any]]:
        made = fact_rows(*args)
        return made[:-1] if len(made) > 2 else made

    patch.setattr("cloud_sync.county.ingest.ingest.fact_rows", fewer)


def _folds_only_what_comes_first(patch: pytest.MonkeyPatch) -> None:
    fold, seen = projections.Tables.fold, set[bytes]()

    def forgetful(self: projections.Tables, fact: Envelope) -> None:
        name = f"{fact.epoch}/{fact.seq}".encode()
        if fact.kind != "cell.freed" or name in seen:
            fold(self, fact)
        seen.add(name)

    patch.setattr(projections.Tables, "fold", forgetful)


# -- at the station, towards the county


def _never_goes_back(patch: pytest.MonkeyPatch) -> None:
    def stubborn(uplink: Uplink, event: Event, moment: Moment) -> Step:
        after, actions = step(uplink, event, moment)
        kept = uplink.cursor.applied_seq
        if after.cursor.applied_seq >= kept:
            return after, actions
        return replace(after, cursor=replace(after.cursor, applied_seq=kept)), tuple(
            replace(action, after_seq=kept) if isinstance(action, SendBatch) else action
            for action in actions
        )

    patch.setattr(session, "step", stubborn)


def _never_asks_again(patch: pytest.MonkeyPatch) -> None:
    def silent(uplink: Uplink, event: Event, moment: Moment) -> Step:
        if isinstance(event, TimePassed):
            return replace(uplink, due_ms=None), ()
        return step(uplink, event, moment)

    patch.setattr(session, "step", silent)


# -- at the station, towards its doors and its card


def _looks_at_the_clock_for_ever(patch: pytest.MonkeyPatch) -> None:
    def hectic(uplink: Uplink, event: Event, moment: Moment) -> Step:
        return (uplink, ()) if isinstance(event, TimePassed) else step(uplink, event, moment)

    patch.setattr(session, "step", hectic)


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

    patch.setattr("edge.simulation.parts.station_node.recover_state", lossy)


# -- live commands


def _opens_as_often_as_it_is_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(remote, "MOST_OPENS_AT_ONCE", 1_000)


def _counts_a_command_twice(patch: pytest.MonkeyPatch) -> None:
    def twice(state: State, told: Input, policy: Policy) -> Decision:
        decision = decide(state, told, policy)
        ends = tuple(fact for fact in decision.facts if fact.KIND == "remote.ended")
        return replace(decision, facts=decision.facts + ends)

    patch.setattr(station_module, "decide", twice)


MISTAKES: Final = (
    Mistake(plant=_keeps_its_generation, allowed=RESTORES, laws={"S7"}),
    Mistake(plant=_answers_before_the_commit, allowed=ROADS, laws={"S7", "S1", "S4"}),
    Mistake(plant=_forgets_the_last_of_a_batch, allowed=ROADS, laws={"S1", "S3"}),
    Mistake(plant=_folds_only_what_comes_first, allowed=ROADS, laws={"S2"}),
    Mistake(plant=_never_goes_back, allowed=RESTORES, laws={"S4"}),
    Mistake(plant=_never_asks_again, allowed=ROADS, laws={"S4"}),
    Mistake(plant=_looks_at_the_clock_for_ever, allowed=ROADS, laws={"L2"}),
    Mistake(plant=_chains_without_the_fact_before, allowed=ROADS, laws={"S5"}),
    Mistake(plant=_opens_without_writing_it_down, allowed=KILLS, laws={"D2"}),
    Mistake(plant=_fires_twice, allowed=KILLS, laws={"D2"}),
    Mistake(plant=_fires_again_after_a_start, allowed=KILLS, laws={"D2"}),
    Mistake(plant=_remembers_what_it_did_not_write, allowed=KILLS, laws={"A1"}),
    Mistake(plant=_forgets_codes_at_a_start, allowed=KILLS, laws={"A1", "L1"}),
    Mistake(plant=_opens_as_often_as_it_is_told, allowed=ORDERS, laws={"D7"}),
    Mistake(plant=_counts_a_command_twice, allowed=ORDERS, laws={"S9"}),
)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("mistake", MISTAKES, ids=name_of)
def test_a_planted_mistake_is_found(
    mistake: Mistake, monkeypatch: pytest.MonkeyPatch, record_property: Callable[..., None]
) -> None:
    mistake.plant(monkeypatch)
    look_for(mistake, record_property)


def test_the_table_has_at_least_a_dozen_mistakes() -> None:
    assert len(MISTAKES) >= 12
