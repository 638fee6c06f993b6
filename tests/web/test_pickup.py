"""A villager's visit over HTTP."""

from dataclasses import replace

from edge.web.door_alerts import door_alerts
from edge.web.snapshot import look_at
from tests.web.support.browserless import Visitor
from tests.web.support.parcels import TAIL, WAYBILL, check_in, shut, stage_of, until_door
from tests.web.support.village import Village, eventually

WRONG = "00000000"


def screen(visitor: Visitor) -> str:
    """Which page the kiosk is on."""
    name: str = visitor.get("/api/kiosk/screen")["screen"]
    return name


def wrong_code(village: Village) -> str:
    """Eight digits that are not the code."""
    return WRONG if village.paper.code() != WRONG else "11111111"


def collect(village: Village, visitor: Visitor, cell: int) -> None:
    """Type the code of the last slip, take out, shut."""
    told = visitor.ask("/api/kiosk/code", phone_tail=TAIL, digits=village.paper.code())
    assert (told["ok"], told["cell"]) == (True, cell), told
    shut(village, cell)


def test_the_code_on_the_slip_opens_exactly_that_door(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    cell = check_in(village, keeper)
    other = check_in(village, keeper, "78211234567890", "0971")
    del village.steel.pulses[:]
    told = visitor.ask("/api/kiosk/code", phone_tail="0971", digits=village.paper.code())
    until_door(village, other, "open")
    view = visitor.get("/api/kiosk/screen")
    assert (told["cell"], village.steel.pulses) == (other, [other])
    assert (view["screen"], view["door"]["name"]) == ("open", f"{other:02d}")
    shut(village, other)
    assert screen(visitor) == "thanks"
    assert stage_of(village, "78211234567890") == "picked_up"
    assert stage_of(village) == "stored"
    assert cell != other


def test_the_qr_code_of_the_slip_works_once(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    cell = check_in(village, keeper)
    token = village.paper.token()
    assert visitor.ask("/api/kiosk/scan", text=token)["cell"] == cell
    shut(village, cell)
    again = visitor.ask("/api/kiosk/scan", text=token)
    assert (again["ok"], again["key"]) == (False, "already_collected")
    assert again["headline"].startswith("这件已经取走了，")


def test_thanks_turn_into_home_by_themselves(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    cell = check_in(village, keeper)
    collect(village, visitor, cell)
    village.clock.forward(31)
    assert screen(visitor) == "home"


def test_a_wrong_code_tells_the_tries_left_and_five_lock_it(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    check_in(village, keeper)
    wrong = wrong_code(village)
    told = [visitor.ask("/api/kiosk/code", phone_tail=TAIL, digits=wrong) for _ in range(5)]
    assert [(one["key"], one["tries_left"]) for one in told[:4]] == [
        ("wrong_code", left) for left in (4, 3, 2, 1)
    ]
    assert told[4]["headline"] == "输错太多次了"
    locked = visitor.ask("/api/kiosk/code", phone_tail=TAIL, digits=village.paper.code())
    assert (locked["ok"], locked["key"]) == (False, "locked_out")
    assert screen(visitor) == "home"


def test_the_keeper_is_told_on_every_page_of_so_many_wrong_codes_as_one_parcel_bears(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    check_in(village, keeper)

    def told() -> list[str]:
        return [one["text"] for one in keeper.get("/api/keeper/screen")["alerts"]]

    for _ in range(4):
        visitor.ask("/api/kiosk/code", phone_tail=TAIL, digits=wrong_code(village))
    assert told() == []
    visitor.ask("/api/kiosk/code", phone_tail="0000", digits=WRONG)  # whosever phone it is
    (alert,) = told()
    assert alert.startswith("取件机上一小时内输错 5 次取件码，最近 ")
    seen = look_at(village.front)
    later = replace(seen.now, mono_ms=seen.now.mono_ms + 3_600_000)
    assert door_alerts(replace(seen, now=later), "zh") == (), "it passes"


def test_a_locked_code_still_opens_by_its_qr(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    cell = check_in(village, keeper)
    for _ in range(6):
        visitor.ask("/api/kiosk/code", phone_tail=TAIL, digits=wrong_code(village))
    assert visitor.ask("/api/kiosk/scan", text=village.paper.token())["cell"] == cell


def test_putting_back_opens_the_same_door_again(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    cell = check_in(village, keeper)
    collect(village, visitor, cell)
    door = visitor.get("/api/kiosk/screen")["door"]
    assert door["can_put_back"]
    assert visitor.ask("/api/kiosk/put-back", auth=door["auth"])["cell"] == cell
    until_door(village, cell, "open")
    assert "放回" in visitor.get("/api/kiosk/screen")["door"]["text"]
    shut(village, cell)
    again = visitor.get("/api/kiosk/screen")["door"]
    assert not again["can_put_back"]
    assert visitor.ask("/api/kiosk/put-back", auth=door["auth"])["key"] == "too_late"
    box = keeper.get("/api/keeper/screen")["cells"][cell - 1]
    assert (box["needs_look"], [one["waybill_no"] for one in box["candidates"]]) == (
        True,
        [WAYBILL],
    )


def test_a_door_that_does_not_open_asks_once_and_then_sends_to_the_keeper(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    cell = check_in(village, keeper)
    village.steel.weak.add(cell)
    visitor.ask("/api/kiosk/code", phone_tail=TAIL, digits=village.paper.code())
    assert screen(visitor) == "opening"
    village.clock.forward(4)
    village.ring()
    until_door(village, cell, "silent")
    view = visitor.get("/api/kiosk/screen")
    assert (view["screen"], view["door"]["can_retry"]) == ("did_it_open", True)
    auth = view["door"]["auth"]
    assert visitor.ask("/api/kiosk/stuck", cell=cell, auth=auth)["ok"]
    village.clock.forward(4)
    village.ring()
    eventually(lambda: screen(visitor) == "ask_keeper", "the kiosk to send to the keeper")
    assert stage_of(village) in {"stored", "keeper_assist"}


def test_a_stranger_cannot_open_a_door_by_guessing_an_authorisation(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    cell = check_in(village, keeper)
    del village.steel.pulses[:]
    for path, body in (("stuck", {"cell": cell, "auth": "a-1"}), ("put-back", {"auth": "a-1"})):
        answer = visitor.post(f"/api/kiosk/{path}", **body)
        assert answer.status_code == 409 or not answer.json()["ok"]
    assert village.steel.pulses == []


def test_the_kiosk_never_checks_a_parcel_in(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    keeper.ask("/api/keeper/check-in", on=True)
    told = visitor.ask("/api/kiosk/scan", text=WAYBILL)
    assert (told["ok"], told["key"]) == (False, "scan_not_expected")
    assert not village.state.parcels


def test_what_is_no_code_at_all_is_unreadable(visitor: Visitor) -> None:
    assert visitor.ask("/api/kiosk/scan", text="https://x.cn/?a")["key"] == "unreadable"


def test_a_refused_scan_shows_on_the_kiosk_for_a_while(village: Village, visitor: Visitor) -> None:
    village.gun.scan("CY1:AAAAAAAAAAAAAAAAAAAAAAAAAA")
    eventually(village.front.announcement, "the answer")
    notice = visitor.get("/api/kiosk/screen")["notice"]
    assert (notice["key"], notice["title"]) == ("unknown_token", "这里没有这个码的包裹")
    village.clock.forward(30)
    assert visitor.get("/api/kiosk/screen")["notice"] is None


def test_no_code_and_no_hash_ever_reaches_a_screen(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    check_in(village, keeper)
    code, token = village.paper.code(), village.paper.token()
    shown = visitor.http.get("/api/kiosk/screen").text + keeper.http.get("/api/keeper/screen").text
    told = visitor.post("/api/kiosk/code", phone_tail=TAIL, digits=code).text
    shown += told + visitor.http.get("/api/kiosk/screen").text + visitor.http.get("/metrics").text
    secrets = [code, f"{code[:4]} {code[4:]}", token, token.removeprefix("CY1:")]
    secrets += [str(c.code_mac) for c in village.state.credentials.values()]
    secrets += [str(c.token_mac) for c in village.state.credentials.values()]
    assert [secret for secret in secrets if secret in shown] == []
