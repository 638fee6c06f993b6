"""Name the couriers of a station, whoever holds its folder."""

import asyncio
from pathlib import Path
from typing import Any

from edge.daemon.clock import SystemClock
from edge.daemon.couriers import ADD, REMOVE, Couriers, said_of
from edge.daemon.store_thread import StoreThread
from edge.kernel.errors import Refused, StoreError
from edge.store.connection import FolderHeldError
from edge.store.database import Store
from edge.tools.asking_daemon import ask_daemon


def add_courier(folder: Path, courier: str, pin: str) -> None:
    """Raises StoreError when the name or the PIN will not do."""
    _tell(folder, {"ask": ADD, "courier": courier, "pin": pin})


def remove_courier(folder: Path, courier: str) -> None:
    """Raises StoreError for a name that nobody has."""
    _tell(folder, {"ask": REMOVE, "courier": courier})


def _tell(folder: Path, asked: dict[str, str]) -> None:
    try:
        asyncio.run(_by_ourselves(folder, asked))
    except FolderHeldError as held:
        more: dict[str, Any] = {name: value for name, value in asked.items() if name != "ask"}
        for _line in ask_daemon(folder, asked["ask"], held, **more):
            pass
    except Refused as refused:
        raise StoreError(said_of(refused)) from refused


async def _by_ourselves(folder: Path, asked: dict[str, str]) -> None:
    thread = StoreThread()
    try:
        store: Store = await thread.run(Store.open, folder)
        try:
            clock = SystemClock(boot=store.boot, floor_ms=store.wall_floor_ms)
            await Couriers(store, thread, clock).carry_out(asked)
        finally:
            await thread.run(store.close)
    finally:
        thread.close()
