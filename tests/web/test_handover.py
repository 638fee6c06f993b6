"""What pages and scanner do together while a van is at the door, and what each mistake is told."""

from typing import Any

from edge.daemon.devices.handover_slip import lay_out_handover
from edge.kernel.ids import SealNo
from hardware.ports import Block, Text
from tests.web.support.browserless import Visitor
from tests.web.support.parcels import shut, until_door
from tests.web.support.van import (
    COURIER,
    COURIER_PIN,
    TRIP,
    expect_van,
    parcel,
    seal,
    tell_bag,
    waybill,
)
from tests.web.support.village import Village, eventually

BEGIN = {"courier": COURIER, "pin": COURIER_PIN, "trip": TRIP}
SIGN = {"courier": COURIER, "pin": COURIER_PIN}


def dock(keeper: Visitor) -> dict[str, Any]:
    part: dict[str, Any] = keeper.get("/api/keeper/screen")["handover"]
    return part


def refused(keeper: Visitor, path: str, **body: object) -> tuple[int, str]:
    answer = keeper.post(path, **body)
    return answer.status_code, answer.json()["error"]["code"]


def arrive(keeper: Visitor, **changed: object) -> dict[str, Any]:
    return keeper.ask("/api/keeper/handover/arrive", **{**BEGIN, **changed})


def scan(keeper: Visitor, text: str) -> dict[str, Any]:
    return keeper.ask("/api/keeper/scan", text=text)


def words(slip: tuple[Block, ...]) -> str:
    return "\n".join(block.text for block in slip if isinstance(block, Text))


def taken_over(village: Village, keeper: Visitor) -> None:
    """Two bags of two parcels are signed for."""
    expect_van(village)
    arrive(keeper)
    scan(keeper, seal(1))
    scan(keeper, seal(2))
    keeper.ask("/api/keeper/handover/sign", **SIGN)


def put_in(village: Village, keeper: Visitor, n: int) -> dict[str, Any]:
    told = scan(keeper, waybill(n))
    until_door(village, told["cell"], "open")
    shut(village, told["cell"])
    return told


def test_both_sign_and_two_slips_say_the_same(village: Village, keeper: Visitor) -> None:
    expect_van(village, bags=3)
    assert arrive(keeper)["key"] == "courier_here"
    assert scan(keeper, seal(1))["key"] == "bag_in"
    assert scan(keeper, "FQ9999999")["key"] == "bag_over"
    misrouted = scan(keeper, seal(900))
    assert misrouted["key"] == "bag_misrouted"
    assert "应到 shuinan，下一站 镇中转站" in misrouted["text"]
    keeper.ask("/api/keeper/handover/damaged", seal=seal(1), note="封签断")
    keeper.ask("/api/keeper/handover/dispute", count=4)
    assert keeper.ask("/api/keeper/handover/turn", network="post", direction="县中心")["ok"]
    assert scan(keeper, "CK0000001")["key"] == "bag_out"
    now = dock(keeper)
    assert now["tally"] == {
        "expected": 3,
        "scanned": 2,
        "taken": 2,
        "short": 2,
        "over": 1,
        "damaged": 1,
        "misrouted": 1,
        "out": 1,
    }
    assert [(bag["word"], bag["seal"]) for bag in now["bags"]][:3] == [
        ("少", seal(2)),
        ("少", seal(3)),
        ("错分", seal(900)),
    ]
    assert keeper.ask("/api/keeper/handover/sign", **SIGN)["key"] == "handover_signed"
    eventually(lambda: len(village.paper.slips) == 2, "two slips")
    kept, given = map(words, village.paper.slips)
    assert "站点联" in kept
    assert kept.replace("站点联", "快递员联") == given
    short = f"少 2：\n{seal(2)}\n{seal(3)}"
    for line in ("应交 3 实收 2", short, "错分 1：", "CK0000001 下一站 邮政支局"):
        assert line in kept
    assert "数目有争议：快递员 4，站点 2" in kept
    assert dock(keeper)["trips"][0]["done"]


def test_a_slip_that_may_have_come_out_says_so(village: Village, keeper: Visitor) -> None:
    expect_van(village)
    arrive(keeper)
    scan(keeper, seal(1))
    keeper.ask("/api/keeper/handover/sign", **SIGN)
    eventually(lambda: len(village.paper.slips) == 2, "two slips")
    assert "补打" not in words(village.paper.slips[0])
    content: dict[str, Any] = {
        "signed": {
            "trip": "t",
            "courier": "c",
            "keeper": "k",
            "expected": 0,
            "taken": 0,
            "short": [],
            "over": [],
            "damaged": [],
        },
        "operator": "",
        "misrouted": [],
        "next_hops": [],
        "disputed": None,
        "at": {"wall_lo_ms": 0, "wall_hi_ms": 0},
    }
    again = lay_out_handover(station_name="坪上", content=content, copy_for="keeper", again=True)
    assert "补打" in words(again)


def test_wrong_pins_of_a_courier_are_counted_like_a_keepers(
    village: Village, keeper: Visitor
) -> None:
    expect_van(village)
    for _try in range(5):
        assert refused(keeper, "/api/keeper/handover/arrive", **{**BEGIN, "pin": "999111"}) == (
            409,
            "courier_unknown",
        )
    assert refused(keeper, "/api/keeper/handover/arrive", **BEGIN)[1] == "pin_locked"
    assert village.state.dock.handover is None


def test_each_mistake_at_the_van_says_what_to_do(village: Village, keeper: Visitor) -> None:
    expect_van(village)
    path = "/api/keeper/handover"
    assert refused(keeper, f"{path}/undo", seal=seal(1))[1] == "no_handover"
    assert refused(keeper, f"{path}/arrive", **{**BEGIN, "trip": "三号"})[1] == "trip_unfit"
    assert refused(keeper, f"{path}/arrive", **{**BEGIN, "courier": "谁"})[1] == "courier_unknown"
    arrive(keeper)
    assert refused(keeper, "/api/keeper/check-in", on=True)[1] == "handover_under_way"
    assert refused(keeper, f"{path}/sign", **SIGN)[1] == "nothing_scanned"
    assert scan(keeper, waybill(1))["key"] == "seal_wanted"
    assert scan(keeper, "FQ12")["key"] == "unreadable"
    scan(keeper, seal(1))
    assert scan(keeper, seal(1))["key"] == "bag_already"
    assert refused(keeper, f"{path}/damaged", seal=seal(2), note="湿")[1] == "bag_not_scanned"
    assert keeper.ask(f"{path}/undo", seal=seal(1))["key"] == "scan_taken_back"
    village.say("route", "*/*", None)
    village.say("route", "post/县中心", None)
    assert refused(keeper, f"{path}/turn", network="post", direction="县中心")[1] == "no_route"
    assert dock(keeper)["ways"] == []


def test_short_seals_are_read_only_at_a_van(village: Village, keeper: Visitor) -> None:
    expect_van(village)
    assert scan(keeper, "FQ-12")["key"] == "unreadable"
    arrive(keeper)
    assert scan(keeper, "FQ-12")["key"] == "bag_over"


def test_a_courier_holds_up_and_goes_on_later(village: Village, keeper: Visitor) -> None:
    expect_van(village)
    arrive(keeper)
    scan(keeper, seal(1))
    with Visitor(village.address) as somebody:  # nobody is signed in here
        told = somebody.ask("/api/courier/hold-up", **BEGIN, reason="店主不在")
        assert told["key"] == "handover_held_up"
        assert refused(somebody, "/api/courier/hold-up", **{**BEGIN, "pin": "1"}, reason="x")[
            1
        ] == ("courier_unknown")
    assert dock(keeper)["trips"][0]["state"] == "挂起：店主不在"
    arrive(keeper)
    assert dock(keeper)["tally"]["taken"] == 1


def test_a_parcel_of_the_manifest_shows_all_at_once_and_needs_no_typing(
    village: Village, keeper: Visitor
) -> None:
    taken_over(village, keeper)
    keeper.ask("/api/keeper/check-in", on=True)
    told = scan(keeper, waybill(1))
    until_door(village, told["cell"], "open")
    screen = keeper.get("/api/keeper/screen")
    now = screen["check_in"]
    assert (now["carrier"].split()[0], now["tail"], now["needs_tail"]) == ("圆通", "3865", False)
    assert screen["handover"]["in_hand"] == "第 1/2 件 · 已同意投柜"
    shut(village, told["cell"])
    eventually(lambda: len(village.paper.slips) == 3, "the pickup slip, after two of the handover")
    assert dock(keeper)["advised"] == f"班次 {TRIP}：应到 4 已入 1"


def test_s1_the_next_van_says_when_it_comes_and_how_much_is_for_here(
    village: Village, keeper: Visitor
) -> None:
    expect_van(village)
    (trip,) = dock(keeper)["trips"]
    assert (trip["bags"], trip["parcels"]) == ("2 袋", "应到 4 件"), "not what goes to the next"
    assert trip["state"].startswith("预计 ")


def test_what_is_over_misrouted_or_short_is_told_apart(village: Village, keeper: Visitor) -> None:
    taken_over(village, keeper)
    keeper.ask("/api/keeper/check-in", on=True)
    assert scan(keeper, seal(1))["key"] == "waybill_wanted"
    away = scan(keeper, waybill(900))
    assert (away["key"], away["cell"]) == ("parcel_misrouted", None)
    assert "应到 shuinan，下一站 镇中转站" in away["text"]
    put_in(village, keeper, 1)
    put_in(village, keeper, 777)  # on no manifest: it goes in all the same
    assert dock(keeper)["to_empty"][0] == {
        "seal": seal(1),
        "text": "应到 2 已入 1",
        "missing": 1,
    }
    short = keeper.ask("/api/keeper/bag-empty", seal=seal(1))
    assert (short["ok"], short["key"]) == (False, "bag_short")
    assert "少 1 件" in short["text"]
    put_in(village, keeper, 2)
    put_in(village, keeper, 502)  # the last one empties its bag
    assert village.state.dock.bags[SealNo(seal(2))].emptied
    assert dock(keeper)["to_empty"] == []


def test_a_corrected_manifest_counts_from_then_on(village: Village, keeper: Visitor) -> None:
    expect_van(village)
    arrive(keeper)
    village.say("bag", f"{TRIP}/{seal(2)}", None)
    tell_bag(village, 3, [parcel(3)])
    assert [bag["seal"] for bag in dock(keeper)["bags"]] == [seal(1), seal(3)]


def test_a_hub_sends_bags_of_its_runs_on_and_stores_none(village: Village, keeper: Visitor) -> None:
    expect_van(village)
    village.say(
        "route", "*/shuinan", {"network": "*", "direction": "shuinan", "next_hop": "四号线"}
    )
    village.become_hub()
    arrive(keeper)
    ours = scan(keeper, seal(900))
    assert (ours["ok"], ours["key"]) == (True, "bag_cross_dock")
    assert "放到 四号线 的笼车" in ours["text"]
    tell_bag(village, 901, [parcel(901)], to="faraway")
    not_ours = scan(keeper, seal(901))
    assert (not_ours["ok"], not_ours["key"]) == (False, "bag_misrouted")
    assert [(bag["word"], bag["mood"]) for bag in dock(keeper)["bags"]] == [
        ("少", "bad"),
        ("少", "bad"),
        ("错分", "bad"),
        ("本班", "ok"),
    ]
    keeper.ask("/api/keeper/handover/sign", **SIGN)
    text = f"{seal(900)} · 去 shuinan，四号线 的笼车"
    assert dock(keeper)["held"] == [{"seal": seal(900), "text": text}]
    keeper.ask("/api/keeper/check-in", on=True)
    assert scan(keeper, waybill(900))["key"] == "parcel_misrouted"  # through-bags are not stored
    keeper.ask("/api/keeper/check-in", on=False)
    arrive(keeper, trip="run-4")
    keeper.ask("/api/keeper/handover/turn", network="post", direction="县中心")
    assert scan(keeper, seal(900))["key"] == "bag_of_other_run"
    keeper.ask("/api/keeper/handover/turn", network="*", direction="shuinan")
    assert scan(keeper, seal(900))["key"] == "bag_out"
    keeper.ask("/api/keeper/handover/sign", **SIGN)
    assert dock(keeper)["held"] == []


def test_five_brands_come_in_one_flow_and_add_up(village: Village, keeper: Visitor) -> None:
    expect_van(village, bags=1)
    brands = ("圆通", "中通", "顺丰", "邮政", "韵达")
    tell_bag(village, 2, [parcel(n, carrier=brands[n % 5], tail="3865") for n in range(20, 27)])
    arrive(keeper)
    scan(keeper, seal(2))
    keeper.ask("/api/keeper/handover/sign", **SIGN)
    keeper.ask("/api/keeper/check-in", on=True)
    for n in range(20, 27):
        put_in(village, keeper, n)
    screen = keeper.get("/api/keeper/screen")
    assert screen["handover"]["brands"] == "中通 2 · 圆通 2 · 邮政 1 · 韵达 1 · 顺丰 1"
    assert screen["counts"]["arrived"] == 7
