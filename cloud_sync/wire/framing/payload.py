"""The bytes inside a frame: `pack` writes a message, `unpack` reads it, and nothing else passes.

02 | 00 | zstandard(JSON)                                  any message but a batch
02 | 01 | length (2) | zstandard(JSON without facts) | columns of facts
"""

from typing import Final

import msgspec

from cloud_sync.wire.framing import dictionary
from cloud_sync.wire.framing.columns import decode_facts, encode_facts
from cloud_sync.wire.messages import (
    MAX_MESSAGE,
    MAX_UNPACKED,
    Batch,
    Message,
    MessageError,
    Position,
)

VERSION: Final = 2
SEAL_BYTES: Final = 17 + 12 + 16 + 64
"""What sealing adds: header, nonce, tag and signature."""
MAX_PAYLOAD: Final = MAX_MESSAGE - SEAL_BYTES
_PLAIN: Final = bytes([VERSION, 0])
_BATCH: Final = bytes([VERSION, 1])
_LENGTH: Final = 2


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A batch without its facts, but with their number: cut off behind this, it is no batch."""

    session: str
    previous: Position
    last: str
    facts: int


_MESSAGE: Final[msgspec.json.Decoder[Message]] = msgspec.json.Decoder(Message)
_HEAD: Final = msgspec.json.Decoder(Head)


def pack(message: Message) -> bytes:
    """The payload of a message. Raises MessageError where its frame would be above MAX_MESSAGE."""
    payload = _packed_batch(message) if isinstance(message, Batch) else _PLAIN + _packed(message)
    if len(payload) > MAX_PAYLOAD:
        size = len(payload) + SEAL_BYTES
        raise MessageError(f"message of {size} bytes is above {MAX_MESSAGE}")
    return payload


def unpack(payload: bytes) -> Message:
    """Read a payload. Raises MessageError for anything that is not exactly a message of ours."""
    if len(payload) > MAX_PAYLOAD:
        raise MessageError(f"a frame above {MAX_MESSAGE} bytes")
    try:
        if payload.startswith(_BATCH):
            return _batch(payload)
        if not payload.startswith(_PLAIN):
            raise MessageError("unknown version")
        message = _MESSAGE.decode(_clear(payload[len(_PLAIN) :]))
    except (msgspec.MsgspecError, ValueError, RecursionError) as cause:
        raise MessageError(f"not a message: {cause}") from cause
    if isinstance(message, Batch):
        raise MessageError("facts travel in columns")
    return message


def _packed(value: msgspec.Struct) -> bytes:
    return dictionary.compress(msgspec.json.encode(value), dictionary.MESSAGES)


def _clear(packed: bytes) -> bytes:
    return dictionary.decompress(packed, MAX_UNPACKED)


def _packed_batch(batch: Batch) -> bytes:
    head = _packed(
        Head(
            session=batch.session,
            previous=batch.previous,
            last=batch.last,
            facts=len(batch.facts),
        )
    )
    if len(head) >= 2 ** (8 * _LENGTH):
        raise MessageError("the head of a batch is too large")
    columns = encode_facts([bytes(fact) for fact in batch.facts])
    return _BATCH + len(head).to_bytes(_LENGTH, "big") + head + columns


def _batch(payload: bytes) -> Batch:
    start = len(_BATCH) + _LENGTH
    end = start + int.from_bytes(payload[len(_BATCH) : start], "big")
    head = _HEAD.decode(_clear(payload[start:end]))
    facts = decode_facts(payload[end:])
    if len(facts) != head.facts:
        raise MessageError("not as many facts as it says")
    return Batch(
        session=head.session,
        previous=head.previous,
        facts=[msgspec.Raw(fact) for fact in facts],
        last=head.last,
    )
