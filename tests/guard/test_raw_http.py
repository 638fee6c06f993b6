"""Malformed HTTP on a real socket: a clear 4xx, and the app behind it has not moved."""

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from tests.guard.small_app import World, make_small_app
from tests.support.serving import serve

_PATIENCE_S = 10.0


@dataclass
class Door:
    """Where raw bytes go in."""

    host: str
    port: int
    world: World

    @property
    def authority(self) -> str:
        return f"{self.host}:{self.port}"

    def knock(self, *pieces: bytes, hang_up: bool = False) -> bytes:
        """Send bytes, then read the answer until the server closes or has said one answer."""
        with socket.create_connection((self.host, self.port), _PATIENCE_S) as line:
            for piece in pieces:
                try:
                    line.sendall(piece)
                except (BrokenPipeError, ConnectionResetError):
                    break  # the server has answered and closed; what it said is still to be read
            if hang_up:
                with contextlib.suppress(OSError):  # it may have closed already
                    line.shutdown(socket.SHUT_WR)
            return _read_answer(line)

    def act(self, *extra: str, body: bytes = b"") -> tuple[bytes, ...]:
        """A complete and proper act, with more header lines."""
        answer = self.knock(f"GET /api/session HTTP/1.1\r\nHost: {self.authority}\r\n\r\n".encode())
        head, _, text = answer.partition(b"\r\n\r\n")
        cookie = next(
            line for line in head.split(b"\r\n") if line.lower().startswith(b"set-cookie")
        )
        token = text.split(b'"token":"')[1].split(b'"')[0].decode()
        lines = [
            "POST /api/wish HTTP/1.1",
            f"Host: {self.authority}",
            f"Origin: http://{self.authority}",
            f"X-Cunyi-Token: {token}",
            f"Cookie: {cookie.decode().split(': ')[1].split(';')[0]}",
            "Content-Type: application/json",
            *extra,
        ]
        return ("\r\n".join(lines).encode() + b"\r\n\r\n", body)

    def still_works(self) -> bool:
        """Whether a proper act is carried out after whatever happened."""
        before = len(self.world.wishes)
        body = b'{"text": "after"}'
        answer = self.knock(*self.act(f"Content-Length: {len(body)}", body=body))
        return answer.startswith(b"HTTP/1.1 200") and len(self.world.wishes) == before + 1


def _read_answer(line: socket.socket) -> bytes:
    answer = b""
    while True:
        try:
            piece = line.recv(65_536)
        except ConnectionResetError:
            return answer
        answer += piece
        head, end, body = answer.partition(b"\r\n\r\n")
        length = [h for h in head.lower().split(b"\r\n") if h.startswith(b"content-length:")]
        if not piece or (end and length and len(body) >= int(length[0].split(b":")[1])):
            return answer


@pytest.fixture
def door() -> Iterator[Door]:
    world = World()
    with serve(make_small_app(world)) as address:
        parts = urlsplit(address)
        yield Door(parts.hostname or "", parts.port or 0, world)


def test_a_proper_act_is_carried_out(door: Door) -> None:
    assert door.still_works()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /api/session\r\n\r\n",
        b"GET  /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /api/session HTTP/1.1\r\n\r\n",
        b"GET /api/session HTTP/1.0\r\n\r\n",
        b"GET /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /api/session HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nBad Header: x\r\n\r\n",
        b"GET /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\x00b\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS hello\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_request_of_ours_gets_a_4xx_and_moves_nothing(
    door: Door, request_bytes: bytes
) -> None:
    answer = door.knock(request_bytes)
    assert answer.startswith(b"HTTP/1.1 4")
    assert door.world.wishes == []
    assert door.still_works()


@pytest.mark.parametrize(
    "extra",
    [
        ("Content-Length: -5",),
        ("Content-Length: 5x",),
        ("Content-Length: 5", "Content-Length: 6"),
        ("Transfer-Encoding: gzip",),
        ("Content-Length: 99999999999999999999",),
    ],
)
def test_a_length_that_cannot_be_is_refused(door: Door, extra: tuple[str, ...]) -> None:
    answer = door.knock(*door.act(*extra, body=b'{"text": "x"}'), hang_up=True)
    assert answer.startswith(b"HTTP/1.1 4")
    assert door.world.wishes == []


def test_a_length_larger_than_the_body_is_given_up_in_its_time(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.guard.body.SLOWEST_S", 0.2)
    answer = door.knock(*door.act("Content-Length: 500", body=b'{"text": "x"}'))
    assert answer.startswith(b"HTTP/1.1 408")
    assert door.world.wishes == []


def test_a_length_smaller_than_the_body_cuts_it(door: Door) -> None:
    answer = door.knock(*door.act("Content-Length: 5", body=b'{"text": "x"}'))
    assert answer.startswith(b"HTTP/1.1 422")
    assert door.world.wishes == []


def test_hanging_up_in_the_middle_of_a_body_moves_nothing(door: Door) -> None:
    door.knock(*door.act("Content-Length: 500", body=b'{"text": "x"}'), hang_up=True)
    assert door.world.wishes == []
    assert door.still_works()


def test_a_chunked_body_over_the_limit_is_refused_while_it_comes(door: Door) -> None:
    chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    head, _ = door.act("Transfer-Encoding: chunked")
    answer = door.knock(head, *([chunk] * 5))
    assert answer.startswith(b"HTTP/1.1 413")
    assert b'"too_large"' in answer
    assert door.still_works()


def test_a_chunk_that_lies_about_its_size_is_refused(door: Door) -> None:
    head, _ = door.act("Transfer-Encoding: chunked")
    answer = door.knock(head, b'zz\r\n{"text": "x"}\r\n0\r\n\r\n', hang_up=True)
    assert not answer.startswith(b"HTTP/1.1 200")
    assert door.world.wishes == []


def test_a_second_request_hidden_in_a_body_is_not_carried_out(door: Door) -> None:
    inner = b"POST /api/wish HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    smuggled = b"0\r\n\r\n" + inner
    lines = ("Transfer-Encoding: chunked", f"Content-Length: {len(smuggled)}")
    door.knock(*door.act(*lines, body=smuggled), hang_up=True)
    assert door.world.wishes == []


def test_an_upgrade_to_a_websocket_is_not_made(door: Door) -> None:
    lines = (
        "GET /api/session HTTP/1.1",
        f"Host: {door.authority}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    answer = door.knock("\r\n".join(lines).encode() + b"\r\n\r\n")
    assert not answer.startswith(b"HTTP/1.1 101")
