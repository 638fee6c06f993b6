"""A link that knows again what was said on it lately: an answer to anything else is a replay."""

import hashlib
from collections import deque
from collections.abc import Callable
from typing import Final

from cloud_sync.station.ports import Link, LinkEvent

_MOST: Final = 64
"""Frames of half a minute at most; the county answers a stranger within seconds, or never."""


class SentFrames:
    """Fits Link."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._sent: deque[str] = deque(maxlen=_MOST)

    def start(self, on_event: Callable[[LinkEvent], None]) -> None:
        """Connect and stay connected."""
        self._link.start(on_event)

    def send(self, lane: str, payload: bytes) -> None:
        """Hand bytes on, and remember them."""
        self._sent.append(hashlib.sha256(payload).hexdigest())
        self._link.send(lane, payload)

    async def aclose(self) -> None:
        """Say goodbye and disconnect."""
        await self._link.aclose()

    def has(self, frame: str) -> bool:
        """Whether the frame with this SHA-256 was sent lately, and not answered well since."""
        return frame in self._sent

    def answered(self) -> None:
        """The county knows us: what it may have said of earlier frames is over."""
        self._sent.clear()


def _conforms(link: SentFrames) -> Link:
    return link
