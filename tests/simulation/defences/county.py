"""At the county."""

import contextlib
from collections.abc import Iterator
from typing import Any, Final

import pytest
from sqlalchemy import Connection, Engine

from cloud_sync.county import database as county_database
from cloud_sync.county.database import Database
from cloud_sync.county.histories import gaps
from cloud_sync.county.histories.epochs import Epochs
from cloud_sync.county.ingest import ledger, projections
from cloud_sync.county.ingest.reading import fact_rows
from cloud_sync.wire.envelope import Envelope
from edge.kernel.ids import StationId
from edge.simulation.parts.county_node import CountyNode
from tests.simulation.defences.defence import Defence, defence


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


def _shows_what_was_picked_up_as_missing(patch: pytest.MonkeyPatch) -> None:
    folds = dict(projections._FOLDS)  # noqa: SLF001 - the mistake stands here
    folds["parcel.picked_up"] = folds["parcel.missing"]
    patch.setattr(projections, "_FOLDS", folds)


def _shows_no_cell_as_free_again(patch: pytest.MonkeyPatch) -> None:
    folds = {**projections._FOLDS, "cell.freed": ()}  # noqa: SLF001 - the mistake stands here
    patch.setattr(projections, "_FOLDS", folds)


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


def _grants_an_epoch_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Epochs, "highest", lambda _self, _station: 0)


def _passes_over_a_gap_in_silence(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gaps, "note_gap", lambda *_all, **_settled: None)


def _never_folds_its_log(patch: pytest.MonkeyPatch) -> None:
    """It means to do so when it rests, and never does."""
    prepare = county_database._prepare  # noqa: SLF001 - the mistake stands here

    def later(engine: Engine, pragmas: tuple[str, ...], begin: str) -> None:
        prepare(engine, (*pragmas, "wal_autocheckpoint = 0"), begin)

    patch.setattr(county_database, "_prepare", later)


DEFENCES: Final = (
    defence("folds_its_log_in_time", _never_folds_its_log, "L3", long=True),
    Defence(
        name="a_new_generation_at_each_restore", off=_keeps_its_generation, laws=frozenset(["S7"])
    ),
    Defence(
        name="commits_before_it_answers",
        off=_answers_before_the_commit,
        laws=frozenset(["S7", "S1", "S4"]),
    ),
    Defence(
        name="stores_every_fact_of_a_batch",
        off=_forgets_the_last_of_a_batch,
        laws=frozenset(["S1", "S3", "S6"]),
    ),
    Defence(
        name="folds_every_fact_into_its_tables",
        off=_folds_only_what_comes_first,
        laws=frozenset(["S2"]),
    ),
    defence("shows_what_was_picked_up", _shows_what_was_picked_up_as_missing, "S2"),
    defence("shows_a_cell_that_was_freed", _shows_no_cell_as_free_again, "S2"),
    Defence(
        name="moves_the_cursor_with_the_facts",
        off=_moves_the_cursor_in_a_transaction_of_its_own,
        laws=frozenset(["S1", "S2", "S4", "S7", "stopped"]),
    ),
    defence(
        "grants_each_epoch_once",
        _grants_an_epoch_again,
        "S5",
        needs=("county_restores", "gaps"),
        most=170,
    ),
    defence(
        "tells_of_a_gap",
        _passes_over_a_gap_in_silence,
        "S1",
        long=True,
        needs=("county_restores", "gaps", "pruning"),
        most=60,
    ),
)
