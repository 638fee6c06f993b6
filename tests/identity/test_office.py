"""Who is let in: by code, once, for one station; and who is shut out."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography import x509

from cloud_sync.county.identity.codes import LIFE_MS, MOST_WRONG
from cloud_sync.county.identity.devices import MOST_LIVE
from cloud_sync.county.identity.enrolling import EnrolmentError
from cloud_sync.county.identity.enrolment_office import NotYetError
from cloud_sync.station.enrolment.enrolling import Errand, RenewalErrand, set_out
from cloud_sync.station.enrolment.enrolment_files import Enrolment
from cloud_sync.wire.framing.frame import StrangerError
from cloud_sync.wire.messages import Goodbye
from cloud_sync.wire.trust.certificates import CertificateError, names_of, read_certificate
from cloud_sync.wire.trust.enrolment import EnrolmentCode, EnrolmentFault, ask, read_request
from cloud_sync.wire.trust.identity import Identity
from edge.kernel.ids import CountyId, StationId
from tests.identity.places import COUNTY, STATION, Town, fresh, open_town
from tests.support.keys import station_codec

OTHER = StationId("meishui")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with open_town(tmp_path / "county", own_hosts=("county.lan", "10.0.0.1")) as town:
        yield town


def errand(
    code: EnrolmentCode,
    identity: Identity,
    *,
    station: str = STATION,
    hosts: tuple[str, ...] = (),
    county: str = COUNTY,
) -> Errand:
    return set_out(
        identity,
        code,
        county=CountyId(county),
        station=StationId(station),
        machine="",
        hosts=hosts,
    )


def enrol(
    town: Town, identity: Identity, *, replace: bool = False, hosts: tuple[str, ...] = ()
) -> Enrolment:
    wanted = errand(town.office.expect(STATION, replace=replace), identity, hosts=hosts)
    return wanted.open(town.office.enrol(wanted.asked.encode()))


def hears(town: Town, identity: Identity) -> bool:
    """Whether the county reads a frame of this key."""
    wire = station_codec(identity, town.ring.own.card, STATION).pack("tel", Goodbye(clean=True))
    try:
        return town.ring.codec(STATION).unpack("tel", wire) == Goodbye(clean=True)
    except StrangerError:
        return False


def test_a_station_with_the_code_is_let_in_and_both_understand_each_other(town: Town) -> None:
    mine = fresh()
    assert not hears(town, mine)
    enrolment = enrol(town, mine, hosts=("10.0.0.7", "pingshang.lan"))
    assert hears(town, mine)
    certificate = read_certificate(enrolment.certificate)
    assert set(names_of(certificate)) == {"10.0.0.7", "pingshang.lan"}
    assert certificate.subject.rfc4514_string() == "CN=pingshang,O=shangyou"
    wire = town.ring.codec(STATION).pack("dn", Goodbye(clean=False))
    assert station_codec(mine, town.ring.own.card, STATION).unpack("dn", wire)


def test_the_certificate_is_good_for_client_and_server_and_no_authority(town: Town) -> None:
    certificate = read_certificate(enrol(town, fresh()).certificate)
    uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert {use.dotted_string for use in uses} == {"1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"}
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_nobody_is_let_in_without_a_code_that_is_expected(town: Town) -> None:
    with pytest.raises(NotYetError):
        town.office.enrol(errand(EnrolmentCode.draw(), fresh()).asked.encode())
    assert town.states() == {}


def test_a_code_that_the_station_made_lets_it_in_once_it_was_typed(town: Town) -> None:
    wanted = errand(EnrolmentCode.draw(), fresh())
    with pytest.raises(NotYetError):
        town.office.enrol(wanted.asked.encode())
    town.office.expect(STATION, code=EnrolmentCode.read(wanted.code))
    assert wanted.open(town.office.enrol(wanted.asked.encode())).card


def test_a_code_is_good_for_fifteen_minutes_and_not_a_moment_longer(town: Town) -> None:
    code = town.office.expect(STATION)
    town.clock.now_ms += LIFE_MS
    with pytest.raises(NotYetError):
        town.office.enrol(errand(code, fresh()).asked.encode())
    town.clock.now_ms -= 1
    assert town.office.enrol(errand(code, fresh()).asked.encode())


def test_a_used_code_lets_nobody_else_in_but_answers_the_same_key_again(town: Town) -> None:
    code = town.office.expect(STATION)
    mine = errand(code, fresh())
    town.office.enrol(mine.asked.encode())
    assert mine.open(town.office.enrol(mine.asked.encode())).card  # its answer was lost
    with pytest.raises(EnrolmentError, match="used already"):
        town.office.enrol(errand(code, fresh(1)).asked.encode())
    assert list(town.states()) == [fresh().public.key_id]


def test_a_newer_code_takes_the_place_of_the_one_before(town: Town) -> None:
    first = town.office.expect(STATION)
    town.office.expect(STATION)
    with pytest.raises(NotYetError):
        town.office.enrol(errand(first, fresh()).asked.encode())


def test_a_code_for_one_station_lets_no_other_in(town: Town) -> None:
    code = town.office.expect(STATION)
    for station, county in ((OTHER, COUNTY), (STATION, "dexing")):
        with pytest.raises(EnrolmentError, match="for the station pingshang"):
            town.office.enrol(errand(code, fresh(), station=station, county=county).asked.encode())
    assert town.states() == {}


def test_whoever_names_a_code_without_proving_it_uses_up_its_tries(town: Town) -> None:
    code = town.office.expect(STATION)
    forged = errand(code, fresh()).asked.encode().replace(b"pingshang", b"pingxiang")
    for _try in range(MOST_WRONG):
        with pytest.raises(EnrolmentFault):
            town.office.enrol(forged)
    with pytest.raises(NotYetError):
        town.office.enrol(errand(code, fresh()).asked.encode())


def test_another_device_needs_a_code_that_says_so_and_then_the_old_one_is_a_stranger(
    town: Town,
) -> None:
    old, new = fresh(), fresh(1)
    enrol(town, old)
    with pytest.raises(EnrolmentError, match="--replace"):
        town.office.expect(STATION)
    assert town.grants == []
    enrol(town, new, replace=True)
    assert town.states() == {old.public.key_id: "replaced", new.public.key_id: "active"}
    assert (hears(town, old), hears(town, new)) == (False, True)
    assert town.grants == [(STATION, new.public.key_id)]


def test_a_revoked_key_is_a_stranger_for_good_and_stands_on_the_list_for_brokers(
    town: Town, tmp_path: Path
) -> None:
    mine = fresh()
    enrolment = enrol(town, mine)
    wanted = renewal(mine)
    renewed = wanted.open(town.office.renew(wanted.asked), town.ring.own.authority.pem)
    town.office.revoke(STATION, "stolen")
    assert not hears(town, mine)
    with pytest.raises(StrangerError):
        town.ring.codec(STATION).pack("dn", Goodbye(clean=True))
    with pytest.raises(EnrolmentFault, match="no key that speaks"):
        town.office.renew(renewal(mine).asked)
    with pytest.raises(EnrolmentError, match="never speaks again"):
        enrol(town, mine)
    with pytest.raises(EnrolmentError, match="nothing to revoke"):
        town.office.revoke(STATION, "again")
    listed = x509.load_pem_x509_crl((tmp_path / "county/ca/crl.pem").read_bytes())
    for pem in (enrolment.certificate, renewed.certificate):
        serial = read_certificate(pem).serial_number
        assert listed.get_revoked_certificate_by_serial_number(serial) is not None


def test_the_key_of_a_copied_folder_speaks_for_no_second_station(town: Town) -> None:
    mine = fresh()
    enrol(town, mine)
    wanted = errand(town.office.expect(OTHER), mine, station=OTHER)
    with pytest.raises(EnrolmentError, match="its folder was copied"):
        town.office.enrol(wanted.asked.encode())


@pytest.mark.parametrize("station", ["county", "X", "a", "", "UPPER", "-x-", "a" * 40])
def test_no_station_is_called_like_the_county_or_out_of_form(town: Town, station: str) -> None:
    with pytest.raises(EnrolmentError, match="no name for a station"):
        town.office.expect(StationId(station))


@pytest.mark.parametrize("host", ["county.lan", "10.0.0.1", "COUNTY.LAN"])
def test_no_station_is_certified_for_a_host_of_the_county(town: Town, host: str) -> None:
    with pytest.raises(EnrolmentError, match="the county's own"):
        enrol(town, fresh(), hosts=(host,))


def test_no_station_is_certified_for_a_host_of_another(town: Town) -> None:
    enrol(town, fresh(), hosts=("10.0.0.7",))
    wanted = errand(town.office.expect(OTHER), fresh(1), station=OTHER, hosts=("10.0.0.7",))
    with pytest.raises(EnrolmentError, match="a name of the station pingshang"):
        town.office.enrol(wanted.asked.encode())


def test_what_is_no_host_is_never_signed(town: Town) -> None:
    with pytest.raises(CertificateError, match="no host name"):
        enrol(town, fresh(), hosts=("*.lan",))


def renewal(identity: Identity, hosts: tuple[str, ...] = ()) -> RenewalErrand:
    return RenewalErrand(identity, county=COUNTY, station=STATION, hosts=hosts)


def test_a_certificate_that_ended_years_ago_is_renewed_by_the_key_alone(town: Town) -> None:
    mine = fresh()
    enrolment = enrol(town, mine)
    before = read_certificate(enrolment.certificate)
    town.clock.now_ms += 5 * 365 * 86_400_000
    wanted = renewal(mine, ("10.0.0.9",))
    after = read_certificate(
        wanted.open(town.office.renew(wanted.asked), town.ring.own.authority.pem).certificate
    )
    assert after.not_valid_after_utc.year == before.not_valid_after_utc.year + 5
    assert names_of(after) == ("10.0.0.9",)


def test_a_renewal_that_another_has_signed_or_answered_is_refused(town: Town) -> None:
    mine = fresh()
    enrol(town, mine)
    with pytest.raises(EnrolmentFault, match="no key that speaks"):
        town.office.renew(renewal(fresh(1)).asked)
    forged = renewal(mine, ("10.0.0.7",)).asked.replace(b"10.0.0.7", b"10.0.0.8")
    with pytest.raises(EnrolmentFault, match="no key that speaks"):
        town.office.renew(forged)
    one, other = renewal(mine), renewal(mine)
    with pytest.raises(EnrolmentFault, match="another key than ours"):
        one.open(town.office.renew(other.asked), town.ring.own.authority.pem)


@pytest.mark.parametrize(
    "host", ["www.example.com", "8.8.8.8", "localhost", "127.0.0.1", "2001:4860:4860::8888"]
)
def test_no_station_is_certified_for_a_name_of_the_world_or_of_every_machine(
    town: Town, host: str
) -> None:
    with pytest.raises(EnrolmentError, match="no name within a local network"):
        enrol(town, fresh(), hosts=(host,))


def test_a_thief_cannot_renew_until_the_certificate_that_he_kept_is_forgotten(
    town: Town,
) -> None:
    mine = fresh()
    kept = read_certificate(enrol(town, mine).certificate)
    for _time in range(MOST_LIVE - 1):
        town.office.renew(renewal(mine).asked)
    with pytest.raises(EnrolmentError, match="that have not ended"):
        town.office.renew(renewal(mine).asked)
    town.office.revoke(STATION, "stolen")
    assert f"{kept.serial_number:x}" in dict(town.ring.own.revoked())


def test_a_device_of_many_certificates_renews_again_once_they_have_ended(town: Town) -> None:
    mine = fresh()
    enrol(town, mine)
    for _time in range(MOST_LIVE - 1):
        town.office.renew(renewal(mine).asked)
    town.clock.now_ms += 401 * 86_400_000
    town.office.renew(renewal(mine).asked)


def test_a_key_that_nobody_can_have_is_no_fault_of_ours(town: Town) -> None:
    code = town.office.expect(STATION)
    request = msgspec.structs.replace(
        read_request(errand(code, fresh()).asked.encode(), code.mac_key), sign="00" * 32
    )
    with pytest.raises(EnrolmentFault, match="these are no keys"):
        town.office.enrol(ask(request, code, fresh()))
