"""Raw bytes at the real page server: spoilt requests, hosts, origins, lengths and chunks."""

import asyncio
import contextlib
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import pytest

from edge.guard.bucket import Buckets
from edge.guard.serving import PageServer, listen
from tests.fuzz.conftest import Complaints
from tests.fuzz.hunt import hunt
from tests.fuzz.mutation import spoil
from tests.guard.small_app import World, make_small_app

PATIENCE_S: Final = 20.0
GRACE_S: Final = 0.02
LOOK_S: Final = 0.002
TRICKS: Final = (
    b"\r\nHost: 127.0.0.1",
    b"\r\nHost: evil.example",
    b"\r\nOrigin: null",
    b"\r\nContent-Length: 0",
    b"\r\nContent-Length: -1",
    b"\r\nContent-Length: " + b"9" * 5_000,
    b"\r\nContent-Length: 99999999999",
    b"\r\nTransfer-Encoding: chunked",
    b"\r\nTransfer-Encoding: chunked, chunked",
    b"\r\nExpect: 100-continue",
    b"\r\nConnection: Upgrade\r\nUpgrade: h2c",
    b"\r\nRange: bytes=0-,0-,0-,0-",
    b"\r\nAccept-Language: " + b"zh;q=1," * 900,
    b"\r\nCookie: cunyi_session=" + b"a." * 900,
    b"\r\nX-Cunyi-Token: \xff\xfe",
    b"\r\nX: " + b"a" * 20_000,
    b"\r\n folded: yes",
)


@dataclass
class Served:
    """The small app behind the server that station and county use."""

    world: World = field(default_factory=World)
    port: int = 0
    server: PageServer | None = None

    def say(self, said: bytes, grace_s: float = PATIENCE_S) -> bytes:
        """All that comes back until the server closes. One that waits for more is hung up on."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_S) as line:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                line.sendall(said)
            heard = b""
            with contextlib.suppress(ConnectionResetError, OSError):
                line.settimeout(grace_s)
                with contextlib.suppress(TimeoutError):
                    while piece := line.recv(65_536):
                        heard += piece
                    return heard
                line.settimeout(PATIENCE_S)
                line.shutdown(socket.SHUT_WR)
                while piece := line.recv(65_536):
                    heard += piece
            return heard

    def settle(self) -> None:
        """Until nothing that was asked is still being done, also for those who have hung up."""
        assert self.server is not None
        for _look in range(int(PATIENCE_S / LOOK_S)):
            if not self.server.server_state.tasks:
                return
            time.sleep(LOOK_S)
        raise AssertionError("a request never ends")

    @property
    def home(self) -> str:
        return f"127.0.0.1:{self.port}"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr(Buckets, "take", lambda *_how: True)
    monkeypatch.setattr("edge.guard.body.SLOWEST_S", 0.3)
    here, up = Served(), threading.Event()
    built: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def run() -> None:
        sock, over = listen("127.0.0.1", 0, "test"), asyncio.Event()
        here.port = sock.getsockname()[1]
        here.server = server = PageServer(make_small_app(here.world))
        serving = asyncio.create_task(server.serve_on(sock))
        built.append((asyncio.get_running_loop(), over))
        up.set()
        await over.wait()
        await server.stop()
        await serving

    thread = threading.Thread(target=asyncio.run, args=(run(),), name="pages")
    thread.start()
    assert up.wait(PATIENCE_S)
    yield here
    loop, over = built[0]
    loop.call_soon_threadsafe(over.set)
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def good_requests(here: Served) -> list[bytes]:
    """An act with its authority, one without, and pages; each closes its connection."""
    told = here.say(request("GET /api/session", here, b""))
    head, _, body = told.partition(b"\r\n\r\n")
    cookie = next(one for one in head.split(b"\r\n") if one.lower().startswith(b"set-cookie"))
    token = body.split(b'"token":"')[1].split(b'"')[0]
    rights = b"Cookie: %b\r\nX-Cunyi-Token: %b\r\n" % (cookie[12:].split(b";")[0], token)
    chunked = b'6\r\n{"text\r\n7\r\n": "x"}\r\n0\r\n\r\n'
    return [
        request("POST /api/wish", here, b'{"text": "x"}', rights),
        request("POST /api/wish", here, b'{"text": "x"}'),
        request("GET /api/session", here, b""),
        request("GET /nowhere?lang=en", here, b""),
        request("POST /api/wish", here, chunked, rights + b"Transfer-Encoding: chunked\r\n"),
    ]


def request(line: str, here: Served, body: bytes, more: bytes = b"") -> bytes:
    length = b"" if b"chunked" in more else b"Content-Length: %d\r\n" % len(body)
    head = f"{line} HTTP/1.1\r\nHost: {here.home}\r\nOrigin: http://{here.home}\r\n"
    head += "Content-Type: application/json\r\nConnection: close\r\n"
    return head.encode() + more + length + b"\r\n" + body


def spoilt_requests(good: list[bytes]) -> Callable[[random.Random], bytes]:
    def make(chance: random.Random) -> bytes:
        said = chance.choice(good)
        if chance.random() < 0.4:
            at = said.find(b"\r\n", chance.randrange(200))
            said = said[: max(at, 0)] + chance.choice(TRICKS) + said[max(at, 0) :]
        return said if chance.random() < 0.2 else spoil(chance, said, good)

    return make


def statuses(heard: bytes) -> list[int]:
    """Of every answer in what came back."""
    parts = heard.split(b"HTTP/1.1 ")[1:]
    return [int(part[:3]) for part in parts if part[:3].isdigit()]


def test_no_bytes_bring_a_fault_of_ours_or_an_act_without_its_authority(
    served: Served, complaints: Complaints
) -> None:
    good = good_requests(served)
    token = good[0].split(b"X-Cunyi-Token: ")[1].split(b"\r\n")[0]
    assert statuses(served.say(good[0])) == [200]
    assert statuses(served.say(good[4])) == [200]

    def try_one(said: bytes) -> None:
        complaints.clear()
        before = len(served.world.wishes)
        heard = served.say(said, GRACE_S)
        served.settle()
        told = statuses(heard)
        assert not [one for one in told if one >= 500], heard[:300]
        assert b"Traceback" not in heard
        assert not complaints, complaints[-1]
        if len(served.world.wishes) > before:
            assert token in said, "an act without its token"
        del served.world.wishes[:-1]

    hunt("http-raw", spoilt_requests(good), try_one)
    assert statuses(served.say(good[0])) == [200]


def test_bodies_that_drip_and_never_end_are_given_up_and_hold_nobody_up(served: Served) -> None:
    head = good_requests(served)[0].split(b"Content-Length")[0] + b"Content-Length: 500\r\n\r\n{"
    lines = [socket.create_connection(("127.0.0.1", served.port), PATIENCE_S) for _ in range(50)]
    for line in lines:
        line.sendall(head)
    answer = served.say(good_requests(served)[2])
    assert statuses(answer) == [200]
    for line in lines:
        with line:
            assert statuses(line.recv(65_536)) == [408]
    assert served.world.wishes == []
