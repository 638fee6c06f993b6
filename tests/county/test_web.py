"""The county's page and API: who may ask, what bad input gets, what is told and what is not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from cloud_sync.county.tables import FACTS, IS_REFUSED
from cloud_sync.county.web.guessing import WINDOW_MS, guessed_at
from cloud_sync.county.web.make_app import make_app
from edge.guard import Rule, ruled_routes, unruled
from edge.kernel.ids import StationId
from tests.county.offices import SECRET, TAIL, WAYBILL, OpenOffice, open_office, pingshang
from tests.county.village import NOON_MS, Village

PATIENCE_S = 15.0


@pytest.fixture
def served(tmp_path: Path) -> Iterator[OpenOffice]:
    listed = ("pingshang", "坪上村站"), ("shexi", "社溪村站")
    with open_office(tmp_path, *listed) as opened:
        opened.hear(pingshang())
        yield opened


@pytest.mark.anyio
async def test_every_route_has_a_rule_and_serves_only_who_is_at_this_machine(
    served: OpenOffice,
) -> None:
    app = make_app(served.office)

    assert unruled(app) == []
    rules = {name: rule for name, rule in ruled_routes(app) if name != "MOUNT /look"}
    assert set(rules.values()) == {Rule.LOCAL}
    assert all(name.split(" ")[0] == "GET" for name in rules)
    transport = httpx.ASGITransport(app, client=("10.0.0.5", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as stranger:
        assert (await stranger.get("/api/stations")).status_code == 403


def test_another_name_for_this_machine_is_not_answered(web: httpx.Client) -> None:
    answer = web.get("/api/stations", headers={"Host": "rebound.example"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_host")


def test_nothing_can_be_changed_from_here_not_even_by_our_own_page(web: httpx.Client) -> None:
    token = web.get("/api/session").json()["token"]
    foreign = web.post("/api/facts", headers={"Origin": "http://evil.example"})
    own = web.post(
        "/api/facts", headers={"Origin": str(web.base_url).rstrip("/"), "X-Cunyi-Token": token}
    )

    assert (foreign.status_code, foreign.json()["error"]["code"]) == (403, "bad_origin")
    assert (own.status_code, own.json()["error"]["code"]) == (405, "wrong_method")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/stations/PINGSHANG", 422),
        ("/api/stations/a", 422),
        ("/api/stations/nobody", 404),
        ("/api/stations/..%2f..%2fetc", 404),
        ("/api/facts?limit=0", 422),
        ("/api/facts?limit=1001", 422),
        ("/api/facts?after=-1", 422),
        ("/api/facts?after=99999999999999999999", 422),
        ("/api/facts?station=%27%20OR%201", 422),
        ("/api/trace/abc", 422),
        ("/api/trace/YT770012345%00", 422),
        ("/api/trace/" + "A" * 31, 422),
        ("/api/trace/ZZ9999999", 404),
        ("/pages/county.html", 404),
        ("/pages/..%2fapi.py", 404),
        ("/nowhere", 404),
    ],
)
def test_bad_input_gets_a_clear_error(web: httpx.Client, path: str, status: int) -> None:
    answer = web.get(path)
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "message"}


def test_stations_come_worst_first_with_their_state_in_words(
    served: OpenOffice, web: httpx.Client
) -> None:
    trouble = Village("meishui")
    trouble.tell("door.forced", cell=8)
    served.hear(trouble, waiting=3)

    tiles = web.get("/api/stations").json()["stations"]
    assert [(t["name"], t["mood"], t["state"]) for t in tiles] == [
        ("meishui", "bad", "在线"),
        ("社溪村站", "never", "从未连上"),
        ("坪上村站", "ok", "在线"),
    ]
    assert (tiles[0]["line"], tiles[0]["behind"]) == ("8 号门被强开", "站上还有 3 条没传来")
    assert (tiles[2]["waiting"], tiles[2]["used"], tiles[2]["cells"]) == ("待取 1", 1, 24)


def test_an_open_door_comes_before_a_broken_record_however_new(
    served: OpenOffice, web: httpx.Client
) -> None:
    trouble = Village("meishui")
    trouble.tell("door.forced", cell=8)
    served.hear(trouble)
    served.county.ingest.alarm(trouble.station, "fork", "later than the door")

    with web.stream("GET", "/events") as answer:
        alarms = read_screen(answer.iter_lines())["alarms"]
    assert [alarm["title"] for alarm in alarms] == [
        "8 号门被强开",
        "站点有两份不同的记录，第二份已另存，没有合并",
    ]
    assert alarms[1]["time"] == "12:00:00"


def wall(web: httpx.Client) -> dict[str, Any]:
    with web.stream("GET", "/events") as answer:
        return read_screen(answer.iter_lines())


def test_devices_that_fail_are_troubles_by_how_much_they_stop_and_end_when_they_are_well(
    served: OpenOffice, web: httpx.Client
) -> None:
    served.hear(
        pingshang(),
        devices={
            "lock-board-1": "device.silent",
            "scanner": "device.missing",
            "printer": "printer.paper_out",
        },
    )
    ill = wall(web)
    served.hear(pingshang())
    well = wall(web)

    assert [(alarm["title"], alarm["level"]) for alarm in ill["alarms"]] == [
        ("锁控板 1：没有回应", "bad"),
        ("扫码枪：没接上", "warn"),
        ("打印机：缺纸", "note"),
    ]
    assert (ill["counts"]["alarms"], ill["counts"]["worst"]) == (3, "bad")
    assert (ill["stations"][0]["mood"], ill["stations"][0]["line"]) == ("bad", "锁控板 1：没有回应")
    assert (well["alarms"], well["counts"]["alarms"]) == ([], 0)


def test_what_has_arrived_since_the_last_heartbeat_is_no_longer_at_the_station(
    served: OpenOffice, web: httpx.Client
) -> None:
    village = pingshang()
    served.hear(village, waiting=2)
    village.tell("keeper.signed_out", keeper="li")
    served.county.deliver(village, "n2")
    behind = web.get("/api/stations").json()["stations"][1]["behind"]
    village.tell("keeper.signed_in", keeper="li")
    served.county.deliver(village, "n3")

    assert behind == "站上还有 1 条没传来"
    tiles = web.get("/api/stations").json()["stations"]
    assert [tile["behind"] for tile in tiles] == ["", ""]
    assert web.get("/api/stations/pingshang").json()["waiting"] == 0


def test_what_a_start_says_of_every_door_is_one_line_and_the_data_stays(
    served: OpenOffice, web: httpx.Client
) -> None:
    village, other = Village("meishui"), Village("shexi")
    for cell in range(1, 25):
        village.tell("door.shut", cell=cell, open_ms=None)
    for cell in range(1, 25):
        village.tell("door.unseen", cell=cell)
    for cell in (1, 2, 3):
        other.tell("door.shut", cell=cell, open_ms=4_000)
    served.hear(village)
    served.hear(other)

    lines = [(fact["station"], fact["text"]) for fact in wall(web)["facts"]]
    assert lines[:5] == [
        ("shexi", "3 号门关好，开了 4 秒"),
        ("shexi", "2 号门关好，开了 4 秒"),
        ("shexi", "1 号门关好，开了 4 秒"),
        ("meishui", "24 扇门：传感器没信号"),
        ("meishui", "24 扇门：关好"),
    ]
    assert len(web.get("/api/facts?station=meishui").json()["facts"]) == 48


def test_more_than_twenty_units_of_wrong_tries_in_an_hour_are_a_trouble(
    served: OpenOffice, web: httpx.Client
) -> None:
    village = Village("meishui")
    blanks: dict[str, Any] = {"reason": "wrong_code", "proof": "code", "credentials": ["c1"]}
    village.tell("pickup.refused", charged=20, **blanks)
    served.hear(village)
    before = wall(web)["alarms"]
    village.tell("pickup.refused", charged=1, **blanks)
    served.hear(village, "n2")

    assert before == []
    (alarm,) = wall(web)["alarms"]
    assert (alarm["title"], alarm["level"]) == ("有人在试取件码", "warn")
    with served.county.database.read() as connection:
        assert guessed_at(connection, NOON_MS + WINDOW_MS - 1) != []
        assert guessed_at(connection, NOON_MS + WINDOW_MS + 5_000) == []


def test_the_wrong_tries_of_an_hour_are_found_without_reading_the_whole_journal(
    served: OpenOffice,
) -> None:
    wanted = select(FACTS.c.fact).where(IS_REFUSED, FACTS.c.wall_ms > 0)
    with served.county.database.read() as connection:
        text = str(wanted.compile(connection, compile_kwargs={"literal_binds": True}))
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all()
    assert "facts_refused" in str(plan)


def test_a_stranger_is_named_and_the_alarm_says_how_to_take_it_in(
    served: OpenOffice, web: httpx.Client
) -> None:
    served.county.ingest.alarm(StationId("meishui"), "unknown_station", "")
    (alarm,) = wall(web)["alarms"]
    assert alarm["title"] == "没登记的站点 meishui 想连上来"
    assert "cunyi county enrol meishui" in alarm["todo"]


def test_one_station_shows_every_cell_and_device(web: httpx.Client) -> None:
    view = web.get("/api/stations/pingshang").json()

    assert len(view["cells"]) == 24
    seven = view["cells"][6]
    assert (seven["cell"], seven["text"], seven["waybill_no"]) == (7, "有件", WAYBILL)
    assert (view["cells"][0]["text"], view["seq"], view["simulated"]) == ("空", 9, True)
    assert {device["label"] for device in view["devices"]} == {"锁控板 1", "扫码枪", "打印机"}


def test_facts_are_read_on_from_where_one_stopped(web: httpx.Client) -> None:
    first = web.get("/api/facts?limit=4").json()
    rest = web.get(f"/api/facts?station=pingshang&after={first['next']}").json()
    end = web.get(f"/api/facts?after={rest['next']}").json()

    assert [fact["seq"] for fact in first["facts"] + rest["facts"]] == list(range(1, 10))
    assert end == {"facts": [], "next": rest["next"]}
    assert web.get("/api/facts?station=shexi").json()["facts"] == []


def test_a_trace_tells_a_parcels_life_in_order_and_in_the_readers_language(
    web: httpx.Client,
) -> None:
    chinese = web.get(f"/api/trace/{WAYBILL}").json()
    english = web.get(f"/api/trace/{WAYBILL}?lang=en").json()

    assert (chinese["stage_text"], chinese["place"]) == ("在柜，待取", "坪上村站 · 7 号格 · 中通")
    assert [event["text"] for event in chinese["events"]] == [
        "收到一件，中通，经手 li",
        "留出 7 号格",
        "给 7 号门开锁：入库",
        "7 号门开了",
        "7 号门关好，开了 4 秒",
        "已放进 7 号格",
        "手机尾号已登记",
        "取件码已生成",
    ]
    assert chinese["events"][0]["time"] == "≈12:00:02", "nobody has told this station the time"
    assert english["events"][1]["text"] == "Cell 7 reserved"


@pytest.mark.parametrize("path", ["/api/facts", f"/api/trace/{WAYBILL}", "/api/stations/pingshang"])
def test_codes_and_phone_digits_never_leave_the_database(web: httpx.Client, path: str) -> None:
    text = web.get(path).text
    assert SECRET not in text
    assert TAIL not in text


def read_screen(lines: Iterator[str]) -> dict[str, Any]:
    event = ""
    for line in lines:
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        if line.startswith("data: ") and event == "screen":
            view: dict[str, Any] = json.loads(line.removeprefix("data: "))
            return view
    raise AssertionError("the stream ended")


def test_the_page_gets_the_whole_wall_at_once_and_again_at_each_change(
    served: OpenOffice, web: httpx.Client
) -> None:
    with web.stream("GET", "/events") as answer:
        lines = answer.iter_lines()
        first = read_screen(lines)
        village = Village("meishui")
        village.tell("door.forced", cell=8)
        served.hear(village)
        second = read_screen(lines)

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert (first["counts"]["known"], first["counts"]["waiting"], first["alarms"]) == (2, 1, [])
    assert SECRET not in json.dumps(first)
    assert TAIL not in json.dumps(first)
    assert second["counts"] | {"worst": "bad"} == second["counts"]
    assert second["facts"][0]["text"] == "8 号门被强开，没有授权"
    (alarm,) = second["alarms"]
    assert alarm["title"] == "8 号门被强开"
    assert alarm["todo"].startswith("马上打电话给店主")


def test_health_says_which_half_is_not_well(served: OpenOffice, web: httpx.Client) -> None:
    well = web.get("/healthz")
    assert well.status_code == 200
    assert (well.json()["broker"], well.json()["database"]) == (True, True)

    served.office.link_up = False
    assert web.get("/healthz").status_code == 503
    assert web.get("/healthz").json()["broker"] is False


def test_the_pill_says_what_keeps_the_broker_away_and_forgets_it_when_it_is_back(
    served: OpenOffice, web: httpx.Client
) -> None:
    def pill() -> str:
        with web.stream("GET", "/events?lang=en") as stream:
            return str(read_screen(stream.iter_lines())["link"]["text"])

    office = served.office
    assert pill() == "Broker connected"
    office.link_turned(up=False)
    office.link_troubled("lost")
    assert pill() == "Broker lost, reconnecting"
    office.link_troubled("refused")
    assert pill().startswith("The broker refuses the county's certificate")
    office.link_turned(up=True)
    office.link_turned(up=False)
    assert pill() == "Broker lost, reconnecting"


def test_metrics_count_facts_and_stations(web: httpx.Client) -> None:
    text = web.get("/metrics").text
    assert "cunyi_county_facts_total 9.0" in text
    assert "cunyi_county_stations_online 1.0" in text
    assert "cunyi_county_stations_known 2.0" in text


def test_the_language_is_chinese_until_asked_otherwise_and_then_remembered(
    web: httpx.Client,
) -> None:
    assert 'lang="zh-CN"' in web.get("/").text
    assert 'lang="en"' in web.get("/?lang=en").text
    assert 'lang="en"' in web.get("/?lang=klingon").text
    assert 'lang="en"' in web.get("/").text


def test_the_description_of_the_api_needs_no_other_host(web: httpx.Client) -> None:
    paths = web.get("/openapi.json").json()["paths"]
    assert {"/api/stations", "/api/facts", "/api/trace/{waybill_no}", "/healthz"} <= set(paths)
    assert web.get("/docs").status_code == 404


def test_a_door_that_did_not_open_stands_out_from_cells_that_are_well(
    served: OpenOffice, web: httpx.Client
) -> None:
    village = Village("duimian")
    village.check_in(WAYBILL, 3)
    village.tell("door.asked", cell=3, auth="a2", attempt=1, purpose="pickup", actor="", reason="")
    village.tell("door.silent", cell=3, auth="a2", attempt=1, reason="no_sign")
    village.tell("cell.faulted", cell=4, reason="no_sign_twice")
    village.tell("door.silent", cell=4, auth="a3", attempt=2, reason="no_sign")
    served.hear(village)
    cells = web.get("/api/stations/duimian").json()["cells"]
    assert [(one["door_text"], one["text"], one["mood"]) for one in cells[2:4]] == [
        ("没打开", "有件", "warn"),
        ("没打开", "停用", "off"),
    ]
