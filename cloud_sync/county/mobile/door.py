"""GET /m/LINK: for phones, which have neither a session nor an address that we know.

Stands before the Guard, which lets in this machine alone. It sets no cookie; what a link opens is
one person's page, and all other addresses open the same page of nobody. Two forms stand behind it,
POST /m/LINK/proxy and /help: whoever sends one knows the link, which nobody can guess or have sent
for him.
"""

import contextlib
import re
from collections.abc import Callable
from functools import partial
from typing import Final
from urllib.parse import parse_qs

import anyio
from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from cloud_sync.county.mobile.page import PAGES, PhonePages
from edge.guard.bucket import Buckets
from edge.guard.headers import SECURITY_HEADERS
from edge.kernel.errors import StoreError
from edge.look import STATIC

ROOT: Final = "/m/"
RATE_PER_S: Final = 10.0
BURST: Final = 100.0
"""Whole villages share one address of their mobile network."""
MOST_FORM: Final = 8_000
"""Bytes of a form; three hundred Chinese letters are 2,700."""
_LINK: Final = re.compile(r"([A-Za-z0-9_-]{22})(/proxy|/help)?")
_FILES: Final = {
    "look/tokens.css": STATIC / "tokens.css",
    "look/logo.svg": STATIC / "logo.svg",
    "look/mobile.css": PAGES / "mobile.css",
}
_HEADERS: Final = {
    **SECURITY_HEADERS,
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow",
}


class PhoneDoor:
    """Pure ASGI. `pages` gives None as long as the county is not ready."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        pages: Callable[[], PhonePages | None],
        clock: Callable[[], float] = anyio.current_time,
    ) -> None:
        self._app, self._pages, self._clock = app, pages, clock
        self._buckets = Buckets(RATE_PER_S, BURST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a phone; pass everything else on."""
        if scope["type"] != "http" or not scope["path"].startswith(ROOT):
            await self._app(scope, receive, send)
            return
        answer = await self._answer(scope, receive)
        answer.headers.update(_HEADERS)
        await answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        pages, asked = self._pages(), scope["path"].removeprefix(ROOT)
        if pages is None:
            return Response(status_code=503)
        link = _LINK.fullmatch(asked)
        sends = scope["method"] == "POST" and link is not None and bool(link[2])
        if scope["method"] not in {"GET", "HEAD"} and not sends:
            return Response(status_code=405)
        client = scope.get("client")
        if not self._buckets.take((client[0] if client else "", ""), self._clock()):
            return HTMLResponse(pages.of_nobody("mobile.too_many"), status_code=429)
        if asked in _FILES:
            return FileResponse(_FILES[asked])
        if link is None:
            return HTMLResponse(pages.of_nobody("mobile.nobody"), status_code=404)
        return await _open(pages, link, scope, receive if sends else None)


async def _open(
    pages: PhonePages, link: re.Match[str], scope: Scope, receive: Receive | None
) -> Response:
    big = _first(scope.get("query_string", b""), "print") == "big"
    if receive is not None:
        return await _sent(pages, link, await _form(scope, receive), big=big)
    show = {"/proxy": pages.proxies, "/help": pages.help}.get(link[2], pages.of)
    return await to_thread.run_sync(_page, pages, partial(show, link[1], big=big), big)


async def _sent(
    pages: PhonePages, link: re.Match[str], form: bytes | None, *, big: bool
) -> Response:
    if form is None:
        return HTMLResponse(pages.of_nobody("mobile.too_big", big=big), status_code=413)
    taken = _complained if link[2] == "/help" else _asked
    return await to_thread.run_sync(taken, pages, link[1], form, big)


async def _form(scope: Scope, receive: Receive) -> bytes | None:
    """The body of a form; None for one that is no form of ours, or breaks off."""
    body = b""
    with contextlib.suppress(ClientDisconnect):
        async for chunk in Request(scope, receive).stream():
            body += chunk
            if len(body) > MOST_FORM:
                return None
    return body


def _first(query: bytes, name: str) -> str:
    return parse_qs(query.decode("latin-1")).get(name, [""])[0]


def _asked(pages: PhonePages, link: str, form: bytes, big: bool) -> Response:  # noqa: FBT001 - as below
    wish = {"parcel": _first(form, "parcel"), "taken_back": _first(form, "taken_back")}
    ask = partial(pages.asked, link, **wish)
    return _back(pages, ask, partial(pages.proxies, link, big=big), f"{link}/proxy", big)


def _complained(pages: PhonePages, link: str, form: bytes, big: bool) -> Response:  # noqa: FBT001 - as below
    said = {name: _first(form, name) for name in ("kind", "waybill_no", "said")}
    ask = partial(pages.complained, link, said)
    return _back(
        pages,
        ask,
        partial(pages.help, link, big=big, draft=said),
        f"{link}/help#mine",
        big,
    )


def _back(
    pages: PhonePages,
    ask: Callable[[], str | None],
    show: Callable[..., str | None],
    where: str,
    big: bool,  # noqa: FBT001 - as below
) -> Response:
    """Back to the page that shows what came of it, so that a reload asks for nothing again."""
    try:
        trouble = ask()
    except StoreError:
        return HTMLResponse(pages.of_nobody("mobile.later", big=big), status_code=503)
    if not trouble and trouble is not None:
        path, mark, part = where.partition("#")
        to = f"{ROOT}{path}{'?print=big' if big else ''}{mark}{part}"
        return RedirectResponse(to, status_code=303)
    answer = _page(pages, partial(show, trouble=trouble or ""), big)
    answer.status_code = 409 if trouble and answer.status_code == 200 else answer.status_code  # noqa: PLR2004 - HTTP
    return answer


def _page(pages: PhonePages, show: Callable[[], str | None], big: bool) -> Response:  # noqa: FBT001 - run_sync takes no names
    try:
        html = show()
    except StoreError:
        return HTMLResponse(pages.of_nobody("mobile.later", big=big), status_code=503)
    if html is None:
        return HTMLResponse(pages.of_nobody("mobile.nobody", big=big), status_code=404)
    return HTMLResponse(html)
