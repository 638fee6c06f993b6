"""R25b at the county: who was asked and what they said, over a rebuilding and a snapshot too."""

from pathlib import Path
from typing import Any

import msgspec

from cloud_sync.county.histories.pictures import put_up, rebuild
from cloud_sync.county.ingest.ledger import Place
from cloud_sync.county.news import News
from cloud_sync.county.office import Glance, Office
from cloud_sync.county.presence import Presence
from cloud_sync.county.tables import CONSENTS
from cloud_sync.county.web.trace import trace_parcel
from cloud_sync.wire.snapshot import ConsentPicture, ParcelPicture, SnapshotBody
from edge.kernel.ids import CountyId, StationId, WaybillNo
from tests.county.village import NOON_MS, County, Village, open_county

WAYBILL = WaybillNo("YT7700123456")
STATION = StationId("pingshang")
YES: dict[str, Any] = {"how": "phone", "giver": "family", "keeper": "li"}


def asked_village() -> Village:
    village = Village()
    village.tell("parcel.received", waybill_no=WAYBILL, carrier="圆通", keeper="li")
    village.tell("parcel.consent_wanted", waybill_no=WAYBILL, said="unknown")
    return village


def life_of(county: County) -> dict[str, Any]:
    office = Office(
        county=CountyId("shangyou"),
        name="上犹县",
        software="0.1.0",
        database=county.database,
        presence=Presence(lambda: 1_000, lambda: NOON_MS),
        metrics=county.metrics,
        news=News(),
        wall_ms=lambda: NOON_MS,
    )
    life = trace_parcel(office, Glance(now_ms=NOON_MS, language="zh"), WAYBILL)
    assert life is not None
    return life


def said(county: County) -> tuple[Any, ...]:
    (row,) = county.rows(CONSENTS)
    return (row["consent"], row["wish"], row["giver"], row["noted_ms"] is not None, row["tries"])


def test_who_is_to_be_asked_and_how_often_that_was_tried(tmp_path: Path) -> None:
    village = asked_village()
    with open_county(tmp_path) as county:
        county.deliver(village)
        assert said(county) == ("unknown", "", "", False, 0)
        village.tell("parcel.contact_tried", waybill_no=WAYBILL, result="no_answer", keeper="li")
        village.tell("parcel.consent_noted", waybill_no=WAYBILL, wish="shelf", **YES)
        county.deliver(village, "n2")
        assert said(county) == ("yes", "shelf", "family", True, 1)
        village.tell("parcel.consent_noted", waybill_no=WAYBILL, wish="nowhere", **YES)
        county.deliver(village, "n3")
        assert said(county)[:2] == ("no", "nowhere")


def test_a_try_may_be_all_that_is_known(tmp_path: Path) -> None:
    village = Village()
    village.tell("parcel.contact_tried", waybill_no=WAYBILL, result="no_answer", keeper="li")
    with open_county(tmp_path) as county:
        county.deliver(village)
        assert said(county) == ("yes", "", "", False, 1)


def test_only_a_word_outlasts_a_check_in_that_was_taken_back(tmp_path: Path) -> None:
    village = asked_village()
    village.tell("parcel.check_in_undone", waybill_no=WAYBILL, keeper="li")
    village.tell("parcel.received", waybill_no=WAYBILL, carrier="圆通", keeper="li")
    with open_county(tmp_path) as county:
        county.deliver(village)
        assert said(county)[0] == "yes"
        village.tell("parcel.consent_noted", waybill_no=WAYBILL, wish="nowhere", **YES)
        village.tell("parcel.received", waybill_no=WAYBILL, carrier="圆通", keeper="li")
        county.deliver(village, "n2")
        assert said(county)[0] == "no"


def test_a_rebuilding_and_a_snapshot_tell_the_same(tmp_path: Path) -> None:
    village = asked_village()
    picture = ParcelPicture(
        waybill_no=WAYBILL,
        carrier="圆通",
        stage="stored",
        cell=None,
        received_ms=NOON_MS,
        stored_ms=NOON_MS,
        ended_ms=None,
        slot="A-1-201",
        consent=ConsentPicture(consent="no", tries=2, tried_ms=NOON_MS),
    )
    body = SnapshotBody(state=msgspec.Raw(b"{}"), cells=[], parcels=[picture])
    with open_county(tmp_path) as county:
        county.deliver(village)
        place = Place(epoch=1, seq=village.seq, hash=village.hashes[village.seq])
        with county.database.write() as connection:
            rebuild(connection, STATION, place, NOON_MS)
        assert said(county) == ("unknown", "", "", False, 0)
        with county.database.write() as connection:
            put_up(connection, STATION, body, village.seq, NOON_MS)
        assert said(county) == ("no", "", "", False, 2)


def test_the_trace_says_that_the_addressee_is_to_be_asked(tmp_path: Path) -> None:
    village = asked_village()
    village.tell("parcel.shelved", waybill_no=WAYBILL, slot="A-1-201", keeper="li")
    with open_county(tmp_path) as county:
        county.deliver(village)
        life = life_of(county)
        assert life["stay"] == "待联系收件人"
        assert life["events"][1]["text"] == "待联系收件人（没问过）"
        village.tell("parcel.consent_noted", waybill_no=WAYBILL, wish="cell", **YES)
        county.deliver(village, "n2")
        life = life_of(county)
        assert (life["stage_text"], life["stay"]) == ("在架，待店主交", "")
        assert life["events"][-1]["text"] == "li 记下家人的意愿：同意放柜（电话）"
