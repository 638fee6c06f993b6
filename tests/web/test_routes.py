"""Every route has a rule, and the rule is its lock."""

import re
from typing import Any

import httpx
import pytest

from edge.guard import Rule, ruled_routes, unruled
from edge.web.app import make_app
from tests.web.support.browserless import Visitor
from tests.web.support.village import Village

ASKS: dict[str, dict[str, Any]] = {
    "/api/keeper/check-in": {"on": True},
    "/api/keeper/notice-read": {"notice": "n1", "seq": 1},
    "/api/keeper/scan": {"text": "YT7700123456789"},
    "/api/keeper/phone-tail": {"waybill_no": "YT7700123456789", "phone_tail": "3865"},
    "/api/keeper/help-seen": {"serial": 1},
    "/api/keeper/stuck": {"cell": 1, "auth": "a-1"},
    "/api/keeper/taken": {"cell": 1, "auth": "a-1"},
    "/api/keeper/cells/1/open": {"reason": "look"},
    "/api/keeper/cells/1/inspected": {"holds": None},
}
WAYBILL_ASK = {"waybill_no": "YT7700123456789"}


def routes_of(village: Village) -> list[tuple[str, str, Rule | None]]:
    """Method, path and rule of every route."""
    app = make_app(village.front, hosts=("127.0.0.1",))
    found = []
    for name, known in ruled_routes(app):
        methods, path = name.split(" ", 1)
        found.append((methods.split(",")[0], re.sub(r"\{cell\}", "1", path), known))
    return found


def test_every_route_has_a_rule(village: Village) -> None:
    assert unruled(make_app(village.front, hosts=("127.0.0.1",))) == []


def test_a_stranger_gets_401_on_every_keeper_route(village: Village, visitor: Visitor) -> None:
    answers = {}
    for method, path, known in routes_of(village):
        if known is Rule.KEEPER:
            body = ASKS.get(path, WAYBILL_ASK) if method == "POST" else None
            answers[path] = visitor.http.request(method, path, json=body)
    codes = {path: (a.status_code, a.json()["error"]["code"]) for path, a in answers.items()}
    assert len(codes) >= 12
    assert set(codes.values()) == {(401, "not_signed_in")}


def test_a_stranger_hears_401_even_for_nonsense(visitor: Visitor) -> None:
    answer = visitor.http.post("/api/keeper/scan", content=b"{nonsense")
    assert answer.status_code == 401


@pytest.mark.parametrize("half", [0, 1])
def test_no_unsafe_route_works_without_the_token(
    village: Village, keeper: Visitor, half: int
) -> None:
    del keeper.http.headers["x-cunyi-token"]
    codes = {}
    unsafe = [path for method, path, _known in routes_of(village) if method == "POST"]
    for path in unsafe[half::2]:  # all at once are more than one visitor may ask
        codes[path] = keeper.http.post(path, json=ASKS.get(path, WAYBILL_ASK)).json()["error"]
    assert len(codes) >= 14
    assert {told["code"] for told in codes.values()} == {"bad_token"}
    assert village.state.desk.checking_in is False


def test_no_unsafe_route_works_from_a_foreign_page(village: Village, keeper: Visitor) -> None:
    keeper.http.headers["origin"] = "http://evil.example"
    answer = keeper.post("/api/keeper/check-in", on=True)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "bad_origin")
    assert village.state.desk.checking_in is False


@pytest.mark.parametrize("path", ["/", "/kiosk", "/api/kiosk/screen", "/healthz", "/look/page.js"])
def test_a_foreign_host_name_gets_nothing(village: Village, path: str) -> None:
    answer = httpx.get(village.address + path, headers={"host": "station.evil.example"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_host")


def test_the_address_alone_leads_to_the_kiosk(visitor: Visitor) -> None:
    answer = visitor.http.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/kiosk")


@pytest.mark.parametrize("path", ["/pages/kiosk.html", "/pages/..%2fapp.py", "/pages/none.js"])
def test_only_style_sheets_scripts_and_pictures_of_the_pages_are_served(
    visitor: Visitor, path: str
) -> None:
    assert visitor.http.get(path).status_code == 404


@pytest.mark.parametrize("page", ["/kiosk", "/keeper"])
def test_pages_name_no_other_host_and_carry_no_inline_script(visitor: Visitor, page: str) -> None:
    html = visitor.http.get(page).text
    assert re.findall(r"https?://", html) == []
    inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", html)
    assert all("application/json" in attributes for attributes in inline)
    assert "style=" not in html


def test_the_kiosk_and_the_counter_remember_their_languages_apart(visitor: Visitor) -> None:
    visitor.http.get("/kiosk?lang=en&print=big")
    assert '<html lang="en" data-print="big">' in visitor.http.get("/kiosk").text
    assert '<html lang="zh-CN">' in visitor.http.get("/keeper").text
    assert visitor.get("/api/kiosk/screen")["link"]["text"] == "Offline, pickup works"


def test_an_unknown_language_is_chinese(visitor: Visitor) -> None:
    assert '<html lang="zh-CN">' in visitor.http.get("/kiosk?lang=tlh&print=tiny").text


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/api/session", "/api/keeper/screen", "/healthz"])
async def test_whoever_is_not_at_this_machine_gets_nothing(village: Village, path: str) -> None:
    app = make_app(village.front, hosts=("127.0.0.1",))
    transport = httpx.ASGITransport(app, client=("10.0.0.5", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as stranger:
        answer = await stranger.get(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_local")
