"""Frames: a message, signed by who says it and sealed for who may read it; no broker can do either.

    02 | sender's key id (8) | receiver's key id (8) | nonce (12) | sealed(signature (64) | payload)

Bound into seal and signature are the header and the topic, and the signature names the receiver's
whole keys: a frame carried to another lane, station or county is no frame at all. Both are needed.
The seal alone could be made by whoever stole the receiver's secret, the signature alone be read by
everybody. A replayed frame is the same message again, which every message bears. Secrecy is not
forward: whoever steals an end's secret can read what was recorded before.

The one answer to a stranger is signed only, with a receiver of zeros and without a nonce.
"""

import secrets
from collections.abc import Callable
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag

from cloud_sync.wire.broker.topics import topic
from cloud_sync.wire.framing.payload import pack, unpack
from cloud_sync.wire.messages import MAX_MESSAGE, Message, MessageError, NotEnrolled
from cloud_sync.wire.trust.identity import SIGNATURE_BYTES, Identity, KeyId, PublicIdentity
from edge.kernel.ids import CountyId, StationId

VERSION: Final = 2
NONCE: Final = 12
"""Bytes that `seal` wants drawn for each frame: by chance, for two ends share one key."""
_HEADER: Final = 1 + 8 + 8
_NOBODY: Final = bytes(8)
_SEALED: Final = b"cunyi frame 2 sealed\0"
_SIGNED: Final = b"cunyi frame 2 signed\0"

Lookup = Callable[[KeyId], PublicIdentity | None]
"""Whose key it is, None for a stranger's. It must know the keys of this talk's other end and no
others: another station's key would let that station speak on this one's topics.
"""


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
    """The frame of a message on a topic. Raises MessageError for one that is too large.

    A `nonce` of NONCE bytes must never come twice between the same two ends, in either direction.
    """
    payload = pack(message)
    bound = _bound(_header(sender.public.key_id, bytes.fromhex(receiver.key_id)), where)
    try:
        box = sender.box_with(receiver)
    except ValueError as cause:
        raise MessageError("nothing can be sealed for such a key") from cause
    signature = sender.sign(_SEALED + receiver.whole + bound + nonce + payload)
    return bound[:_HEADER] + nonce + box.encrypt(nonce, signature + payload, bound)


def unseal(wire: bytes, where: str, receiver: Identity, sender: Lookup) -> Message:
    """The message of a frame. Raises StrangerError, or MessageError for what is none of ours."""
    other = _sender_of(wire, sender)
    if wire[9:_HEADER] != bytes.fromhex(receiver.public.key_id):
        raise MessageError("sealed for somebody else")
    bound, nonce = _bound(wire[:_HEADER], where), wire[_HEADER : _HEADER + NONCE]
    try:
        signed = receiver.box_with(other).decrypt(nonce, wire[_HEADER + NONCE :], bound)
    except (InvalidTag, ValueError) as cause:
        raise MessageError("the seal is broken") from cause
    return _verified(other, _SEALED + receiver.public.whole + bound + nonce, signed)


def sign_only(message: NotEnrolled, where: str, sender: Identity) -> bytes:
    """The answer to a stranger, which anybody may read."""
    header = _header(sender.public.key_id, _NOBODY)
    payload = pack(message)
    return header + sender.sign(_SIGNED + _bound(header, where) + payload) + payload


def read_signed(wire: bytes, where: str, sender: Lookup) -> NotEnrolled:
    """What `sign_only` made. Raises MessageError for anything else."""
    other = _sender_of(wire, sender)
    if wire[9:_HEADER] != _NOBODY:
        raise MessageError("not a frame that is signed only")
    message = _verified(other, _SIGNED + _bound(wire[:_HEADER], where), wire[_HEADER:])
    if not isinstance(message, NotEnrolled):
        raise MessageError("only one message may travel unsealed")
    return message


def receiver_of(wire: bytes) -> KeyId:
    """For which key a frame says it is sealed. Raises MessageError where there is no header."""
    _require_header(wire)
    return KeyId(wire[9:_HEADER].hex())


def _header(sender: KeyId, receiver: bytes) -> bytes:
    return bytes([VERSION]) + bytes.fromhex(sender) + receiver


def _bound(header: bytes, where: str) -> bytes:
    topic_bytes = where.encode()
    # With its length, so that nothing can be taken for a longer topic and less of what follows.
    return header + len(topic_bytes).to_bytes(2, "big") + topic_bytes


def _require_header(wire: bytes) -> None:
    if not _HEADER <= len(wire) <= MAX_MESSAGE or wire[0] != VERSION:
        raise MessageError("unknown version or size")


def _sender_of(wire: bytes, sender: Lookup) -> PublicIdentity:
    _require_header(wire)
    other = sender(KeyId(wire[1:9].hex()))
    if other is None:
        raise StrangerError("its sender is not known here")
    return other


def _verified(other: PublicIdentity, bound: bytes, signed: bytes) -> Message:
    signature, payload = signed[:SIGNATURE_BYTES], signed[SIGNATURE_BYTES:]
    if not other.has_signed(signature, bound + payload):
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
        nonce = secrets.token_bytes(NONCE)
        return seal(message, self._topic(lane), self._mine, self._other(), nonce)

    def unpack(self, lane: str, wire: bytes) -> Message:
        """The message of a sealed frame, or of the county's answer to a stranger."""
        if wire[9:_HEADER] == _NOBODY:
            return read_signed(wire, self._topic(lane), self._others)
        return unseal(wire, self._topic(lane), self._mine, self._others)

    def _topic(self, lane: str) -> str:
        return topic(self._county, self._station, lane)


def _conforms(codec: SealedCodec) -> Codec:
    return codec
