"""Reads a request's body before the app sees it, within a size and a time."""

from typing import Final

import anyio
from starlette.types import Message, Receive

MOST_BYTES: Final = 64 * 1024
"""The largest form of ours is below 1 kB; a waybill code below 100 bytes."""
SLOWEST_S: Final = 10.0


class TooLarge(Exception):
    """The body is larger than MOST_BYTES, whatever its Content-Length says."""


class Gone(Exception):
    """The client left before its body was complete."""


async def read_body(receive: Receive) -> bytes:
    """The whole body. Raises TooLarge, Gone, or TimeoutError after SLOWEST_S."""
    body = bytearray()
    with anyio.fail_after(SLOWEST_S):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            body += message.get("body", b"")
            if len(body) > MOST_BYTES:
                raise TooLarge
            if not message.get("more_body", False):
                return bytes(body)


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body once and then listens on, for the disconnect."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
