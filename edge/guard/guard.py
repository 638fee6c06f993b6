"""The Guard: stands before an app and lets through only what a page of ours would send."""

import hmac
import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from edge.guard.body import MOST_BYTES, Gone, TooLarge, read_body, replay
from edge.guard.bucket import Buckets
from edge.guard.errors import problem
from edge.guard.headers import TOKEN_HEADER, hand_out, harden
from edge.guard.hosts import (
    LOOPBACK_HOSTS,
    is_known,
    is_local,
    is_same_origin,
    known_hosts,
    read_host,
)
from edge.guard.session import Session, keep_session, open_session
from edge.words import say

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_KEY_BYTES: Final = 32
_POLICY_VIOLATION: Final = 1008


class _No(Exception):
    """A request that goes no further."""

    def __init__(self, status: int, code: str, **headers: str) -> None:
        self.status, self.code, self.headers = status, code, headers
        super().__init__(code)

    def answer(self) -> JSONResponse:
        """In both languages: nothing is known yet of who reads it."""
        answer = problem(self.status, self.code, f"{say(self.code)} {say(self.code, 'en')}")
        answer.headers.update(self.headers)
        return answer


class Guard:
    """Pure ASGI. Answers stream through untouched but for their headers."""

    def __init__(  # noqa: PLR0913 - each is a setting by name
        self,
        app: ASGIApp,
        *,
        hosts: tuple[str, ...],
        key: bytes | None = None,
        cookie: str = "cunyi_session",
        local_only: bool = False,
        clock: Callable[[], float] = anyio.current_time,
    ) -> None:
        """`hosts` without port; `key` signs sessions, a random one if None; `clock` in seconds.

        `local_only` turns away whoever is not at this machine, whatever the listener lets in.
        """
        self._app = app
        self._hosts = known_hosts(hosts)
        # What the local network calls us may lead here by a forged answer to a name's look-up:
        # over TLS our certificate stands against that, in clear nothing would.
        self._hosts_in_clear = self._hosts & known_hosts(LOOPBACK_HOSTS)
        self._key = key or secrets.token_bytes(_KEY_BYTES)
        self._cookie = cookie
        self._local_only = local_only
        self._clock = clock
        self._buckets = Buckets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, then pass on; or answer with the reason why not."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        cookies = [value.encode("latin-1") for value in headers.getlist("cookie")]
        session = open_session(self._key, self._cookie, cookies)
        answer = _Answer(send, session, self._cookie, secure=scope.get("scheme") == "https")
        # A browser keeps our cookie back when another site leads here; a fresh one would end the
        # session that it still has.
        led_here = headers.get("sec-fetch-site") == "cross-site"
        try:
            self._check(scope, headers, session)
            receive = await _bounded(headers, receive)
        except _No as no:
            await no.answer()(scope, receive, answer.send)
        except Gone:
            return
        else:
            keep_session(scope, session)
            answer.may_set_cookie = not led_here
            await self._pass_on(scope, receive, answer)

    async def _pass_on(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            await self._app(scope, receive, answer.send)
        except Exception:
            if not answer.started:
                fault = _No(HTTPStatus.INTERNAL_SERVER_ERROR, "our_fault")
                await fault.answer()(scope, receive, answer.send)
            raise

    def _check(self, scope: Scope, headers: Headers, session: Session) -> None:
        if self._local_only and not is_local(scope.get("client")):
            raise _No(HTTPStatus.FORBIDDEN, "not_local")
        host = read_host(_all(headers, "host"))
        over_tls = scope.get("scheme") == "https"
        if host is None or not is_known(host, self._hosts if over_tls else self._hosts_in_clear):
            raise _No(HTTPStatus.BAD_REQUEST, "bad_host")
        if scope["method"] in SAFE_METHODS:
            return
        if not self._buckets.take(_visitor(scope, session), self._clock()):
            raise _No(HTTPStatus.TOO_MANY_REQUESTS, "too_many", **{"retry-after": "1"})
        if not is_same_origin(_all(headers, "origin"), host, over_tls=over_tls):
            raise _No(HTTPStatus.FORBIDDEN, "bad_origin")
        tokens = _all(headers, TOKEN_HEADER)
        if len(tokens) != 1 or not hmac.compare_digest(tokens[0], session.token.encode()):
            raise _No(HTTPStatus.FORBIDDEN, "bad_token")


class _Answer:
    """What goes out: headers are hardened, and whether anything has started is known."""

    def __init__(self, send: Send, session: Session, cookie: str, *, secure: bool) -> None:
        self._send, self._session, self._cookie, self._secure = send, session, cookie, secure
        self.started = False
        self.may_set_cookie = False

    async def send(self, message: Message) -> None:
        """Pass one message on."""
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            harden(headers)
            if self.may_set_cookie and self._session.fresh:
                hand_out(headers, self._session, self._cookie, secure=self._secure)
        await self._send(message)


async def _bounded(headers: Headers, receive: Receive) -> Receive:
    """A `receive` with the body already read; untouched where there is none."""
    if "content-length" not in headers and "transfer-encoding" not in headers:
        return receive
    too_large = _No(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", connection="close")
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise _No(HTTPStatus.BAD_REQUEST, "bad_length")
    if int(length) > MOST_BYTES:
        raise too_large
    try:
        return replay(await read_body(receive), receive)
    except TooLarge as cause:
        raise too_large from cause
    except TimeoutError as cause:
        raise _No(HTTPStatus.REQUEST_TIMEOUT, "too_slow", connection="close") from cause


def _all(headers: Headers, name: str) -> list[bytes]:
    wanted = name.encode()
    return [value for key, value in headers.raw if key == wanted]


def _visitor(scope: Scope, session: Session) -> tuple[str, str]:
    """Who pays for a request. A made-up session pays with all others of its address."""
    client = scope.get("client")
    return (client[0] if client else "", "" if session.fresh else session.id)
