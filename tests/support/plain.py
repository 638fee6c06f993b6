"""A codec that hides and proves nothing, for tests of what messages mean."""

from cloud_sync.wire.framing.frame import Codec
from cloud_sync.wire.framing.payload import pack, unpack
from cloud_sync.wire.messages import Message


class PlainCodec:
    """Fits Codec."""

    def pack(self, _lane: str, message: Message) -> bytes:
        """The plain bytes."""
        return pack(message)

    def unpack(self, _lane: str, wire: bytes) -> Message:
        """The message of plain bytes."""
        return unpack(wire)


def _conforms(codec: PlainCodec) -> Codec:
    return codec
