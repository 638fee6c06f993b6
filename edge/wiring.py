"""The composition root: the only room where concrete things meet."""

import asyncio
import contextlib
import importlib.metadata
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import Any, TypeVar

import structlog

from cloud_sync.station.mqtt import MqttLink
from cloud_sync.station.session import SyncSession, SyncStatus
from edge.daemon.actuate import Actuator, Lock
from edge.daemon.chance import SystemChance
from edge.daemon.clock import SystemClock
from edge.daemon.front import LinkView
from edge.daemon.journal_source import StoreJournalSource
from edge.daemon.keepers import Keepers
from edge.daemon.local_socket import answer_locally
from edge.daemon.metrics import StationMetrics
from edge.daemon.print_worker import PrintWorker
from edge.daemon.pumps import pump_doors, pump_scanner, pump_time
from edge.daemon.recovery import recover_state
from edge.daemon.running import RunningStation
from edge.daemon.station import Station
from edge.daemon.store_thread import StoreThread
from edge.daemon.watch import watch_devices
from edge.daemon.watchdog import feed_watchdog, sd_notify
from edge.guard import LOOPBACK_HOSTS
from edge.guard.serving import PageServer, PortInUseError, listen
from edge.kernel.ids import CellId
from edge.settings import LockBoardTable, Settings, policy_of, scanner_name
from edge.settings.strict import Strict
from edge.store.connection import FolderLock
from edge.store.database import Store
from edge.web.app import make_app
from hardware.catalogue import (
    PRINTERS,
    SCANNERS,
    choose,
    lock_board_kind,
)
from hardware.options import LockBankOptions, PrinterOptions, ScannerOptions
from hardware.ports import Device, DeviceHealth, LockBank, Printer, Scanner

log = structlog.get_logger(__name__)
_Options = TypeVar("_Options")


Chores = Mapping[str, Callable[[], Coroutine[Any, Any, None]]]
"""What a running station does all the time, by name."""


class ChoreEndedError(RuntimeError):
    """Our bug: a chore never ends by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """The station's hardware, opened by name from the settings."""

    banks: tuple[LockBank, ...]
    scanners: tuple[Scanner, ...]
    printer: Printer

    def all(self) -> tuple[Device, ...]:
        """Every device, in the order in which screens show them."""
        return (*self.banks, *self.scanners, self.printer)

    async def aclose(self) -> None:
        """Give every port back, all at once: a printer may have a line to finish."""
        await asyncio.gather(*(device.aclose() for device in self.all()))


def software_version() -> str:
    """The installed version of cunyi."""
    return importlib.metadata.version("cunyi")


def make_devices(settings: Settings) -> Devices:
    """Make each driver named in the settings; ports open later, in the drivers' own threads."""
    return Devices(
        banks=tuple(
            lock_board_kind(board.driver).make(_bank_options(f"lock-board-{n}", board))
            for n, board in enumerate(settings.cabinet.boards, start=1)
        ),
        scanners=tuple(
            choose(SCANNERS, table.driver)(_named(ScannerOptions, scanner_name(n), table))
            for n, table in enumerate(settings.scanners, start=1)
        ),
        printer=choose(PRINTERS, settings.printer.driver)(
            _named(PrinterOptions, "printer", settings.printer)
        ),
    )


def _bank_options(name: str, board: LockBoardTable) -> LockBankOptions:
    about_cells = {"first_cell", "cells", "sensors"}
    return _named(LockBankOptions, name, board, but=about_cells)


def _named(
    options: Callable[..., _Options], name: str, table: Strict, but: AbstractSet[str] = frozenset()
) -> _Options:
    """The options of a driver: the table of its device, without what only the station reads."""
    return options(name=name, **table.model_dump(exclude={"driver", *but}))


async def run_station(folder: Path, settings: Settings, stop: asyncio.Event) -> None:
    """Run one station until `stop` is set. Raises ConfigError, StoreError or PortInUseError."""
    # The folder first: a second daemon hears of the first one, not of its port.
    lock = FolderLock.take(folder)
    try:
        sock = listen(settings.web.host, settings.web.port, f"[web] port in {folder}/station.toml")
    except PortInUseError:
        lock.release()
        raise
    thread = StoreThread()
    try:
        store = await thread.run(Store.open, folder, lock)
        try:
            async with _open_station(folder, settings, store, thread) as (running, chores):
                await _serve(settings, running, chores, sock, stop)
        finally:
            await thread.run(store.close)
    finally:
        thread.close()
        sock.close()


@contextlib.asynccontextmanager
async def _open_station(
    folder: Path, settings: Settings, store: Store, thread: StoreThread
) -> AsyncIterator[tuple[RunningStation, Chores]]:
    policy = policy_of(settings)
    clock = SystemClock(boot=store.boot, floor_ms=store.wall_floor_ms)
    station = Station(
        store=store,
        store_thread=thread,
        policy=policy,
        state=await thread.run(recover_state, store, policy),
        clock=clock,
        chance=SystemChance(store.key),
        metrics=StationMetrics(),
    )
    await station.boot(software_version())
    devices = make_devices(settings)
    try:
        running = _make_running(settings, station, devices, store, thread, clock)
        session = _open_session(settings, store, thread, running, clock)
        station.when_journal_grows(session.journal_grew)
        actuator = _attach(settings, station, devices, store)
        yield (
            running,
            {
                "station": station.run,
                "locks": actuator.run,
                "time": lambda: pump_time(station),
                "printing": running.print_worker.run,
                "sync": session.run,
                "devices": lambda: watch_devices(station, running.devices),
                "local socket": lambda: answer_locally(folder, store, thread),
                "watchdog": lambda: feed_watchdog(thread),
            },
        )
    finally:
        await devices.aclose()


def _make_running(  # noqa: PLR0913, PLR0917 - the parts of a station, each once
    settings: Settings,
    station: Station,
    devices: Devices,
    store: Store,
    thread: StoreThread,
    clock: SystemClock,
) -> RunningStation:
    return RunningStation(
        station_id=settings.station_id,
        station_name=settings.station.name,
        software=software_version(),
        simulated=settings.simulated,
        station=station,
        keepers=Keepers(store, thread, clock),
        print_worker=PrintWorker(
            station=station,
            station_name=settings.station.name,
            store=store,
            store_thread=thread,
            printer=devices.printer,
        ),
        key=store.key,
        devices=devices.all(),
    )


def _open_session(
    settings: Settings,
    store: Store,
    thread: StoreThread,
    running: RunningStation,
    clock: SystemClock,
) -> SyncSession:
    def on_status(status: SyncStatus) -> None:
        running.link_changed(
            LinkView(online=status.online, waiting=status.waiting, verdict=status.verdict)
        )

    def device_states() -> dict[str, str]:
        return {device.name: device_state(device) for device in running.devices()}

    return SyncSession(
        link=MqttLink(settings.link.broker, county=settings.county_id, station=settings.station_id),
        journal=StoreJournalSource(store, thread),
        county=settings.county_id,
        station=settings.station_id,
        software=software_version(),
        boot=store.boot,
        cells=len(running.policy.cells),
        simulated=settings.simulated,
        clock_ms=clock.mono_ms,
        draw=secrets.token_bytes,
        device_states=device_states,
        on_status=on_status,
    )


def device_state(device: DeviceHealth) -> str:
    """What the county hears of a device: its note, e.g. of a present printer without paper."""
    return device.note or ("ok" if device.present else "gone")


def _attach(settings: Settings, station: Station, devices: Devices, store: Store) -> Actuator:
    locks: dict[CellId, Lock] = {}
    for board, bank in zip(settings.cabinet.boards, devices.banks, strict=True):
        locks |= {CellId(cell): Lock(bank, n) for n, cell in board.cell_of().items()}
        pump_doors(station, bank, {n: CellId(cell) for n, cell in board.cell_seen_on().items()})
    actuator = Actuator(station, locks)
    station.carry_out_with(actuator.act)
    for scanner in devices.scanners:
        pump_scanner(station, scanner, store.key)
    return actuator


async def _serve(
    settings: Settings,
    running: RunningStation,
    chores: Chores,
    sock: socket,
    stop: asyncio.Event,
) -> None:
    server = PageServer(make_app(running, hosts=LOOPBACK_HOSTS))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_for_ever(name, chore)) for name, chore in chores.items()]
        tasks.append(group.create_task(server.serve_on(sock)))
        sd_notify("READY=1")
        log.info("station_up", station=settings.station_id, port=settings.web.port)
        await stop.wait()
        sd_notify("STOPPING=1")
        await server.stop()
        for task in tasks:
            task.cancel()


async def _for_ever(name: str, chore: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """One chore of the daemon. They stand or fall together: the first that fails ends them all."""
    await chore()
    raise ChoreEndedError(f"the chore of {name} ended by itself")
