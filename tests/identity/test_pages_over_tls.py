"""Pages for the local network: over TLS with the county's certificate, or not at all."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from cloud_sync.county.identity.own_keys import OwnKeys
from cloud_sync.station.enrolment.enrolment_files import keep_certificate, keep_enrolment
from cloud_sync.station.enrolment.identity import tls_files
from cloud_sync.wire.trust.certificates import draw_tls_key, key_pem
from cloud_sync.wire.trust.tls import client_context, server_context, trusting_context
from edge.guard import Guard
from edge.guard.doors import Door, PageServers, close_doors, open_doors
from edge.guard.serving import listen
from edge.kernel.errors import ConfigError
from edge.settings import read_settings
from edge.tools.children import Child, answers, cunyi, free_ports
from edge.tools.enrol_here import enrol_with
from edge.wiring.county_link import open_station_doors
from tests.identity.places import COUNTY, STATION, Town, open_town, station_in
from tests.support.keys import NOW_MS

pytestmark = pytest.mark.anyio

HOST = "pingshang.lan"
LAN = "192.0.2.7"
"""An address for examples, which is nobody's."""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with open_town(tmp_path / "county") as town:
        yield town


@pytest.fixture
def folder(tmp_path: Path, town: Town) -> Path:
    """A station that is enrolled, its pages certified for localhost."""
    folder = station_in(tmp_path / "station")
    enrolment = enrol_with(town.office.database, town.ring.own, STATION, folder)
    keep_enrolment(folder, enrolment)
    certify(folder, town)
    return folder


def certify(folder: Path, town: Town) -> None:
    key = draw_tls_key()
    issued = town.ring.own.authority.sign(key.public_key(), STATION, ("localhost",), NOW_MS)
    keep_certificate(folder, issued.pem.encode(), key_pem(key))


def page(_request: object) -> PlainTextResponse:
    return PlainTextResponse("a page")


@asynccontextmanager
async def served(tls: ssl.SSLContext | None) -> AsyncIterator[int]:
    """A page on a free port, behind its Guard; the port."""
    (port,) = free_ports(1)
    door = Door(listen("127.0.0.1", port, ""), tls)
    app = Guard(Starlette(routes=[Route("/", page)]), hosts=("localhost",))
    servers = PageServers(app, [door])
    serving = asyncio.create_task(servers.serve())
    try:
        yield port
    finally:
        await servers.stop()
        await serving
        close_doors([door])


async def get(url: str, verify: ssl.SSLContext | None = None) -> httpx.Response:
    async with httpx.AsyncClient(verify=verify or True, trust_env=False) as client:
        return await client.get(url)


async def test_a_page_is_reached_by_whoever_trusts_the_county_and_by_nobody_else(
    folder: Path, tmp_path: Path
) -> None:
    files = tls_files(folder)
    async with served(server_context(files.certificate, files.key)) as port:
        answer = await get(f"https://localhost:{port}/", trusting_context(files.ca))
        assert answer.text == "a page"
        assert "; Secure" in answer.headers["set-cookie"]
        for verify in (None, trusting_context(another_authority(tmp_path))):
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await get(f"https://localhost:{port}/", verify)
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await get(f"https://127.0.0.1:{port}/", trusting_context(files.ca))
        with pytest.raises(httpx.TransportError):
            await get(f"http://localhost:{port}/")


def another_authority(tmp_path: Path) -> Path:
    (tmp_path / "other").mkdir(exist_ok=True)
    if not (tmp_path / "other/ca/ca.pem").exists():
        OwnKeys.create(tmp_path / "other", COUNTY, (), NOW_MS)
    return tmp_path / "other/ca/ca.pem"


async def test_a_renewed_certificate_is_shown_without_a_restart(folder: Path, town: Town) -> None:
    files = tls_files(folder)
    async with served(server_context(files.certificate, files.key)) as port:
        before = await asyncio.to_thread(shown, port, files.ca)
        certify(folder, town)
        await asyncio.to_thread(shown, port, files.ca)  # this one may still see the old
        assert await asyncio.to_thread(shown, port, files.ca) != before


def shown(port: int, ca: Path) -> str:
    """The number of the certificate that a server shows."""
    with (
        socket.create_connection(("127.0.0.1", port), 10) as raw,
        trusting_context(ca).wrap_socket(raw, server_hostname="localhost") as sock,
    ):
        seen = sock.getpeercert()
    assert seen is not None
    return str(seen["serialNumber"])


async def test_a_client_with_a_wrong_clock_still_trusts_the_county(
    folder: Path, town: Town
) -> None:
    key = draw_tls_key()
    long_ago = town.ring.own.authority.sign(key.public_key(), STATION, ("localhost",), 0)
    keep_certificate(folder, long_ago.pem.encode(), key_pem(key))
    files = tls_files(folder)
    async with served(server_context(files.certificate, files.key)) as port:
        context = client_context(files.ca, files.certificate, files.key)
        assert (await get(f"https://localhost:{port}/", context)).status_code == 200


def settings_with(folder: Path, host: str) -> None:
    file = folder / "station.toml"
    text = file.read_text(encoding="utf-8").replace('host = "127.0.0.1"', f'host = "{host}"')
    file.write_text(text, encoding="utf-8")


def test_a_station_that_is_not_enrolled_opens_no_door_to_others(tmp_path: Path) -> None:
    folder = station_in(tmp_path / "station")
    settings_with(folder, LAN)
    with pytest.raises(ConfigError, match=r"station\.toml: web\.host: .*cunyi station enrol"):
        open_station_doors(folder, read_settings(folder))


def test_a_certificate_without_its_key_opens_no_door_to_others(folder: Path) -> None:
    settings_with(folder, LAN)
    tls_files(folder).key.unlink()
    with pytest.raises(ConfigError, match=r"station\.key: is not there"):
        open_station_doors(folder, read_settings(folder))


def test_a_door_on_loopback_is_one_and_in_clear(tmp_path: Path) -> None:
    folder = station_in(tmp_path / "station")
    doors = open_station_doors(folder, read_settings(folder))
    close_doors(doors)
    assert [door.tls for door in doors] == [None]


def test_where_others_come_in_this_machine_has_a_door_of_its_own(folder: Path) -> None:
    address = own_address()
    if address is None:
        pytest.skip("this machine has no address beside loopback")
    files, (port,) = tls_files(folder), free_ports(1)
    doors = open_doors(address, port, "", lambda: server_context(files.certificate, files.key))
    try:
        assert [door.sock.getsockname()[0] for door in doors] == ["127.0.0.1", address]
        assert [door.tls is None for door in doors] == [True, False]
    finally:
        close_doors(doors)


def own_address() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect((LAN, 9))  # sends nothing; asks the routes alone
        except OSError:
            return None
        found: str = sock.getsockname()[0]
    return None if found.startswith("127.") else found


async def test_from_the_local_network_the_keepers_page_is_served_and_the_kiosk_is_not(
    folder: Path, town: Town
) -> None:
    address = own_address()
    if address is None:
        pytest.skip("this machine has no address beside loopback")
    settings_with(folder, address)
    key = draw_tls_key()
    issued = town.ring.own.authority.sign(key.public_key(), STATION, (address,), NOW_MS)
    keep_certificate(folder, issued.pem.encode(), key_pem(key))
    port = read_settings(folder).web.port
    trusting = trusting_context(tls_files(folder).ca)
    station = Child("the station", cunyi("station", "run", str(folder)), folder.parent / "log")
    station.start()
    try:
        await asyncio.to_thread(
            station.wait_until, lambda: answers(f"http://127.0.0.1:{port}/healthz"), 30.0
        )
        there = f"https://{address}:{port}"
        assert (await get(f"{there}/keeper", trusting)).status_code == 200
        assert (await get(f"{there}/look/page.js", trusting)).status_code == 200
        for path in ("/kiosk", "/", "/api/kiosk/screen", "/metrics", "/healthz"):
            assert (await get(f"{there}{path}", trusting)).status_code == 403, path
        assert (await get(f"{there}/api/keeper/screen", trusting)).status_code == 401
        assert (await get(f"http://127.0.0.1:{port}/kiosk")).status_code == 200
        with pytest.raises(httpx.TransportError):
            await get(f"http://{address}:{port}/keeper")
    finally:
        await asyncio.to_thread(station.end)
