"""A manifest and a route table on their way from a file to the stations that they concern."""

from pathlib import Path
from typing import Any

import pytest

from cloud_sync.county.ingest.ledger import register
from cloud_sync.county.trips import book
from cloud_sync.county.trips.manifest import ManifestError, read_manifest, read_routes
from cloud_sync.wire.bodies.state import MOST_PARCELS, TripStop
from edge.kernel.ids import StationId
from tests.county.stream_ends import PINGSHANG, Far, Near, exchange
from tests.county.test_stream_asked import cunyi, running
from tests.county.village import NOON_MS

SHUINAN = StationId("shuinan")
STOPS = (TripStop(place="pingshang", at_ms=NOON_MS), TripStop(place="shuinan", at_ms=NOON_MS + 1))
GOOD = """seal,from,to,waybill,carrier,piece,pieces,tail,consent
FQ0000001,county,pingshang,YT7700123456789,圆通,1,2,3865,yes
FQ0000001,county,pingshang,YT7700123456789-2,圆通,2,2,3865,yes
FQ0000002,county,shuinan,SF1234567890123,顺丰,,,0971,否
"""


@pytest.fixture
def near(tmp_path: Path) -> Any:
    near = Near(tmp_path / "county")
    with near.database.write() as connection:
        register(connection, SHUINAN, "水南村驿")
    yield near
    near.database.close()


def read(text: str, *, as_json: bool = False) -> Any:
    return read_manifest(text, trip="t-3", operator="县运", stops=STOPS, as_json=as_json)


def keep(near: Near, text: str = GOOD, now_ms: int = NOON_MS) -> book.Kept:
    with near.database.write() as connection:
        return book.keep_manifest(connection, near.desk.put, read(text), now_ms)


def test_a_station_hears_its_own_parcels_and_of_others_the_numbers_alone(near: Near) -> None:
    assert keep(near) == book.Kept(bags=2, parcels=3, news=6)
    far = Far(PINGSHANG)
    exchange(near, far, near.desk.welcomed(*far.hello()))
    told = far.shelf.bodies()
    assert told["trip/t-3"]["stops"][0] == {"place": "pingshang", "at_ms": NOON_MS}
    assert told["bag/t-3/FQ0000001"]["parcels"][1] == {
        "waybill_no": "YT7700123456789-2",
        "carrier": "圆通",
        "piece": 2,
        "pieces": 2,
        "tail": "3865",
        "consent": "yes",
    }
    assert told["bag/t-3/FQ0000002"]["parcels"] == [{"waybill_no": "SF1234567890123"}]


def test_the_same_file_twice_changes_nothing_and_a_corrected_one_replaces_it(near: Near) -> None:
    keep(near)
    assert keep(near).news == 0
    corrected = GOOD.replace("FQ0000002", "FQ0000009").replace("3865", "4866")
    keep(near, corrected)
    far = Far(PINGSHANG)
    exchange(near, far, near.desk.welcomed(*far.hello()))
    told = far.shelf.bodies()
    assert {name for name in told if name.startswith("bag/")} == {
        "bag/t-3/FQ0000001",
        "bag/t-3/FQ0000009",
    }
    assert told["bag/t-3/FQ0000001"]["parcels"][0]["tail"] == "4866"


def test_a_trip_that_is_long_over_is_taken_back(near: Near) -> None:
    keep(near)
    with near.database.write() as connection:
        later = read_manifest(
            GOOD,
            trip="t-4",
            operator="",
            stops=[TripStop(place="pingshang", at_ms=NOON_MS + 2 * book.KEEP_MS)],
            as_json=False,
        )
        book.keep_manifest(connection, near.desk.put, later, NOON_MS + 2 * book.KEEP_MS)
    far = Far(PINGSHANG)
    exchange(near, far, near.desk.welcomed(*far.hello()))
    assert {name for name in far.shelf.bodies() if "t-3" in name} == set()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("seal,from", "bag,from", "line 1: the header lacks seal"),
        ("FQ0000002,", "fq,", "line 4: seal 'FQ'"),
        (",shuinan,", ",,", "line 4: to: the station that the bag is for"),
        (",shuinan,", ",nowhere,", "line 4: to nowhere: this county has no such station"),
        ("SF1234567890123", "包裹", "line 4: waybill '包裹'"),
        ("0971", "97", "line 4: tail '97': the last four digits"),
        ("否", "maybe", "line 4: consent 'maybe': yes, no or unknown"),
        ("顺丰,,", "顺丰,3,2", "line 4: piece '3' of '2': e.g. 1 of 3"),
        ("圆通,2,2", "圆通,x,2", "line 3: piece 'x' of '2'"),
        ("YT7700123456789-2", "YT7700123456789", "line 3: YT7700123456789 stands in line 2"),
        ("FQ0000002,county", "FQ0000001,county", "line 4: bag FQ0000001 goes to pingshang"),
        ("顺丰", "顺" * 41, "line 4: carrier: at most 40 letters"),
    ],
)
def test_each_mistake_is_told_by_its_line(near: Near, old: str, new: str, says: str) -> None:
    with pytest.raises(ManifestError) as refused:
        keep(near, GOOD.replace(old, new))
    assert says in str(refused.value)
    far = Far(PINGSHANG)
    exchange(near, far, near.desk.welcomed(*far.hello()))
    assert far.shelf.bodies() == {}, "half a manifest was told"


def test_many_mistakes_are_told_at_once_and_then_counted() -> None:
    bad = "seal,to,waybill\n" + "x,y,z\n" * 15
    with pytest.raises(ManifestError, match=r"line 2: seal 'X'[\s\S]*\.\.\. and 10 more"):
        read(bad)


def test_a_bag_holds_no_more_than_fits_into_one_item() -> None:
    lines = [f"FQ0000001,pingshang,YT77001234{n:05d}" for n in range(MOST_PARCELS + 1)]
    with pytest.raises(ManifestError, match="has more than 100 parcels; use two seals"):
        read("\n".join(["seal,to,waybill", *lines]))


def test_json_says_the_same_and_rubbish_says_so() -> None:
    text = (
        '[{"seal":"FQ0000001","to":"pingshang","waybill":"YT7700123456789","piece":1,"pieces":1}]'
    )
    assert read(text, as_json=True).bags["FQ0000001"].parcels[0].waybill_no == "YT7700123456789"
    with pytest.raises(ManifestError, match="no list of parcels"):
        read("{", as_json=True)
    with pytest.raises(ManifestError, match="there is no line with a parcel"):
        read("[]", as_json=True)


def test_a_trip_of_no_name_or_an_unknown_stop_is_refused(near: Near) -> None:
    with pytest.raises(ManifestError, match="letters, digits, dots and dashes"):
        read_manifest(GOOD, trip="3 号", operator="", stops=STOPS, as_json=False)
    lost = read_manifest(
        GOOD, trip="t", operator="", stops=[TripStop(place="mars", at_ms=1)], as_json=False
    )
    with (
        near.database.write() as connection,
        pytest.raises(ManifestError, match="stop mars: this county has no such station"),
    ):
        book.keep_manifest(connection, near.desk.put, lost, NOON_MS)


ROUTES = """place,network,direction,next_hop
pingshang,*,*,zhen
pingshang,post,county,youju
shuinan,*,*,zhen
"""


def test_routes_go_to_their_place_and_go_away_with_their_line(near: Near) -> None:
    with near.database.write() as connection:
        assert book.keep_routes(connection, near.desk.put, read_routes(ROUTES)) == 3
        assert book.keep_routes(connection, near.desk.put, read_routes(ROUTES)) == 0
        fewer = ROUTES.replace("pingshang,post,county,youju\n", "")
        assert book.keep_routes(connection, near.desk.put, read_routes(fewer)) == 1
    far = Far(PINGSHANG)
    exchange(near, far, near.desk.welcomed(*far.hello()))
    assert list(far.shelf.bodies()) == ["route/*/*"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("next_hop\n", "hop\n", "line 1: the header lacks next_hop"),
        ("post,county", "*,*", r"line 3: pingshang \* \* stands in line 2 already"),
        ("zhen", "", "line 2: next_hop: 1 to 40 letters"),
        ("shuinan", "mars", "this county has no station mars"),
    ],
)
def test_a_wrong_route_is_told_by_its_line(near: Near, old: str, new: str, says: str) -> None:
    with near.database.write() as connection, pytest.raises(ManifestError, match=says):
        book.keep_routes(connection, near.desk.put, read_routes(ROUTES.replace(old, new)))


def test_files_come_in_by_the_command_line(near: Near, tmp_path: Path) -> None:
    manifest, routes = tmp_path / "三号线.csv", tmp_path / "routes.csv"
    manifest.write_bytes(GOOD.encode("gb18030"))  # as a Chinese spreadsheet saves it
    routes.write_text(ROUTES, encoding="utf-8-sig")
    folder = str(near.folder)
    stops = ["--stop", "pingshang@2026-11-25T14:00", "--stop", "shuinan@2026-11-25T14:30"]
    asked = ("manifest", "import", str(manifest), folder, "--trip", "t-3", *stops)
    with running(near):
        code, said = cunyi(*asked)
        assert code == 0
        assert said.startswith("Trip t-3: 2 bags, 3 parcels.\n6 items go out; ")
        assert cunyi(*asked)[1].endswith("No news: every station has been told so before.\n")
        assert cunyi("route", "import", str(routes), folder)[1].startswith("3 routes.\n3 items")
        assert "pingshang,post,county,youju" in cunyi("route", "list", folder)[1]
        manifest.write_text(GOOD.replace("3865", "38"), encoding="utf-8")
        code, said = cunyi(*asked)
        assert code == 1
        assert "line 2: tail '38'" in said
        code, said = cunyi(*asked[:-1], "pingshang-at-two")
        assert "stop 'pingshang-at-two': e.g. pingshang@2026-11-25T14:00" in said
    manifest.write_bytes(b"\xff\xff\xff")
    assert "neither UTF-8 nor GB18030" in cunyi(*asked)[1]
