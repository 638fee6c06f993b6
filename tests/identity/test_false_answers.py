"""Answers that no county of ours gave: for another county, another key, of another authority."""

import datetime as dt
import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import CertificateBuilder, Name, NameAttribute, random_serial_number
from cryptography.x509.oid import NameOID
from sqlalchemy import Connection
from structlog.testing import capture_logs

from cloud_sync.county.identity.answering import identity_answerers
from cloud_sync.county.identity.authority import Authority
from cloud_sync.county.identity.enrolling import EnrolmentError
from cloud_sync.county.identity.enrolment_office import NotYetError
from cloud_sync.county.identity.own_keys import TLS_CERTIFICATE, OwnKeys
from cloud_sync.station.enrolment.county_pages import CountyRefusedError, ask_for_renewal
from cloud_sync.station.enrolment.enrolling import Errand, RenewalErrand, set_out
from cloud_sync.station.enrolment.enrolment_files import Enrolment, keep_enrolment
from cloud_sync.station.enrolment.identity import CARD, COUNTY_URL, StationIdentity, tls_files
from cloud_sync.wire.framing.frame import StrangerError
from cloud_sync.wire.trust.certificates import draw_tls_key, key_pem
from cloud_sync.wire.trust.county_card import CardError, CardKey, CountyCard, issue_card, read_card
from cloud_sync.wire.trust.enrolment import (
    MOST_BYTES,
    Answer,
    EnrolmentCode,
    EnrolmentFault,
    answer,
    read_renewal,
)
from cloud_sync.wire.trust.identity import PublicIdentity
from edge.kernel.errors import LinkError, StoreError
from edge.kernel.ids import CountyId, StationId
from tests.county.test_database import fail_at
from tests.identity.places import COUNTY, STATION, Town, fresh, open_town
from tests.support.keys import NOW_MS, applicant

CODE = EnrolmentCode.draw()
BEGAN, ENDS = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2036, 1, 1, tzinfo=dt.UTC)
_Result = TypeVar("_Result")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with open_town(tmp_path / "county") as town:
        yield town


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Town]:
    """A county of the same name, with another authority."""
    with open_town(tmp_path / "other") as other:
        yield other


def set_off() -> Errand:
    return set_out(fresh(), CODE, county=COUNTY, station=STATION, machine="", hosts=())


def told_by(town: Town, errand: Errand, key: ec.EllipticCurvePublicKey) -> bytes:
    """What a county answers that certifies this key for whoever asked."""
    issued = town.ring.own.authority.sign(key, STATION, (), NOW_MS)
    card = town.ring.own.issued_card.decode()
    said = Answer(card=card, certificate=issued.pem, url="https://10.0.0.1:8602")
    return answer(said, CODE.mac_key, errand.asked.encode())


def key_of(errand: Errand) -> ec.EllipticCurvePublicKey:
    key = load_pem_private_key(errand.tls_key.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key.public_key()


# -- what a station believes


def test_only_an_answer_for_this_county_this_key_and_of_this_authority_is_kept(
    tmp_path: Path, town: Town, other: Town
) -> None:
    errand = set_off()
    good = told_by(town, errand, key_of(errand))
    enrolment = errand.open(good)
    elsewhere = msgspec.structs.replace(errand, county="dexing")
    with pytest.raises(EnrolmentFault, match="of the county shangyou, not of dexing"):
        elsewhere.open(good)
    with pytest.raises(EnrolmentFault, match="another key than ours"):
        errand.open(told_by(town, errand, draw_tls_key().public_key()))
    theirs = other.ring.own.authority.sign(key_of(errand), STATION, (), NOW_MS).pem
    said = Answer(card=town.ring.own.issued_card.decode(), certificate=theirs, url="")
    with pytest.raises(EnrolmentFault, match="not the authority's"):
        errand.open(answer(said, CODE.mac_key, errand.asked.encode()))
    keep_enrolment(tmp_path, enrolment)
    assert (tmp_path / COUNTY_URL).read_text() == "https://10.0.0.1:8602\n"
    assert tls_files(tmp_path).key.read_bytes() == errand.tls_key.encode()


def test_a_station_that_is_not_enrolled_takes_no_card_and_knows_nobody(
    tmp_path: Path, town: Town
) -> None:
    mine = StationIdentity.read(tmp_path, COUNTY)
    assert not mine.take_card(town.ring.own.issued_card)
    assert not (tmp_path / CARD).exists()
    assert mine.lookup(town.ring.own.identities[0].public.key_id) is None
    with pytest.raises(StrangerError):
        mine.county_key()


def test_a_card_of_another_county_in_the_folder_is_as_good_as_none(
    tmp_path: Path, town: Town
) -> None:
    (tmp_path / CARD).write_bytes(town.ring.own.issued_card)
    (tmp_path / "identity.key").write_bytes(bytes(range(32)))
    with capture_logs() as logs:
        assert not StationIdentity(tmp_path, CountyId("dexing"), fresh()).enrolled
    assert [line["event"] for line in logs] == ["county_card_of_another"]
    assert StationIdentity(tmp_path, COUNTY, fresh()).enrolled


@pytest.mark.parametrize("count", [0, 9])
def test_a_card_with_no_key_or_too_many_is_none(town: Town, count: int) -> None:
    one = town.ring.own.card.keys[0]
    card = msgspec.structs.replace(town.ring.own.card, keys=[one] * count)
    with pytest.raises(CardError, match="no county's card"):
        read_card(town.ring.own.authority.issue(card))
    short = msgspec.structs.replace(card, keys=[CardKey(sign=one.sign[2:], seal=one.seal)])
    with pytest.raises(CardError, match="no county's card"):
        read_card(town.ring.own.authority.issue(short))


def test_an_authority_with_a_key_of_another_kind_vouches_for_no_card(town: Town) -> None:
    key = rsa.generate_private_key(65_537, 2_048)
    name = Name([NameAttribute(NameOID.COMMON_NAME, "shangyou")])
    card = town.ring.own.card
    pem = (
        CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(random_serial_number())
        .not_valid_before(BEGAN)
        .not_valid_after(ENDS)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
        .decode()
    )
    strange: CountyCard = msgspec.structs.replace(card, ca=pem)
    with pytest.raises(CardError, match="a key of another kind"):
        read_card(issue_card(strange, draw_tls_key()))


def test_a_renewal_signed_in_no_hex_digits_belongs_to_no_enrolment() -> None:
    errand = RenewalErrand(fresh(), county=COUNTY, station=STATION, hosts=())
    spoilt = msgspec.json.decode(errand.asked)
    spoilt["signature"] = "no digits"
    with pytest.raises(EnrolmentFault, match="belongs to no enrolment"):
        read_renewal(msgspec.json.encode(spoilt))


# -- whoever answers in the county's place


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """A page server that says this to everybody."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            """Silence."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (200, b"x" * (MOST_BYTES + 1), LinkError, "sent too much"),
        (500, b"<html>", CountyRefusedError, "the answer was 500"),
        (500, b"[]", CountyRefusedError, "the answer was 500"),
        (400, b'{"error":"no\\u001b[2J"}', CountyRefusedError, r"^no\[2J$"),
    ],
)
def test_what_is_no_answer_of_a_county_is_told_in_plain_words(
    town: Town, status: int, body: bytes, kind: type[LinkError], said: str
) -> None:
    ca = town.ring.own.folder / "ca" / "ca.pem"
    with answering(status, body) as address, pytest.raises(kind, match=said):
        ask_for_renewal(address, b"asked", ca)


# -- what the county answers, and what it keeps


def asked(town: Town, kind: str, **body: object) -> dict[str, object] | None:
    answerer = identity_answerers(lambda: town.office)[kind]
    with town.office.database.read() as view:
        return answerer(view, STATION, body)


def test_what_is_no_question_about_keys_has_no_answer(town: Town) -> None:
    for nobody in identity_answerers(lambda: None).values():
        with town.office.database.read() as view:
            assert nobody(view, STATION, {"number": 0, "asked": "x"}) is None
    assert asked(town, "identity.card", number="one") is None
    assert asked(town, "identity.card", number=town.ring.own.card.number) == {}
    assert asked(town, "identity.renew", asked="dust") is None
    stranger = RenewalErrand(fresh(), county=COUNTY, station=STATION, hosts=())
    assert asked(town, "identity.renew", asked=stranger.asked.decode()) is None
    elsewhere = RenewalErrand(fresh(), county=COUNTY, station=StationId("taoyuan"), hosts=())
    assert asked(town, "identity.renew", asked=elsewhere.asked.decode()) is None


def test_a_disk_that_fails_while_a_certificate_is_renewed_is_no_refusal(town: Town) -> None:
    code = town.office.expect(STATION)
    errand = set_out(fresh(), code, county=COUNTY, station=STATION, machine="", hosts=())
    town.office.enrol(errand.asked.encode())
    renewal = RenewalErrand(fresh(), county=COUNTY, station=STATION, hosts=())
    assert asked(town, "identity.renew", asked=renewal.asked.decode()) is not None
    with fail_at(town.office.database, 1), pytest.raises(StoreError):
        asked(town, "identity.renew", asked=renewal.asked.decode())


def test_a_station_is_enrolled_once_and_for_few_hosts(town: Town) -> None:
    def enrol(number: int, hosts: str = "") -> None:
        with town.office.database.write() as connection:
            wanted = applicant(STATION, fresh(number), hosts=hosts)
            town.office.registry.enrol(connection, wanted, replace=False, now_ms=NOW_MS)

    with pytest.raises(EnrolmentError, match="hosts for one station"):
        enrol(1, " ".join(f"s{number}.lan" for number in range(100)))
    enrol(1)
    with pytest.raises(EnrolmentError, match="enrolled already, with another key"):
        enrol(2)


def test_nobody_is_enrolled_for_whom_nothing_can_be_sealed(town: Town) -> None:
    wanted = applicant(STATION, fresh())
    nowhere = PublicIdentity(sign=wanted.public.sign, seal=bytes(32))
    with (
        town.office.database.write() as connection,
        pytest.raises(EnrolmentError, match="nothing can be sealed"),
    ):
        town.office.registry.enrol(
            connection, replace(wanted, public=nowhere), replace=False, now_ms=NOW_MS
        )
    assert town.states() == {}


def test_a_code_that_ends_between_the_look_and_the_writing_lets_nobody_in(town: Town) -> None:
    code = town.office.expect(STATION)
    errand = set_out(fresh(), code, county=COUNTY, station=STATION, machine="", hosts=())

    def late(work: Callable[[Connection], _Result]) -> _Result:
        town.office.expect(STATION)  # a newer code takes its place
        return town.office.write(work)

    with pytest.raises(NotYetError):
        replace(town.office, write=late).enrol(errand.asked.encode())
    assert town.states() == {}


def test_an_authority_is_never_drawn_over_another_and_its_files_are_missed(tmp_path: Path) -> None:
    folder = tmp_path / "ca"
    Authority.create(folder, COUNTY)
    with pytest.raises(StoreError, match="exists already"):
        Authority.create(folder, COUNTY)
    kept = (folder / "ca.key").read_bytes()
    (folder / "ca.key").write_bytes(b"dust")
    with pytest.raises(StoreError, match="is damaged"):
        Authority.read(folder, COUNTY)
    (folder / "ca.key").write_bytes(pem_of_another_kind())
    with pytest.raises(StoreError, match="a key of another kind"):
        Authority.read(folder, COUNTY)
    (folder / "ca.key").unlink()
    with pytest.raises(StoreError, match=r"ca\.key cannot be read"):
        Authority.read(folder, COUNTY)
    (folder / "ca.key").write_bytes(kept)
    Authority.read(folder, COUNTY)


def pem_of_another_kind() -> bytes:
    return key_pem(rsa.generate_private_key(65_537, 2_048))  # type: ignore[arg-type]  # on purpose


def test_a_list_of_ended_certificates_is_ours_or_an_error(town: Town, other: Town) -> None:
    keys = town.ring.own
    listed = keys.folder / "ca" / "crl.pem"
    assert keys.revoked() == []
    listed.write_bytes(b"dust")
    with pytest.raises(StoreError, match="is damaged"):
        keys.revoked()
    listed.write_bytes(other.ring.own.authority.revocations([], NOW_MS))
    with pytest.raises(StoreError, match="another authority's"):
        keys.revoked()
    listed.write_bytes(keys.authority.revocations([("ab", NOW_MS)], NOW_MS))
    assert [serial for serial, _ended in keys.revoked()] == ["ab"]
    listed.unlink()
    assert keys.revoked() == []
    listed.mkdir()
    with pytest.raises(StoreError, match="cannot be read"):
        keys.revoked()


def test_the_countys_card_is_missed(town: Town) -> None:
    (town.ring.own.folder / CARD).unlink()
    with pytest.raises(StoreError, match="cannot be read"):
        OwnKeys.read(town.ring.own.folder, COUNTY)


def test_pages_are_certified_anew_where_it_is_missing_or_names_others(town: Town) -> None:
    keys = town.ring.own
    certificate = keys.folder / TLS_CERTIFICATE
    keys.keep_pages_certified(("10.0.0.1",), NOW_MS)
    first = certificate.read_bytes()
    keys.keep_pages_certified(("10.0.0.1",), NOW_MS)
    assert certificate.read_bytes() == first
    keys.keep_pages_certified(("10.0.0.2",), NOW_MS)
    assert certificate.read_bytes() != first
    certificate.write_bytes(b"dust")
    keys.keep_pages_certified((), NOW_MS)
    assert certificate.read_bytes().startswith(b"-----BEGIN")
    assert keys.page_tls() is not None


def test_a_key_is_changed_again_only_after_the_old_one_was_forgotten(town: Town) -> None:
    keys = town.ring.own.change_identity()
    with pytest.raises(StoreError, match="still overlaps"):
        keys.change_identity()
    assert len(keys.card.keys) == 2
    assert len(keys.forget_old_identity().card.keys) == 1


def test_an_enrolment_without_pages_writes_no_address(tmp_path: Path, town: Town) -> None:
    errand = set_off()
    enrolment = errand.open(told_by(town, errand, key_of(errand)))
    silent = Enrolment(
        card=enrolment.card, certificate=enrolment.certificate, key=enrolment.key, url=""
    )
    keep_enrolment(tmp_path, silent)
    assert not (tmp_path / COUNTY_URL).exists()
