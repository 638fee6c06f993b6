"""A whole station in this process: real drivers on twins, real pages, no broker."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from cloud_sync.county.web.devices import device_view
from edge.daemon.running import device_state
from edge.guard.serving import PortInUseError
from edge.kernel.errors import ConfigError, StoreError
from edge.settings import Settings, read_settings
from edge.store.connection import FolderHeldError
from edge.store.database import Store
from edge.tools.journal import verify
from edge.wiring import ChoreEndedError, run_station
from edge.wiring import station as wiring
from hardware.ports import DeviceHealth
from hardware.twins.bench import Bench
from tests.support.station import pingshang

pytestmark = pytest.mark.anyio

PATIENCE_S = 20.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A station set up for the twins of a bench beside it; nobody is the broker."""
    pingshang(tmp_path / "station", twins=tmp_path / "bench")
    return tmp_path / "station"


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The station, up and answering; stopped afterwards as by SIGTERM."""
    settings = read_settings(folder)
    stop = asyncio.Event()
    station = asyncio.create_task(run_station(folder, settings, stop))
    async with client_of(settings) as client:
        try:
            await up(client, station)
            yield client
        finally:
            stop.set()
            await asyncio.wait_for(station, PATIENCE_S)


def client_of(settings: Settings) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.web.port}", timeout=PATIENCE_S)


async def up(client: httpx.AsyncClient, station: "asyncio.Task[None]") -> None:
    async def answers() -> bool:
        if station.done():
            station.result()
        try:
            return (await client.get("/healthz")).is_success
        except httpx.TransportError:
            return False

    await eventually(answers)


async def eventually(look: Callable[[], Awaitable[bool]]) -> None:
    until = asyncio.get_running_loop().time() + PATIENCE_S
    while not await look():
        assert asyncio.get_running_loop().time() < until, "waited in vain"
        await asyncio.sleep(0.02)


async def devices(client: httpx.AsyncClient) -> dict[str, Any]:
    health = (await client.get("/healthz")).json()
    return {device["name"]: device for device in health["devices"]}


async def test_a_station_on_a_bench_sees_all_its_devices(folder: Path) -> None:
    with Bench(folder.parent / "bench"):
        async with running(folder) as client:

            async def all_there() -> bool:
                return all(device["present"] for device in (await devices(client)).values())

            await eventually(all_there)
            found = await devices(client)
            assert list(found) == ["lock-board-1", "scanner", "printer"]
            assert all(device["simulated"] for device in found.values())


async def test_a_door_that_moves_is_in_the_journal_and_a_scan_on_the_screen(folder: Path) -> None:
    with Bench(folder.parent / "bench") as bench:
        async with running(folder) as client:

            async def facts() -> int:
                return (await asyncio.to_thread(verify, folder)).facts

            async def every_door_seen() -> bool:
                return await facts() == 25  # the start, and 24 doors shut

            await eventually(every_door_seen)
            bench.cabinet.force_open(7)

            async def forced() -> bool:
                return await facts() > 25

            await eventually(forced)
            bench.scanner.scan("YT7700123000001")

            async def answered() -> bool:
                screen = (await client.get("/api/kiosk/screen")).text
                return '"key":"scan_not_expected"' in screen.replace(" ", "")

            await eventually(answered)
    assert verify(folder).problems == ()


async def test_missing_devices_do_not_stop_the_start_and_come_when_plugged_in(
    folder: Path,
) -> None:
    async with running(folder) as client:
        assert not any(device["present"] for device in (await devices(client)).values())
        with Bench(folder.parent / "bench"):

            async def all_there() -> bool:
                return all(device["present"] for device in (await devices(client)).values())

            await eventually(all_there)


@pytest.mark.parametrize(
    ("present", "note", "told"),
    [
        (True, "", "ok"),
        (True, "printer.paper_out", "printer.paper_out"),
        (True, "printer.cover_open", "printer.cover_open"),
        (False, "device.missing", "device.missing"),
        (False, "", "gone"),
    ],
)
def test_the_county_hears_what_is_wrong_with_a_device_in_words_that_it_has(
    *, present: bool, note: str, told: str
) -> None:
    device = DeviceHealth(name="printer", present=present, simulated=True, note=note)
    assert device_state(device) == told
    view = device_view("printer", told, "zh")
    assert (view["well"], view["text"] == told) == (told == "ok", False)


def test_a_station_that_prints_nothing_does_without_the_picture_libraries() -> None:
    look = "import sys, edge.wiring; print({'PIL', 'qrcode', 'escpos'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


async def test_a_second_daemon_on_the_folder_is_refused_and_the_first_goes_on(
    folder: Path,
) -> None:
    async with running(folder) as client:
        with pytest.raises(FolderHeldError, match="held by another cunyi"):
            await run_station(folder, read_settings(folder), asyncio.Event())
        assert (await client.get("/healthz")).is_success


async def test_a_port_in_use_is_a_clear_error_and_counts_no_boot(folder: Path) -> None:
    settings = read_settings(folder)
    refused = pytest.raises(PortInUseError, match=f"127.0.0.1:{settings.web.port} cannot be used")
    with socket.create_server(("127.0.0.1", settings.web.port)), refused:
        await run_station(folder, settings, asyncio.Event())
    store = Store.open(folder)
    assert store.boot == 1
    store.close()


async def test_a_dialect_without_its_folder_stops_the_start(folder: Path) -> None:
    file = folder / "station.toml"
    dialects = '\n[voice]\nport = "file:/dev/null"\n\n[voice.dialects]\ngan = "clips-gan"\n'
    file.write_text(file.read_text("utf-8") + dialects, "utf-8")
    with pytest.raises(ConfigError, match="no folder clips-gan") as caught:
        await run_station(folder, read_settings(folder), asyncio.Event())
    assert caught.value.key == "voice.dialects.gan"


async def test_the_journal_can_be_verified_while_the_station_runs(folder: Path) -> None:
    async with running(folder):
        report = await asyncio.to_thread(verify, folder)
    assert report.problems == ()
    assert report.facts >= 1
    assert not (folder / "daemon.sock").exists()


async def ends_of(folder: Path) -> tuple[type[BaseException], ...]:
    with pytest.raises(BaseExceptionGroup) as caught:
        async with asyncio.timeout(PATIENCE_S):
            await run_station(folder, read_settings(folder), asyncio.Event())
    return tuple(type(failure) for failure in caught.value.exceptions)


async def test_a_chore_that_fails_ends_the_daemon_loudly_and_frees_the_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def bug(*_: object) -> None:
        await asyncio.sleep(0.05)  # the station is up by then
        raise ZeroDivisionError

    monkeypatch.setattr(wiring, "watch_devices", bug)
    assert await ends_of(folder) == (ZeroDivisionError,)
    Store.open(folder).close()


async def test_a_chore_that_ends_by_itself_is_a_bug_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def leave(*_: object) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(wiring, "pump_time", leave)
    assert await ends_of(folder) == (ChoreEndedError,)


async def test_a_store_that_fails_ends_the_daemon_with_its_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_store: Store, *_: object) -> None:
        raise StoreError("a decision could not be stored: disk full")

    async def later(station: Any) -> None:
        monkeypatch.setattr(Store, "commit", full)
        await station.tell(wiring_wish)

    monkeypatch.setattr(wiring, "pump_time", later)
    kinds = await ends_of(folder)
    assert set(kinds) == {StoreError}


def wiring_wish(at: Any, _fresh: Any) -> Any:
    from edge.domain.inputs import KeeperEntered
    from edge.kernel.ids import KeeperId

    return KeeperEntered(at=at, keeper=KeeperId("李店主"))
