"""Puts a station together and runs it."""

import asyncio
import contextlib
import importlib.metadata
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from cloud_sync.station.introduction import Gauges, Introduction
from cloud_sync.station.session import SyncSession
from cloud_sync.wire.trust.web_hosts import answered_hosts
from edge.daemon.chance import SystemChance
from edge.daemon.clock import SystemClock
from edge.daemon.county.code_seals import CodeSeals
from edge.daemon.county.journal_source import StoreJournalSource
from edge.daemon.county.snapshots import SnapshotKeeper
from edge.daemon.county.timekeeper import keep_time
from edge.daemon.couriers import ADD, REMOVE, Couriers
from edge.daemon.devices.actuate import Actuator, Lock
from edge.daemon.devices.articles import read_articles
from edge.daemon.devices.counter_devices import CounterScale
from edge.daemon.devices.lamps import light_lamps
from edge.daemon.devices.power_pump import (
    SupplyWatch,
    county_has_all,
    switch_machine_off,
    switch_off_in_time,
)
from edge.daemon.devices.print_worker import PrintWorker
from edge.daemon.devices.pumps import pump_doors, pump_scanner, pump_time
from edge.daemon.devices.scans import ScanReader
from edge.daemon.devices.speech import Speech
from edge.daemon.devices.voice_choice import VoiceChoice
from edge.daemon.devices.watch import watch_devices
from edge.daemon.keepers import Keepers
from edge.daemon.local_socket import Answers, answer_locally
from edge.daemon.machine_id import machine_id
from edge.daemon.metrics import StationMetrics
from edge.daemon.recovery import recover_state
from edge.daemon.running import RunningStation
from edge.daemon.station import Station
from edge.daemon.store_thread import StoreThread
from edge.daemon.watchdog import feed_watchdog, sd_notify
from edge.domain.inputs import EndedInOrder
from edge.domain.policy import Policy
from edge.guard.doors import Door, PageServers, close_doors
from edge.kernel.errors import CunyiError
from edge.kernel.ids import CellId
from edge.settings import Settings, policy_of
from edge.store.connection import FolderLock
from edge.store.database import Store
from edge.store.print_queue import Paper
from edge.web.app import make_app
from edge.wiring.county_corner import FacingCounty, face_county, sync_asks
from edge.wiring.county_link import (
    make_county_link,
    make_membership,
    make_pass_reader,
    open_station_doors,
)
from edge.wiring.devices import Devices, make_devices
from edge.wiring.epochs import GoingOn, first_of, go_on, open_store
from edge.wiring.live_talks import live_talks

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
    while not stop.is_set():
        await _run_one_journal(folder, settings, stop)


async def _run_one_journal(folder: Path, settings: Settings, stop: asyncio.Event) -> None:
    """Run until `stop` is set, or until a GRANT has come by which the journal goes on anew."""
    # The folder first: a second daemon hears of the first one, not of its port.
    lock = FolderLock.take(folder)
    try:
        doors = open_station_doors(folder, settings)
    except CunyiError:
        lock.release()
        raise
    thread, anew = StoreThread(), asyncio.Event()
    try:
        store = await open_store(folder, settings, thread, lock)
        try:
            async with _open_station(folder, settings, store, thread, anew) as (
                running,
                chores,
                keeper,
            ):
                await _serve(settings, running, chores, doors, (stop, anew), keeper)
        finally:
            await thread.run(store.close)
    finally:
        thread.close()
        close_doors(doors)


@contextlib.asynccontextmanager
async def _open_station(
    folder: Path, settings: Settings, store: Store, thread: StoreThread, anew: asyncio.Event
) -> AsyncIterator[tuple[RunningStation, Chores, SnapshotKeeper]]:
    clock = SystemClock(boot=store.boot, floor_ms=store.wall_floor_ms)
    policy = policy_of(settings)
    seals = CodeSeals(store.station, policy.return_days)
    station = await _recovered(policy, store, thread, clock, seals)
    await station.boot(software_version())
    devices = make_devices(folder, settings)
    try:
        facing = await face_county(folder, station, store, thread, seals)
        running = _make_running(settings, station, devices, store, thread, clock, facing)
        running.scan_reader.passes = make_pass_reader(folder, settings)
        going_on = go_on(folder, settings, station, store, thread, anew)
        parts = (running, station, clock, facing, going_on)
        session = _open_session(folder, settings, store, thread, *parts)
        station.when_journal_grows(session.journal_grew)
        actuator = _attach(settings, station, devices, running.scan_reader)
        _listen(running, devices)
        chores: Chores = {
            **_some_chores(settings, station, devices, StoreJournalSource(store, thread)),
            **_chores_of_the_store(
                folder, store, thread, clock, sync_asks(session, running, facing, store)
            ),
            "station": station.run,
            "locks": actuator.run,
            "time": lambda: pump_time(station),
            "clock": lambda: keep_time(store, thread, clock),
            **{name: worker.run for name, worker in _printing(running).items()},
            "sync": session.run,
            "snapshots": going_on.keeper.run,
            "devices": lambda: _watch(station, running, devices),
            "membership": make_membership(folder, settings, facing, running, clock).run,
            "room": lambda: facing.room.run(station.ring),
        }
        yield running, chores, going_on.keeper
    finally:
        await devices.aclose()


def _chores_of_the_store(
    folder: Path,
    store: Store,
    thread: StoreThread,
    clock: SystemClock,
    more: Mapping[str, Answers],
) -> Chores:
    """What asks the store's thread alone."""
    told = dict.fromkeys((ADD, REMOVE), Couriers(store, thread, clock).answers)
    return {
        "local socket": lambda: answer_locally(folder, store, thread, more, told),
        "watchdog": lambda: feed_watchdog(thread),
    }


async def _recovered(
    policy: Policy, store: Store, thread: StoreThread, clock: SystemClock, seals: CodeSeals
) -> Station:
    """The station as it was after its last fact."""
    return Station(
        store=store,
        store_thread=thread,
        policy=policy,
        state=await thread.run(recover_state, store, policy),
        clock=clock,
        chance=SystemChance(store.key, seals),
        metrics=StationMetrics(),
    )


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
    facing: FacingCounty,
) -> RunningStation:
    locks, labels = _locks(settings, devices), devices.label_printer
    make_worker = partial(
        PrintWorker,
        station=station,
        station_name=settings.station.name,
        store=store,
        store_thread=thread,
    )
    return RunningStation(
        station_id=settings.station_id,
        station_name=settings.station.name,
        software=software_version(),
        simulated=settings.simulated,
        station=station,
        keepers=Keepers(store, thread, clock),
        couriers=Couriers(store, thread, clock),
        print_worker=make_worker(printer=devices.printer),
        label_worker=make_worker(printer=labels, paper=Paper.LABEL) if labels else None,
        key=store.key,
        devices=devices.all(),
        supply=SupplyWatch(station, devices.power) if devices.power is not None else None,
        scale=CounterScale(station, devices.scale) if devices.scale is not None else None,
        articles=lambda: read_articles(locks),
        county=facing.corner,
        clock_note=lambda: clock.doubt,
        county_phone=settings.station.county_phone,
        voice=_voice_choice(settings, devices),
    )


def _printing(running: RunningStation) -> Mapping[str, PrintWorker]:
    """A worker for each paper, so that a jammed label holds up no slip."""
    labels = running.label_worker
    return {"printing": running.print_worker} | ({"labels": labels} if labels else {})


def _voice_choice(settings: Settings, devices: Devices) -> VoiceChoice:
    table = settings.voice
    if table is None:
        return VoiceChoice()
    return VoiceChoice(devices.voice, table.volume, tuple(table.dialects.folders()))


def _open_session(  # noqa: PLR0913, PLR0917 - the parts of a station, each once
    folder: Path,
    settings: Settings,
    store: Store,
    thread: StoreThread,
    running: RunningStation,
    station: Station,
    clock: SystemClock,
    facing: FacingCounty,
    going_on: GoingOn,
) -> SyncSession:
    county = make_county_link(folder, settings, running.link_changed)
    session = SyncSession(
        _introduction(settings, store, running),
        Gauges(
            device_states=running.device_states,
            state_seq=facing.state_seq,
            fence=lambda: station.state.remote.fence,
            retained=county.retained,
        ),
        link=county.link,
        codec=county.codec,
        talks=(
            county.belonging,
            *facing.talks,
            going_on.snapshots,
            *live_talks(station, store, clock, lambda: session),
        ),
        journal=StoreJournalSource(store, thread),
        clock_ms=clock.mono_ms,
        draw=secrets.token_bytes,
        on_status=county.on_status,
        grants=going_on.grants,
    )
    return session


def _introduction(settings: Settings, store: Store, running: RunningStation) -> Introduction:
    return Introduction(
        county=settings.county_id,
        station=settings.station_id,
        software=software_version(),
        boot=store.boot,
        cells=len(running.policy.cells),
        simulated=settings.simulated,
        machine=machine_id(),
        grant=store.grant,
    )


def _locks(settings: Settings, devices: Devices) -> Mapping[CellId, Lock]:
    return {
        CellId(cell): Lock(bank, n)
        for board, bank in zip(settings.cabinet.boards, devices.banks, strict=True)
        for n, cell in board.cell_of().items()
    }


def _attach(settings: Settings, station: Station, devices: Devices, reader: ScanReader) -> Actuator:
    for board, bank in zip(settings.cabinet.boards, devices.banks, strict=True):
        pump_doors(station, bank, {n: CellId(cell) for n, cell in board.cell_seen_on().items()})
    speech = Speech(devices.voice, devices.signals)
    actuator = Actuator(station, _locks(settings, devices), speech)
    station.carry_out_with(actuator.act)
    station.speak_with(speech.answer)
    for scanner in devices.scanners:
        pump_scanner(station, scanner, reader)
    return actuator


async def _serve(  # noqa: PLR0913, PLR0917 - the parts of a station, each once
    settings: Settings,
    running: RunningStation,
    chores: Chores,
    doors: Sequence[Door],
    ends: tuple[asyncio.Event, ...],
    keeper: SnapshotKeeper,
) -> None:
    hosts = answered_hosts(settings.web.host, settings.web.hosts)
    servers = PageServers(make_app(running, hosts=hosts, local_only=len(doors) == 1), doors)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_for_ever(name, chore)) for name, chore in chores.items()]
        tasks.append(group.create_task(servers.serve()))
        sd_notify("READY=1")
        log.info("station_up", station=settings.station_id, port=settings.web.port)
        await first_of(*ends)
        sd_notify("STOPPING=1")
        await servers.stop()
        await running.tell(lambda at, _fresh: EndedInOrder(at=at))
        await keeper.take_last()
        for task in tasks:
            task.cancel()


async def _for_ever(name: str, chore: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """One chore of the daemon. They stand or fall together: the first that fails ends them all."""
    await chore()
    raise ChoreEndedError(f"the chore of {name} ended by itself")
