"""A codec that lets the world hear what is said through it."""

from collections.abc import Callable

from cloud_sync.wire.framing.frame import Codec
from cloud_sync.wire.messages import Message

Tap = Callable[[str, Message], None]


class Tapped:
    """Fits Codec. `said` is told of every message before it leaves, `heard` of every good one."""

    def __init__(self, inner: Codec, said: Tap, heard: Tap) -> None:
        self._inner, self._said, self._heard = inner, said, heard

    def pack(self, lane: str, message: Message) -> bytes:
        """As the codec beneath."""
        self._said(lane, message)
        return self._inner.pack(lane, message)

    def unpack(self, lane: str, wire: bytes) -> Message:
        """As the codec beneath."""
        message = self._inner.unpack(lane, wire)
        self._heard(lane, message)
        return message


def _fits(tapped: Tapped) -> Codec:
    return tapped
