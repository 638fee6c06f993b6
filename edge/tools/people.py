"""People as a script plays them: each acts on one page, over HTTP, as a browser would."""

import time
from collections.abc import Callable
from typing import Any, Final, Self, TypeVar

import httpx

from edge.kernel.errors import CunyiError

TOKEN_HEADER: Final = "x-cunyi-token"  # noqa: S105 - the name of a header, not a secret
PATIENCE_S: Final = 15.0
_LOOK_EVERY_S: Final = 0.05
_T = TypeVar("_T")


class StoryError(CunyiError):
    """The story went another way than told: says what was expected and what is there."""


def wait_for(what: str, look: Callable[[], _T | None], within_s: float = PATIENCE_S) -> _T:
    """Look again and again until there is something. Raises StoryError naming `what`."""
    until = time.monotonic() + within_s
    while True:
        if found := look():
            return found
        if time.monotonic() > until:
            raise StoryError(f"waited {within_s:.0f} s in vain for: {what}")
        time.sleep(_LOOK_EVERY_S)


class Visitor:
    """One browser session on one server: keeps the cookie and sends the page's token."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=10.0, headers={"Origin": address})
        self._token = ""

    def __enter__(self) -> Self:
        try:
            self.look_up_session()
        except StoryError:
            self._http.close()  # a with statement that was never entered is never left
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def look_up_session(self) -> Any:
        """Read the session, and with it the token that every act must carry."""
        session = self.get("/api/session")
        self._token = session["token"]
        return session

    def get(self, path: str, **query: str | int) -> Any:
        """What a page shows. Raises StoryError when the server refuses or is gone."""
        return self._read("GET", path, self._send("GET", path, params=query))

    def get_bytes(self, path: str) -> bytes:
        """A picture."""
        return self._send("GET", path).content

    def post(self, path: str, **body: Any) -> Any:
        """An act. Raises StoryError when it is refused."""
        answer = self._send("POST", path, json=body, headers={TOKEN_HEADER: self._token})
        return self._read("POST", path, answer)

    def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **more)
        except httpx.HTTPError as cause:
            raise StoryError(f"{method} {path}: {type(cause).__name__}: {cause}") from cause
        # Signing in gives a new session, and with it a new token.
        self._token = answer.headers.get(TOKEN_HEADER, self._token)
        return answer

    @staticmethod
    def _read(method: str, path: str, answer: httpx.Response) -> Any:
        if not answer.is_success:
            raise StoryError(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        return answer.json()


class Keeper(Visitor):
    """The station keeper at the counter."""

    NAME: Final = "李店主"
    PIN: Final = "270953"

    def sign_in(self) -> None:
        """Set the PIN at the very first start, then sign in."""
        if self.look_up_session()["first_start"]:
            self.post("/api/keeper/first", keeper=self.NAME, pin=self.PIN)
        if self.look_up_session()["keeper"] is None:
            self.post("/api/keeper/sign-in", keeper=self.NAME, pin=self.PIN)

    def check_in(self, *, on: bool) -> None:
        """Scans are check-ins from here on, or no longer."""
        self.post("/api/keeper/check-in", on=on)

    def type_tail(self, waybill_no: str, phone_tail: str) -> None:
        """The last four digits of the recipient's phone number."""
        self.post("/api/keeper/phone-tail", waybill_no=waybill_no, phone_tail=phone_tail)


class Hands(Visitor):
    """Whoever stands at the cabinet and the scanner: acts on the simulated hardware."""

    def bench(self) -> Any:
        """Doors, papers, pulses and faults as they are."""
        return self.get("/api/bench")

    def open_doors(self) -> list[int]:
        """Channels of the doors that stand open."""
        return [door["channel"] for door in self.bench()["doors"] if door["open"]]

    def wait_for_open_door(self) -> int:
        """The one door that has sprung open. Raises StoryError when two have."""
        doors = wait_for("a door to open", self.open_doors)
        if len(doors) > 1:
            raise StoryError(f"doors {doors} are open at once")
        return doors[0]

    def scan(self, text: str) -> None:
        """Hold a code before the scanner."""
        self.post("/api/scan", text=text)

    def shut(self, channel: int) -> None:
        """Push a door and stay until it has fallen shut: one that swings out takes a moment."""
        self.act(channel, "push-shut")
        wait_for(f"door {channel} to fall shut", lambda: channel not in self.open_doors())

    def act(self, channel: int, what: str) -> None:
        """`put-in`, `take-out`, `push-shut` or `open` at one door."""
        self.post(f"/api/doors/{channel}/{what}")
