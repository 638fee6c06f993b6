"""From the last byte of a scan to the first byte of the unlock frame, on the wire, beside a sync.

The station is a process of its own on real drivers; the ends of its two wires are held here. The
board paces its bytes at 9600 baud, so a poll takes as long as on a real line. Every third scan
comes just when a poll has begun: those tell how long an unlock waits for the line.
"""

import os
import threading
import time
import tty
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from edge.tools.children import Child, answers, cunyi, free_ports
from edge.tools.measures.figures import Effort, Result, compare_tails
from edge.tools.new_station import NewStation, make_station
from edge.tools.people import Keeper, wait_for
from hardware.twins.cabinet import Cabinet
from hardware.twins.faults import Faults
from hardware.twins.lock_board import BoardMake, LockBoardTwin

CELLS: Final = 24
UP_WITHIN_S: Final = 20.0
UNLOCK: Final = 0x8A
"""First byte of an unlock frame; a poll begins with 0x80."""
FIRST_POLLS: Final = 10
SEEN_AFTER_POLLS: Final = 3
"""By then every door has been seen shut."""
BAUD: Final = 9_600
BEHIND_A_POLL: Final = 3
"""One scan of so many is made while a poll runs."""
POLL_WITHIN_S: Final = 5.0
POLL_TAKES_S: Final = 0.030
"""A poll's 5 bytes, 5 ms of thought, 7 bytes of answer at 9600 baud, and the silence behind it."""


class Scan(NamedTuple):
    """One scan: ms until the unlock, whether a poll was under way, ms of one sync beside it."""

    unlock_ms: float
    bus_idle: bool
    sync_ms: float


def scan_to_unlock(folder: Path, effort: Effort) -> Iterable[Result]:
    """p99 over all runs, idle line and running poll apart. A run is a cabinet filled once."""
    runs: list[list[Scan]] = []
    left = effort.scans
    while left > 0:
        runs.append(_fill_a_cabinet(folder / f"run-{len(runs)}", min(CELLS, left)))
        left -= CELLS
    syncs = [[scan.sync_ms for scan in run] for run in runs]
    idle = [[scan.unlock_ms for scan in run if scan.bus_idle] for run in runs]
    behind = [[scan.unlock_ms for scan in run if not scan.bus_idle] for run in runs]
    yield compare_tails("scan_to_unlock", idle, syncs, "one fdatasync")
    yield compare_tails("scan_to_unlock_behind_poll", behind, syncs, "one fdatasync")


class _TappedBoard(LockBoardTwin):
    """The twin, with a stopwatch on its wire."""

    def __init__(self, link: Path, cabinet: Cabinet, faults: Faults) -> None:
        self.unlocked_s: list[float] = []
        self.polled_s: list[float] = []
        self.poll_begins = threading.Event()
        super().__init__(link, cabinet, faults, BoardMake(baud=BAUD))

    def _hear(self, chunk: bytes) -> None:
        now_s = time.perf_counter()
        (self.unlocked_s if chunk[0] == UNLOCK else self.polled_s).append(now_s)
        if chunk[0] != UNLOCK:
            self.poll_begins.set()
        super()._hear(chunk)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wires:
    """The far ends: the scanner's pty, the board's twin, the steel."""

    scanner: int
    board: _TappedBoard
    cabinet: Cabinet


@contextmanager
def _wires(folder: Path) -> Iterator[_Wires]:
    faults = Faults(CELLS)
    cabinet = Cabinet(CELLS, faults)
    board = _TappedBoard(folder / "lock-board", cabinet, faults)
    board.cable.start()
    master, slave = os.openpty()
    tty.setraw(slave)
    (folder / "scanner").symlink_to(os.ttyname(slave))
    try:
        yield _Wires(scanner=master, board=board, cabinet=cabinet)
    finally:
        board.cable.close()
        os.close(master)
        os.close(slave)
    cabinet.judge()


def _fill_a_cabinet(folder: Path, scans: int) -> list[Scan]:
    broker, web = free_ports(2)
    station = NewStation(
        county="bench",
        station="bench",
        name="bench",
        broker=f"mqtt://127.0.0.1:{broker}",
        web_port=web,
        twins=folder,
    )
    make_station(folder / "station", station)
    address = f"http://127.0.0.1:{web}"
    child = Child("the station", cunyi("station", "run", str(folder / "station")), folder / "log")
    with _wires(folder) as wires:
        child.start()
        try:
            child.wait_until(lambda: answers(f"{address}/healthz"), UP_WITHIN_S)
            with Keeper(address) as keeper:
                keeper.sign_in()
                keeper.check_in(on=True)
                wait_for("the first polls", lambda: len(wires.board.polled_s) >= FIRST_POLLS)
                return [_one_scan(wires, keeper, folder, n) for n in range(scans)]
        finally:
            child.end()


def _one_scan(wires: _Wires, keeper: Keeper, folder: Path, number: int) -> Scan:
    waybill_no = f"YT{number:013d}"
    seen = len(wires.board.unlocked_s)
    wires.board.poll_begins.clear()
    wires.board.poll_begins.wait(POLL_WITHIN_S)
    if number % BEHIND_A_POLL:
        time.sleep(POLL_TAKES_S)
    began_s = time.perf_counter()
    os.write(wires.scanner, waybill_no.encode() + b"\r\n")
    wait_for("the unlock", lambda: len(wires.board.unlocked_s) > seen)
    unlocked_s = wires.board.unlocked_s[seen]
    polls = [s for s in wires.board.polled_s if began_s - POLL_TAKES_S < s < unlocked_s]
    _shut_the_door(wires)
    keeper.type_tail(waybill_no, "3865")
    return Scan((unlocked_s - began_s) * 1_000, not polls, _sync_ms(folder / "synced"))


def _shut_the_door(wires: _Wires) -> None:
    def open_door() -> int | None:
        doors = [door.channel for door in wires.cabinet.doors() if door.open]
        return doors[0] if doors else None

    channel = wait_for("the door to open", open_door)
    _wait_for_polls(wires)
    wires.cabinet.push_shut(channel)
    wait_for("the door to shut", lambda: not wires.cabinet.is_open(channel))
    _wait_for_polls(wires)


def _wait_for_polls(wires: _Wires) -> None:
    """Until the driver has surely seen and debounced the doors as they are."""
    polled = len(wires.board.polled_s)
    wait_for("the driver to look", lambda: len(wires.board.polled_s) > polled + SEEN_AFTER_POLLS)


def _sync_ms(file: Path) -> float:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, bytes(4_096))
        began_s = time.perf_counter()
        os.fdatasync(handle)
        return (time.perf_counter() - began_s) * 1_000
    finally:
        os.close(handle)
