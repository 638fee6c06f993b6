"""A browser without a screen: cookies, the token, and nothing else."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Self

import httpx

from tests.web.support.village import eventually

PIN = "271828"
KEEPER = "店主"


class Visitor:
    """One browser session at a station's address."""

    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=address, timeout=20)
        self.http.headers["origin"] = address
        self.refresh_token()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.http.close()

    def refresh_token(self) -> None:
        """Take the token of this session."""
        self.http.headers["x-cunyi-token"] = self.session()["token"]

    def session(self) -> dict[str, Any]:
        """Who this browser is."""
        return self.get("/api/session")

    def get(self, path: str) -> dict[str, Any]:
        """A good answer's JSON."""
        answer = self.http.get(path)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def post(self, path: str, /, **body: object) -> httpx.Response:
        """An unsafe request; a new session's token is kept as page.js keeps it."""
        answer = self.http.post(path, json=body)
        if token := answer.headers.get("x-cunyi-token"):
            self.http.headers["x-cunyi-token"] = token
        return answer

    def ask(self, path: str, /, **body: object) -> dict[str, Any]:
        """The answer to a wish that is not refused by HTTP."""
        answer = self.post(path, **body)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def become_keeper(self) -> None:
        """First start: set the PIN and sign in."""
        assert self.ask("/api/keeper/first", keeper=KEEPER, pin=PIN)["ok"]

    @contextmanager
    def listening(self, path: str) -> Iterator["Stream"]:
        """Follow a stream of screens in a thread of its own."""
        with self.http.stream("GET", path, timeout=30) as answer:
            assert answer.status_code == 200
            stream = Stream(answer)
            stream.start()
            yield stream
            stream.hang_up()


class Stream:
    """The screens that came, newest last."""

    def __init__(self, answer: httpx.Response) -> None:
        self.screens: list[dict[str, Any]] = []
        self.ended = False
        self._answer = answer
        self._thread = threading.Thread(target=self._read, name="stream")

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def hang_up(self) -> None:
        """Go away, as a closed browser does, and wait until the reading has ended."""
        line: socket.socket = self._answer.extensions["network_stream"].get_extra_info("socket")
        with suppress(OSError):  # the station may have hung up first
            line.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)

    def until(self, key: str, value: object) -> dict[str, Any]:
        """The first screen in which `key` has this value."""
        found = eventually(
            lambda: [s for s in self.screens if s.get(key) == value],
            f"a screen with {key} = {value}",
        )
        return found[0]

    def _read(self) -> None:
        try:
            for line in self._answer.iter_lines():
                if line.startswith("data:"):
                    self.screens.append(json.loads(line[5:]))
        except (httpx.HTTPError, httpx.StreamError):
            pass
        self.ended = True
