"""A link that waits until the station is enrolled: before that there is nobody to talk to."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from cloud_sync.station.ports import Link, LinkEvent

LOOK_EVERY_S: Final = 1.0


class AwaitedLink:
    """Fits Link. `make` builds the real one as soon as `ready` says that it can be."""

    def __init__(
        self,
        make: Callable[[], Link],
        ready: Callable[[], bool],
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._make, self._ready, self._look_every_s = make, ready, look_every_s
        self._link: Link | None = None
        self._waiting: asyncio.Task[None] | None = None

    def start(self, on_event: Callable[[LinkEvent], None]) -> None:
        """Connect now if that can be, else as soon as it can."""
        if self._ready():
            self._begin(on_event)
        else:
            self._waiting = asyncio.create_task(self._await(on_event))

    def send(self, lane: str, payload: bytes) -> None:
        """Hand bytes on; while there is nobody, they are lost."""
        if self._link is not None:
            self._link.send(lane, payload)

    async def aclose(self) -> None:
        """Stop waiting, or disconnect."""
        if self._waiting is not None:
            self._waiting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._waiting
        if self._link is not None:
            await self._link.aclose()

    async def _await(self, on_event: Callable[[LinkEvent], None]) -> None:
        while not self._ready():  # noqa: ASYNC110 - another process writes the card
            await asyncio.sleep(self._look_every_s)
        self._begin(on_event)

    def _begin(self, on_event: Callable[[LinkEvent], None]) -> None:
        self._link = self._make()
        self._link.start(on_event)


def _conforms(link: AwaitedLink) -> Link:
    return link
