"""POST /enrol and POST /renew: for stations, which have neither a session nor a page of ours.

Stands before the Guard, which knows browsers alone. Whoever comes is a stranger until code or
key has proven otherwise, so what he can make us do is bounded: bytes, seconds, and tries.
"""

import json
from collections.abc import Callable
from typing import Final

import anyio
from anyio import to_thread
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from cloud_sync.county.identity.enrolment_office import EnrolmentOffice, NotYetError
from cloud_sync.wire.trust.enrolment import MOST_BYTES, EnrolmentFault
from edge.guard.body import Gone, TooLarge, read_body
from edge.guard.bucket import Buckets
from edge.kernel.errors import CunyiError, StoreError

ENROL: Final = "/enrol"
RENEW: Final = "/renew"
RATE_PER_S: Final = 1.0
BURST: Final = 20.0
RATE_OF_ALL_PER_S: Final = 10.0
BURST_OF_ALL: Final = 60.0
"""A signature takes the ingest thread about a millisecond: so even a flood costs it a hundredth."""


class EnrolmentDoor:
    """Pure ASGI. `office` gives None as long as the county is not ready."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        office: Callable[[], EnrolmentOffice | None],
        clock: Callable[[], float] = anyio.current_time,
    ) -> None:
        self._app, self._office, self._clock = app, office, clock
        self._each = Buckets(RATE_PER_S, BURST)
        self._all = Buckets(RATE_OF_ALL_PER_S, BURST_OF_ALL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a station; pass everything else on."""
        mine = scope["type"] == "http" and scope["path"] in {ENROL, RENEW}
        if not mine:
            await self._app(scope, receive, send)
            return
        try:
            answer = await self._answer(scope, receive)
        except Gone:
            return
        await answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        if scope["method"] != "POST":
            return _told(405, "only POST is answered here")
        if not self._may_try(scope):
            return _told(429, "too many tries; wait a minute")
        try:
            asked = await read_body(receive)
        except TooLarge:
            return _told(413, "this is too large")
        except TimeoutError:
            return _told(408, "this came too slowly")
        office = self._office()
        if office is None or len(asked) > MOST_BYTES:
            return _told(503 if office is None else 413, "the county cannot take this now")
        work = office.enrol if scope["path"] == ENROL else office.renew
        return await to_thread.run_sync(_in_words, work, asked)

    def _may_try(self, scope: Scope) -> bool:
        client = scope.get("client")
        now_s = self._clock()
        return self._each.take((client[0] if client else "", ""), now_s) and self._all.take(
            ("", ""), now_s
        )


def _in_words(work: Callable[[bytes], bytes], asked: bytes) -> Response:
    try:
        return Response(work(asked), media_type="application/json")
    except NotYetError as waiting:
        return _told(202, str(waiting))
    except EnrolmentFault as fault:
        return _told(403, str(fault))
    except (StoreError, TimeoutError):
        return _told(503, "the county cannot write just now; try again")
    except CunyiError as refusal:
        return _told(409, str(refusal))


def _told(status: int, sentence: str) -> Response:
    body = json.dumps({"error": sentence})
    return Response(body, status_code=status, media_type="application/json")
