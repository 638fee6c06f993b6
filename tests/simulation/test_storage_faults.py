"""F001 to F021 in worlds and on real files: silent while cards fail, loud when a store gives in."""

import asyncio
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import apsw
import pytest
from sqlite_utils import Database

from cloud_sync.county.ingest import reception
from cloud_sync.county.ingest.ingest import Ingest
from cloud_sync.station import session
from cloud_sync.station.uplink import Event, Moment, Step, Uplink, Welcomed, step
from edge.daemon import station as station_module
from edge.domain.decision import Decision
from edge.domain.door import Door
from edge.domain.effects import OpenDoor
from edge.domain.inputs import DoorMoved, Input
from edge.domain.policy import Policy
from edge.domain.state import State, door_of
from edge.domain.station import decide
from edge.kernel.errors import StoreError
from edge.kernel.ids import PhoneTail, WaybillNo
from edge.simulation import io_mishaps
from edge.simulation.catalogue.fault import Fault
from edge.simulation.catalogue.storage import FAULTS
from edge.simulation.ground.chance import Dice
from edge.simulation.ground.places import copy_folder, world_folder
from edge.simulation.io_mishaps import IO_MISHAPS, IoMishap, switch_on
from edge.simulation.mischief import Mischief
from edge.simulation.parts.disk import FULL, LOG, Disk, image_of
from edge.simulation.parts.station_node import AGAIN_S, WATCHDOG_S
from edge.simulation.story import CALM_S, NO_MISHAPS
from edge.simulation.world import Report, World, open_world
from edge.store.connection import DATABASE, PRAGMAS, FolderLock, open_database
from edge.store.database import Store
from edge.store.key import StationKey
from edge.store.schema import MIGRATIONS
from edge.store.verify import BEGINNING, verify
from tests.architecture.tree import ROOT
from tests.simulation.defences.every import DEFENCES
from tests.simulation.faults import Shown, code_of, not_shown, played
from tests.store.card import Card, PowerLost
from tests.store.journals import check_in, entries, fill, moment, new_journal
from tests.store.test_power_cut import OnCardDatabase, opened

pytestmark = pytest.mark.slow

SEEDS: Final = 20
PARCELS: Final = 4
EACH_S: Final = 40.0
MIGRATION_CUTS: Final = 60


# -- played in worlds


SHOWN: Final = {
    "F001": Shown(
        words=("the power is gone within 5 s", "0 pulses before the cut", "the door stays shut")
    ),
    "F002": Shown(words=("the power is gone within 5 s", "1 pulses before the cut")),
    "F003": Shown(
        words=(
            "the power goes in a commit within 10 s",
            "what was on the card is on it",
            "a start fires no lock",
        ),
        sometimes=("the decision is there, and whole", "nothing of the decision is there"),
    ),
    "F004": Shown(
        words=(
            "the power goes in the checkpoint within 60 s",
            "a code was to be wiped",
            "with the next slip no code on paper is left in file or log",
        )
    ),
    "F005": Shown(
        words=("the power goes in a commit within 10 s", "nothing of the decision is there")
    ),
    "F006": Shown(words=("facts are gone with the log", "a card put back, it says")),
    "F008": Shown(words=("facts are gone with the log", "a card put back, it says")),
    "F009": Shown(words=("the daemon ends where it cannot write", "what was on the card is on it")),
    "F011": Shown(
        words=("the daemon ends at once within 60 s", "no pulse without its wish on the card")
    ),
    "F012": Shown(words=("the daemon ends at once within 60 s", "the third start lets doors rest")),
    "F013": Shown(words=("the power goes within 60 s",), sometimes=("a card put back, it says",)),
    "F014": Shown(words=("no coil is driven while the card hangs", "the watchdog bites in time")),
    "F015": Shown(
        words=(
            "the process is killed within 10 s",
            "what was answered is there",
            "the start fires no lock",
        )
    ),
    "F016": Shown(words=("the process is killed within 10 s", "it was killed once")),
    "F018": Shown(words=("doors rest after the third start", "no lock is fired while doors rest")),
}


@pytest.mark.parametrize("fault", played(FAULTS), ids=code_of)
def test_a_fault_of_power_or_card_happens_and_does_no_harm(fault: Fault) -> None:
    assert not_shown(fault, SHOWN[fault.code], SEEDS) == []


def test_the_watchdog_of_the_worlds_is_the_one_that_systemd_keeps() -> None:
    unit = (ROOT / "deploy/systemd/cunyi-station.service").read_text(encoding="utf-8").splitlines()
    assert f"WatchdogSec={WATCHDOG_S:g}" in unit
    assert f"RestartSec={AGAIN_S:g}" in unit


def _fires_again_after_a_start(patch: pytest.MonkeyPatch) -> None:
    """A door that was asked for when the power went is asked for once more."""

    def eager(state: State, told: Input, policy: Policy) -> Decision:
        decision = decide(state, told, policy)
        if isinstance(told, DoorMoved):
            door = door_of(state, told.cell)
            if door.door is Door.UNKNOWN and door.auth is not None:
                again = OpenDoor(cell=told.cell, auth=door.auth, attempt=door.attempt)
                return replace(decision, effects=(*decision.effects, again))
        return decision

    patch.setattr(station_module, "decide", eager)


def _throws_the_log_away_at_a_start(patch: pytest.MonkeyPatch) -> None:
    """What an earlier life has left behind is tidied up."""

    def tidy(file: Path) -> Database:
        file.with_name(LOG).unlink(missing_ok=True)
        return open_database(file)

    patch.setattr("edge.store.database.open_database", tidy)


def _stores_each_fact_by_itself(patch: pytest.MonkeyPatch) -> None:
    """A decision of several facts is several transactions."""
    commit = Store.commit

    def piecemeal(self: Store, entries: Any, durable: Any, at: Any) -> Any:
        for entry in entries[:-1]:
            commit(self, [entry], [], at)
        return commit(self, entries[-1:], durable, at)

    patch.setattr(Store, "commit", piecemeal)


def _takes_every_history_for_ours(patch: pytest.MonkeyPatch) -> None:
    """Neither end compares hashes, at a greeting or in a batch."""

    def trusting(uplink: Uplink, event: Event, moment: Moment) -> Step:
        if isinstance(event, Welcomed):
            event = replace(event, mine=event.welcome.applied)
        return step(uplink, event, moment)

    patch.setattr(reception, "_history", lambda *_all: "ok")
    patch.setattr(Ingest, "_second_history", lambda *_all: None)
    patch.setattr(session, "step", trusting)


PLANTED: Final = (
    ("F001", DEFENCES["stores_before_it_acts"].off),
    ("F002", _fires_again_after_a_start),
    ("F003", DEFENCES["stores_before_it_acts"].off),
    ("F004", _throws_the_log_away_at_a_start),
    ("F005", _stores_each_fact_by_itself),
    ("F006", _takes_every_history_for_ours),
    ("F008", _takes_every_history_for_ours),
    ("F009", DEFENCES["ends_with_its_card"].off),
    ("F011", DEFENCES["ends_with_its_card"].off),
    ("F012", DEFENCES["ends_with_its_card"].off),
    ("F013", _takes_every_history_for_ours),
    ("F014", DEFENCES["stores_before_it_acts"].off),
    ("F015", _fires_again_after_a_start),
    ("F016", _stores_each_fact_by_itself),
    ("F018", DEFENCES["counts_short_starts"].off),
)


# -- mishaps at every port


def world_with(mishap: IoMishap, seed: int) -> Report:
    """Parcels come and go while one kind of fault comes again and again."""
    with open_world(seed) as world:
        world.add_station("qingshan-01")
        world.county.start()
        world.nodes[0].start()
        world.loop.run(_life(world, mishap, world.dice.fork("mishaps")))
        world.judge()
        return world.report()


async def _life(world: World, mishap: IoMishap, dice: Dice) -> None:
    village = world.villages[0]
    await village.node.came_up.wait()
    switch_on(world, dice)
    people = asyncio.create_task(_people(world))
    for _time in range(8):
        await mishap(world, dice)
        await world.sleep(dice.between(1.0, EACH_S))
        world.look()
    io_mishaps.put_right(world)
    await Mischief(world, village, NO_MISHAPS).put_right()
    await people
    async with village.counter:
        await village.tidy()
    await world.sleep(CALM_S)


async def _people(world: World) -> None:
    village = world.villages[0]
    for number in range(PARCELS):
        waybill_no = WaybillNo(f"YT66{number:011d}")
        await village.check_in(waybill_no, PhoneTail("3865"))
        await village.collect(waybill_no, by_code=False)


@pytest.mark.parametrize(
    "mishap", [mishap for _name, _weight, mishap in IO_MISHAPS], ids=[m[0] for m in IO_MISHAPS]
)
def test_no_mishap_at_a_port_does_harm_and_each_ends_by_itself(mishap: IoMishap) -> None:
    reports = [world_with(mishap, seed) for seed in range(4)]
    assert [report.told() for report in reports if report.troubles] == []
    assert world_with(mishap, 2).hash == reports[2].hash


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("card_hangs", "ended by its watchdog"),
        ("card_full", "database or disk is full"),
        ("card_read_only", "readonly database"),
        ("bad_write", "disk I/O error"),
        ("bad_sync", "disk I/O error"),
    ],
)
def test_a_mishap_of_the_card_is_felt_by_the_daemon(name: str, seen: str) -> None:
    mishap = next(m for known, _weight, m in IO_MISHAPS if known == name)
    assert any(seen in line for seed in range(4) for line in world_with(mishap, seed).last)


# -- on real files


class _BadSync(Card):
    """Its next sync fails once, and what was written since the last one is lost."""

    fails = False

    def sync(self, file: Any) -> None:
        if self.fails:
            self.fails = False
            raise PowerLost("input/output error")
        super().sync(file)


def test_a_failed_sync_ends_the_store_and_the_next_start_is_whole(tmp_path: Path) -> None:
    folder = new_journal(tmp_path / "card")
    (folder / "elsewhere").mkdir()
    card = _BadSync()
    card.put(folder / DATABASE)
    database: Any = OnCardDatabase(opened(card))
    store = Store(FolderLock.take(folder / "elsewhere"), database, StationKey.read(folder))
    store.commit(entries(*check_in(1)), [], moment(1))
    card.fails = True
    for number in (2, 3):  # the third meets a card that is well, and a store that does not trust it
        with pytest.raises((StoreError, apsw.Error)):
            store.commit(entries(*check_in(number)), [], moment(number))
    card.leave(folder, random.Random(1))
    database.close()
    report = verify(folder)
    assert report.problems == ()
    assert report.facts in {8, 16}


@pytest.fixture
def old_card(tmp_path: Path) -> Iterator[tuple[Path, list[bytes]]]:
    """A journal of the first schema with three parcels' facts, and the hash of each."""
    fill(new_journal(tmp_path / "new"), parcels=3)
    with world_folder() as place:
        old = copy_folder(tmp_path / "new", place / "old")
        for file in old.glob(f"{DATABASE}*"):
            file.unlink()
        connection = sqlite3.connect(old / DATABASE, isolation_level=None)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        MIGRATIONS.apply(Database(connection), stop_before="v2_snapshots")
        hashes = _fill_old(connection, tmp_path / "new" / DATABASE)
        connection.close()
        yield old, hashes


def _fill_old(connection: sqlite3.Connection, newer: Path) -> list[bytes]:
    connection.execute("ATTACH ? AS newer", (str(newer),))
    tables = connection.execute(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE "
        "'\\' AND name NOT LIKE 'sqlite%'"
    ).fetchall()
    for (table,) in tables:
        columns = ", ".join(
            row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")
        )
        connection.execute(f"DELETE FROM main.{table}")  # noqa: S608 - our own words
        connection.execute(
            f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}"  # noqa: S608 - our own words
        )
    rows = connection.execute("SELECT hash FROM main.journal ORDER BY seq").fetchall()
    connection.execute("DETACH newer")
    return [bytes(row[0]) for row in rows]


def test_a_migration_that_is_cut_anywhere_is_done_again_and_costs_no_fact(
    old_card: tuple[Path, list[bytes]],
) -> None:
    old, hashes = old_card
    assert len(hashes) == 24
    schemas = set()
    for seed in range(MIGRATION_CUTS):
        card = copy_folder(old, old.with_name(f"card-{seed}"))
        before = image_of(card)
        open_database(card / DATABASE)  # left open: whoever closes it, folds its log
        left = Disk(before, FULL).cut([image_of(card)], Dice(seed))
        card = copy_folder(old, old.with_name(f"cut-{seed}"))
        left.lay_into(card)
        schemas.add(_schema(copy_folder(card, old.with_name(f"look-{seed}"))))
        store = Store.open(card)
        there = [row.hash for row in store.rows_after(*BEGINNING, 500)]
        store.close()
        assert there == hashes, seed
        assert verify(card).problems == (), seed
    assert {1, 3} <= schemas


def _schema(card: Path) -> int:
    connection = sqlite3.connect(card / DATABASE)
    number = int(connection.execute("PRAGMA user_version").fetchone()[0])
    connection.close()
    return number
