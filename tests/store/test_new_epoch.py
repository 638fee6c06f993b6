"""A new journal in the old one's place: killed at every step, it is there in the end, whole."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from edge.kernel.errors import StoreError
from edge.kernel.ids import Seq
from edge.store.database import Store
from edge.store.new_epoch import GRANT, NewEpoch, begin_epoch, keepers_on_disk, meta_on_disk
from edge.store.snapshots import make_snapshot
from edge.store.verify import verify
from tests.store.journals import COUNTY, KEEPER, STATION, fill, new_journal

PARENT: Final = bytes(range(32))
KEY: Final = b"k" * 32


def new_epoch(key: bytes | None = KEY) -> NewEpoch:
    """The second epoch, by a GRANT."""
    return NewEpoch(
        station=STATION,
        county=COUNTY,
        epoch=2,
        boot=41,
        grant="g-2",
        began={
            "parent_epoch": "1",
            "parent_seq": "40",
            "parent_hash": PARENT.hex(),
            "reason": "换卡",
            "fence": "0",
        },
        snapshot=make_snapshot(b"state", seq=Seq(0), digest=PARENT, ran_ms=5, wall_ms=1_795),
        tables={
            "parcels": [("YT1", "圆通", "stored", 3, "3865", 1, 2, None, 0, None, "", 0)],
            "cells": [(3, "held", "YT1", "shut", 0, "")],
            "bags": [("FQ00001", "3", "", "", 1, None, None, None, 0)],
            "handovers": [("3", "陈师傅", "", None, 1, 1, 1, "", None, 0)],
        },
        keepers={KEEPER: "hash"},
        key=key,
    )


def old_card(folder: Path) -> Path:
    """A card with a journal of two parcels, and a GRANT that waits."""
    fill(new_journal(folder), parcels=2)
    (folder / GRANT).write_bytes(b"grant")
    return folder


def check_it_is_there(folder: Path) -> None:
    store = Store.open(folder)
    assert (store.epoch, store.grant, store.boot) == (2, "g-2", 42)
    assert store.head() == (0, PARENT)
    assert store.hash_at(Seq(0)) == PARENT
    assert store.wall_floor_ms == 1_795
    assert [told.seq for told in store.snapshots.proven()] == [0]
    assert store.keepers() == {KEEPER: "hash"}
    assert store.key.secret == KEY
    store.close()
    assert verify(folder).problems == ()
    assert not (folder / GRANT).exists()
    assert meta_on_disk(folder)["parent_seq"] == "40"


def check_nothing_is_lost(folder: Path, key: bytes) -> None:
    """The old journal and key are kept beside it."""
    old = folder.parent / f"{folder.name}-old"
    old.mkdir()
    shutil.copy(folder / "journal-epoch1.db", old / "journal.db")
    (kept,) = folder.glob("station-before-epoch2.key")
    assert kept.read_bytes() == key
    shutil.copy(kept, old / "station.key")
    assert verify(old).facts == 16


def test_the_new_journal_stands_in_the_old_ones_place_and_the_old_one_beside_it(
    tmp_path: Path,
) -> None:
    folder = old_card(tmp_path / "card")
    key = (folder / "station.key").read_bytes()
    begin_epoch(folder, new_epoch())
    check_it_is_there(folder)
    check_nothing_is_lost(folder, key)


def test_the_same_key_stays_where_it_is(tmp_path: Path) -> None:
    folder = old_card(tmp_path)
    key = (folder / "station.key").read_bytes()
    begin_epoch(folder, new_epoch(key=None))
    assert (folder / "station.key").read_bytes() == key
    assert not list(folder.glob("station-before*"))


def test_a_second_journal_of_one_epoch_is_kept_beside_the_first(tmp_path: Path) -> None:
    folder = old_card(tmp_path)
    (folder / "journal-epoch1.db").write_bytes(b"older")
    begin_epoch(folder, new_epoch())
    assert (folder / "journal-epoch1.db").read_bytes() == b"older"
    assert (folder / "journal-epoch1-2.db").stat().st_size > 1_000


def test_a_journal_that_cannot_be_read_is_set_aside_too(tmp_path: Path) -> None:
    folder = old_card(tmp_path / "card")
    (folder / "journal.db").write_bytes(b"a card full of dust")
    assert (meta_on_disk(folder), keepers_on_disk(folder)) == ({}, {})
    begin_epoch(folder, new_epoch())
    check_it_is_there(folder)
    assert (folder / "journal-epoch-unknown.db").read_bytes() == b"a card full of dust"


class Killed(BaseException):
    """The process ends here."""


class _Counter:
    def __init__(self, die_at: int) -> None:
        self.left = die_at
        self.calls = 0

    def wrap(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            self.calls += 1
            if self.calls == self.left:
                raise Killed
            return call(*arguments, **options)

        return counted


def _killed_at(folder: Path, step: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run until the n-th change of the folder, then die; says how many changes there were."""
    counter = _Counter(step)
    with monkeypatch.context() as patch:
        for name in ("replace", "unlink"):
            patch.setattr(Path, name, counter.wrap(getattr(Path, name)))
        for name in ("fsync", "open"):
            patch.setattr(os, name, counter.wrap(getattr(os, name)))
        try:
            begin_epoch(folder, new_epoch())
        except Killed:
            return -1
    return counter.calls


def test_killed_at_any_step_it_is_done_again_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = old_card(tmp_path / "model")
    key = (model / "station.key").read_bytes()
    shutil.copytree(model, tmp_path / "whole")
    steps = _killed_at(tmp_path / "whole", 0, monkeypatch)
    assert steps > 15
    for step in range(1, steps + 1):
        folder = tmp_path / str(step)
        shutil.copytree(model, folder)
        assert _killed_at(folder, step, monkeypatch) == -1, step
        begin_epoch(folder, new_epoch())
        check_it_is_there(folder)
        check_nothing_is_lost(folder, key)


def test_a_folder_that_cannot_be_written_is_a_store_error(tmp_path: Path) -> None:
    folder = old_card(tmp_path)
    (folder / "journal.building").mkdir()
    with pytest.raises(StoreError, match="cannot be made"):
        begin_epoch(folder, replace(new_epoch(), grant="g-3"))
