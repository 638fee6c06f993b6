"""R36: a pass from a phone before the kiosk's scanner, with no network anywhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.kernel.ids import StationId
from tests.web.support.browserless import Visitor
from tests.web.support.parcels import WAYBILL, check_in, shut, stage_of
from tests.web.support.passes import STRANGER, draw_pass, trust_the_county
from tests.web.support.village import Village, open_village
from tests.web.test_proxies import kiosk


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    with open_village(tmp_path / "station", cells=3) as opened:
        trust_the_county(opened)
        yield opened


def test_a_pass_opens_its_door_once_and_then_says_when_that_was(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    cell = check_in(village, keeper)
    text, _number = draw_pass(village)
    shown = visitor.ask("/api/kiosk/scan", text=text)
    assert (shown["ok"], shown["key"]) == (True, "proxy_shown")
    view = kiosk(visitor)
    assert (view["screen"], view["proxy"]["opens"]) == ("proxy", f"{cell:02d}")
    assert view["proxy"]["title"] == "代取：尾号 3865 的包裹"
    opened = visitor.ask("/api/kiosk/proxy-open", visit=view["proxy"]["visit"])
    assert opened["cell"] == cell
    shut(village, cell)
    assert stage_of(village) == "picked_up"
    again = visitor.ask("/api/kiosk/scan", text=text)
    assert (again["ok"], again["key"]) == (False, "already_collected")
    assert ":" in again["headline"], "the time"


def test_the_keeper_s_page_lists_it_without_names_and_takes_it_back(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    check_in(village, keeper)
    keeper.ask("/api/keeper/flags", waybill_no=WAYBILL, flags=[], cash_due_fen=1200)
    text, number = draw_pass(village)
    visitor.ask("/api/kiosk/scan", text=text)
    view = keeper.get("/api/keeper/screen")["proxies"]
    (card,), (line,) = view["waiting"], view["codes"]
    assert card["text"] == line["who"] == "凭手机授权 代尾号 3865 取"
    assert card["yuan"] == "12.00"
    assert keeper.ask("/api/keeper/proxy/revoke", credential=line["credential"])["ok"]
    assert visitor.ask("/api/kiosk/scan", text=text)["headline"] == "代取码作废了"
    other, number = draw_pass(village)
    village.say("pass_end", number, {"until_ms": village.clock.now().wall_lo_ms + 60_000})
    assert visitor.ask("/api/kiosk/scan", text=other)["headline"] == "代取码作废了"
    codes = keeper.get("/api/keeper/screen")["proxies"]["codes"]
    assert len(codes) == 1, "what was never shown here is no line"


def test_what_the_county_took_back_after_it_was_shown_says_so_to_the_keeper(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    check_in(village, keeper)
    text, number = draw_pass(village)
    visitor.ask("/api/kiosk/scan", text=text)
    village.say("pass_end", number, {"until_ms": village.clock.now().wall_lo_ms + 60_000})
    (line,) = keeper.get("/api/keeper/screen")["proxies"]["codes"]
    assert line["word"].startswith("收件人在手机上收回了")
    assert kiosk(visitor)["proxy"] is None


def test_with_a_clock_that_nobody_told_the_keeper_is_asked_whether_its_day_is_over(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    village.clock.trusted = False
    check_in(village, keeper)
    visitor.ask("/api/kiosk/scan", text=draw_pass(village)[0])
    assert kiosk(visitor)["proxy"]["waits"]
    (card,) = keeper.get("/api/keeper/screen")["proxies"]["waiting"]
    assert card["why"] == "本站的钟没人对过，不知道码过没过期"


REFUSALS: dict[str, tuple[dict[str, Any], str, str]] = {
    "pass_forged": (
        {"key": STRANGER},
        "授权码不对",
        "请收件人在手机上再开一个，或找店主。",
    ),
    "pass_elsewhere": (
        {"station": StationId("shexi")},
        "这是别的驿站的",
        "请看授权页上写的驿站。",
    ),
    "proxy_expired": ({"hours": -24}, "代取码过期了", "请收件人再开一个，或找店主。"),
    "pass_no_parcel": ({"waybill_no": "SF1234567890"}, "包裹不在本站", "请问店主。"),
}


@pytest.mark.parametrize("key", REFUSALS)
def test_each_refusal_says_why_and_what_to_do(
    village: Village, keeper: Visitor, visitor: Visitor, key: str
) -> None:
    changed, headline, next_step = REFUSALS[key]
    check_in(village, keeper)
    text, _number = draw_pass(village, **changed)
    told = visitor.ask("/api/kiosk/scan", text=text)
    assert (told["ok"], told["key"]) == (False, key)
    assert (told["headline"], told["next_step"]) == (headline, next_step)
    assert stage_of(village) == "stored"
