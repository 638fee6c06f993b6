"""Power cuts at random accesses to the card, over the store's own statements and settings."""

import random
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import apsw
import pytest

from cloud_sync.station.ports import Cursor
from edge.kernel.errors import StoreError
from edge.store.connection import DATABASE, PRAGMAS, FolderLock
from edge.store.database import Store
from edge.store.key import StationKey
from edge.store.verify import verify
from tests.store.card import Card, PowerLost
from tests.store.journals import check_in, entries, moment, new_journal, slip

IMAGES: Final = 400
LYING_IMAGES: Final = 60
DECISIONS: Final = 12


class _Rows:
    """apsw's cursor with the one word of the standard library that the store reads."""

    def __init__(self, cursor: apsw.Cursor, changed: int) -> None:
        self._cursor = cursor
        self.rowcount = changed

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)

    def fetchall(self) -> list[Any]:
        return list(self._cursor)

    def fetchone(self) -> Any:
        return next(iter(self._cursor), None)


class _OnCardConnection:
    """Looks like the standard connection to the store, and lives on the card."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def execute(self, statement: str, values: Any = ()) -> _Rows:
        given = dict(values) if isinstance(values, Mapping) else values
        cursor = self._connection.execute(statement, given)
        return _Rows(cursor, self._connection.changes())

    def close(self) -> None:
        self._connection.close()


class OnCardDatabase:
    """A database of the store that lives on the card."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.conn = _OnCardConnection(connection)

    def close(self) -> None:
        self.conn.close()


class Acknowledged:
    """What the store said was safe before the cut."""

    def __init__(self) -> None:
        self.facts = 0
        self.slips = 0
        self.printed = 0
        self.county = 0


def live(store: Store, safe: Acknowledged) -> None:
    """Decisions, prints and the county's word, each noted only after the store returned."""
    for number in range(1, DECISIONS + 1):
        store.commit(entries(*check_in(number)), [slip(number)], moment(number))
        safe.facts, safe.slips = safe.facts + 8, safe.slips + 1
        job = store.next_print_job()
        if number % 3 == 0 and job is not None:
            store.print_started(job.job)
            store.print_done(job.job)  # folds the log into the file
            safe.printed += 1
        if number % 4 == 0:
            store.set_cursor(Cursor(county_gen="g", applied_seq=safe.facts, durable_seq=0))
            safe.county = safe.facts


def cut_the_power(folder: Path, card: Card, dice: random.Random, cut_at: int | None) -> Any:
    """Run a store on the card until the cut, then leave the card's image in the folder."""
    card.put(folder / DATABASE)
    connection = opened(card)
    safe = Acknowledged()
    card.cut_at = cut_at
    database: Any = OnCardDatabase(connection)
    try:
        store = Store(FolderLock.take(folder / "elsewhere"), database, StationKey.read(folder))
        live(store, safe)
    except (apsw.Error, StoreError):
        pass
    card.leave(folder, dice)
    card.cut_at = None  # what happens to this card from here on, nobody looks at
    database.close()
    return safe


def opened(card: Card) -> apsw.Connection:
    """The journal on the card, with the store's own settings."""
    connection = card.open(DATABASE)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def prepared(tmp_path: Path, name: str) -> Path:
    """A copy of one new journal, for one image."""
    model = tmp_path / "model"
    if not model.exists():
        new_journal(model)
    folder = tmp_path / name
    shutil.copytree(model, folder)
    (folder / "elsewhere").mkdir()
    return folder


def accesses_of_a_life(tmp_path: Path) -> int:
    card = Card()
    safe = cut_the_power(prepared(tmp_path, "whole"), card, random.Random(0), None)
    assert safe.facts == 8 * DECISIONS
    return card.accesses


@pytest.mark.slow
def test_no_acknowledged_decision_is_lost_in_a_power_cut_at_any_moment(tmp_path: Path) -> None:
    accesses = accesses_of_a_life(tmp_path)
    for seed in range(IMAGES):
        dice = random.Random(seed)
        folder = prepared(tmp_path, f"image-{seed}")
        safe = cut_the_power(folder, Card(), dice, dice.randint(1, accesses))
        assert verify(folder).problems == (), seed
        store = Store.open(folder)
        seq = store.head()[0]
        assert seq in {safe.facts, safe.facts + 8}, seed  # the one in flight may be there, whole
        assert len(list(store.replay())) == seq, seed
        waiting = seq // 8 - store.print_queue_length()
        assert waiting in {safe.printed, safe.printed + 1}, seed
        assert store.cursor().applied_seq >= safe.county, seed
        store.close()
        shutil.rmtree(folder)


@pytest.mark.slow
def test_a_card_that_lies_about_its_syncs_is_noticed_or_cost_only_whole_decisions(
    tmp_path: Path,
) -> None:
    # No setting survives such a card; but nothing false is ever served.
    accesses = accesses_of_a_life(tmp_path)
    lost = 0
    for seed in range(LYING_IMAGES):
        dice = random.Random(seed)
        folder = prepared(tmp_path, f"image-{seed}")
        card = Card(lying=True)
        safe = cut_the_power(folder, card, dice, dice.randint(accesses // 2, accesses))
        try:
            report = verify(folder)
        except StoreError:
            lost += 1
            continue
        if report.problems or report.facts < safe.facts:
            lost += 1
        assert report.problems or report.facts % 8 == 0, seed
    assert lost > LYING_IMAGES // 2  # the model does cut: an honest card loses nothing


def test_the_power_does_go_in_the_model(tmp_path: Path) -> None:
    card = Card()
    card.put(new_journal(tmp_path) / DATABASE)
    connection = opened(card)
    card.cut_at = card.accesses + 1
    with pytest.raises(PowerLost):
        connection.execute("UPDATE meta SET value = '7' WHERE name = 'boot'")
    card.cut_at = None
    connection.close()
