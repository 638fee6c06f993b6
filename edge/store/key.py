"""The station's secret: 32 random bytes beside the database, never in it."""

import os
import secrets
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from edge.kernel.errors import StoreError
from edge.kernel.hashing import keyed_hash
from edge.kernel.ids import Mac

FILE_NAME: Final = "station.key"
KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class UnsealError(StoreError):
    """A sealed entry was changed, or belongs to another key."""


class StationKey:
    """Keyed hashes for codes and PINs, and seals for what must be clear once more."""

    def __init__(self, secret: bytes) -> None:
        self.secret = secret
        self._mac_key = _derive(secret, b"cunyi keyed hashes")
        self._box = ChaCha20Poly1305(_derive(secret, b"cunyi seals"))

    @classmethod
    def create(cls, folder: Path) -> None:
        """Draw a new secret, readable by the owner alone. Raises StoreError when there is one."""
        path = folder / FILE_NAME
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as cause:
            raise StoreError(f"{path} exists already. Choose another folder") from cause
        except OSError as cause:
            raise StoreError(f"{path} cannot be made ({cause.strerror})") from cause
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the secret. Raises StoreError when it is missing or of the wrong length."""
        path = folder / FILE_NAME
        try:
            secret = path.read_bytes()
        except OSError as cause:
            raise StoreError(
                f"{path} cannot be read ({cause.strerror}). Codes cannot be checked without it: "
                "put the file back from your backup"
            ) from cause
        if len(secret) != KEY_BYTES:
            raise StoreError(f"{path} is damaged. Put the file back from your backup")
        return cls(secret)

    def mac_code(self, digits: str) -> Mac:
        """Keyed hash of eight digits."""
        return keyed_hash(self._mac_key, "pickup code", digits)

    def mac_token(self, token: str) -> Mac:
        """Keyed hash of a QR token."""
        return keyed_hash(self._mac_key, "pickup token", token)

    def mac_pin(self, pin: str) -> Mac:
        """Peppered PIN, to be hashed slowly on top."""
        return keyed_hash(self._mac_key, "keeper pin", pin)

    def seal(self, clear: bytes) -> bytes:
        """Encrypt and authenticate."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._box.encrypt(nonce, clear, None)

    def unseal(self, sealed: bytes) -> bytes:
        """Decrypt. Raises UnsealError when the blob was changed or belongs to another key."""
        try:
            return self._box.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
        except (InvalidTag, ValueError) as cause:
            raise UnsealError("a sealed entry was not made with this station's key") from cause


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(secret)
