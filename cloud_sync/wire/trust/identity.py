"""Who is who on the wire: an end's two keys, Ed25519 to sign and X25519 to seal, from one secret.

TLS has keys and certificates of its own: a broker sees those, and is trusted with nothing.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NewType, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KeyId = NewType("KeyId", str)
"""16 hex digits: the first 8 bytes of SHA-256 over both public keys."""
SECRET_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
_KEY_BYTES: Final = 32
_ANYBODY_SIGNS: Final = frozenset(
    bytes.fromhex(point)
    for point in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)
"""Points of small order, without the sign of x: anybody can make signatures that fit them."""


@dataclass(frozen=True)
class PublicIdentity:
    """What others must know of an end: its two public keys, 32 bytes each.

    Raises ValueError for any other length and for a key that anybody can sign with. A point that
    nothing can be sealed for is found out by `box_with`.
    """

    sign: bytes
    seal: bytes

    def __post_init__(self) -> None:
        if len(self.sign) != _KEY_BYTES or len(self.seal) != _KEY_BYTES:
            raise ValueError(f"a public key has {_KEY_BYTES} bytes")
        if self.sign[:-1] + bytes([self.sign[-1] & 0x7F]) in _ANYBODY_SIGNS:
            raise ValueError("with this key anybody can sign")

    @cached_property
    def whole(self) -> bytes:
        """Both keys, to sign and to seal, one behind the other."""
        return self.sign + self.seal

    @cached_property
    def key_id(self) -> KeyId:
        """How frames name this end."""
        return KeyId(hashlib.sha256(self.whole).hexdigest()[:16])

    def has_signed(self, signature: bytes, message: bytes) -> bool:
        """Whether the signature is this end's over these bytes."""
        try:
            self._verifier.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    @cached_property
    def _verifier(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.sign)


class Identity:
    """The secret half, from SECRET_BYTES; never leaves its end. Raises ValueError."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SECRET_BYTES:
            raise ValueError(f"an identity's secret has {SECRET_BYTES} bytes")
        self._signer = Ed25519PrivateKey.from_private_bytes(_derive(secret, b"cunyi signs"))
        self._opener = X25519PrivateKey.from_private_bytes(_derive(secret, b"cunyi seals frames"))
        self.public = PublicIdentity(
            sign=self._signer.public_key().public_bytes_raw(),
            seal=self._opener.public_key().public_bytes_raw(),
        )
        self._boxes: dict[bytes, ChaCha20Poly1305] = {}

    @classmethod
    def from_secret(cls, secret: bytes) -> Self:
        """The identity of a secret of SECRET_BYTES. Raises ValueError for any other length."""
        return cls(secret)

    def sign(self, message: bytes) -> bytes:
        """The signature over these bytes."""
        return self._signer.sign(message)

    def box_with(self, other: PublicIdentity) -> ChaCha20Poly1305:
        """The box that only this end and the other one can open.

        Raises ValueError for a point of small order, with which the secret would be no secret.
        """
        box = self._boxes.get(other.seal)
        if box is None:
            shared = self._opener.exchange(X25519PublicKey.from_public_bytes(other.seal))
            both = b"".join(sorted((self.public.seal, other.seal)))
            box = ChaCha20Poly1305(_derive(shared + both, b"cunyi box 1"))
            self._boxes[other.seal] = box
        return box


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(secret)
