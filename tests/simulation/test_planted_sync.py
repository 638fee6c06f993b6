"""Mistakes of the protocol planted in the real code: what the small models say, worlds say too.

Where two defences stand one behind the other, both are taken away: with one of them left, nothing
happens, which is what it is there for. That a snapshot is what its digest says no world can test:
frames that were changed never come so far (tests/county/test_snapshots.py breaks one by hand).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import msgspec
import pytest
from sqlalchemy import Connection

from cloud_sync.county.histories import gaps
from cloud_sync.county.histories.epochs import Epochs
from cloud_sync.county.ingest import ledger
from cloud_sync.county.ingest.conversation import Conversation
from cloud_sync.station import session
from cloud_sync.station.ports import Cursor
from cloud_sync.station.talks.live import LiveTalk
from cloud_sync.station.talks.questions import Answered, Questions
from cloud_sync.station.talks.state_talk import StateTalk
from cloud_sync.station.uplink import (
    Acknowledged,
    Event,
    Moment,
    SendBatch,
    Step,
    Uplink,
    Welcomed,
    step,
)
from cloud_sync.wire.messages import Answer, Hello, Message, StateItems
from edge.daemon import station as station_module
from edge.domain.decision import Decision
from edge.domain.door import Door
from edge.domain.effects import KeepCountyWords, OpenDoor
from edge.domain.facts import Purpose
from edge.domain.inputs import DoorMoved, Input, RemoteOpenAsked
from edge.domain.policy import Policy
from edge.domain.state import State, door_of
from edge.domain.station import decide
from edge.kernel.ids import CellId, PhoneTail, Seq, StationId, WaybillNo
from edge.kernel.time import Expiry, Instant
from edge.simulation.parts.county_node import CountyNode
from edge.simulation.story import CALM_S
from edge.simulation.world import World, open_world
from edge.store import durable
from edge.store.county_state import keep_words
from edge.store.pruning import Pruning
from tests.simulation.mistake import (
    KILLS,
    ORDERS,
    RESTORES,
    ROADS,
    Mistake,
    Plant,
    look_for,
    name_of,
)

BEYOND: Final = replace(RESTORES, pruning=True, gaps=True)
"""The county may be put back to before what cards have forgotten."""


# -- journals


def _prunes_what_is_only_applied(patch: pytest.MonkeyPatch) -> None:
    limit = Pruning.limit

    def eager(self: Pruning, cursor: Cursor, now: Instant, ran_ms: int, keep_ms: int) -> Seq:
        trusting = replace(cursor, durable_seq=cursor.applied_seq)
        return limit(self, trusting, now, ran_ms, keep_ms)

    patch.setattr(Pruning, "limit", eager)


def _compares_no_hashes(patch: pytest.MonkeyPatch) -> None:
    """Neither the station nor the county, at a HELLO or in a batch."""

    def trusting(uplink: Uplink, event: Event, moment: Moment) -> Step:
        if isinstance(event, Welcomed):
            event = replace(event, mine=event.welcome.applied)
        if isinstance(event, Acknowledged):
            event = Acknowledged(event.ack, event.ack.applied)
        return step(uplink, event, moment)

    def by_number(hello: Hello, _talk: Conversation, place: ledger.Place) -> str:
        return "ok" if hello.head.seq >= place.seq else "rollback"

    patch.setattr(session, "step", trusting)
    patch.setattr("cloud_sync.county.ingest.ingest.Ingest._second_history", lambda *_all: None)
    patch.setattr("cloud_sync.county.ingest.reception._history", by_number)


def _believes_an_ack_of_an_older_generation(patch: pytest.MonkeyPatch) -> None:
    """And of an older session, which would give it away as well."""

    def trusting(uplink: Uplink, event: Event, moment: Moment) -> Step:
        if isinstance(event, Acknowledged):
            ack = msgspec.structs.replace(
                event.ack, session=uplink.session, county_gen=uplink.cursor.county_gen
            )
            event = Acknowledged(ack, event.mine)
        return step(uplink, event, moment)

    patch.setattr(session, "step", trusting)


def _sends_one_fact_at_a_time(patch: pytest.MonkeyPatch) -> None:
    def sparing(uplink: Uplink, event: Event, moment: Moment) -> Step:
        after, actions = step(uplink, event, moment)
        return after, tuple(
            replace(action, max_facts=1) if isinstance(action, SendBatch) else action
            for action in actions
        )

    patch.setattr(session, "step", sparing)


def _grants_an_epoch_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Epochs, "highest", lambda _self, _station: 0)


def _passes_over_a_gap_in_silence(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gaps, "note_gap", lambda *_all, **_settled: None)


def _moves_the_cursor_in_a_transaction_of_its_own(patch: pytest.MonkeyPatch) -> None:
    note, place_of, kill = ledger.note, ledger.place_of, CountyNode.kill
    later: dict[StationId, dict[str, Any]] = {}

    def lazy(connection: Connection, station: StationId, **columns: Any) -> None:
        if "hash" in columns:
            later[station] = columns
        else:
            note(connection, station, **columns)

    def catch_up(connection: Connection, station: StationId) -> ledger.Place | None:
        if station in later:
            note(connection, station, **later.pop(station))
        return place_of(connection, station)

    def forget(self: CountyNode) -> None:
        later.clear()
        kill(self)

    patch.setattr(ledger, "note", lazy)
    patch.setattr(ledger, "place_of", catch_up)
    patch.setattr(CountyNode, "kill", forget)


# -- frames


def _binds_no_topic(patch: pytest.MonkeyPatch) -> None:
    """Each end of these worlds knows every station's key, so that nothing else stops a frame."""
    patch.setattr("cloud_sync.wire.framing.frame._bound", lambda header, _where: header)


# -- the state stream and questions


def _takes_what_does_not_follow(patch: pytest.MonkeyPatch) -> None:
    hear = StateTalk.hear

    async def careless(self: StateTalk, message: Message) -> None:
        if isinstance(message, StateItems):
            shelf = self.__dict__["_shelf"]
            at = min(await shelf.seq(), message.items[0].seq - 1)
            shelf.__dict__["_seq"] = at
            message = msgspec.structs.replace(message, previous_seq=at)
        await hear(self, message)

    patch.setattr(StateTalk, "hear", careless)


def _forgets_to_sweep(patch: pytest.MonkeyPatch) -> None:
    def dusty(connection: Any, told: KeepCountyWords) -> None:
        keep_words(connection, replace(told, sweep=0))

    patch.setattr(durable, "keep_words", dusty)


def _gives_any_answer_to_who_asked_first(patch: pytest.MonkeyPatch) -> None:
    async def hasty(self: Questions, message: Message) -> None:
        waiting = [one for one in self.__dict__["_open"].values() if not one.done()]
        if isinstance(message, Answer) and waiting:
            waiting[0].set_result(Answered(message.body))

    patch.setattr(Questions, "hear", hasty)


# -- live commands


def _has_no_fence(patch: pytest.MonkeyPatch) -> None:
    def blind(state: State, told: Input, policy: Policy) -> Decision:
        if isinstance(told, RemoteOpenAsked):
            state = replace(state, remote=replace(state.remote, fence=0))
        return decide(state, told, policy)

    patch.setattr(station_module, "decide", blind)


def _lets_a_nonce_live_for_ever(patch: pytest.MonkeyPatch) -> None:
    """And no clock to say that a command has expired, which would stop it as well."""
    patch.setattr(LiveTalk, "_burn", lambda _self, _command: True)
    patch.setattr("edge.domain.remote.judge", lambda _at, _until: Expiry.VALID)


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


MISTAKES: Final = (
    Mistake(
        plant=_prunes_what_is_only_applied,
        allowed=replace(RESTORES, pruning=True),
        laws={"S3"},
    ),
    Mistake(
        plant=_compares_no_hashes,
        allowed=replace(ROADS, rollback=True, clone=True),
        laws={"S1", "S6"},
    ),
    Mistake(plant=_sends_one_fact_at_a_time, allowed=ROADS, laws={"S4"}),
    Mistake(
        plant=_grants_an_epoch_again,
        allowed=replace(RESTORES, new_cards=True, rollback=True),
        laws={"S5"},
    ),
    Mistake(plant=_passes_over_a_gap_in_silence, allowed=BEYOND, laws={"S1"}),
    Mistake(
        plant=_moves_the_cursor_in_a_transaction_of_its_own,
        allowed=replace(ROADS, county_kills=True),
        laws={"S1", "S2", "S4", "S7", "stopped"},
    ),
    Mistake(
        plant=_binds_no_topic,
        allowed=replace(ROADS, neighbour=True),
        laws={"X4"},
    ),
    Mistake(
        plant=_takes_what_does_not_follow,
        allowed=replace(ROADS, stream=True),
        laws={"S1", "S7"},
    ),
    Mistake(plant=_forgets_to_sweep, allowed=replace(RESTORES, stream=True), laws={"S1"}),
    Mistake(
        plant=_gives_any_answer_to_who_asked_first,
        allowed=replace(ROADS, questions=True),
        laws={"Q"},
    ),
    Mistake(plant=_has_no_fence, allowed=replace(ORDERS, roads=True), laws={"S8"}),
    Mistake(
        plant=_carries_a_command_out_again_after_a_crash,
        allowed=replace(KILLS, commands=True),
        laws={"D2", "S8"},
    ),
)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("mistake", MISTAKES, ids=name_of)
def test_a_planted_mistake_of_the_protocol_is_found(
    mistake: Mistake, monkeypatch: pytest.MonkeyPatch, record_property: Callable[..., None]
) -> None:
    mistake.plant(monkeypatch)
    look_for(mistake, record_property)


# -- moments too short for chance: told step by step, in a world that is otherwise calm


def _everything_said_so_far_comes_again(world: World) -> None:
    for _packet in range(500):
        world.road.replay()
    world.loop.run_for(2.0)


def _an_old_ack_comes_while_the_facts_after_it_are_on_their_way_again(world: World) -> None:
    village = world.villages[0]
    station = village.node.around.station
    world.county.back_up()
    world.loop.run(village.check_in(WaybillNo("YT7700123456"), PhoneTail("3865")))
    world.loop.run_for(30.0)
    world.county.restore(world.county.backups[-1])
    world.county.start()
    process, database = village.node.alive, world.county.database
    assert process is not None
    assert database is not None
    while process.store.cursor().county_gen != database.generation:
        world.loop.run_for(0.01)
    world.road.cut(station)  # what the station sends again gets lost
    world.loop.run_for(0.4)
    world.road.mend()
    _everything_said_so_far_comes_again(world)


def _a_command_comes_minutes_late(world: World) -> None:
    node = world.nodes[0]
    said = world.road.carried
    world.open_from_afar(node.around.station, CellId(1), "")
    while (row := world.county.commands.read(world.commands.newest)) is None or not row["seq"]:
        world.loop.run_for(0.01)
    assert world.road.carried > said
    world.road.cut(node.around.station)
    world.loop.run_for(0.4)
    world.road.mend()
    world.loop.run_for(150.0)
    _everything_said_so_far_comes_again(world)


TALES: Final = (
    (
        _believes_an_ack_of_an_older_generation,
        _an_old_ack_comes_while_the_facts_after_it_are_on_their_way_again,
        "S6",
    ),
    (_lets_a_nonce_live_for_ever, _a_command_comes_minutes_late, "S8"),
)


def laws_broken(tale: Callable[[World], None]) -> list[str]:
    """The laws that a tale breaks, and those that do not hold after it."""
    with open_world(1) as world:
        world.add_station("qingshan-01").node.start()
        world.loop.run_for(30.0)
        tale(world)
        world.loop.run_for(CALM_S)
        world.judge()
        return [trouble.partition(":")[0] for trouble in world.recorder.troubles]


@pytest.mark.parametrize(("plant", "tale", "law"), TALES, ids=["an old ack", "an old command"])
def test_a_moment_that_chance_seldom_meets_does_no_harm_and_its_mistake_is_found(
    plant: Plant, tale: Callable[[World], None], law: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert laws_broken(tale) == []
    plant(monkeypatch)
    assert law in laws_broken(tale)
