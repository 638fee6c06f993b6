"""A GRANT as bytes: what is cut into pieces and hashed; and its name, which says where it begins.

    random (16) . parent's epoch . parent's seq . parent's hash (64) . proof (64)

The proof is the county's own, over station, epoch and all that: a county that was put back to an
older copy honours a GRANT that it no longer remembers.
"""

import re
from typing import Final

import msgspec
import zstandard

from cloud_sync.wire.messages import GrantBody, MessageError, Position

MAX_GRANT: Final = 64_000_000
"""Bytes after decompression: a snapshot and some hundred thousand facts."""
_NAME: Final = re.compile(
    r"([0-9a-f]{16}\.([0-9]{1,9})\.([0-9]{1,18})\.([0-9a-f]{64}))\.[0-9a-f]{64}"
)


def pack_grant(body: GrantBody) -> bytes:
    """The bytes that are hashed and cut into pieces."""
    return zstandard.compress(msgspec.json.encode(body), 6)


def unpack_grant(data: bytes) -> GrantBody:
    """Read them. Raises MessageError for anything else."""
    try:
        if zstandard.frame_content_size(data) > MAX_GRANT:
            raise MessageError(f"more than {MAX_GRANT} bytes after decompression")
        clear = zstandard.ZstdDecompressor().decompress(
            data, max_output_size=MAX_GRANT, allow_extra_data=False
        )
        return msgspec.json.decode(clear, type=GrantBody)
    except (zstandard.ZstdError, msgspec.DecodeError, ValueError, RecursionError) as cause:
        raise MessageError(f"not a GRANT: {cause}") from cause


def grant_parent(grant: str) -> Position | None:
    """The place that a GRANT's journal follows, or None for no GRANT's name."""
    match = _NAME.fullmatch(grant)
    if match is None:
        return None
    return Position(epoch=int(match[2]), seq=int(match[3]), hash=match[4])


def unproven(grant: str) -> str:
    """A GRANT's name without its proof, or an empty text for no such name."""
    match = _NAME.fullmatch(grant)
    return "" if match is None else match[1]


def name_without_proof(random: str, parent: Position) -> str:
    """The part of a GRANT's name that its proof covers."""
    return f"{random}.{parent.epoch}.{parent.seq}.{parent.hash}"
