"""Whoever may read everything on a broker, and what he would know again."""

import base64
import binascii
import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec
import zstandard

from cloud_sync.wire.messages import MessageError
from tests.architecture.tree import ROOT
from tests.support.plain import PlainCodec

EVERYTHING: Final = ("-t", "#", "-q", "1", "-F", "%t %X")
"""What mosquitto_sub is told, so that a Sniffer can read its log."""
_SHORTEST: Final = 4
_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_MOST: Final = 4_000_000
_DICTIONARIES: Final = (
    None,
    *(
        zstandard.ZstdCompressionDict(file.read_bytes(), zstandard.DICT_TYPE_FULLDICT)
        for file in sorted((ROOT / "cloud_sync" / "wire").glob("*.zdict"))
    ),
)


class Sniffer:
    """mosquitto_sub on everything."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def saw(self) -> list[tuple[str, bytes]]:
        """Topic and payload of each message so far."""
        whole = self._log.read_text(encoding="utf-8").rpartition("\n")[0]
        pairs = (line.partition(" ") for line in whole.splitlines())
        return [(where, bytes.fromhex(payload)) for where, _space, payload in pairs]


def readings(payload: bytes) -> Iterator[bytes]:
    """The bytes as they are, and everything that they unpack to without a key."""
    yield payload
    with contextlib.suppress(binascii.Error):
        yield base64.b64decode(payload, validate=True)
    with contextlib.suppress(ValueError):
        yield bytes.fromhex(payload.decode("ascii"))
    at = payload.find(_MAGIC)
    while at >= 0:
        for one in _DICTIONARIES:
            with contextlib.suppress(zstandard.ZstdError):
                unpacker = zstandard.ZstdDecompressor(dict_data=one).decompressobj()
                yield unpacker.decompress(payload[at:])
        at = payload.find(_MAGIC, at + 1)
    with contextlib.suppress(MessageError):
        yield msgspec.json.encode(PlainCodec().unpack("up", payload))


def disguises(canary: str) -> Iterator[bytes]:
    """The bytes by which a canary would be known again."""
    plain = canary.encode()
    yield plain
    yield canary.encode("gb18030")
    if len(plain) > _SHORTEST:  # shorter ones come about by chance
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        for shift in range(3):
            whole = base64.b64encode(bytes(shift) + plain)
            yield whole[(8 * shift + 5) // 6 : len(plain) * 8 // 6 + shift]


def heard_in(payloads: Iterable[bytes], canaries: Iterable[str]) -> set[str]:
    """The canaries that sing in any of them."""
    wanted = tuple(canaries)
    return {
        canary
        for payload in payloads
        for reading in readings(payload)
        for canary in wanted
        if any(one in reading for one in disguises(canary))
    }
