"""Server-sent events: the whole screen on connecting and whenever it has become another."""

from collections.abc import AsyncIterator, Callable
from typing import Final, Protocol

from fastapi.sse import ServerSentEvent

from edge.daemon.front import Front
from edge.web.as_json import as_json

CALM_S: Final = 15.0
RESTLESS_S: Final = 1.0


class View(Protocol):
    """A screen that may know that it changes with time alone."""

    @property
    def restless(self) -> bool:
        """Whether to look again within a second although nothing happens."""


async def screens(front: Front, draw: Callable[[], View | None]) -> AsyncIterator[ServerSentEvent]:
    """Draw at each change and send what differs; ends when there is nothing more to draw.

    FastAPI adds a comment every 15 s and cancels this when the page or the server goes away.
    """
    sent = ""
    while True:
        version = front.version
        view = draw()
        if view is None:
            return
        text = as_json(view)
        if text != sent:
            sent = text
            yield ServerSentEvent(event="screen", raw_data=text)
        await front.changed(version, RESTLESS_S if view.restless else CALM_S)
