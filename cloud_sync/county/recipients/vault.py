"""What seals a recipient's number, and makes his link: keys derived from the county's authority.

They are not in the database nor in its backups: whoever finds one of these reads no number, and
cannot make a link. `ca/ca.key` never changes while the county lives, and lies in the key safe.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cloud_sync.county.identity.own_keys import CA, OwnKeys
from cloud_sync.county.recipients.phone import Phone, read_phone
from cloud_sync.wire.trust.sealed_codes import CodeOpener
from edge.kernel.errors import StoreError
from edge.kernel.hashing import keyed_hash

KEY_FILE: Final = "ca.key"
LINK_BYTES: Final = 16
"""128 bits that nobody guesses."""
_NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals numbers and makes links, all from one secret."""

    _secret: bytes = field(repr=False)

    @classmethod
    def of(cls, keys: OwnKeys) -> Self:
        """The vault of a county. Raises StoreError where its authority's key cannot be read."""
        file = keys.folder / CA / KEY_FILE
        try:
            return cls(file.read_bytes())
        except OSError as cause:
            raise StoreError(f"{file} cannot be read ({cause.strerror})") from cause

    def seal(self, phone: Phone, recipient: str) -> bytes:
        """A number, bound to its recipient."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        clear = phone.reveal().encode()
        return nonce + self._box().encrypt(nonce, clear, recipient.encode())

    def unseal(self, sealed: bytes, recipient: str) -> Phone | None:
        """The number; None for what was changed, or sealed with the keys of another county."""
        try:
            clear = self._box().decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], recipient.encode()
            )
        except (InvalidTag, ValueError):
            return None
        return read_phone(clear.decode())

    def mark(self, phone: Phone) -> str:
        """The same for the same number and of no use to whoever has not the key."""
        return keyed_hash(self._derived(b"cunyi recipient marks"), "phone", phone.reveal())

    def link(self, recipient: str) -> str:
        """The capability of a recipient's page: 22 letters for an address."""
        return self._link(b"cunyi recipient links", recipient)

    def pass_link(self, pass_id: str) -> str:
        """The capability of a proxy's page, which shows one pass and nothing else."""
        return self._link(b"cunyi pass links", pass_id)

    def link_mark(self, link: str) -> str:
        """How a link is found: its keyed hash, so that no table holds one."""
        return keyed_hash(self._derived(b"cunyi recipient marks"), "link", link)

    def code_opener(self) -> CodeOpener:
        """What opens the pickup codes that stations seal for their addressees' pages."""
        return CodeOpener(self._derived(b"cunyi pickup codes"))

    def key_for(self, purpose: str) -> bytes:
        """A key of its own for another subject: 32 bytes, the same for the same purpose."""
        return self._derived(b"cunyi " + purpose.encode())

    def _link(self, purpose: bytes, name: str) -> str:
        drawn = hmac.new(self._derived(purpose), name.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(drawn.digest()[:LINK_BYTES]).decode().rstrip("=")

    def _box(self) -> ChaCha20Poly1305:
        return ChaCha20Poly1305(self._derived(b"cunyi recipient numbers"))

    def _derived(self, purpose: bytes) -> bytes:
        return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(
            self._secret
        )
