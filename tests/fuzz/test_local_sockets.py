"""Raw bytes at the sockets that the command line asks: an answer, or the door; never a fall."""

import asyncio
import contextlib
import gc
import random
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from cloud_sync.county import local_socket as county_socket
from edge.daemon import local_socket as daemon_socket
from edge.kernel.ids import CountyId, StationId
from edge.store.database import Store
from tests.daemon.parts import opened, until
from tests.fuzz.conftest import Complaints
from tests.fuzz.hunt import hunt
from tests.fuzz.mutation import spoil, spoil_value

PATIENCE_S: Final = 20.0
GOOD: Final = (
    b'{"ask":"export"}\n',
    b'{"ask":"verify"}\n',
    b'{"ask":"say","kind":"notice","key":"n1","body":{"text":"hello"}}\n',
)


def asks(chance: random.Random) -> bytes:
    """Lines with damage, other values, and no line at all."""
    good = chance.choice(GOOD)
    if chance.random() < 0.1:
        return b'{"ask":' + b"[" * chance.choice((900, 30_000, 120_000)) + b"\n"
    if chance.random() < 0.5:
        tree = spoil_value(chance, msgspec.json.decode(good))
        return repr(tree).replace("'", '"').encode("utf-8", "replace") + b"\n"
    return spoil(chance, good, GOOD)


def exchange(file: Path, said: bytes) -> bytes:
    """Say it, hang up our half, and hear what comes back."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(PATIENCE_S)
        with daemon_socket.socket_address(file.parent) as address:
            line.connect(address.replace(daemon_socket.SOCKET, file.name))
        heard = b""
        with contextlib.suppress(OSError):  # it may hang up at any byte
            line.sendall(said)
            line.shutdown(socket.SHUT_WR)
            while piece := line.recv(65_536):
                heard += piece
        return heard


def check_lines(heard: bytes) -> None:
    """Whatever was answered is lines of JSON."""
    for line in heard.splitlines():
        assert isinstance(msgspec.json.decode(line), dict)
    assert b"Traceback" not in heard


@pytest.fixture(autouse=True)
def fallen(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """No thread and no task may end by an exception."""
    told: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda one: told.append(repr(one)))
    yield told
    assert told == []


def test_no_bytes_make_the_daemons_socket_fall(
    tmp_path: Path, complaints: Complaints, fallen: list[str]
) -> None:
    Store.create(tmp_path, CountyId("shangyou"), StationId("pingshang"))

    def campaign() -> None:
        def try_one(said: bytes) -> None:
            check_lines(exchange(tmp_path / daemon_socket.SOCKET, said))

        hunt("daemon-socket", asks, try_one)
        assert b'"end":true' in exchange(tmp_path / daemon_socket.SOCKET, GOOD[0])

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, told: fallen.append(repr(told)))
        async with opened(tmp_path) as (store, thread):
            answering = asyncio.create_task(daemon_socket.answer_locally(tmp_path, store, thread))
            await until((tmp_path / daemon_socket.SOCKET).exists)
            await asyncio.to_thread(campaign)
            gc.collect()  # a task that fell says so when it is forgotten
            answering.cancel()
            await asyncio.wait([answering])

    asyncio.run(serve())
    assert not complaints, complaints[-1]


def test_no_bytes_make_the_countys_socket_fall(
    tmp_path: Path, complaints: Complaints, fallen: list[str]
) -> None:
    def echo(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        yield {"asked": dict(asked)}

    served = county_socket.LocalSocket(tmp_path)
    served.answers("say", echo)
    served.start()
    where = tmp_path / county_socket.SOCKET

    def try_one(said: bytes) -> None:
        check_lines(exchange(where, said))
        assert not fallen, fallen[-1]

    try:
        hunt("county-socket", asks, try_one)
        assert b'"end": true' in exchange(where, GOOD[2])
    finally:
        served.stop()
    assert not complaints, complaints[-1]
