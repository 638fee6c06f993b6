"""Canonical bytes and the hash chain: what makes a journal row provable."""

import hashlib
import hmac
from typing import Any, Final

import msgspec

from edge.kernel.ids import Epoch, Mac, Seq, StationId

GENESIS: Final = bytes(32)
"""The previous hash of a station's very first fact."""

_ENCODER: Final = msgspec.json.Encoder(order="sorted")


def canonical_bytes(value: dict[str, Any]) -> bytes:
    """UTF-8 JSON with sorted keys. Raises TypeError on a float, which has no one spelling."""
    _refuse_floats(value)
    return _ENCODER.encode(value)


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("a fact holds no float: use an integer with a unit")
    if isinstance(value, dict):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)


def chain_hash(previous: bytes, station: StationId, epoch: Epoch, seq: Seq, fact: bytes) -> bytes:
    """SHA-256 over previous hash, station, epoch, seq and the fact's canonical bytes (32 bytes)."""
    digest = hashlib.sha256(previous)
    digest.update(station.encode() + b"\0")
    digest.update(epoch.to_bytes(8, "big") + seq.to_bytes(8, "big"))
    digest.update(fact)
    return digest.digest()


def keyed_hash(key: bytes, purpose: str, text: str) -> Mac:
    """HMAC-SHA256 of a secret text, bound to what it is for, as 64 hex digits."""
    return Mac(hmac.digest(key, f"{purpose}\0{text}".encode(), "sha256").hex())
