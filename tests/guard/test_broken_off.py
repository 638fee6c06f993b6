"""What came behind a good head was no HTTP: their fault is no news, and our own is one."""

from collections import deque
from typing import Any

import h11
import pytest
from starlette.types import Message, Receive, Scope, Send

from edge.guard.serving import PageServer

pytestmark = pytest.mark.anyio


async def _answers(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


async def _cannot_be_sent(_message: Message) -> None:
    raise h11.LocalProtocolError("the connection is in another state")


async def ask(*heard: Message) -> None:
    """One request of which this is heard, and nothing more."""
    app: Any = PageServer(_answers).config.app
    left = deque(heard)

    async def receive() -> Message:
        if not left:
            raise TimeoutError
        return left.popleft()

    await app({"type": "http"}, receive, _cannot_be_sent)


async def test_whoever_was_told_and_hung_up_is_no_news() -> None:
    await ask({"type": "http.request", "more_body": True}, {"type": "http.disconnect"})


async def test_an_answer_of_ours_that_is_no_http_is_our_bug() -> None:
    with pytest.raises(h11.LocalProtocolError):
        await ask({"type": "http.request", "more_body": False})
