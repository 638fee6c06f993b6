"""The county's own keys in its folder: for messages, as an authority, and for TLS.

FOLDER/identity.key, identity.old.key while a change of key overlaps, county.card,
ca/{ca.pem,ca.key,crl.pem}, tls/{county.pem,county.key}.
"""

import secrets
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from cloud_sync.county.identity.authority import Authority
from cloud_sync.wire.trust.certificates import (
    CertificateError,
    draw_tls_key,
    is_due,
    key_pem,
    names_of,
    read_certificate,
)
from cloud_sync.wire.trust.county_card import CardKey, CountyCard, read_card
from cloud_sync.wire.trust.identity import SECRET_BYTES, Identity
from cloud_sync.wire.trust.private_files import draw_identity, read_identity, write_private
from cloud_sync.wire.trust.tls import server_context
from edge.kernel.errors import StoreError
from edge.kernel.ids import CountyId

IDENTITY: Final = "identity.key"
OLD_IDENTITY: Final = "identity.old.key"
CARD: Final = "county.card"
CA: Final = "ca"
CA_CERTIFICATE: Final = Path(CA, "ca.pem")
REVOKED: Final = Path(CA, "crl.pem")
TLS_CERTIFICATE: Final = Path("tls", "county.pem")
TLS_KEY: Final = Path("tls", "county.key")
TLS_NAME: Final = "county"
"""The name in the county's own certificate. No station may be called so."""


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """`identities`: the present one first, then the one that it took over from."""

    folder: Path
    county: CountyId
    identities: tuple[Identity, ...]
    authority: Authority
    issued_card: bytes

    @classmethod
    def create(cls, folder: Path, county: CountyId, hosts: Iterable[str], now_ms: int) -> Self:
        """Draw everything that a new county needs. Raises StoreError."""
        authority = Authority.create(folder / CA, county)
        write_private(folder / REVOKED, authority.revocations((), now_ms), mode=0o644)
        draw_identity(folder / IDENTITY)
        _issue(folder, county, authority, number=1)
        keys = cls.read(folder, county)
        keys.certify_own_pages(hosts, now_ms)
        return keys

    @classmethod
    def read(cls, folder: Path, county: CountyId) -> Self:
        """Raises StoreError, CardError for a card that is not of this folder's authority."""
        present = [read_identity(folder / IDENTITY)]
        if (folder / OLD_IDENTITY).exists():
            present.append(read_identity(folder / OLD_IDENTITY))
        authority = Authority.read(folder / CA, county)
        try:
            card = (folder / CARD).read_bytes()
        except OSError as cause:
            raise StoreError(
                f"{folder / CARD} cannot be read ({cause.strerror}). "
                "Put the file back from your backup"
            ) from cause
        keys = cls(folder, county, tuple(present), authority, card)
        if list(keys.card.identities) != [one.public for one in present]:
            return keys._reissued()  # a power cut came between a new key and its card
        return keys

    @property
    def card(self) -> CountyCard:
        """What stands on the county's card."""
        return read_card(self.issued_card, ca=self.authority.pem)

    def revoked(self) -> list[tuple[str, int]]:
        """The serials on ca/crl.pem, each with the instant of its end; none where it is missing.

        Raises StoreError for a list of another authority, or none at all.
        """
        try:
            return self.authority.read_revocations((self.folder / REVOKED).read_bytes())
        except FileNotFoundError:
            return []
        except OSError as cause:
            raise StoreError(
                f"{self.folder / REVOKED} cannot be read ({cause.strerror})"
            ) from cause

    def certify_own_pages(self, hosts: Iterable[str], now_ms: int) -> None:
        """A new certificate for the county's pages and for its connection to the broker."""
        (self.folder / TLS_KEY).parent.mkdir(mode=0o700, exist_ok=True)
        key = draw_tls_key()
        issued = self.authority.sign(key.public_key(), TLS_NAME, hosts, now_ms)
        write_private(self.folder / TLS_KEY, key_pem(key))
        write_private(self.folder / TLS_CERTIFICATE, issued.pem.encode(), mode=0o644)

    def keep_pages_certified(self, hosts: tuple[str, ...], now_ms: int) -> None:
        """A new certificate where it is missing, names other hosts, or is near its end."""
        try:
            present = read_certificate((self.folder / TLS_CERTIFICATE).read_bytes())
            good = set(names_of(present)) == set(hosts) and not is_due(present, now_ms)
        except (OSError, CertificateError):
            good = False
        if not good:
            self.certify_own_pages(hosts, now_ms)

    def page_tls(self) -> ssl.SSLContext:
        """For the county's pages. Raises ConfigError."""
        return server_context(self.folder / TLS_CERTIFICATE, self.folder / TLS_KEY)

    def change_identity(self) -> Self:
        """Draw a new identity; the present one stays beside it until `forget_old_identity`."""
        if (self.folder / OLD_IDENTITY).exists():
            raise StoreError(
                f"{self.folder / OLD_IDENTITY} still overlaps. Forget it before the next change"
            )
        # Kept before it is replaced: no station may find a county without the key it knows.
        old = (self.folder / IDENTITY).read_bytes()
        write_private(self.folder / OLD_IDENTITY, old)
        write_private(self.folder / IDENTITY, secrets.token_bytes(SECRET_BYTES))
        return self._reissued()

    def forget_old_identity(self) -> Self:
        """End the overlap: stations that have not seen the new card must renew or enrol."""
        (self.folder / OLD_IDENTITY).unlink(missing_ok=True)
        return self._reissued()

    def _reissued(self) -> Self:
        _issue(self.folder, self.county, self.authority, number=self.card.number + 1)
        return self.read(self.folder, self.county)


def _issue(folder: Path, county: CountyId, authority: Authority, *, number: int) -> None:
    files = [folder / IDENTITY, folder / OLD_IDENTITY]
    publics = [read_identity(file).public for file in files if file.exists()]
    keys = [CardKey(sign=one.sign.hex(), seal=one.seal.hex()) for one in publics]
    card = CountyCard(county=county, number=number, ca=authority.pem, keys=keys)
    write_private(folder / CARD, authority.issue(card), mode=0o644)
