"""The page server: its port, its end, and what people with an open page notice of that."""

import asyncio
import json
import logging
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Final, NamedTuple

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from cloud_sync.county.settings import NewCounty, make_county
from edge.guard import LOOPBACK_HOSTS
from edge.guard.serving import PageServer, PortInUseError, ServerEndedError, listen
from edge.tools.children import cunyi, free_ports
from edge.tools.new_station import NewStation, make_station
from tests.daemon.parts import until

PATIENCE_S: Final = 20.0


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[tuple[PageServer, int]]:
    """An app on a free port, stopped afterwards."""
    with listen("127.0.0.1", 0, "--port") as sock:
        server = PageServer(app)
        serving = asyncio.create_task(server.serve_on(sock))
        try:
            yield server, sock.getsockname()[1]
        finally:
            async with asyncio.timeout(PATIENCE_S):
                await server.stop()
                await serving


async def _stream(_scope: Scope, receive: Receive, send: Send) -> None:
    """Says hello, then listens until somebody leaves."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello", "more_body": True})
    while (await receive())["type"] != "http.disconnect":
        pass


async def _never_ends(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello", "more_body": True})
    await asyncio.Event().wait()


async def _answers_slowly(_scope: Scope, receive: Receive, send: Send) -> None:
    body = await receive()
    await asyncio.sleep(0.3)  # the answer that is under way when the server is stopped
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body["body"]})


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [line.getMessage() for line in caplog.records if line.levelno >= logging.ERROR]


@pytest.mark.anyio
async def test_a_stream_ends_as_if_it_were_complete_when_the_server_stops(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with (
        served(_stream) as (server, port),
        httpx.AsyncClient(timeout=PATIENCE_S) as client,
        client.stream("GET", f"http://127.0.0.1:{port}/") as answer,
    ):
        chunks = answer.aiter_bytes()
        assert await anext(chunks) == b"hello"
        await server.stop()
        assert [chunk async for chunk in chunks] == []  # a broken stream would raise here
    assert logged(caplog) == []


@pytest.mark.anyio
async def test_an_answer_under_way_still_arrives_when_the_server_stops() -> None:
    async with (
        served(_answers_slowly) as (server, port),
        httpx.AsyncClient(timeout=PATIENCE_S) as client,
    ):
        asked = asyncio.create_task(client.post(f"http://127.0.0.1:{port}/", content=b"open 7"))
        await until(lambda: bool(server.server_state.tasks))
        await server.stop()
        assert (await asked).content == b"open 7"


@pytest.mark.anyio
async def test_a_request_that_never_ends_is_cut_without_a_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with (
        served(_never_ends) as (server, port),
        httpx.AsyncClient(timeout=PATIENCE_S) as client,
        client.stream("GET", f"http://127.0.0.1:{port}/") as answer,
    ):
        assert await anext(answer.aiter_bytes()) == b"hello"
        await server.stop()
        await until(lambda: not server.server_state.tasks)
    assert not any(line.exc_info for line in caplog.records)


@pytest.mark.anyio
async def test_a_listener_who_leaves_first_ends_the_stream_too() -> None:
    async with served(_stream) as (server, port), httpx.AsyncClient(timeout=PATIENCE_S) as client:
        async with client.stream("GET", f"http://127.0.0.1:{port}/") as answer:
            assert await anext(answer.aiter_bytes()) == b"hello"
        await until(lambda: not server.server_state.tasks)


@pytest.mark.anyio
async def test_a_server_that_ends_by_itself_is_a_bug_and_said_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def leave(*_: object, **__: object) -> None:
        await asyncio.sleep(0)

    with listen("127.0.0.1", 0, "--port") as sock:
        server = PageServer(_stream)
        monkeypatch.setattr(server, "serve", leave)
        with pytest.raises(ServerEndedError, match="ended by itself"):
            await server.serve_on(sock)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_port_in_use_is_told_with_what_to_do(host: str) -> None:
    with listen(host, 0, "--port") as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUseError) as refused:
            listen(host, port, "[web] port in station.toml")
    assert str(refused.value) == (
        f"{host}:{port} cannot be used (Address already in use). "
        "Stop the other program or choose another port: [web] port in station.toml"
    )


@pytest.mark.parametrize("command", [["--help"], ["station", "init", "--help"]])
def test_a_command_that_serves_nothing_does_not_load_the_server(command: list[str]) -> None:
    look = (
        "import sys, edge.cli\n"
        f"sys.argv = ['cunyi', *{command!r}]\n"
        "try:\n    edge.cli.main()\n"
        "finally:\n    print(sorted({'uvicorn', 'fastapi'} & sys.modules.keys()))\n"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


class House(NamedTuple):
    """A program with pages: how it is started, where its stream of screens is."""

    command: list[str]
    port: int
    events: str


def a_station(folder: Path) -> House:
    broker, web = free_ports(2)
    address = f"mqtt://127.0.0.1:{broker}"
    wanted = NewStation(
        county="shangyou",
        station="pingshang",
        name="坪上村驿",
        broker=address,
        web_port=web,
        twins=folder / "bench",
    )
    make_station(folder / "station", wanted)
    return House(cunyi("station", "run", str(folder / "station")), web, "/events/kiosk")


def a_county(folder: Path) -> House:
    broker, web = free_ports(2)
    wanted = NewCounty(
        county="shangyou",
        name="上犹县",
        broker=f"mqtt://127.0.0.1:{broker}",
        web_port=web,
    )
    make_county(folder / "county", wanted)
    return House(cunyi("county", "run", str(folder / "county")), web, "/events")


def a_workbench(folder: Path) -> House:
    (web,) = free_ports(1)
    return House(cunyi("twin", "bench", str(folder / "bench"), "--port", str(web)), web, "/events")


@pytest.fixture(params=[a_station, a_county, a_workbench])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> House:
    make: Callable[[Path], House] = request.param
    return make(tmp_path)


def test_a_house_answers_under_each_name_of_this_machine_and_ends_without_a_traceback(
    house: House,
) -> None:
    program = subprocess.Popen(house.command, stderr=subprocess.PIPE, text=True)
    try:
        _wait_until_up(house.port, program)
        address = f"http://127.0.0.1:{house.port}{house.events}"
        with ExitStack() as pages:
            client = pages.enter_context(httpx.Client(timeout=PATIENCE_S))
            lines = []  # a dropped iterator would close its page
            for name in LOOPBACK_HOSTS:
                headers = {"host": f"[{name}]:1" if ":" in name else f"{name}:1"}
                page = pages.enter_context(client.stream("GET", address, headers=headers))
                assert page.status_code == 200
                lines.append(page.iter_lines())
                assert next(lines[-1]) == "event: screen"
            program.send_signal(signal.SIGINT)
            _out, errors = program.communicate(timeout=PATIENCE_S)
    finally:
        program.kill()
        program.wait()
    assert program.returncode == 0
    assert [line for line in errors.splitlines() if _is_trouble(line)] == []


def _is_trouble(line: str) -> bool:
    """Whether a line of the log is no line of ours, or tells of a bug."""
    try:
        return json.loads(line)["level"] not in {"debug", "info", "warning"}
    except ValueError:
        return True


def _wait_until_up(port: int, program: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + PATIENCE_S
    while True:
        assert program.poll() is None, "it has ended"
        assert time.monotonic() < until, "it did not come up"
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
