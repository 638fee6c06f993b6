"""K6 没有码 over HTTP: one answer whatever lies here, no code guessed at, no keeper flooded."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pytest

from edge.daemon.no_code_desk import MOST_CARDS, NoCodeDesk
from edge.domain.effects import Reply
from edge.domain.policy import Policy
from edge.kernel.ids import Hamlet, PhoneTail
from edge.web.no_code_routes import NoCodeAsk, ask_without_code
from tests.web.support.browserless import Visitor
from tests.web.support.hamlets import HAMLETS, live_in
from tests.web.support.parcels import TAIL, WAYBILL, check_in, shut, stage_of
from tests.web.support.village import Village, eventually

if TYPE_CHECKING:
    from edge.daemon.front import Front

PATH = "/api/kiosk/no-code"
NOBODYS = "9999"
SECOND = "SF1234567890123"


@pytest.fixture(autouse=True)
def hamlets(village: Village) -> None:
    live_in(village, *HAMLETS)


def cards(keeper: Visitor) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = keeper.get("/api/keeper/screen")["no_code"]
    return told


def still(screen: dict[str, Any]) -> dict[str, Any]:
    """A screen without its clock."""
    return {name: part for name, part in screen.items() if name not in {"time", "voice"}}


def test_k6_answer_and_kiosk_are_the_same_whether_or_not_a_parcel_lies_here(
    village: Village, visitor: Visitor, keeper: Visitor
) -> None:
    check_in(village, keeper)
    before = still(visitor.get("/api/kiosk/screen"))
    hers = visitor.post(PATH, hamlet=HAMLETS[0], phone_tail=TAIL)
    after = still(visitor.get("/api/kiosk/screen"))
    nobodys = visitor.post(PATH, hamlet=HAMLETS[0], phone_tail=NOBODYS)
    assert (hers.status_code, hers.content) == (nobodys.status_code, nobodys.content)
    lasting = {"date", "content-length"}
    assert {k: v for k, v in hers.headers.items() if k not in lasting} == {
        k: v for k, v in nobodys.headers.items() if k not in lasting
    }
    assert before == after == still(visitor.get("/api/kiosk/screen"))
    assert TAIL not in hers.text + str(after)


@dataclass(frozen=True)
class NothingElse:
    """All that the asking touches of a station: what is not here can make it no slower."""

    no_code: NoCodeDesk
    policy: Policy


def test_k6_has_no_parcels_to_look_among_so_that_no_time_tells_of_one(village: Village) -> None:
    station = NothingElse(village.front.no_code, village.front.policy)
    asked = NoCodeAsk(hamlet=Hamlet(HAMLETS[0]), phone_tail=PhoneTail(TAIL))
    told = asyncio.run(ask_without_code(asked, cast("Front", station), "zh"))
    assert (told.ok, told.text) == (True, "")


def test_k6_spends_no_try_opens_nothing_and_is_no_fact(
    village: Village, visitor: Visitor, keeper: Visitor
) -> None:
    check_in(village, keeper)
    before = village.state
    for hamlet in ("", *HAMLETS[:3]):
        visitor.ask(PATH, hamlet=hamlet, phone_tail=TAIL)
    assert village.state == before
    wrong = visitor.ask("/api/kiosk/code", phone_tail=TAIL, digits="00000000")
    assert wrong["tries_left"] == village.station.policy.wrong_codes_per_credential - 1


def test_k6_without_a_network_the_keeper_gets_a_card_with_what_lies_here(
    village: Village, visitor: Visitor, keeper: Visitor
) -> None:
    village.set_link(online=False)
    said: list[Reply] = []
    check_in(village, keeper)
    cell = check_in(village, keeper, SECOND)
    assert keeper.ask("/api/keeper/hamlet", waybill_no=SECOND, hamlet=HAMLETS[0])["ok"]
    village.station.speak_with(said.append)
    visitor.ask(PATH, hamlet=HAMLETS[0], phone_tail=TAIL)
    (card,) = cards(keeper)
    assert card["text"] == f"村里有人没有码：{HAMLETS[0]} 尾号 {TAIL}"
    assert card["waybills"] == [SECOND, WAYBILL]  # those of that village first
    assert [reply.key for reply in said] == ["help_wanted"]
    assert keeper.ask("/api/keeper/release", waybill_no=SECOND, seen=["id"])["ok"]
    shut(village, cell)
    eventually(lambda: stage_of(village, SECOND) == "picked_up", "the handing out")
    assert cards(keeper)[0]["waybills"] == [WAYBILL]
    keeper.ask("/api/keeper/no-code-seen", serial=card["serial"])
    assert cards(keeper) == []
    late = keeper.post("/api/keeper/no-code-seen", serial=card["serial"])
    assert (late.status_code, late.json()["error"]["code"]) == (409, "no_code_gone")


def test_k6_of_another_village_or_of_nobody_the_card_says_so_to_the_keeper_alone(
    visitor: Visitor, keeper: Visitor
) -> None:
    visitor.ask(PATH, hamlet="", phone_tail=NOBODYS)
    (card,) = cards(keeper)
    assert (card["text"], card["waybills"]) == (f"村里有人没有码：尾号 {NOBODYS}", [])
    assert visitor.post("/api/keeper/no-code-seen", serial=1).status_code == 401


def test_k6_sends_people_to_the_counter_when_many_cards_wait(
    village: Village, visitor: Visitor, keeper: Visitor
) -> None:
    for number in range(MOST_CARDS):
        visitor.ask(PATH, hamlet="", phone_tail=f"{number:04d}")
    busy = visitor.post(PATH, hamlet="", phone_tail=TAIL)
    assert busy.status_code == 409
    assert busy.json()["error"] == {
        "code": "no_code_busy",
        "message": "店主正忙。请带身份证直接到柜台。",
    }
    assert len(cards(keeper)) == MOST_CARDS
    village.clock.forward(31 * 60)
    visitor.ask(PATH, hamlet="", phone_tail=TAIL)
    assert [card.phone_tail for card in village.front.no_code.cards()] == [TAIL]


@pytest.mark.parametrize(
    ("hamlet", "digits", "answer"),
    [
        ("水北", TAIL, (409, "no_such_hamlet")),
        ("青山村", "386", (422, "bad_request")),
        ("青山村", "３８６５", (422, "bad_request")),
        ("青\u0007山", TAIL, (422, "bad_request")),
        ("村" * 13, TAIL, (422, "bad_request")),
        (None, TAIL, (422, "bad_request")),
    ],
)
def test_k6_takes_a_village_of_the_list_and_four_digits(
    visitor: Visitor, keeper: Visitor, hamlet: str | None, digits: str, answer: tuple[int, str]
) -> None:
    refused = visitor.post(PATH, hamlet=hamlet, phone_tail=digits)
    assert (refused.status_code, refused.json()["error"]["code"]) == answer
    assert cards(keeper) == []
