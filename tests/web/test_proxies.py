"""R36, S5 and K5 without a browser: what pages are told of proxies, and what they may ask."""

from typing import Any

import pytest
from fastapi import status

from hardware.ports import Qr, Text
from tests.web.support.browserless import Visitor
from tests.web.support.parcels import TAIL, WAYBILL, check_in, shut, stage_of
from tests.web.support.village import Village, eventually

OTHER = "SF1234567890123"


def send(village: Village, keeper: Visitor, *waybills: str, **more: str) -> tuple[str, str]:
    """A code for a proxy; gives its digits and its token, as they are on the slip."""
    slips = len(village.paper.slips)
    ask: dict[str, Any] = {"name": "王小明", "relation": "family", "owner": "刘秀英"} | more
    made = keeper.ask("/api/keeper/proxy", waybills=list(waybills or (WAYBILL,)), **ask)
    assert made["ok"], made
    eventually(lambda: len(village.paper.slips) > slips, "the slip")
    slip = village.paper.slips[-1]
    digits = next(
        bare
        for part in slip
        if isinstance(part, Text)
        if (bare := part.text.replace(" ", "")).isdigit() and len(bare) == 8
    )
    return digits, next(part.data for part in slip if isinstance(part, Qr))


def kiosk(visitor: Visitor) -> dict[str, Any]:
    return visitor.get("/api/kiosk/screen")


def test_a_proxy_sees_for_whom_and_how_much_before_a_door_opens(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    cell = check_in(village, keeper)
    digits, _token = send(village, keeper)
    shown = visitor.ask("/api/kiosk/code", phone_tail=TAIL, digits=digits)
    assert (shown["ok"], shown["key"]) == (True, "proxy_shown")
    view = kiosk(visitor)
    assert (view["screen"], view["proxy"]["opens"]) == ("proxy", f"{cell:02d}")
    assert view["proxy"]["title"] == "代取：刘** 尾号 3865 的包裹"
    assert view["proxy"]["count"] == "共 1 件"
    assert [line["word"] for line in view["proxy"]["lines"]] == ["可以取"]
    opened = visitor.ask("/api/kiosk/proxy-open", visit=view["proxy"]["visit"])
    assert opened["cell"] == cell
    shut(village, cell)
    assert stage_of(village) == "picked_up"
    assert kiosk(visitor)["proxy"] is None
    again = visitor.ask("/api/kiosk/code", phone_tail=TAIL, digits=digits)
    assert again["key"] == "already_collected"


def test_no_full_name_is_kept_and_the_kiosk_knows_the_addressee_s_first_letter_alone(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    check_in(village, keeper)
    send(village, keeper)
    (code,) = village.state.proxies
    assert (code.proxy, code.owner) == ("王**", "刘**")
    assert "王" not in visitor.http.get("/api/kiosk/screen").text
    (line,) = keeper.get("/api/keeper/screen")["proxies"]["codes"]
    assert line["who"] == "王**（家人）代 刘** 尾号 3865"


def test_a_barred_parcel_waits_for_the_keeper_who_must_have_seen_the_money(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    cell = check_in(village, keeper)
    _digits, token = send(village, keeper)
    keeper.ask("/api/keeper/flags", waybill_no=WAYBILL, flags=[], cash_due_fen=1200)
    village.gun.scan(token)
    eventually(lambda: kiosk(visitor)["screen"] == "proxy", "the proxy's page")
    view = kiosk(visitor)["proxy"]
    assert (view["waits"], view["opens"]) == (True, "")
    refused = visitor.ask("/api/kiosk/proxy-open", visit=view["visit"])
    assert (refused["ok"], refused["key"]) == (False, "proxy_waits")
    (card,) = keeper.get("/api/keeper/screen")["proxies"]["waiting"]
    assert (card["waybill_no"], card["yuan"]) == (WAYBILL, "12.00")
    word = {"credential": card["credential"], "waybill_no": WAYBILL, "agreed": True}
    unpaid = keeper.post("/api/keeper/proxy/answer", **word, seen=[])
    assert unpaid.status_code == status.HTTP_409_CONFLICT
    agreed = keeper.ask("/api/keeper/proxy/answer", **word, seen=["paid"])
    assert agreed["cell"] == cell
    assert keeper.get("/api/keeper/screen")["proxies"]["waiting"] == []
    shut(village, cell)
    assert stage_of(village) == "picked_up"


def test_a_keeper_who_says_no_and_one_who_takes_the_code_back(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    check_in(village, keeper)
    digits, _token = send(village, keeper)
    keeper.ask("/api/keeper/flags", waybill_no=WAYBILL, flags=["valuable"], cash_due_fen=0)
    visitor.ask("/api/kiosk/code", phone_tail=TAIL, digits=digits)
    (card,) = keeper.get("/api/keeper/screen")["proxies"]["waiting"]
    said = {"credential": card["credential"], "waybill_no": WAYBILL, "agreed": False}
    assert keeper.ask("/api/keeper/proxy/answer", **said, seen=[])["ok"]
    assert [line["word"] for line in kiosk(visitor)["proxy"]["lines"]] == ["店主没同意"]
    assert keeper.ask("/api/keeper/proxy/revoke", credential=card["credential"])["ok"]
    dead = visitor.ask("/api/kiosk/code", phone_tail=TAIL, digits=digits)
    assert (dead["ok"], dead["headline"]) == (False, "代取码作废了")
    (line,) = keeper.get("/api/keeper/screen")["proxies"]["codes"]
    assert (line["live"], line["word"].split(" · ")[0]) == (False, "已作废")


def test_the_keeper_gives_a_parcel_to_a_proxy_who_knows_digits_and_name(
    village: Village, keeper: Visitor
) -> None:
    cell = check_in(village, keeper)
    came = {"name": "王小明", "relation": "neighbour", "owner": "刘秀英"}
    wrong = keeper.post(
        "/api/keeper/release", waybill_no=WAYBILL, seen=["id"], proxy={**came, "phone_tail": "0000"}
    )
    assert wrong.status_code == status.HTTP_409_CONFLICT
    right = keeper.ask(
        "/api/keeper/release", waybill_no=WAYBILL, seen=["id"], proxy={**came, "phone_tail": TAIL}
    )
    assert right["cell"] == cell


@pytest.mark.parametrize(
    "ask",
    [
        {"waybills": [], "name": "王小明", "relation": "family"},
        {"waybills": [WAYBILL, WAYBILL], "name": "王小明", "relation": "family"},
        {"waybills": [WAYBILL], "name": "  ", "relation": "family"},
        {"waybills": [WAYBILL], "name": "王" * 21, "relation": "family"},
        {"waybills": [WAYBILL], "name": "王小明", "relation": "stranger"},
    ],
)
def test_what_makes_no_sense_is_refused(keeper: Visitor, ask: dict[str, Any]) -> None:
    answered = keeper.post("/api/keeper/proxy", **ask)
    assert answered.status_code == status.HTTP_422_UNPROCESSABLE_CONTENT


@pytest.mark.parametrize("path", ["proxy", "proxy/revoke", "proxy/answer"])
def test_a_villager_makes_no_code_and_agrees_to_nothing(visitor: Visitor, path: str) -> None:
    assert visitor.post(f"/api/keeper/{path}").status_code in {
        status.HTTP_401_UNAUTHORIZED,
        status.HTTP_403_FORBIDDEN,
    }


def test_a_newer_visit_has_the_kiosk_while_the_last_person_is_still_thanked(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    check_in(village, keeper)
    cell = check_in(village, keeper, OTHER, "0971")
    code = village.paper.code()
    visitor.ask("/api/kiosk/code", phone_tail="0971", digits=code)
    shut(village, cell)
    assert kiosk(visitor)["screen"] == "thanks"
    digits, _token = send(village, keeper)
    village.clock.forward(1)
    visitor.ask("/api/kiosk/code", phone_tail=TAIL, digits=digits)
    assert kiosk(visitor)["screen"] == "proxy"
