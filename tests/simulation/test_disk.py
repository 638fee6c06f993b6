"""The card that tears: what is answered outlasts every cut, and a looser setting is found out."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from edge.kernel.errors import StoreError
from edge.simulation.ground.chance import Dice
from edge.simulation.ground.places import copy_folder, world_folder
from edge.simulation.parts.card import Film, connection_of
from edge.simulation.parts.disk import (
    FULL,
    LOG,
    NORMAL,
    OFF,
    Disk,
    Image,
    Resize,
    Sync,
    Write,
    accesses,
    image_of,
)
from edge.simulation.story import NO_MISHAPS, Schedule, run
from edge.store import connection as store_connection
from edge.store.connection import DATABASE
from edge.store.database import Store
from edge.store.verify import verify
from tests.store.journals import check_in, entries, moment, new_journal, slip

CUTS: Final = 500
FACTS: Final = 8
"""Of one check-in."""
LOOSE_CUTS: Final = 60
CALLS: Final = 12


@pytest.fixture
def card() -> Iterator[Path]:
    """A new journal, in memory."""
    with world_folder() as place:
        yield new_journal(place / "card")


def commit(store: Store, number: int) -> None:
    store.commit(entries(*check_in(number)), [slip(number)], moment(number, store.boot))


def do(store: Store, number: int) -> None:
    """A commit, or a slip on paper with all that it folds into the file."""
    job = store.next_print_job()
    if number % 3 and job is not None:
        store.print_started(job.job)
        store.print_done(job.job)
    else:
        commit(store, number)


def pragmas_with(patch: pytest.MonkeyPatch, level: str) -> None:
    loose = tuple(
        f"synchronous = {level}" if pragma.startswith("synchronous") else pragma
        for pragma in store_connection.PRAGMAS
    )
    assert loose != store_connection.PRAGMAS or level == "FULL"
    patch.setattr(store_connection, "PRAGMAS", loose)


def filmed(folder: Path, store: Store, number: int) -> tuple[Image, list[Image]]:
    before, film = image_of(folder), Film(folder, connection_of(store))
    do(store, number)
    return before, film.end()


def test_five_hundred_cuts_tear_no_commit(card: Path) -> None:
    # One card for all of them: whatever a cut leaves in its log, the next one stands upon.
    dice, kept, torn = Dice("cuts"), {True: 0, False: 0}, 0
    store = Store.open(card)
    for number in range(1, CUTS + 1):
        head = store.head()
        before, images = filmed(card, store, number)
        newest = store.head()
        left = Disk(before, FULL).cut(images, dice)
        torn += left not in (before, *images)
        home = copy_folder(card, card.with_name(f"card-{number}"))
        store.close()
        shutil.rmtree(card)
        left.lay_into(home)
        card = home
        store = Store.open(card)
        assert store.head() in {head, newest}, number
        assert len(list(store.replay())) == store.head()[0]
        if newest != head:
            kept[store.head() == newest] += 1
        if number % 25 == 0:
            look = copy_folder(card, card.with_name("look"))
            assert verify(look).problems == (), number
            shutil.rmtree(look)
    store.close()
    assert min(kept.values()) > CUTS // 20, kept
    assert torn > CUTS // 3


def loose_cuts(folder: Path, level: int) -> tuple[int, int]:
    """How many of some cuts lost what had been answered, and how many left no whole journal."""
    lost = broken = 0
    for seed in range(LOOSE_CUTS):
        dice, home = Dice(seed), copy_folder(folder, folder.with_name(f"{level}-{seed}"))
        store = Store.open(home)
        disk, film = Disk(image_of(home), level), Film(home, connection_of(store))
        for number in range(1, dice.number(2, CALLS)):
            do(store, number)
            disk.follow(film.so_far())
        answered = store.head()[0]
        left = disk.cut([], dice)
        film.end()
        store.close()
        left.lay_into(home)
        try:
            report = verify(home)
        except StoreError:
            broken += 1
            continue
        lost += report.facts < answered
        broken += bool(report.problems)
    return lost, broken


def test_without_a_sync_at_each_commit_cuts_lose_what_was_answered(
    card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pragmas_with(monkeypatch, "NORMAL")
    lost, broken = loose_cuts(card, NORMAL)
    assert lost > LOOSE_CUTS // 4
    assert broken == 0  # the log is synced before the file is written


def test_without_any_sync_cuts_break_the_file(card: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pragmas_with(monkeypatch, "OFF")
    lost, broken = loose_cuts(card, OFF)
    assert lost > LOOSE_CUTS // 6
    assert broken > LOOSE_CUTS // 6


def test_with_the_stores_own_setting_the_same_cuts_cost_nothing(card: Path) -> None:
    assert loose_cuts(card, FULL) == (0, 0)


@pytest.mark.parametrize("level", ["NORMAL", "OFF"])
def test_worlds_with_power_cuts_find_a_looser_setting(
    level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pragmas_with(monkeypatch, level)
    kills = Schedule(allowed=replace(NO_MISHAPS, station_kills=True))
    assert all(run(seed, kills).troubles for seed in range(3))


def test_a_commit_is_one_header_some_frames_and_a_sync_at_its_end(card: Path) -> None:
    store = Store.open(card)
    store.next_print_job()
    before, images = filmed(card, store, 3)
    done = list(accesses(before, images[-1], FULL))
    store.close()
    syncs = [place for place, access in enumerate(done) if isinstance(access, Sync)]
    assert syncs == [len(done) - 1]
    assert {access.file for access in done} == {LOG}
    assert all(isinstance(access, Write) for access in done[:-1])


def test_a_checkpoint_syncs_the_log_then_the_file_and_only_then_empties_the_log(
    card: Path,
) -> None:
    store = Store.open(card)
    commit(store, 1)
    _before, images = filmed(card, store, 1)
    done = list(accesses(images[-2], images[-1], FULL))
    store.close()
    order = [access for access in done if not isinstance(access, Write)]
    assert order == [Sync(LOG), Sync(DATABASE), Resize(LOG, 0)]
    pages = [place for place, access in enumerate(done) if isinstance(access, Write)]
    assert min(pages) > 0
    assert max(pages) < done.index(Sync(DATABASE))


def test_the_log_that_begins_anew_is_synced_behind_its_header(card: Path) -> None:
    store = Store.open(card)
    _before, images = filmed(card, store, 3)
    store.close()
    empty = replace(images[-1], log=b"")
    done = list(accesses(empty, images[-1], FULL))
    assert isinstance(done[0], Write)
    assert done[1] == Sync(LOG)
    assert len(done[0].data) == 32
