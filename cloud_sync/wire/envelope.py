"""The envelope of a fact: the bytes made at commit are the bytes that travel.

Canonical bytes are UTF-8 JSON with sorted keys and no floats. The previous hash is not part of the
bytes; it goes into the chain hash, and once per batch over the wire, because random hex does
not compress.
"""

from typing import Any

import msgspec

from edge.kernel.hashing import canonical_bytes


class Envelope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fact with its moment. `wall_hi` is None while the clock is not trusted."""

    epoch: int
    seq: int
    boot: int
    mono_ms: int
    wall_lo: int
    wall_hi: int | None
    kind: str
    schema: int
    actor: str
    body: dict[str, Any]


def encode(envelope: Envelope) -> bytes:
    """Canonical bytes. Raises TypeError on a float in the body."""
    return canonical_bytes(msgspec.structs.asdict(envelope))


def decode(fact: bytes) -> Envelope:
    """Read canonical bytes. Raises msgspec.DecodeError or msgspec.ValidationError."""
    try:
        return msgspec.json.decode(fact, type=Envelope)
    except (UnicodeDecodeError, RecursionError) as cause:  # msgspec lets both through
        raise msgspec.DecodeError(str(cause)) from cause
