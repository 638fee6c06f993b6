"""Pumps carry reports from device threads into the inbox, stamped by the loop."""

import asyncio
from collections.abc import Mapping

import structlog

from edge.daemon.devices.scans import ScanReader
from edge.daemon.station import Station
from edge.domain.effects import Reply
from edge.domain.inputs import DoorMoved, Fresh, TimePassed
from edge.domain.station import next_deadline_ms
from edge.kernel.ids import CellId
from edge.kernel.time import Instant
from hardware.ports import DoorChange, DoorReading, LockBank, Scanner

log = structlog.get_logger(__name__)

LONGEST_TICK_S = 5.0
"""While a deadline waits: the loop's own timers stand still while the machine is suspended."""
SHORTEST_TICK_S = 0.05
RESTING_S = 3_600.0
"""While none does: only a change of the state can bring one, and that ends the wait."""
_READINGS: Mapping[DoorReading, bool | None] = {
    DoorReading.OPEN: True,
    DoorReading.SHUT: False,
    DoorReading.UNKNOWN: None,
}


def pump_doors(station: Station, bank: LockBank, cells: Mapping[int, CellId]) -> None:
    """Start a bank and send each change of its doors to the station. `cells` maps channels."""
    loop = asyncio.get_running_loop()

    def deliver(change: DoorChange) -> None:
        cell = cells.get(change.channel)
        if cell is None:
            return
        is_open = _READINGS[change.reading]

        def moved(at: Instant, fresh: Fresh) -> DoorMoved:
            return DoorMoved(at=at, cell=cell, is_open=is_open, fresh=fresh)

        station.report(moved)

    def on_change(change: DoorChange) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(deliver, change)

    bank.start(on_change)


def pump_scanner(station: Station, scanner: Scanner, reader: ScanReader) -> None:
    """Start a scanner and send each code to the station; the answer goes on the screens."""
    loop = asyncio.get_running_loop()

    def deliver(text: str) -> None:
        make = reader.read(text)
        if make is None:
            station.metrics.unreadable_scans.inc()
            log.info("scan_unreadable", length=len(text))
            station.announce(Reply(key="unreadable", ok=False))
        else:
            station.report(make, announce=True)

    def on_code(text: str) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(deliver, text)

    scanner.start(on_code)


async def pump_time(station: Station) -> None:
    """Tick when a deadline is due, and every few seconds while one waits."""
    while True:
        due_ms = next_deadline_ms(station.state, station.policy, station.now())
        if due_ms is None:
            await station.changed(station.version, RESTING_S)
        else:
            wait_s = min(max(SHORTEST_TICK_S, due_ms / 1_000), LONGEST_TICK_S)
            await station.changed(station.version, wait_s)
            await station.tell(lambda at, _fresh: TimePassed(at=at))
