"""Puts a station together and runs it."""

import asyncio
import contextlib
import importlib.metadata
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from pathlib import Path
from socket import socket
from typing import Any

import structlog

from cloud_sync.station.mqtt import MqttLink
from cloud_sync.station.session import SyncSession, SyncStatus
from cloud_sync.wire.frame import PlainCodec
from edge.daemon.actuate import Actuator, Lock
from edge.daemon.articles import read_articles
from edge.daemon.chance import SystemChance
from edge.daemon.clock import SystemClock
from edge.daemon.counter_devices import CounterScale
from edge.daemon.front import LinkView
from edge.daemon.journal_source import StoreJournalSource
from edge.daemon.keepers import Keepers
from edge.daemon.lamps import light_lamps
from edge.daemon.local_socket import answer_locally
from edge.daemon.metrics import StationMetrics
from edge.daemon.power_pump import (
    SupplyWatch,
    county_has_all,
    switch_machine_off,
    switch_off_in_time,
)
from edge.daemon.print_worker import PrintWorker
from edge.daemon.pumps import pump_doors, pump_scanner, pump_time
from edge.daemon.recovery import recover_state
from edge.daemon.running import RunningStation
from edge.daemon.speech import Speech
from edge.daemon.station import Station
from edge.daemon.store_thread import StoreThread
from edge.daemon.watch import watch_devices
from edge.daemon.watchdog import feed_watchdog, sd_notify
from edge.domain.inputs import EndedInOrder
from edge.guard import LOOPBACK_HOSTS
from edge.guard.serving import PageServer, PortInUseError, listen
from edge.kernel.ids import CellId
from edge.settings import Settings, policy_of
from edge.store.connection import FolderLock
from edge.store.database import Store
from edge.web.app import make_app
from edge.wiring.devices import Devices, make_devices

log = structlog.get_logger(__name__)

Chores = Mapping[str, Callable[[], Coroutine[Any, Any, None]]]
"""What a running station does all the time, by name."""


class ChoreEndedError(RuntimeError):
    """Our bug: a chore never ends by itself."""


def software_version() -> str:
    """The installed version of cunyi."""
    return importlib.metadata.version("cunyi")


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
    devices = make_devices(folder, settings)
    try:
        running = _make_running(settings, station, devices, store, thread, clock)
        session = _open_session(settings, store, thread, running, clock)
        station.when_journal_grows(session.journal_grew)
        actuator = _attach(settings, station, devices, store)
        _listen(running, devices)
        yield (
            running,
            {
                **_some_chores(settings, station, devices, StoreJournalSource(store, thread)),
                "station": station.run,
                "locks": actuator.run,
                "time": lambda: pump_time(station),
                "printing": running.print_worker.run,
                "sync": session.run,
                "devices": lambda: _watch(station, running, devices),
                "local socket": lambda: answer_locally(folder, store, thread),
                "watchdog": lambda: feed_watchdog(thread),
            },
        )
    finally:
        await devices.aclose()


async def _watch(station: Station, running: RunningStation, devices: Devices) -> None:
    lock_boards = {bank.health().name for bank in devices.banks}
    await watch_devices(station, running.devices, lock_boards)


def _listen(running: RunningStation, devices: Devices) -> None:
    """Begin to hear what only some stations have."""
    if running.supply is not None:
        running.supply.start()
    if running.scale is not None:
        running.scale.start()
    if devices.card_reader is not None:
        devices.card_reader.start(None)  # no service asks for a card: none is read


def _some_chores(
    settings: Settings, station: Station, devices: Devices, journal: StoreJournalSource
) -> Chores:
    """The chores that only some stations have."""
    chores: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {}
    if (signals := devices.signals) is not None:
        chores["lamps"] = lambda: light_lamps(station, signals)
    if settings.power is not None and settings.power.poweroff:
        chores["power"] = lambda: switch_off_in_time(
            station, lambda: county_has_all(journal), switch_machine_off
        )
    return chores


def _make_running(  # noqa: PLR0913, PLR0917 - the parts of a station, each once
    settings: Settings,
    station: Station,
    devices: Devices,
    store: Store,
    thread: StoreThread,
    clock: SystemClock,
) -> RunningStation:
    locks = _locks(settings, devices)
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
        supply=SupplyWatch(station, devices.power) if devices.power is not None else None,
        scale=CounterScale(station, devices.scale) if devices.scale is not None else None,
        articles=lambda: read_articles(locks),
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

    codec = PlainCodec()
    return SyncSession(
        link=MqttLink(
            settings.link.broker,
            county=settings.county_id,
            station=settings.station_id,
            codec=codec,
        ),
        codec=codec,
        journal=StoreJournalSource(store, thread),
        county=settings.county_id,
        station=settings.station_id,
        software=software_version(),
        boot=store.boot,
        cells=len(running.policy.cells),
        simulated=settings.simulated,
        clock_ms=clock.mono_ms,
        draw=secrets.token_bytes,
        device_states=running.device_states,
        on_status=on_status,
    )


def _locks(settings: Settings, devices: Devices) -> Mapping[CellId, Lock]:
    return {
        CellId(cell): Lock(bank, n)
        for board, bank in zip(settings.cabinet.boards, devices.banks, strict=True)
        for n, cell in board.cell_of().items()
    }


def _attach(settings: Settings, station: Station, devices: Devices, store: Store) -> Actuator:
    for board, bank in zip(settings.cabinet.boards, devices.banks, strict=True):
        pump_doors(station, bank, {n: CellId(cell) for n, cell in board.cell_seen_on().items()})
    speech = Speech(devices.voice, devices.signals)
    actuator = Actuator(station, _locks(settings, devices), speech)
    station.carry_out_with(actuator.act)
    station.speak_with(speech.answer)
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
        await running.tell(lambda at, _fresh: EndedInOrder(at=at))
        for task in tasks:
            task.cancel()


async def _for_ever(name: str, chore: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """One chore of the daemon. They stand or fall together: the first that fails ends them all."""
    await chore()
    raise ChoreEndedError(f"the chore of {name} ended by itself")
