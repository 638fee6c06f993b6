"""Couriers on disk: let in by a PIN, by another one, and no more."""

import contextlib
from pathlib import Path

from edge.store.database import Store
from tests.store.journals import new_journal


def test_a_courier_is_let_in_by_the_last_pin_and_removed_once(tmp_path: Path) -> None:
    with contextlib.closing(Store.open(new_journal(tmp_path))) as store:
        store.keep_courier("陈师傅", "one")
        store.keep_courier("陈师傅", "two")
        assert store.courier_pin_hash("陈师傅") == "two"
        assert store.remove_courier("陈师傅")
        assert not store.remove_courier("陈师傅")
        assert store.courier_pin_hash("陈师傅") is None
