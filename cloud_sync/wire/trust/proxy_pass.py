"""A pass for a proxy (代取授权) as text: one parcel of one station, until one moment, once.

    "CYP:" . base32( version (1) . id (8) . station (8) . parcel (8) . until_ms (6) . proof (64) )

152 letters without an odd bit: capitals and digits alone, so that a QR code is small and a scanner
that types it hurts nothing. Station and parcel are hashes, so that it says nothing of anybody to
whoever finds it. The county signs; a station that knows its card needs nobody else to read it.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cloud_sync.wire.trust.identity import Identity, PublicIdentity
from edge.kernel.errors import CunyiError
from edge.kernel.ids import CountyId, StationId, WaybillNo

PASS: Final = re.compile(r"CYP:[A-Z2-7]{152}")
ID_BYTES: Final = 8
_HEAD: Final = "CYP:"
_VERSION: Final = 1
_HASH_BYTES: Final = 8
_UNTIL_BYTES: Final = 6
_SIGNED: Final = 1 + ID_BYTES + 2 * _HASH_BYTES + _UNTIL_BYTES
_PURPOSE: Final = b"cunyi proxy pass 1\0"


class PassError(CunyiError):
    """It is no pass, of another version, or not signed by any of these keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyPass:
    """What a pass says. `pass_id` are ID_BYTES in hex digits, drawn by chance and never twice."""

    pass_id: str
    station: bytes
    parcel: bytes
    until_ms: int

    def is_for_station(self, station: StationId) -> bool:
        """Whether this is the one station where it opens something."""
        return self.station == station_mark(station)

    def is_for_parcel(self, waybill_no: WaybillNo) -> bool:
        """Whether this is its one parcel."""
        return self.parcel == parcel_mark(self.pass_id, waybill_no)


def station_mark(station: StationId) -> bytes:
    """A station as a pass has it."""
    return hashlib.sha256(b"station\0" + station.encode()).digest()[:_HASH_BYTES]


def parcel_mark(pass_id: str, waybill_no: WaybillNo) -> bytes:
    """A parcel as one pass has it: two passes for it have nothing in common."""
    return hashlib.sha256(bytes.fromhex(pass_id) + waybill_no.encode()).digest()[:_HASH_BYTES]


def write_pass(said: ProxyPass, county: CountyId, mine: Identity) -> str:
    """The text of a pass, signed. The same pass and key always give the same."""
    signed = (
        bytes([_VERSION])
        + bytes.fromhex(said.pass_id)
        + said.station
        + said.parcel
        + said.until_ms.to_bytes(_UNTIL_BYTES, "big")
    )
    whole = signed + mine.sign(_bound_to(county) + signed)
    return _HEAD + base64.b32encode(whole).decode()


def read_pass(text: str, county: CountyId, keys: Iterable[PublicIdentity]) -> ProxyPass:
    """What stands in a PASS that one of these keys has signed. Raises PassError."""
    if not PASS.fullmatch(text):
        raise PassError("this is no pass")
    whole = base64.b32decode(text.removeprefix(_HEAD))
    signed, signature = whole[:_SIGNED], whole[_SIGNED:]
    if signed[0] != _VERSION:
        raise PassError(f"a pass of version {signed[0]}, which this cunyi does not know")
    if not any(key.has_signed(signature, _bound_to(county) + signed) for key in keys):
        raise PassError("none of the county's keys has signed it")
    body = signed[1:]
    return ProxyPass(
        pass_id=body[:ID_BYTES].hex(),
        station=body[ID_BYTES:][:_HASH_BYTES],
        parcel=body[ID_BYTES + _HASH_BYTES :][:_HASH_BYTES],
        until_ms=int.from_bytes(body[-_UNTIL_BYTES:], "big"),
    )


def _bound_to(county: CountyId) -> bytes:
    return _PURPOSE + county.encode() + b"\0"
