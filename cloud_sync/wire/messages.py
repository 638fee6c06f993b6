"""What station and county say to each other. Every message is version byte + zstandard(JSON).

The protocol in short: HELLO, WELCOME with a verdict, then one BATCH in flight and its ACK.
An ACK names the county's applied position and hash; it is cumulative, so a lost or repeated
one does no harm, and after a gap it tells the station where to go on.
"""

from typing import Final

import msgspec
import zstandard

from edge.kernel.errors import CunyiError

VERSION: Final = 1
MAX_MESSAGE: Final = 64_000
"""Bytes on the wire: small enough for every broker's default limit (128 kB at the smallest)."""
MAX_UNPACKED: Final = 4_000_000
"""Bytes after decompression: bounds what a forged message can make us allocate."""


class MessageError(CunyiError):
    """The bytes are no message of ours: counted and dropped, nothing changes."""


class Position(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place in a station's journal; `hash` is 64 hex digits, seq 0 means before the first."""

    epoch: int
    seq: int
    hash: str


class Hello(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="hello"):
    """A station introduces itself, with a nonce that the answer must carry."""

    nonce: str
    head: Position
    oldest_seq: int
    boot: int
    software: str
    cells: int


class Welcome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="welcome"):
    """The county's answer. `verdict` is ok, rollback, fork or unknown_station."""

    nonce: str
    session: str
    county_gen: str
    verdict: str
    applied: Position
    durable_seq: int
    county_time_ms: int


class Batch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="batch"):
    """Facts in order, as their canonical bytes; `previous` is the position before the first.

    `last` is the chain hash after the last fact, 64 hex digits: a byte changed on the way is
    seen before anything is stored. Empty means not given.
    """

    session: str
    previous: Position
    facts: list[msgspec.Raw]
    last: str = ""


class Ack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="ack"):
    """Committed at the county up to `applied`; only what is `durable` may ever be pruned."""

    session: str
    county_gen: str
    applied: Position
    durable_seq: int
    note: str


class Heartbeat(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="heartbeat"
):
    """Telemetry, never journalled: how the station is and what it has not yet delivered."""

    boot: int
    up_ms: int
    head_seq: int
    waiting: int
    devices: dict[str, str]
    simulated: bool


class Goodbye(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="goodbye"):
    """The last will, or a clean stop: a hint only."""

    clean: bool


Upward = Hello | Batch
Downward = Welcome | Ack
Telemetry = Heartbeat | Goodbye
Message = Hello | Batch | Welcome | Ack | Heartbeat | Goodbye

_DECODER: Final[msgspec.json.Decoder[Message]] = msgspec.json.Decoder(Message)


def pack(message: Message) -> bytes:
    """Wire bytes of a message. Raises MessageError above MAX_MESSAGE."""
    wire = bytes([VERSION]) + zstandard.compress(msgspec.json.encode(message), 9)
    if len(wire) > MAX_MESSAGE:
        raise MessageError(f"message of {len(wire)} bytes is above {MAX_MESSAGE}")
    return wire


def unpack(wire: bytes) -> Message:
    """Read wire bytes. Raises MessageError for anything that is not exactly a message of ours."""
    if not wire or wire[0] != VERSION or len(wire) > MAX_MESSAGE:
        raise MessageError("unknown version or size")
    try:
        return _DECODER.decode(_unpacked(wire[1:]))
    except (zstandard.ZstdError, msgspec.DecodeError, ValueError, RecursionError) as cause:
        raise MessageError(f"not a message: {cause}") from cause


def _unpacked(frame: bytes) -> bytes:
    # zstandard heeds max_output_size only where the frame does not say its own size.
    if zstandard.frame_content_size(frame) > MAX_UNPACKED:
        raise MessageError(f"more than {MAX_UNPACKED} bytes after decompression")
    decompressor = zstandard.ZstdDecompressor()
    return decompressor.decompress(frame, max_output_size=MAX_UNPACKED, allow_extra_data=False)
