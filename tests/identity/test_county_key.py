"""The county changes its key: old and new overlap, the card goes round, nobody is locked out."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cloud_sync.county.identity.authority import Authority
from cloud_sync.county.identity.own_keys import OwnKeys
from cloud_sync.station.enrolment.enrolment_files import keep_enrolment
from cloud_sync.station.enrolment.identity import StationIdentity
from cloud_sync.wire.framing.frame import SealedCodec, StrangerError, receiver_of
from cloud_sync.wire.messages import Goodbye, MessageError, NotEnrolled
from cloud_sync.wire.trust.certificates import draw_tls_key
from cloud_sync.wire.trust.county_card import CardError, CardKey, CountyCard, issue_card, read_card
from edge.kernel.errors import StoreError
from edge.tools.enrol_here import enrol_with
from tests.identity.places import COUNTY, STATION, Town, open_town, station_in, with_keys

BYE = Goodbye(clean=True)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with open_town(tmp_path / "county") as town:
        yield town


@pytest.fixture
def station(tmp_path: Path, town: Town) -> StationIdentity:
    """A station that is enrolled."""
    folder = station_in(tmp_path / "station")
    office = town.office
    keep_enrolment(folder, enrol_with(office.database, town.ring.own, STATION, folder))
    town.ring.reload()
    return StationIdentity.read(folder, COUNTY)


def codec(station: StationIdentity) -> SealedCodec:
    return SealedCodec(
        station.mine, station.county_key, station.lookup, county=COUNTY, station=STATION
    )


def heard(town: Town, station: StationIdentity) -> bool:
    """Whether the county reads the station, and the station its answer."""
    there = town.ring.codec(STATION)
    try:
        there.unpack("tel", codec(station).pack("tel", BYE))
        return codec(station).unpack("dn", there.pack("dn", BYE)) == BYE
    except MessageError:
        return False


def test_a_station_with_the_old_card_is_heard_and_answered_while_the_keys_overlap(
    town: Town, station: StationIdentity
) -> None:
    old = station.county_key()
    town = with_keys(town, town.ring.own.change_identity())
    assert heard(town, station)
    assert receiver_of(codec(station).pack("tel", BYE)) == old.key_id

    assert station.take_card(town.ring.own.issued_card)
    assert receiver_of(codec(station).pack("tel", BYE)) != old.key_id
    assert heard(town, station)

    town = with_keys(town, town.ring.own.forget_old_identity())
    assert heard(town, station)


def test_a_station_that_missed_the_overlap_is_a_stranger_until_it_has_the_new_card(
    town: Town, station: StationIdentity
) -> None:
    town = with_keys(town, town.ring.own.change_identity())
    town = with_keys(town, town.ring.own.forget_old_identity())
    with pytest.raises(StrangerError):
        town.ring.codec(STATION).unpack("tel", codec(station).pack("tel", BYE))
    assert station.take_card(town.ring.own.issued_card)
    assert heard(town, station)


def test_the_keys_stand_on_the_card_the_present_one_first(town: Town) -> None:
    before = town.ring.own
    after = before.change_identity()
    assert [one.public for one in after.identities] == list(after.card.identities)
    assert after.card.identities[1] == before.card.identities[0]
    assert after.card.number == before.card.number + 1
    with pytest.raises(StoreError, match="still overlaps"):
        after.change_identity()
    alone = after.forget_old_identity()
    assert alone.card.identities == (after.card.identities[0],)


def test_a_power_cut_between_a_new_key_and_its_card_ends_with_both_on_the_card(
    tmp_path: Path, town: Town
) -> None:
    keys, file = town.ring.own, tmp_path / "county" / "county.card"
    before = file.read_bytes()
    keys.change_identity()
    file.write_bytes(before)
    again = OwnKeys.read(tmp_path / "county", COUNTY)
    assert [one.public for one in again.identities] == list(again.card.identities)
    assert (len(again.identities), again.card.number) == (2, keys.card.number + 1)


def test_an_older_card_and_one_of_another_authority_are_not_taken(
    town: Town, station: StationIdentity, tmp_path: Path
) -> None:
    first = town.ring.own.issued_card
    second = town.ring.own.change_identity()
    assert station.take_card(second.issued_card)
    assert not station.take_card(first)
    assert not station.take_card(second.issued_card)

    stranger = Authority.create(tmp_path / "ca", COUNTY)
    key = CardKey(sign="1" * 64, seal="2" * 64)
    card = CountyCard(county=COUNTY, number=99, ca=stranger.pem, keys=[key])
    assert not station.take_card(stranger.issue(card))
    assert station.card is not None
    assert station.card.number == second.card.number


def test_a_card_that_was_changed_or_signed_by_another_is_none(town: Town) -> None:
    issued, card = town.ring.own.issued_card, town.ring.own.card
    with pytest.raises(CardError, match="not the authority's"):
        read_card(issued.replace(b'number\\":1', b'number\\":2'))
    with pytest.raises(CardError, match="not the authority's"):
        read_card(issue_card(card, draw_tls_key()))
    with pytest.raises(CardError, match="another authority"):
        read_card(issued, ca="another")
    for garbage in (b"", b"{}", b"[]", b"\xff", msgspec.json.encode({"card": "{}"})):
        with pytest.raises(CardError):
            read_card(garbage)


def test_a_stranger_is_told_so_by_a_frame_that_the_station_can_check(
    town: Town, station: StationIdentity
) -> None:
    town.office.revoke(STATION, "lost")
    wire = codec(station).pack("tel", BYE)
    told = codec(station).unpack("dn", town.ring.answer_stranger(STATION, wire))
    assert isinstance(told, NotEnrolled)
    with pytest.raises(MessageError):
        codec(station).unpack("ans", town.ring.answer_stranger(STATION, wire))


def test_a_lost_key_is_told_and_never_made_anew_in_silence(tmp_path: Path) -> None:
    with open_town(tmp_path / "county"):
        pass
    (tmp_path / "county/identity.key").unlink()
    with pytest.raises(StoreError, match="Put the file back from your backup"):
        OwnKeys.read(tmp_path / "county", COUNTY)
    folder = station_in(tmp_path / "station")
    (folder / "identity.key").write_bytes(b"short")
    with pytest.raises(StoreError, match="is damaged"):
        StationIdentity.read(folder, COUNTY)


def test_a_county_whose_clock_stands_at_the_beginning_of_time_can_begin(tmp_path: Path) -> None:
    (tmp_path / "county").mkdir()
    assert OwnKeys.create(tmp_path / "county", COUNTY, (), 0).card.number == 1
