"""A door that cannot be opened leaves none behind, and only our own end is no news."""

import asyncio
import ssl
from typing import cast

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from edge.guard.doors import open_doors
from edge.guard.serving import PageServer, PortInUseError, listen
from edge.tools.children import free_ports

NOWHERE = "192.0.2.1"  # RFC 5737: no machine has it


def test_where_the_outer_door_cannot_be_opened_the_inner_one_is_shut_again() -> None:
    (port,) = free_ports(1)
    with pytest.raises(PortInUseError):
        open_doors(NOWHERE, port, "[web] port", lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    listen("127.0.0.1", port, "[web] port").close()


async def _never_ends(_scope: Scope, _receive: Receive, _send: Send) -> None:
    await asyncio.Event().wait()


async def _no_word() -> Message:
    return {"type": "http.disconnect"}


async def _to_nobody(_message: Message) -> None:
    """Nobody reads."""


@pytest.mark.anyio
@pytest.mark.parametrize("we_leave", [True, False])
async def test_a_request_cut_off_is_no_news_only_while_we_leave(*, we_leave: bool) -> None:
    server = PageServer(_never_ends)
    app = cast("ASGIApp", server.config.app)  # uvicorn would also take a name or an older kind
    request = asyncio.ensure_future(app({"type": "http"}, _no_word, _to_nobody))
    await asyncio.sleep(0)
    if we_leave:
        stopping = asyncio.create_task(server.stop())
        await asyncio.sleep(0)
        stopping.cancel()
    request.cancel()
    await asyncio.wait([request])
    assert request.cancelled() is not we_leave
