"""Long stays, refusals, damage and returns at the county, by facts and by pictures alike."""

from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings

from cloud_sync.county.histories.pictures import put_up, rebuild
from cloud_sync.county.ingest.keepings import NO_KEEPING
from cloud_sync.county.ingest.ledger import Place
from cloud_sync.county.ingest.projections import Tables
from cloud_sync.county.office import Glance
from cloud_sync.county.tables import CELLS, KEEPINGS, PARCELS
from cloud_sync.county.web.trace import trace_parcel
from cloud_sync.wire.envelope import Envelope
from cloud_sync.wire.snapshot import SnapshotBody
from edge import wire_map
from edge.daemon.county.pictures import cell_pictures, parcel_pictures
from edge.kernel.ids import StationId, WaybillNo
from tests.county.offices import open_office
from tests.county.village import NOON_MS, County, Village, open_county
from tests.domain.test_laws_of_returns import Tossed
from tests.domain.test_laws_of_returns import Village as VillageOfReturns

WAYBILL = WaybillNo("YT7700123456")
STATION = StationId("pingshang")


def overdue_village() -> Village:
    village = Village()
    village.check_in(WAYBILL, 7)
    village.tell("parcel.overdue", waybill_no=WAYBILL, days=3)
    village.tell("parcel.reminded", waybill_no=WAYBILL, way="list", keeper="")
    village.tell("parcel.to_return", waybill_no=WAYBILL, cause="overdue", keeper="")
    return village


def of_parcel(county: County) -> tuple[str, int | None]:
    (row,) = county.rows(PARCELS)
    return row["stage"], row["cell"]


def kept(county: County) -> dict[str, Any]:
    (row,) = county.rows(KEEPINGS)
    return {name: row[name] for name in NO_KEEPING}


def test_an_overdue_parcel_goes_by_the_return_bag_to_its_sender(tmp_path: Path) -> None:
    village = overdue_village()
    with open_county(tmp_path) as county:
        county.deliver(village)
        assert of_parcel(county) == ("stored", 7)
        assert (kept(county)["cause"], kept(county)["overdue_ms"] is None) == ("overdue", False)
        village.tell("parcel.bagged", waybill_no=WAYBILL, keeper="li")
        village.tell("cell.freed", cell=7)
        county.deliver(village, "n2")
        assert of_parcel(county) == ("bagged", None)
        assert county.rows(CELLS)[0]["waybill_no"] is None
        village.tell("parcel.returned", waybill_no=WAYBILL, trip="T-1", courier="chen", keeper="li")
        county.deliver(village, "n3")
        assert county.rows(PARCELS)[0]["ended_ms"] is not None
        assert of_parcel(county)[0] == "returned"


def test_undone_it_is_in_the_keepers_hands_and_received_anew_it_begins_anew(
    tmp_path: Path,
) -> None:
    village = overdue_village()
    undone: dict[str, Any] = {"waybill_no": WAYBILL, "days": 3, "keeper": "li", "reason": "x"}
    village.tell("parcel.return_undone", **undone)
    with open_county(tmp_path) as county:
        county.deliver(village)
        assert of_parcel(county) == ("stored", 7)
        assert kept(county)["cause"] == ""
        village.tell("parcel.refused", waybill_no=WAYBILL, keeper="li", reason="不要了")
        village.tell("parcel.bagged", waybill_no=WAYBILL, keeper="li")
        village.tell("parcel.return_undone", **undone)
        county.deliver(village, "n2")
        assert of_parcel(county) == ("received", None)
        assert kept(county)["refused"] == ""
        village.tell("parcel.damaged", waybill_no=WAYBILL, note="破", liable="sender", keeper="li")
        county.deliver(village, "n3")
        assert (kept(county)["damage"], kept(county)["liable"]) == ("破", "sender")
        village.tell("parcel.received", waybill_no=WAYBILL, carrier="圆通", keeper="li")
        county.deliver(village, "n4")
        assert kept(county) == NO_KEEPING


def test_of_a_parcel_whose_beginning_nobody_told_the_stay_alone_is_known(tmp_path: Path) -> None:
    village = Village()
    for kind in ("parcel.bagged", "parcel.return_undone", "parcel.returned"):
        more: dict[str, dict[str, Any]] = {
            "parcel.bagged": {},
            "parcel.return_undone": {"days": 1, "reason": "x"},
            "parcel.returned": {"trip": "T-1", "courier": "chen"},
        }
        village.tell(kind, waybill_no=WAYBILL, keeper="li", **more[kind])
    with open_county(tmp_path) as county:
        county.deliver(village)
        assert county.rows(PARCELS) == []
        assert kept(county) == NO_KEEPING


def test_the_trace_tells_what_the_stay_has_brought_about_while_the_parcel_is_here(
    tmp_path: Path,
) -> None:
    village = overdue_village()
    with open_office(tmp_path, ("pingshang", "坪上村")) as office:
        office.hear(village)
        view = trace_parcel(office.office, Glance(now_ms=NOON_MS, language="zh"), WAYBILL)
        assert view is not None
        assert (view["stage_text"], view["stay"]) == ("在柜，待取", "待退 · 滞留")
        told = [event["text"] for event in view["events"]]
        assert told[-3:] == ["滞留：放满 3 天没人取", "已催领（打印名单）", "进退件单：滞留"]
        village.tell("parcel.returned", waybill_no=WAYBILL, trip="T-1", courier="chen", keeper="li")
        office.hear(village)
        gone = trace_parcel(office.office, Glance(now_ms=NOON_MS, language="en"), WAYBILL)
        assert gone is not None
        assert (gone["stage_text"], gone["stay"]) == ("Returned", "")
        assert gone["events"][-1]["text"] == "Returned: trip T-1, courier chen (li)"


class PicturesOfReturns(VillageOfReturns):
    """After weeks of long stays a picture says what the county folds from every fact."""

    def teardown(self) -> None:
        super().teardown()
        tables = Tables("pingshang")
        for seq, (fact, at) in enumerate(self.house.journal, 1):
            if "code" in fact.KIND:
                continue  # the macs of this house show what they stand for
            kind, schema, body = wire_map.to_body(fact)
            tables.fold(
                Envelope(
                    epoch=1,
                    seq=seq,
                    boot=at.boot,
                    mono_ms=at.mono_ms,
                    wall_lo=at.wall_lo_ms,
                    wall_hi=at.wall_hi_ms,
                    kind=kind,
                    schema=schema,
                    actor="test",
                    body=body,
                )
            )
        for picture in parcel_pictures(self.house.state):
            row = tables.parcels.get(picture.waybill_no)
            assert row is not None
            assert (row["stage"], row["cell"]) == (picture.stage, picture.cell)
            known = tables.keepings.get(picture.waybill_no) or NO_KEEPING
            told = {name: getattr(picture, name) for name in NO_KEEPING}
            assert {name: known[name] for name in NO_KEEPING} == told
        for cell in cell_pictures(self.house.state):
            of_cell = tables.cells.get(cell.cell)
            if of_cell is not None:
                assert of_cell["waybill_no"] == cell.waybill_no


PicturesOfReturns.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestPicturesAreWhatTheCountyWouldHaveFolded = PicturesOfReturns.TestCase


def test_a_picture_is_put_up_and_folded_anew(tmp_path: Path) -> None:
    house = Tossed()
    house.overdue(WAYBILL)
    body = SnapshotBody(
        state=msgspec.Raw(b"{}"),
        cells=cell_pictures(house.state),
        parcels=parcel_pictures(house.state),
    )
    village = overdue_village()
    with open_county(tmp_path) as county:
        county.deliver(village)
        with county.database.write() as connection:
            put_up(connection, STATION, body, 1, NOON_MS)
        assert kept(county)["cause"] == ""
        place = Place(epoch=1, seq=village.seq, hash=village.hashes[village.seq])
        with county.database.write() as connection:
            rebuild(connection, STATION, place, NOON_MS)
        assert kept(county)["cause"] == "overdue"
