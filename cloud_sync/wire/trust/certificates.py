"""What both ends must know of certificates: keys on P-256, requests for one, and what one says."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from edge.kernel.errors import CunyiError

MOST_HOSTS: Final = 8
LIFE_DAYS: Final = 400
"""Of a certificate for TLS: as long as browsers bear."""
_DAY_MS: Final = 86_400_000
_LOCAL_ENDS: Final = (".lan", ".local", ".home.arpa", ".internal")
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?")


class CertificateError(CunyiError):
    """A request or a certificate that cannot be used."""


def draw_tls_key() -> ec.EllipticCurvePrivateKey:
    """A new key for TLS; messages have keys of their own."""
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The key as it lies in its file."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def request_pem(key: ec.EllipticCurvePrivateKey, name: str) -> str:
    """A signing request: proof that the asker has the key. All else in it is the signer's word."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    built = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def requested_key(pem: str) -> ec.EllipticCurvePublicKey:
    """The key that a signing request asks for. Raises CertificateError."""
    try:
        request = x509.load_pem_x509_csr(pem.encode())
        key = request.public_key()
        proven = request.is_signature_valid
    except Exception as cause:  # the library names no common error of its parser
        raise CertificateError("this is no signing request") from cause
    if not proven:
        raise CertificateError("the request is not signed with its own key")
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise CertificateError("only keys on P-256 are signed here")
    return key


def read_certificate(pem: bytes) -> x509.Certificate:
    """Raises CertificateError."""
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError as cause:
        raise CertificateError("this is no certificate") from cause


def is_due(certificate: x509.Certificate, now_ms: int) -> bool:
    """Whether it is time for the next one: after two thirds of its life, and ever after.

    A certificate begins long before it was signed, so only its end says how old it is.
    """
    end_ms = certificate.not_valid_after_utc.timestamp() * 1_000
    return now_ms > end_ms - LIFE_DAYS * _DAY_MS / 3


def names_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """The hosts that a certificate is good for, as a browser writes them."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    names = found.value.get_values_for_type(x509.DNSName)
    addresses = found.value.get_values_for_type(x509.IPAddress)
    return (*names, *(str(address) for address in addresses))


def alternative_names(hosts: Iterable[str]) -> list[x509.GeneralName]:
    """The same in the words of a certificate. Raises CertificateError for what is no host."""
    return [_general_name(checked_host(host)) for host in hosts]


def checked_host(host: str) -> str:
    """A host name or address in lower case. Raises CertificateError for anything else."""
    plain = host.strip("[]").lower()
    try:
        return str(ipaddress.ip_address(plain))
    except ValueError:
        if _HOST.fullmatch(plain):
            return plain
        raise CertificateError(f"{host!r} is no host name and no address") from None


def is_local_name(host: str) -> bool:
    """Whether a `checked_host` can only be somebody's in a local network, and no loopback.

    Browsers there trust the county's authority: nobody may get a bank's name from it.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        labels = host.split(".")
        return host != "localhost" and (len(labels) == 1 or host.endswith(_LOCAL_ENDS))
    anybodys = address.is_global or address.is_multicast
    return not (anybodys or address.is_loopback or address.is_unspecified)


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
