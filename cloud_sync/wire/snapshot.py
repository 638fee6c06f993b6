"""A snapshot: what a station knew right after one fact, for a new card and for a county with a gap.

`state` is the station's own affair; the county keeps it and gives it back in a GRANT. `cells` and
`parcels` are the county's words for the same, so that it can go on after a gap.
"""

from typing import Final

import msgspec
import zstandard

from cloud_sync.wire.messages import MAX_UNPACKED, MessageError

PIECE_BYTES: Final = 40_000
"""Of a snapshot or GRANT in one message: as base64 in a sealed frame it stays below MAX_MESSAGE."""


class CellPicture(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A row of the county's table `cells`, and why a keeper took the cell off the offer."""

    cell: int
    occupancy: str
    reason: str
    waybill_no: str | None
    last_waybill_no: str | None
    door: str
    purpose: str
    since_ms: int
    locked: str = ""


class ConsentPicture(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A row of the county's table `consents`."""

    consent: str
    wish: str = ""
    how: str = ""
    giver: str = ""
    noted_ms: int | None = None
    tries: int = 0
    tried_ms: int | None = None


class ParcelPicture(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A row of the county's table `parcels`, the slot where it lies in no cell, what its stay has
    brought about and what was agreed to where somebody had to ask.

    What a station without shelves and long stays tells can so be read by an older county too.
    """

    waybill_no: str
    carrier: str
    stage: str
    cell: int | None
    received_ms: int
    stored_ms: int | None
    ended_ms: int | None
    slot: str | None = None
    overdue_ms: int | None = None
    cause: str = ""
    refused: str = ""
    damage: str = ""
    liable: str = "unknown"
    consent: ConsentPicture | None = None


class SnapshotBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole of it."""

    state: msgspec.Raw
    cells: list[CellPicture]
    parcels: list[ParcelPicture]


def pack_snapshot(body: SnapshotBody) -> bytes:
    """The bytes that are stored, hashed and cut into pieces."""
    return zstandard.compress(msgspec.json.encode(body), 9)


def unpack_snapshot(data: bytes) -> SnapshotBody:
    """Read them. Raises MessageError for anything else."""
    try:
        if zstandard.frame_content_size(data) > MAX_UNPACKED:
            raise MessageError(f"more than {MAX_UNPACKED} bytes after decompression")
        clear = zstandard.ZstdDecompressor().decompress(
            data, max_output_size=MAX_UNPACKED, allow_extra_data=False
        )
        return msgspec.json.decode(clear, type=SnapshotBody)
    except (zstandard.ZstdError, msgspec.DecodeError, ValueError, RecursionError) as cause:
        raise MessageError(f"not a snapshot: {cause}") from cause


def cut(data: bytes) -> list[bytes]:
    """The pieces that travel, in order; at least one."""
    return [data[start : start + PIECE_BYTES] for start in range(0, max(1, len(data)), PIECE_BYTES)]
