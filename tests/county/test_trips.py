"""Trips at the county: folded from what stations tell, merged by seal, late ones first."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from cloud_sync.county.office import Glance
from cloud_sync.county.trips import book
from cloud_sync.county.trips.manifest import read_manifest
from cloud_sync.county.web.trace import trace_parcel
from cloud_sync.county.web.trips import LATE_MS, look_at_trips
from cloud_sync.wire.bodies.state import TripStop
from edge.kernel.ids import WaybillNo
from tests.county.offices import OpenOffice, open_office
from tests.county.village import NOON_MS, Village
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen

HUB, PINGSHANG, SHUINAN = ("zhen-hub", "镇中转站"), ("pingshang", "坪上村"), ("shuinan", "水南村")
COUNTIES = (HUB, PINGSHANG, SHUINAN)


class Stop(Village):
    """A station that tells of vans."""

    def arrives(self, trip: str) -> None:
        self.tell("trip.arrived", trip=trip, operator="县运", courier="陈师傅", keeper="li")

    def scans(self, trip: str, *seals: str, verdict: str = "expected", to: str = "") -> None:
        for seal in seals:
            self.tell(
                "bag.scanned", trip=trip, seal=seal, verdict=verdict, to=to, next_hop=to and "run"
            )

    def hands_out(self, trip: str, *seals: str) -> None:
        for seal in seals:
            self.tell(
                "bag.handed_out", trip=trip, seal=seal, network="*", direction="x", next_hop="run"
            )

    def signs(self, trip: str, expected: int, taken: int, **lists: list[str]) -> None:
        names = ("short", "over", "damaged", "misrouted", "out")
        seals: dict[str, Any] = {name: lists.get(name, []) for name in names}
        self.tell(
            "handover.signed",
            trip=trip,
            courier="陈师傅",
            keeper="li",
            expected=expected,
            taken=taken,
            **seals,
        )


def seen(office: OpenOffice, now_ms: int = NOON_MS) -> dict[str, Any]:
    return look_at_trips(office.office, Glance(now_ms=now_ms, language="zh"))


def trip_of(view: dict[str, Any], trip: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in view["trips"] if one["trip"] == trip)
    return found


def plan(office: OpenOffice, trip: str, *stops: str, due_ms: int = NOON_MS) -> None:
    text = "seal,to,waybill\n" + "".join(
        f"FQ00{n}{k}0000,{stop},YT77{n}{k}00001234\n"
        for n, stop in enumerate(stops)
        for k in range(2)
    )
    planned = [TripStop(place=stop, at_ms=due_ms + n) for n, stop in enumerate(stops)]
    manifest = read_manifest(text, trip=trip, operator="县运", stops=planned, as_json=False)
    with office.county.database.write() as connection:
        book.keep_manifest(connection, lambda *_said: 1, manifest, NOON_MS)


def test_a_run_shows_its_stops_with_what_came_and_what_is_wrong(tmp_path: Path) -> None:
    with open_office(tmp_path, *COUNTIES) as office:
        plan(office, "t-3", "pingshang", "shuinan")
        stop = Stop("pingshang")
        stop.arrives("t-3")
        stop.scans("t-3", "FQ0000000")
        stop.scans("t-3", "FQ9990000", verdict="misrouted", to="shuinan")
        stop.tell("bag.damaged", trip="t-3", seal="FQ0000000", note="封签断", keeper="li")
        stop.tell(
            "handover.disputed",
            trip="t-3",
            courier="陈师傅",
            keeper="li",
            courier_count=2,
            keeper_count=1,
        )
        stop.hands_out("t-3", "CK0000001")
        stop.signs(
            "t-3",
            2,
            1,
            short=["FQ0010000"],
            damaged=["FQ0000000"],
            misrouted=["FQ9990000"],
            out=["CK0000001"],
        )
        office.hear(stop)
        first, second = trip_of(seen(office), "t-3")["stops"]
        assert first["counts"] == {
            "expected": 2,
            "in": 1,
            "out": 1,
            "held": 0,
            "short": 1,
            "over": 0,
            "damaged": 1,
            "misrouted": 1,
        }
        assert first["disputed"] == "数目有争议：快递员 2，站点 1"
        assert (first["done"], second["done"], second["state"]) == (True, False, "应 12:00:00 到")


def test_a_second_handover_of_a_trip_brings_what_was_short(tmp_path: Path) -> None:
    with open_office(tmp_path, *COUNTIES) as office:
        plan(office, "t-3", "pingshang")
        stop = Stop("pingshang")
        stop.arrives("t-3")
        stop.scans("t-3", "FQ0000000")
        stop.signs("t-3", 2, 1, short=["FQ0010000"])
        stop.arrives("t-3")
        stop.scans("t-3", "FQ0010000")
        stop.signs("t-3", 1, 1)
        office.hear(stop)
        counts = trip_of(seen(office), "t-3")["stops"][0]["counts"]
        assert (counts["expected"], counts["in"], counts["short"]) == (2, 2, 0)


def test_a_scan_that_was_taken_back_counts_nowhere(tmp_path: Path) -> None:
    with open_office(tmp_path, *COUNTIES) as office:
        stop = Stop("pingshang")
        stop.arrives("t-9")
        stop.scans("t-9", "FQ0000000")
        stop.tell("bag.scan_undone", trip="t-9", seal="FQ0000000", keeper="li")
        stop.hands_out("t-9", "CK0000001")
        stop.tell("bag.scan_undone", trip="t-9", seal="CK0000001", keeper="li")
        office.hear(stop)
        (one,) = trip_of(seen(office), "t-9")["stops"]  # by no manifest: known all the same
        assert (one["counts"]["in"], one["counts"]["out"]) == (0, 0)


def test_a_handover_under_way_tells_since_when(tmp_path: Path) -> None:
    with open_office(tmp_path, *COUNTIES) as office:
        plan(office, "t-3", "pingshang")
        stop = Stop("pingshang")
        stop.arrives("t-3")
        stop.scans("t-3", "FQ0000000")
        stop.tell("handover.suspended", trip="t-3", courier="陈师傅", reason="店主不在")
        stop.arrives("t-3")  # again, later: the van has stood here since the first time
        office.hear(stop)
        (one,) = trip_of(seen(office), "t-3")["stops"]
        assert (one["state"], one["late"]) == ("12:00:01 到站，交接中", False)


def test_late_and_waiting_runs_come_first(tmp_path: Path) -> None:
    with open_office(tmp_path, *COUNTIES) as office:
        plan(office, "a-early", "pingshang", due_ms=NOON_MS + LATE_MS)
        plan(office, "b-late", "shuinan", due_ms=NOON_MS)
        plan(office, "c-waits", "zhen-hub", due_ms=NOON_MS + LATE_MS)
        stop = Stop("zhen-hub")
        stop.tell("handover.suspended", trip="c-waits", courier="陈师傅", reason="店主不在")
        office.hear(stop)
        view = seen(office, NOON_MS + LATE_MS + 1)
        assert [(one["trip"], one["late"]) for one in view["trips"]] == [
            ("b-late", True),
            ("c-waits", True),
            ("a-early", False),
        ]
        assert trip_of(view, "c-waits")["stops"][0]["state"] == "挂起：店主不在"


def test_two_records_of_one_bag_settle_by_its_seal_and_keep_both_times(tmp_path: Path) -> None:
    """The village was without network: its word comes home before or after the hub's."""
    steps = []
    for order in (("zhen-hub", "pingshang"), ("pingshang", "zhen-hub")):
        with open_office(tmp_path / order[0], *COUNTIES) as office:
            hub, village = Stop("zhen-hub"), Stop("pingshang")
            hub.arrives("t-1")
            hub.scans("t-1", "FQ0000001", verdict="cross_dock", to="pingshang")
            hub.hands_out("r-4", "FQ0000001")
            for _quiet in range(5):
                village.tell("check_in.begun", keeper="li")
            village.arrives("r-4")
            village.scans("r-4", "FQ0000001")
            for name in order:
                office.hear(hub if name == "zhen-hub" else village)
            (bag,) = trip_of(seen(office), "r-4")["moves"]
            steps.append(bag["steps"])
    assert steps[0] == steps[1]
    assert steps[0] == ["镇中转站 12:00:02 收", "镇中转站 12:00:03 出", "坪上村 12:00:07 收"]


def test_a_hubs_totals_are_the_sum_of_its_stations(tmp_path: Path) -> None:
    with open_office(tmp_path, *COUNTIES) as office:
        hub = Stop("zhen-hub")
        hub.arrives("t-1")
        for place, bags in (("pingshang", "12"), ("shuinan", "345")):
            seals = [f"FQ000000{n}" for n in bags]
            hub.scans("t-1", *seals, verdict="cross_dock", to=place)
        hub.scans("t-1", "FQ9990000", verdict="misrouted", to="far")
        hub.hands_out("r-4", "FQ0000001", "FQ0000002", "FQ0000003", "FQ0000004")
        office.hear(hub)
        for place, bags in (("pingshang", "12"), ("shuinan", "34")):
            stop = Stop(place)
            stop.arrives("r-4")
            stop.scans("r-4", *(f"FQ000000{n}" for n in bags), verdict="over")
            office.hear(stop)
        view = seen(office)
        (totals,) = view["hubs"]
        assert (totals["came"], totals["left"], totals["held"]) == (5, 4, 1)
        stops = trip_of(view, "r-4")["stops"]
        at_stations = [s["counts"]["in"] for s in stops if s["place"] != "zhen-hub"]
        assert totals["left"] == totals["home"] == sum(at_stations)
        assert totals["text"] == "镇中转站：收 5 出 4 留 1，各站已收 4"
        held = next(s for s in trip_of(view, "t-1")["stops"] if s["place"] == "zhen-hub")
        assert held["counts"]["held"] == 1


@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        (
            "parcel.preadvised",
            {"trip": "t-3", "seal": "FQ0000001", "piece": 1, "pieces": 2, "consent": "yes"},
            "和清单对上：班次 t-3 袋 FQ0000001，第 1/2 件",
        ),
        ("parcel.over", {"keeper": "li"}, "多件：不在任何清单里"),
        (
            "parcel.misrouted",
            {"trip": "t", "seal": "FQ0000001", "to": "shuinan", "next_hop": "", "keeper": "li"},
            "错分：应到 shuinan",
        ),
        (
            "parcel.short",
            {"trip": "t-3", "seal": "FQ0000001"},
            "少件：班次 t-3 袋 FQ0000001 里没有",
        ),
    ],
)
def test_the_trace_of_a_waybill_tells_what_came_of_it(
    tmp_path: Path, kind: str, body: dict[str, Any], says: str
) -> None:
    with open_office(tmp_path, *COUNTIES) as office:
        stop = Stop("pingshang")
        stop.tell(kind, waybill_no="YT7700123456789", **body)
        office.hear(stop)
        glance = Glance(now_ms=NOON_MS, language="zh")
        life = trace_parcel(office.office, glance, WaybillNo("YT7700123456789"))
        assert life is not None
        assert [event["text"] for event in life["events"]] == [says]


@pytest.mark.browser
def test_the_page_of_trips_shows_runs_late_ones_first(tmp_path: Path) -> None:
    with (
        open_office(tmp_path, *COUNTIES) as office,
        open_chromium() as browser,
        open_page(browser, office.address, width=1280, height=800) as page,
    ):
        page.get_by_role("link", name="班次").click()
        expect(page.locator("#none")).to_contain_text("还没有班次")
        plan(office, "2026-11-25-3", "pingshang", "shuinan", "zhen-hub", due_ms=NOON_MS)
        stop = Stop("pingshang")
        stop.arrives("2026-11-25-3")
        stop.scans("2026-11-25-3", "FQ0000000")
        stop.signs("2026-11-25-3", 2, 1, short=["FQ0010000"])
        hub = Stop("zhen-hub")
        hub.arrives("2026-11-25-3")
        hub.scans("2026-11-25-3", "FQ0000009", verdict="cross_dock", to="pingshang")
        office.hear(stop)
        office.hear(hub)
        expect(page.locator(".trip").first).to_contain_text("2026-11-25-3 县运")
        expect(page.locator(".stop").first).to_contain_text("少 1")
        expect(page.locator("#hubs")).to_contain_text("镇中转站：收 1 出 0 留 1")
        assert_accessible(page)
        save_screen(page, "county-trips-1280")
