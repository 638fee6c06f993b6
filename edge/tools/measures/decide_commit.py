"""Durable station decisions a second, one at a time, beside raw two-row commits."""

import asyncio
import logging
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from edge.daemon.chance import SystemChance
from edge.daemon.clock import SystemClock
from edge.daemon.logs import set_up_logs
from edge.daemon.metrics import StationMetrics
from edge.daemon.recovery import recover_state
from edge.daemon.station import Station
from edge.daemon.store_thread import StoreThread
from edge.domain.inputs import DoorMoved
from edge.domain.policy import Cell, CellSize, Policy
from edge.kernel.ids import CellId, CountyId, StationId
from edge.store.connection import PRAGMAS
from edge.store.database import Store
from edge.tools.measures.figures import Effort, Result, compare

_POLICY = Policy(cells=tuple(Cell(cell=CellId(n), size=CellSize.SMALL) for n in range(1, 25)))


def decide_commit(folder: Path, effort: Effort) -> Iterable[Result]:
    """A door seen and lost in turn: one fact and one row of a table, as the peer's two rows."""
    ours: list[float] = []
    raw: list[float] = []
    with _logs_nowhere():
        for run in range(effort.runs):
            raw.append(_raw(folder / f"raw-{run}.db", effort.decisions))
            station = folder / f"station-{run}"
            station.mkdir()
            Store.create(station, CountyId("bench"), StationId("bench"))
            ours.append(asyncio.run(_ours(station, effort.decisions)))
    yield compare(
        "decide_commit", "decisions/s", ours, raw, "raw sqlite3 two-row WAL+FULL commits/s"
    )


@contextmanager
def _logs_nowhere() -> Iterator[None]:
    # At the daemon's own level: writing its lines is part of a decision's cost.
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        set_up_logs(stream=nowhere)
        try:
            yield
        finally:
            set_up_logs(level=logging.WARNING)


def _raw(file: Path, count: int) -> float:
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE fact (seq INTEGER PRIMARY KEY, hash BLOB, fact BLOB)")
    connection.execute("CREATE TABLE door (cell INTEGER PRIMARY KEY, seq INTEGER, state TEXT)")
    connection.execute("INSERT INTO door VALUES (1, 0, 'shut')")
    digest, fact = bytes(32), bytes(200)
    start = time.perf_counter()
    for seq in range(count):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO fact VALUES (?, ?, ?)", (seq, digest, fact))
        connection.execute("UPDATE door SET seq = ?, state = 'open' WHERE cell = 1", (seq,))
        connection.execute("COMMIT")
    took_s = time.perf_counter() - start
    connection.close()
    return count / took_s


async def _ours(folder: Path, count: int) -> float:
    thread = StoreThread()
    store = await thread.run(Store.open, folder)
    station = Station(
        store=store,
        store_thread=thread,
        policy=_POLICY,
        state=await thread.run(recover_state, store, _POLICY),
        clock=SystemClock(boot=store.boot, floor_ms=0),
        chance=SystemChance(store.key),
        metrics=StationMetrics(),
    )
    await station.boot("bench")
    running = asyncio.create_task(station.run())
    before, _digest = store.head()
    start = time.perf_counter()
    for number in range(count):
        await _tell_door(station, is_open=None if number % 2 else False)
    took_s = time.perf_counter() - start
    facts = store.head()[0] - before
    running.cancel()
    await thread.run(store.close)
    thread.close()
    if facts != count:
        raise AssertionError(f"{count} decisions made {facts} facts: this measures something else")
    return count / took_s


async def _tell_door(station: Station, *, is_open: bool | None) -> None:
    await station.tell(
        lambda at, fresh: DoorMoved(at=at, cell=CellId(1), is_open=is_open, fresh=fresh)
    )
