"""The county's process: database, ingest, broker and page, from start to a clean end."""

import asyncio
import importlib.metadata
import secrets
import signal
import time

import structlog

from cloud_sync.county import alarms, ledger
from cloud_sync.county.database import Database
from cloud_sync.county.ingest import Ingest
from cloud_sync.county.metrics import CountyMetrics
from cloud_sync.county.mqtt import CountyLink
from cloud_sync.county.news import News
from cloud_sync.county.office import Office
from cloud_sync.county.presence import Presence
from cloud_sync.county.settings import FILE_NAME, CountySettings
from cloud_sync.county.web.make_app import make_app
from cloud_sync.county.worker import IngestWorker
from cloud_sync.wire.frame import PlainCodec
from edge.guard.serving import PageServer, listen
from edge.kernel.errors import ConfigError

log = structlog.get_logger(__name__)

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
    sock = listen(
        settings.web.host, settings.web.port, f"[web] port in {settings.folder}/county.toml"
    )
    try:
        database = Database.open(settings.folder)
        try:
            _settle(database, settings)
            office = _office(database, settings)
            server = PageServer(make_app(office))
            serving = asyncio.create_task(server.serve_on(sock))
            serving.add_done_callback(lambda _ended: stop.set())
            try:
                await _ingest_until(office, settings, stop)
            finally:
                await server.stop()
                await serving
        finally:
            database.close()
    finally:
        sock.close()


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
    )


async def _ingest_until(office: Office, settings: CountySettings, stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    failures: list[Exception] = []

    def failed(failure: Exception) -> None:
        failures.append(failure)
        loop.call_soon_threadsafe(stop.set)

    ingest = Ingest(
        office.database,
        accept_new=settings.county.accept_new,
        clock_ms=_wall_ms,
        draw=secrets.token_bytes,
        metrics=office.metrics,
    )
    link = CountyLink(
        settings.link.broker,
        office.county,
        on_dropped=lambda why: office.metrics.dropped.labels(why).inc(),
        on_link=office.link_turned,
    )
    plain = PlainCodec()
    worker = IngestWorker(
        database=office.database,
        ingest=ingest,
        presence=office.presence,
        metrics=office.metrics,
        codec=lambda _station: plain,
        send=link.send,
        on_change=office.news.tell,
        on_failure=failed,
    )
    worker.start()
    link.start(worker.offer)
    log.info("county_up", county=office.county, page=_page_address(settings))
    await stop.wait()
    await asyncio.to_thread(link.stop)
    await asyncio.to_thread(worker.stop)
    if failures:
        raise failures[0]


def _page_address(settings: CountySettings) -> str:
    """What to type into a browser at this machine."""
    host = settings.web.host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.web.port}/"


def _mono_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000
