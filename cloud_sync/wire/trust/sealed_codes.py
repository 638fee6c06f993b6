"""Pickup codes on their way from a station to its county: sealed where they are drawn.

The station seals with a key that it draws at each start and keeps in memory alone, so that its own
card opens none of them. The county's secret half lies in no database.
"""

import base64
import binascii
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_PURPOSE: Final = b"cunyi pickup codes 1"
_CLEAR: Final = re.compile(r"([0-9]{8}) (CY1:[A-Z2-7]{26}) ([0-9]{1,2})")


@dataclass(frozen=True, slots=True)
class ClearCode:
    """What a villager types or shows, never printed or logged; and for how many days it is kept."""

    digits: str = field(repr=False)
    token: str = field(repr=False)
    keep_days: int


class CodeSealer:
    """A station's side, good for one run. Raises ValueError for what is no key of a county."""

    def __init__(self, station: str, county: bytes) -> None:
        own = X25519PrivateKey.generate()
        self._station = station
        self._public = own.public_key().public_bytes_raw()
        shared = own.exchange(X25519PublicKey.from_public_bytes(county))
        self._box = _box(shared, self._public, county)

    def seal(self, credential: str, code: ClearCode) -> str:
        """The code, for the county alone and for this credential of this station alone."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        clear = f"{code.digits} {code.token} {code.keep_days}".encode()
        sealed = self._box.encrypt(nonce, clear, _bound_to(self._station, credential))
        return base64.urlsafe_b64encode(self._public + nonce + sealed).decode().rstrip("=")


class CodeOpener:
    """The county's side, from a secret of KEY_BYTES."""

    def __init__(self, secret: bytes) -> None:
        self._own = X25519PrivateKey.from_private_bytes(secret)
        self.public = self._own.public_key().public_bytes_raw()
        """What stations seal with."""

    def open(self, station: str, credential: str, sealed: str) -> ClearCode | None:
        """The code; None for what was changed, or sealed for another county or credential."""
        try:
            whole = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
            theirs = X25519PublicKey.from_public_bytes(whole[:KEY_BYTES])
            box = _box(self._own.exchange(theirs), whole[:KEY_BYTES], self.public)
            nonce, rest = whole[KEY_BYTES:][:_NONCE_BYTES], whole[KEY_BYTES + _NONCE_BYTES :]
            clear = box.decrypt(nonce, rest, _bound_to(station, credential)).decode()
        except (binascii.Error, ValueError, InvalidTag):
            return None
        if (found := _CLEAR.fullmatch(clear)) is None:
            return None
        digits, token, keep_days = found.groups()
        return ClearCode(digits, token, int(keep_days))


def _box(shared: bytes, station: bytes, county: bytes) -> ChaCha20Poly1305:
    kdf = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=_PURPOSE)
    return ChaCha20Poly1305(kdf.derive(shared + station + county))


def _bound_to(station: str, credential: str) -> bytes:
    return f"{station}\0{credential}".encode()
