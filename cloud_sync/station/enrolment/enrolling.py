"""The station's part of an enrolment and of a renewal: what to ask, and what to believe."""

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from cloud_sync.station.enrolment.enrolment_files import Enrolment
from cloud_sync.wire.trust.certificates import draw_tls_key, key_pem, read_certificate, request_pem
from cloud_sync.wire.trust.county_card import read_card
from cloud_sync.wire.trust.enrolment import (
    Answer,
    EnrolmentCode,
    EnrolmentFault,
    Renewal,
    Request,
    ask,
    ask_renewal,
    read_answer,
    read_renewed,
)
from cloud_sync.wire.trust.identity import Identity
from edge.kernel.ids import CountyId, StationId


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """A request that waits for its answer, with what only we know: the code and the TLS key."""

    county: str
    asked: str
    code: str
    tls_key: str

    def open(self, answered: bytes) -> Enrolment:
        """What the county's answer brings. Raises EnrolmentFault, CardError."""
        code = EnrolmentCode.read(self.code)
        said = read_answer(answered, code, self.asked.encode())
        return _checked(said, self.tls_key.encode(), self.county, ca=None)


def set_out(  # noqa: PLR0913 - what a station says of itself, each by name
    identity: Identity,
    code: EnrolmentCode,
    *,
    county: CountyId,
    station: StationId,
    machine: str,
    hosts: tuple[str, ...],
) -> Errand:
    """A request to be enrolled, with a fresh key for TLS."""
    tls_key = draw_tls_key()
    request = Request(
        county=county,
        station=station,
        sign=identity.public.sign.hex(),
        seal=identity.public.seal.hex(),
        csr=request_pem(tls_key, station),
        machine=machine,
        hosts=list(hosts),
    )
    return Errand(
        county=county,
        asked=ask(request, code, identity).decode(),
        code=code.text,
        tls_key=key_pem(tls_key).decode(),
    )


class RenewalErrand:
    """A request for a new certificate; `open` believes only the authority that we trust."""

    def __init__(
        self, identity: Identity, *, county: CountyId, station: StationId, hosts: tuple[str, ...]
    ) -> None:
        key = draw_tls_key()
        self._county, self._tls_key = county, key_pem(key)
        renewal = Renewal(
            county=county,
            station=station,
            key_id=identity.public.key_id,
            csr=request_pem(key, station),
            hosts=list(hosts),
        )
        self.asked = ask_renewal(renewal, identity)

    def open(self, answered: bytes, ca: str) -> Enrolment:
        """What the county's answer brings. Raises EnrolmentFault, CardError."""
        return _checked(read_renewed(answered), self._tls_key, self._county, ca=ca)


def _checked(said: Answer, tls_key: bytes, county: str, ca: str | None) -> Enrolment:
    card = read_card(said.card.encode(), ca=ca)
    if card.county != county:
        raise EnrolmentFault(f"this answer is of the county {card.county}, not of {county}")
    pem = said.certificate.encode()
    certificate = read_certificate(pem)
    key = load_pem_private_key(tls_key, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not _same_key(certificate, key):
        raise EnrolmentFault("this certificate is for another key than ours")
    try:
        certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(card.ca.encode()))
    except (ValueError, TypeError, InvalidSignature) as cause:
        raise EnrolmentFault("this certificate is not the authority's") from cause
    return Enrolment(card=said.card.encode(), certificate=pem, key=tls_key, url=said.url)


def _same_key(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> bool:
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return certificate.public_key().public_bytes(*form) == key.public_key().public_bytes(*form)
