"""R07, R69, R70, R78: a van comes to a village without signal, and the county hears of it later."""

import io
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from edge.daemon.devices.labels import lay_out_bag_label
from edge.kernel.errors import StoreError
from edge.tools.couriers import add_courier, remove_courier
from edge.tools.house import STATION_ID, House
from edge.tools.people import Hands, Keeper, StoryError, wait_for
from edge.tools.story import wait_until_county_has_all
from edge.tools.trips import import_manifest, import_routes, list_routes
from hardware.drivers.printers.label_layout import draw

pytestmark = [pytest.mark.story]
TRIP = "2026-11-25-3"
COURIER, PIN = "陈师傅", "382914"
WAYBILL, MISSING = "YT7700123000077", "ZT7700123000078"
MANIFEST = f"""封签,起点,到站,运单号,快递公司,件号,总件数,尾号,同意
FQ0000001,county,{STATION_ID},{WAYBILL},圆通,1,1,3865,是
FQ0000001,county,{STATION_ID},{MISSING},中通,1,1,0971,
FQ0000002,county,{STATION_ID},SF1234567890123,顺丰,1,1,,
"""
ROUTES = f"place,network,direction,next_hop\n{STATION_ID},*,*,zhen\n"


def dock(keeper: Keeper) -> dict[str, Any]:
    view: dict[str, Any] = keeper.get("/api/keeper/screen")["handover"]
    return view


def told(house: House, tmp_path: Path) -> None:
    """The county reads both files in, and the station's owner names the courier."""
    county = house.folder / "county"
    manifest, routes = tmp_path / "三号线.csv", tmp_path / "routes.csv"
    manifest.write_bytes(MANIFEST.encode("gb18030"))
    routes.write_text(ROUTES, encoding="utf-8")
    stops = [f"{STATION_ID}@2026-11-25T14:00"]
    assert import_routes(county, routes) == {"lines": 1, "news": 1}
    asked: dict[str, Any] = {"trip": TRIP, "operator": "县运", "stops": stops}
    assert import_manifest(county, manifest, **asked) == {"bags": 2, "parcels": 3, "news": 3}
    assert import_manifest(county, manifest, **asked)["news"] == 0
    assert list(list_routes(county))[1] == f"{STATION_ID},*,*,zhen"
    with pytest.raises(StoreError, match="PIN"):
        add_courier(house.station_folder, COURIER, "111111")
    add_courier(house.station_folder, COURIER, PIN)  # while the daemon runs
    with pytest.raises(StoreError, match="Courier's name"):
        remove_courier(house.station_folder, "谁")


def hand_over(keeper: Keeper, hands: Hands) -> None:
    """One of two bags came, and one that nobody announced; an empty one goes back."""
    with pytest.raises(StoryError, match="courier_unknown"):
        keeper.post("/api/keeper/handover/arrive", courier=COURIER, pin="999888", trip=TRIP)
    keeper.post("/api/keeper/handover/arrive", courier=COURIER, pin=PIN, trip=TRIP)
    for n, seal in enumerate(("FQ0000001", "FQ0000777"), start=1):
        hands.scan(seal)
        wait_for("the bag", lambda n=n: dock(keeper)["tally"]["taken"] == n)  # type: ignore[misc]  # the count of now
    keeper.post("/api/keeper/handover/turn", network="post", direction="county")
    hands.scan("CK0000001")
    wait_for("the outbound bag", lambda: dock(keeper)["tally"]["out"] == 1)
    assert_its_label_shows_the_next_hop_and_scans(keeper, hands)
    keeper.post("/api/keeper/handover/sign", courier=COURIER, pin=PIN)


def assert_its_label_shows_the_next_hop_and_scans(keeper: Keeper, hands: Hands) -> None:
    """R70: the next hop of the route table, and bars that stand for the seal."""
    label = wait_for("the label", lambda: hands.bench()["labels"])[0]
    content = {"seal": "CK0000001", "to": "", "next_hop": "zhen", "trip": TRIP, "parcels": None}
    station_name = keeper.get("/api/keeper/screen")["station"]
    blocks = lay_out_bag_label(station_name=station_name, content=content, again=False)
    picture = Image.open(io.BytesIO(hands.get_bytes(label["png"])))
    assert picture.tobytes() == draw(blocks, *picture.size).convert("L").tobytes()
    assert hands.post(f"/api/labels/{label['label']}/scan")["text"] == "CK0000001"
    wait_for("the answer", lambda: "CK0000001" in str(keeper.get("/api/keeper/screen")["toast"]))
    assert dock(keeper)["tally"]["out"] == 1, "scanned twice, counted once"


def slips_say(hands: Hands) -> list[str]:
    return ["\n".join(paper["text"]) for paper in hands.bench()["papers"]]


def test_a_van_without_signal_is_signed_for_and_merged_later(house: House, tmp_path: Path) -> None:
    with Keeper(house.station_address) as keeper, Hands(house.workbench_address) as hands:
        keeper.sign_in()
        told(house, tmp_path)
        wait_for("the manifest", lambda: dock(keeper)["trips"] and dock(keeper)["ways"], 60)
        house.broker.kill()  # no signal on the mountain
        hand_over(keeper, hands)
        wait_for("two slips", lambda: len(slips_say(hands)) == 2)
        kept, given = sorted(slips_say(hands), key=lambda slip: "快递员联" in slip)
        assert "站点联" in kept
        assert kept.replace("站点联", "快递员联") == given
        assert "应交 2 实收 2" in kept

        keeper.check_in(on=True)
        hands.scan(WAYBILL)
        cell = hands.wait_for_open_door()
        hands.act(cell, "put-in")
        hands.shut(cell)  # no phone digits were typed
        wait_for("the pickup slip", lambda: len(slips_say(hands)) == 3)
        keeper.post("/api/keeper/bag-empty", seal="FQ0000001")

        house.broker.start()
        wait_until_county_has_all(house)
        trips = httpx.get(f"{house.county_address}/api/trips").json()["trips"]
        (stop,) = trips[0]["stops"]
        assert stop["done"]
        assert {n: stop["counts"][n] for n in ("expected", "in", "out", "short", "over")} == {
            "expected": 2,
            "in": 2,
            "out": 1,
            "short": 1,
            "over": 1,
        }
        life = httpx.get(f"{house.county_address}/api/trace/{MISSING}").json()
        assert life["events"][0]["text"] == f"少件：班次 {TRIP} 袋 FQ0000001 里没有"
