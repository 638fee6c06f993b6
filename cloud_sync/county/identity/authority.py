"""The county's certificate authority: one key, in one file, for TLS of the county and its stations.

Certificates begin long ago: a board without a battery for its clock may believe any date.
"""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from cloud_sync.wire.trust.certificates import (
    LIFE_DAYS,
    alternative_names,
    draw_tls_key,
    key_pem,
    read_certificate,
)
from cloud_sync.wire.trust.county_card import CountyCard, issue_card
from cloud_sync.wire.trust.private_files import write_private
from edge.kernel.errors import StoreError
from edge.kernel.ids import CountyId

_BEGIN: Final = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_END: Final = dt.datetime(2070, 1, 1, tzinfo=dt.UTC)
_CRL_DAYS: Final = 3_650
"""A list that ends would lock every station out of brokers that read it."""


class Issued(NamedTuple):
    """A certificate that was just signed."""

    pem: str
    serial: str
    not_after_ms: int


class Authority:
    """Signs certificates, the county's card, and the list of what no longer counts."""

    def __init__(
        self, county: CountyId, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
    ) -> None:
        self._county, self._certificate, self._key = county, certificate, key
        self.pem = certificate.public_bytes(Encoding.PEM).decode()

    @classmethod
    def create(cls, folder: Path, county: CountyId) -> Self:
        """Draw the key and sign its certificate in `folder`. Raises StoreError."""
        if (folder / "ca.key").exists():
            raise StoreError(f"{folder / 'ca.key'} exists already. Choose another folder")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = draw_tls_key()
        certificate = _self_signed(county, key)
        write_private(folder / "ca.key", key_pem(key))
        write_private(folder / "ca.pem", certificate.public_bytes(Encoding.PEM), mode=0o644)
        return cls(county, certificate, key)

    @classmethod
    def read(cls, folder: Path, county: CountyId) -> Self:
        """Raises StoreError when a file is missing or damaged."""
        try:
            certificate = read_certificate((folder / "ca.pem").read_bytes())
            key = load_pem_private_key((folder / "ca.key").read_bytes(), None)
        except OSError as cause:
            raise StoreError(
                f"{cause.filename} cannot be read ({cause.strerror}). "
                "Put the folder ca/ back from your backup"
            ) from cause
        except Exception as cause:  # the library names no common error of its parser
            raise StoreError(
                f"{folder} is damaged ({cause}). Put the folder back from your backup"
            ) from cause
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise StoreError(f"{folder / 'ca.key'} is a key of another kind")
        return cls(county, certificate, key)

    def sign(
        self, key: ec.EllipticCurvePublicKey, name: str, hosts: Iterable[str], now_ms: int
    ) -> Issued:
        """A certificate for a station or for the county itself. Raises CertificateError."""
        serial = x509.random_serial_number()
        end = max(_instant(now_ms), _BEGIN) + dt.timedelta(days=LIFE_DAYS)
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(name, self._county))
            .issuer_name(self._certificate.subject)
            .public_key(key)
            .serial_number(serial)
            .not_valid_before(_BEGIN)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage(
                    [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]
                ),
                critical=False,
            )
            .add_extension(_usage(signs_others=False), critical=True)
            .add_extension(self._authority_key(), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        )
        if names := alternative_names(hosts):
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        signed = builder.sign(self._key, hashes.SHA256())
        pem = signed.public_bytes(Encoding.PEM).decode()
        return Issued(pem, f"{serial:x}", round(end.timestamp() * 1_000))

    def issue(self, card: CountyCard) -> bytes:
        """Sign the county's card."""
        return issue_card(card, self._key)

    def revocations(self, revoked: Iterable[tuple[str, int]], now_ms: int) -> bytes:
        """The list of serials that no longer count, each with the instant of its end, as PEM."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._certificate.subject)
            .last_update(_instant(now_ms) - dt.timedelta(days=1))
            .next_update(_instant(now_ms) + dt.timedelta(days=_CRL_DAYS))
            .add_extension(x509.CRLNumber(now_ms), critical=False)
            .add_extension(self._authority_key(), critical=False)
        )
        for serial, ended_ms in revoked:
            one = x509.RevokedCertificateBuilder().serial_number(int(serial, 16))
            builder = builder.add_revoked_certificate(
                one.revocation_date(_instant(ended_ms)).build()
            )
        return builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def read_revocations(self, pem: bytes) -> list[tuple[str, int]]:
        """The serials on a list of ours. Raises StoreError for any other."""
        try:
            listed = x509.load_pem_x509_crl(pem)
            ours = listed.is_signature_valid(self._key.public_key())
        except (ValueError, TypeError) as cause:
            raise StoreError("the list of ended certificates is damaged: crl.pem") from cause
        if not ours:
            raise StoreError("the list of ended certificates is another authority's: crl.pem")
        return [
            (f"{one.serial_number:x}", round(one.revocation_date_utc.timestamp() * 1_000))
            for one in listed
        ]

    def _authority_key(self) -> x509.AuthorityKeyIdentifier:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())


def _self_signed(county: CountyId, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _name(f"cunyi authority of {county}", county)
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGIN)
        .not_valid_after(_END)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_others=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )


def _name(name: str, county: CountyId) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, county),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _usage(*, signs_others: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_others,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_others,
        crl_sign=signs_others,
        encipher_only=False,
        decipher_only=False,
    )


def _instant(ms: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(ms // 1_000, tz=dt.UTC)
