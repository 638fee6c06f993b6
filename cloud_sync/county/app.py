"""The county's process: database, ingest, broker and page, from start to a clean end."""

import asyncio
import contextlib
import importlib.metadata
import signal
import time
from typing import Final

import structlog

from cloud_sync.county import alarms
from cloud_sync.county.center import Center
from cloud_sync.county.database import Database
from cloud_sync.county.durability.durable import Durable
from cloud_sync.county.identity.opening import open_keys
from cloud_sync.county.identity.own_keys import OwnKeys
from cloud_sync.county.ingest import ledger
from cloud_sync.county.metrics import CountyMetrics
from cloud_sync.county.news import News
from cloud_sync.county.office import Office
from cloud_sync.county.presence import Presence
from cloud_sync.county.settings import FILE_NAME, CountySettings
from cloud_sync.county.web.make_app import make_app
from cloud_sync.wire.trust.web_hosts import answered_hosts, certified_hosts, page_url
from edge.guard.doors import PageServers, close_doors, open_doors
from edge.kernel.errors import ConfigError

log = structlog.get_logger(__name__)

_DAY_S: Final = 86_400.0
_THE_COUNTY = ""
"""The station of an alarm that concerns the center itself."""


def run_county(settings: CountySettings) -> None:
    """Run until SIGTERM or SIGINT. Raises ConfigError, StoreError or PortInUseError."""
    asyncio.run(_until_signal(settings))


async def _until_signal(settings: CountySettings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await serve_county(settings, stop)


async def serve_county(settings: CountySettings, stop: asyncio.Event) -> None:
    """Run until `stop` is set. Raises ConfigError, StoreError or PortInUseError."""
    web, folder = settings.web, settings.folder
    database = Database.open(folder)
    try:
        _settle(database, settings)
        keys = open_keys(settings, database)
        keys.keep_pages_certified(certified_hosts(web.host, web.hosts), _wall_ms())
        doors = open_doors(web.host, web.port, f"[web] port in {folder}/county.toml", keys.page_tls)
        try:
            office = _office(database, settings)
            app = make_app(office, hosts=answered_hosts(web.host, web.hosts))
            servers = PageServers(app, doors)
            serving = asyncio.create_task(servers.serve())
            serving.add_done_callback(lambda _ended: stop.set())
            try:
                await _ingest_until(office, settings, keys, stop)
            finally:
                await servers.stop()
                await serving
        finally:
            close_doors(doors)
    finally:
        database.close()


def _settle(database: Database, settings: CountySettings) -> None:
    if database.county != settings.county_id:
        raise ConfigError(
            settings.folder / FILE_NAME,
            "county.id",
            f"the data here belongs to county {database.county}",
            "Put the id back, or make another folder for another county",
        )
    now_ms = _wall_ms()
    with database.write() as connection:
        ledger.register_listed(connection, ((s.id, s.name) for s in settings.stations))
        if database.restored:
            detail = f"generation {database.generation}"
            alarms.raise_alarm(connection, _THE_COUNTY, alarms.RESTORED, detail, now_ms)
        else:
            alarms.clear_alarm(connection, _THE_COUNTY, alarms.RESTORED, now_ms)


def _office(database: Database, settings: CountySettings) -> Office:
    presence = Presence(_mono_ms, _wall_ms)
    presence.load(database)
    return Office(
        county=settings.county_id,
        name=settings.county.name,
        software=importlib.metadata.version("cunyi"),
        database=database,
        presence=presence,
        metrics=CountyMetrics(),
        news=News(),
        wall_ms=_wall_ms,
        durable=Durable(rule=settings.durable.rule, copies=settings.durable.copies),
    )


async def _ingest_until(
    office: Office, settings: CountySettings, keys: OwnKeys, stop: asyncio.Event
) -> None:
    loop = asyncio.get_running_loop()
    failures: list[Exception] = []

    def failed(failure: Exception) -> None:
        failures.append(failure)
        loop.call_soon_threadsafe(stop.set)

    center = Center(office, settings, keys, failed)
    center.start()
    page = page_url(settings.web.host, settings.web.port)
    log.info("county_up", county=office.county, page=f"{page}/")
    await _keep_certified(keys, settings, stop)
    await asyncio.to_thread(center.stop)
    if failures:
        raise failures[0]


async def _keep_certified(keys: OwnKeys, settings: CountySettings, stop: asyncio.Event) -> None:
    """Until `stop`, a county that runs for years renews its own certificate in time."""
    hosts = certified_hosts(settings.web.host, settings.web.hosts)
    while not stop.is_set():
        await asyncio.to_thread(keys.keep_pages_certified, hosts, _wall_ms())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DAY_S):
                await stop.wait()


def _mono_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000
