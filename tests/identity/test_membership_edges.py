"""Membership where something is missing: the certificate, the address, the answer, the card."""

import asyncio
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from cloud_sync.county.identity.key_safe import KeySafeError, lock_keys, put_back, unlock_keys
from cloud_sync.county.identity.opening import identity_asks, login_name, opened_office
from cloud_sync.county.identity.own_keys import CA, IDENTITY
from cloud_sync.county.settings import NewCounty, make_county
from cloud_sync.county.tables import GRANTS
from cloud_sync.station.enrolment.enrolling import set_out
from cloud_sync.station.enrolment.identity import CARD, tls_files
from cloud_sync.wire.messages import Answer, Ask, Message
from cloud_sync.wire.trust.enrolment import EnrolmentCode
from edge.daemon.county.membership import AGAIN_MS
from tests.identity.places import COUNTY, STATION, Town, fresh
from tests.identity.test_membership import WELCOME, Place, place, town
from tests.support.keys import NOW_MS

__all__ = ["place", "town"]
SAFE = "correct horse 村驿"
pytestmark = pytest.mark.anyio


async def why_not(place: Place) -> str:
    """Why the certificate was not renewed at this look."""
    with capture_logs() as logs:
        await place.member.look()
    return "; ".join(str(line["reason"]) for line in logs if "reason" in line)


async def test_a_certificate_that_is_gone_or_dust_is_asked_for_and_every_lack_is_told(
    place: Place,
) -> None:
    tls_files(place.folder).certificate.unlink()
    assert "nobody said where the county's pages are" in await why_not(place)
    tls_files(place.folder).certificate.write_bytes(b"dust")
    place.mono_ms += 2 * AGAIN_MS
    place.online = True  # and no session is open: no question is answered
    assert "did not answer over the link" in await why_not(place)
    place.mono_ms += 9 * AGAIN_MS
    place.connect()
    await place.member.look()
    assert place.end_ms > 0


async def test_a_card_that_goes_while_the_county_is_asked_ends_the_look(place: Place) -> None:
    tls_files(place.folder).certificate.unlink()
    asked: list[str] = []

    def say(_lane: str, message: Message) -> None:
        assert isinstance(message, Ask)
        asked.append(message.kind)
        (place.folder / CARD).unlink()
        answer = Answer(question=message.question, known=False, body={})
        place._later = asyncio.get_running_loop().create_task(place.questions.hear(answer))  # noqa: SLF001 - kept alive

    place.online = True
    place.questions.opened(WELCOME, say)
    await place.member.look()
    assert asked == ["identity.card"]


# -- what the command line asks of a running county


def test_the_office_is_asked_by_name(town: Town) -> None:
    asks = identity_asks(town.office)
    (told,) = asks["expect"]({"station": STATION, "minutes": 5, "made_by": "王"})
    code = EnrolmentCode.read(told["code"])
    errand = set_out(fresh(), code, county=COUNTY, station=STATION, machine="", hosts=())
    (answered,) = asks["enrol"]({"request": errand.asked})
    assert errand.open(answered["answer"].encode()).url == told["url"]
    typed = EnrolmentCode.draw()
    (told,) = asks["expect"]({"station": "taoyuan", "code": typed.text})
    assert told["code"] == typed.text
    (device,) = asks["devices"]({})
    assert (device["station"], device["state"]) == (STATION, "active")
    assert list(asks["revoke"]({"station": STATION, "reason": "stolen"})) == [{"revoked": STATION}]
    (device,) = asks["devices"]({})
    assert device["state"] == "revoked"


def test_who_has_no_name_here_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("USER", "李店主")
    assert login_name() == "李店主"
    monkeypatch.delenv("USER")
    monkeypatch.setattr("os.getuid", lambda: 4_000_000_000)
    assert login_name() == ""


def test_older_keys_are_not_put_back_over_newer_ones(town: Town) -> None:
    keys = town.ring.own
    older = unlock_keys(lock_keys(keys.folder, COUNTY, SAFE), COUNTY, SAFE)
    keys.change_identity()
    newer = unlock_keys(lock_keys(keys.folder, COUNTY, SAFE), COUNTY, SAFE)
    with pytest.raises(KeySafeError, match="the keys here are newer"):
        put_back(keys.folder, COUNTY, older, NOW_MS)
    assert put_back(keys.folder, COUNTY, newer, NOW_MS).card.number == 2


def test_lost_keys_are_put_back_over_nothing(town: Town) -> None:
    folder = town.ring.own.folder
    files = unlock_keys(lock_keys(folder, COUNTY, SAFE), COUNTY, SAFE)
    (folder / IDENTITY).unlink()
    assert put_back(folder, COUNTY, files, NOW_MS).card == town.ring.own.card


def test_a_folder_from_before_there_were_keys_is_given_them_and_a_replaced_device_a_grant(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "county"
    make_county(
        folder,
        NewCounty(county=COUNTY, name="上犹县", broker="mqtt://127.0.0.1:1883", web_port=8602),
    )
    (folder / IDENTITY).unlink()
    (folder / CARD).unlink()
    shutil.rmtree(folder / CA)
    with opened_office(folder) as office:
        for number in (1, 2):
            code = office.expect(STATION, replace=number > 1)
            errand = set_out(
                fresh(number), code, county=COUNTY, station=STATION, machine="", hosts=()
            )
            errand.open(office.enrol(errand.asked.encode()))
        with office.database.read() as connection:
            (grant,) = connection.execute(select(GRANTS)).all()
    assert (grant.station, grant.epoch) == (STATION, 2)
