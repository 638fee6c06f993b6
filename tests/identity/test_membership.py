"""A station keeps its certificate and its county's card fresh, over the link or past it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette

from cloud_sync.county.identity.answering import identity_answerers
from cloud_sync.county.web.enrolment_door import EnrolmentDoor
from cloud_sync.station.enrolment.enrolment_files import keep_enrolment
from cloud_sync.station.enrolment.identity import COUNTY_URL, StationIdentity, tls_files
from cloud_sync.station.talks.questions import Questions
from cloud_sync.wire.messages import Answer, Ask, Message, Position, Welcome
from cloud_sync.wire.trust.certificates import names_of, read_certificate
from edge.daemon.county.membership import AGAIN_MS, CARD_EVERY_MS, LOST_MS, Membership
from edge.tools.enrol_here import enrol_with
from tests.identity.places import COUNTY, STATION, Town, open_town, station_in, with_keys
from tests.support.serving import serve

pytestmark = pytest.mark.anyio

YEAR_MS = 365 * 86_400_000
WELCOME = Welcome(
    nonce="n",
    session="s",
    county_gen="g",
    verdict="ok",
    applied=Position(epoch=1, seq=0, hash="0" * 64),
    durable_seq=0,
    county_time_ms=0,
)


@dataclass
class Place:
    """A station's membership, and the county at the other end of its questions."""

    town: Town
    folder: Path
    member: Membership
    questions: Questions
    online: bool = False
    mono_ms: int = 1_000

    @property
    def end_ms(self) -> float:
        pem = tls_files(self.folder).certificate.read_bytes()
        return read_certificate(pem).not_valid_after_utc.timestamp() * 1_000

    @property
    def names(self) -> tuple[str, ...]:
        return names_of(read_certificate(tls_files(self.folder).certificate.read_bytes()))

    def connect(self) -> None:
        """From now on every question is answered, as the county's desk does."""
        self.online = True
        self.questions.opened(WELCOME, self._say)

    def _say(self, _lane: str, message: Message) -> None:
        assert isinstance(message, Ask)
        answerer = identity_answerers(lambda: self.town.office)[message.kind]
        with self.town.office.database.read() as view:
            body = answerer(view, STATION, message.body)
        answer = Answer(question=message.question, known=body is not None, body=body or {})
        self._later = asyncio.get_running_loop().create_task(self.questions.hear(answer))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with open_town(tmp_path / "county") as town:
        yield town


@pytest.fixture
def place(tmp_path: Path, town: Town) -> Place:
    folder = station_in(tmp_path / "station")
    keep_enrolment(folder, enrol_with(town.office.database, town.ring.own, STATION, folder))
    town.ring.reload()
    questions = Questions(lambda count: b"q" * count)
    member = Membership(
        folder=folder,
        identity=StationIdentity.read(folder, COUNTY),
        questions=questions,
        county=COUNTY,
        station=STATION,
        hosts=(),
        online=lambda: here.online,
        mono_ms=lambda: here.mono_ms,
        wall_ms=lambda: town.clock.now_ms,
    )
    here = Place(town=town, folder=folder, member=member, questions=questions)
    town.clock.now_ms = int(here.end_ms) - YEAR_MS
    return here


async def test_a_young_certificate_is_left_alone(place: Place) -> None:
    before = tls_files(place.folder).certificate.read_bytes()
    place.connect()
    await place.member.look()
    assert tls_files(place.folder).certificate.read_bytes() == before


async def test_after_two_thirds_of_its_life_it_is_renewed_over_the_link(place: Place) -> None:
    before = place.end_ms
    place.connect()
    place.town.clock.now_ms = int(before) - 120 * 86_400_000
    await place.member.look()
    assert place.end_ms == pytest.approx(before + 280 * 86_400_000, abs=2_000)
    device = place.town.ring.device(STATION)
    assert device is not None


async def test_one_that_ended_months_ago_is_renewed_at_the_pages(place: Place) -> None:
    place.town.clock.now_ms = int(place.end_ms) + 7 * 30 * 86_400_000
    before = place.end_ms
    with serve(EnrolmentDoor(Starlette(), office=lambda: place.town.office)) as address:
        (place.folder / COUNTY_URL).write_text(f"{address}\n")
        await place.member.look()
    assert place.end_ms > before + YEAR_MS


async def test_a_county_that_is_away_is_asked_again_an_hour_later(place: Place) -> None:
    place.town.clock.now_ms = int(place.end_ms) + 1
    before = place.end_ms
    (place.folder / COUNTY_URL).write_text("http://127.0.0.1:1\n")
    await place.member.look()
    with serve(EnrolmentDoor(Starlette(), office=lambda: place.town.office)) as address:
        (place.folder / COUNTY_URL).write_text(f"{address}\n")
        place.mono_ms += AGAIN_MS - 1
        await place.member.look()
        assert place.end_ms == before
        place.mono_ms += 1
        await place.member.look()
    assert place.end_ms > before


async def test_a_station_that_was_revoked_gets_none(place: Place) -> None:
    place.town.office.revoke(STATION, "stolen")
    place.town.clock.now_ms = int(place.end_ms) + 1
    before = place.end_ms
    with serve(EnrolmentDoor(Starlette(), office=lambda: place.town.office)) as address:
        (place.folder / COUNTY_URL).write_text(f"{address}\n")
        await place.member.look()
    assert place.end_ms == before


async def test_a_new_host_in_the_settings_is_certified(place: Place) -> None:
    place.connect()
    place.member.hosts = ("pingshang.lan",)
    await place.member.look()
    assert place.names == ("pingshang.lan",)


async def test_the_new_card_of_a_county_that_changes_its_key_comes_over_the_link(
    place: Place,
) -> None:
    place.connect()
    await place.member.look()
    place.town = with_keys(place.town, place.town.ring.own.change_identity())
    place.mono_ms += CARD_EVERY_MS
    await place.member.look()
    assert place.member.identity.card == place.town.ring.own.card


async def test_a_station_that_missed_the_change_gets_the_card_at_the_pages(place: Place) -> None:
    keys = place.town.ring.own.change_identity().forget_old_identity()
    place.town = with_keys(place.town, keys)
    with serve(EnrolmentDoor(Starlette(), office=lambda: place.town.office)) as address:
        (place.folder / COUNTY_URL).write_text(f"{address}\n")
        await place.member.look()
        assert place.member.identity.card != keys.card
        place.mono_ms += LOST_MS
        await place.member.look()
    assert place.member.identity.card == keys.card


async def test_a_broker_that_is_away_for_a_month_costs_few_certificates(place: Place) -> None:
    with serve(EnrolmentDoor(Starlette(), office=lambda: place.town.office)) as address:
        (place.folder / COUNTY_URL).write_text(f"{address}\n")
        for _hour in range(30 * 24):
            await place.member.look()
            place.mono_ms += AGAIN_MS
    place.town.office.revoke(STATION, "to count")
    assert len(place.town.ring.own.revoked()) <= 13


async def test_nothing_is_asked_before_the_enrolment(place: Place) -> None:
    (place.folder / "county.card").unlink()
    tls_files(place.folder).certificate.unlink()
    place.connect()
    await place.member.look()
    assert not tls_files(place.folder).certificate.exists()
