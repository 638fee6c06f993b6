"""Frames: a message, signed by who says it and sealed for who may read it; no broker can do either.

    02 | sender's key id (8) | receiver's key id (8) | nonce (12) | sealed(signature (64) | payload)

Bound into seal and signature are the header and the topic, so that a frame carried to another
lane, station or county is no frame at all. A replayed one is the same message again, which every
message bears. The one answer to a stranger is signed only, with a receiver of zeros.
"""

import secrets
from collections.abc import Callable
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag

from cloud_sync.wire.identity import SIGNATURE_BYTES, Identity, KeyId, PublicIdentity
from cloud_sync.wire.messages import Message, MessageError, NotEnrolled, pack, unpack
from cloud_sync.wire.topics import topic
from edge.kernel.ids import CountyId, StationId

VERSION: Final = 2
_HEADER: Final = 1 + 8 + 8
_NONCE: Final = 12
_NOBODY: Final = bytes(8)
_PURPOSE: Final = b"cunyi frame 2\0"

Lookup = Callable[[KeyId], PublicIdentity | None]
"""Whose key it is, None for a stranger's."""


class StrangerError(MessageError):
    """The frame's sender is not known here."""


class Codec(Protocol):
    """What one end of one talk turns messages into, and reads them from."""

    def pack(self, lane: str, message: Message) -> bytes:
        """Wire bytes. Raises MessageError for a message that is too large."""

    def unpack(self, lane: str, wire: bytes) -> Message:
        """The message. Raises MessageError for anything that the other end did not say here."""


def seal(
    message: Message, where: str, sender: Identity, receiver: PublicIdentity, nonce: bytes
) -> bytes:
    """The frame of a message on a topic. Raises MessageError for one that is too large."""
    payload = pack(message)
    header = _header(sender.public.key_id, bytes.fromhex(receiver.key_id))
    bound = header + where.encode()
    signed = sender.sign(_PURPOSE + bound + nonce + payload) + payload
    return header + nonce + sender.box_with(receiver).encrypt(nonce, signed, bound)


def unseal(wire: bytes, where: str, receiver: Identity, sender: Lookup) -> Message:
    """The message of a frame. Raises StrangerError, or MessageError for what is none of ours."""
    other = _sender_of(wire, sender)
    if wire[9:_HEADER] != bytes.fromhex(receiver.public.key_id):
        raise MessageError("sealed for somebody else")
    bound, nonce = wire[:_HEADER] + where.encode(), wire[_HEADER : _HEADER + _NONCE]
    try:
        signed = receiver.box_with(other).decrypt(nonce, wire[_HEADER + _NONCE :], bound)
    except (InvalidTag, ValueError) as cause:
        raise MessageError("the seal is broken") from cause
    return _verified(other, bound + nonce, signed)


def sign_only(message: NotEnrolled, where: str, sender: Identity) -> bytes:
    """The answer to a stranger, which anybody may read."""
    header = _header(sender.public.key_id, _NOBODY)
    payload = pack(message)
    return header + sender.sign(_PURPOSE + header + where.encode() + payload) + payload


def read_signed(wire: bytes, where: str, sender: Lookup) -> NotEnrolled:
    """What `sign_only` made. Raises MessageError for anything else."""
    other = _sender_of(wire, sender)
    if wire[9:_HEADER] != _NOBODY:
        raise MessageError("not a frame that is signed only")
    message = _verified(other, wire[:_HEADER] + where.encode(), wire[_HEADER:])
    if not isinstance(message, NotEnrolled):
        raise MessageError("only one message may travel unsealed")
    return message


def _header(sender: KeyId, receiver: bytes) -> bytes:
    return bytes([VERSION]) + bytes.fromhex(sender) + receiver


def _sender_of(wire: bytes, sender: Lookup) -> PublicIdentity:
    if len(wire) < _HEADER or wire[0] != VERSION:
        raise MessageError("unknown version or size")
    other = sender(KeyId(wire[1:9].hex()))
    if other is None:
        raise StrangerError("its sender is not known here")
    return other


def _verified(other: PublicIdentity, bound: bytes, signed: bytes) -> Message:
    signature, payload = signed[:SIGNATURE_BYTES], signed[SIGNATURE_BYTES:]
    if not other.has_signed(signature, _PURPOSE + bound + payload):
        raise MessageError("the signature is not its sender's")
    return unpack(payload)


class SealedCodec:
    """Fits Codec: one station's talk, seen from either end. `others` finds the other end's key."""

    def __init__(
        self,
        mine: Identity,
        other: Callable[[], PublicIdentity],
        others: Lookup,
        *,
        county: CountyId,
        station: StationId,
    ) -> None:
        self._mine, self._other, self._others = mine, other, others
        self._county, self._station = county, station

    def pack(self, lane: str, message: Message) -> bytes:
        """The sealed frame."""
        nonce = secrets.token_bytes(_NONCE)
        return seal(message, self._topic(lane), self._mine, self._other(), nonce)

    def unpack(self, lane: str, wire: bytes) -> Message:
        """The message of a sealed frame, or of the county's answer to a stranger."""
        if wire[9:_HEADER] == _NOBODY:
            return read_signed(wire, self._topic(lane), self._others)
        return unseal(wire, self._topic(lane), self._mine, self._others)

    def _topic(self, lane: str) -> str:
        return topic(self._county, self._station, lane)


class PlainCodec:
    """Fits Codec: nothing hidden, nothing proven; for tests of what messages mean."""

    def pack(self, _lane: str, message: Message) -> bytes:
        """The plain bytes."""
        return pack(message)

    def unpack(self, _lane: str, wire: bytes) -> Message:
        """The message of plain bytes."""
        return unpack(wire)


def _conforms(sealed: SealedCodec, plain: PlainCodec) -> tuple[Codec, Codec]:
    return sealed, plain
