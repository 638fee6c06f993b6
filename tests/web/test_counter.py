"""First start, signing in and out, and sessions that end by themselves."""

from pathlib import Path

from edge.kernel.ids import KeeperId
from edge.web.sessions import IDLE_MS, KeeperSessions
from tests.web.support.browserless import KEEPER, PIN, Visitor
from tests.web.support.parcels import WAYBILL
from tests.web.support.village import Village, eventually, open_village

IDLE_S = IDLE_MS / 1_000


def test_the_first_start_asks_for_a_pin_and_signs_in(village: Village, visitor: Visitor) -> None:
    assert "again" in visitor.http.get("/keeper").text
    before = visitor.session()
    visitor.become_keeper()
    after = visitor.session()
    assert (before["keeper"], before["first_start"]) == (None, True)
    assert (after["keeper"], after["first_start"]) == (KEEPER, False)
    assert village.state.desk.keeper == KEEPER


def test_signing_in_changes_the_session_so_that_a_planted_one_gains_nothing(
    visitor: Visitor,
) -> None:
    planted = visitor.http.cookies["cunyi_session"]
    visitor.become_keeper()
    assert visitor.http.cookies["cunyi_session"] != planted
    visitor.http.cookies.clear()
    visitor.http.cookies["cunyi_session"] = planted
    assert visitor.session()["keeper"] is None


def test_nobody_can_set_a_second_first_pin(keeper: Visitor, visitor: Visitor) -> None:
    answer = visitor.post("/api/keeper/first", keeper="别人", pin="314159")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "keeper_exists")
    assert keeper.session()["keeper"] == KEEPER


def test_a_simple_pin_is_refused_in_words(visitor: Visitor) -> None:
    answer = visitor.post("/api/keeper/first", keeper=KEEPER, pin="111111")
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "pin_too_simple"
    assert "太简单" in answer.json()["error"]["message"]
    assert visitor.session()["first_start"]


def test_the_sixth_wrong_pin_is_locked_out_and_so_is_the_right_one(
    keeper: Visitor, visitor: Visitor
) -> None:
    assert keeper.session()["keeper"] == KEEPER
    codes = [
        visitor.post("/api/keeper/sign-in", keeper=KEEPER, pin=pin).json()["error"]["code"]
        for pin in [*["000000"] * 6, PIN]
    ]
    assert codes == [*["pin_wrong"] * 5, "pin_locked", "pin_locked"]


def test_signing_out_leaves_the_desk(village: Village, keeper: Visitor) -> None:
    assert keeper.ask("/api/keeper/sign-out")["key"] == "signed_out"
    assert village.state.desk.keeper is None
    assert keeper.http.get("/api/keeper/screen").status_code == 401


def test_a_keeper_with_two_screens_stays_at_the_desk_until_the_last_is_left(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    assert visitor.ask("/api/keeper/sign-in", keeper=KEEPER, pin=PIN)["ok"]
    keeper.ask("/api/keeper/sign-out")
    assert village.state.desk.keeper == KEEPER
    visitor.ask("/api/keeper/sign-out")
    assert village.state.desk.keeper is None


def test_fifteen_idle_minutes_sign_the_keeper_out(village: Village, keeper: Visitor) -> None:
    village.clock.forward(IDLE_S - 5)
    assert keeper.http.get("/api/keeper/screen").status_code == 200
    village.clock.forward(10)
    assert keeper.http.get("/api/keeper/screen").status_code == 401
    assert village.state.desk.keeper is None


def test_an_idle_desk_is_left_although_nobody_asks(village: Village, keeper: Visitor) -> None:
    assert keeper.ask("/api/keeper/check-in", on=True)["ok"]
    village.clock.forward(IDLE_S + 1)
    village.ring()
    eventually(lambda: village.state.desk.keeper is None, "the desk to be left")
    village.gun.scan(WAYBILL)
    eventually(village.front.announcement, "an answer to the scan")
    assert not village.state.parcels


def test_scanning_parcels_in_is_work_and_keeps_the_session(
    village: Village, keeper: Visitor
) -> None:
    assert keeper.ask("/api/keeper/check-in", on=True)["ok"]
    village.clock.forward(IDLE_S - 5)
    village.gun.scan(WAYBILL)
    eventually(lambda: village.state.desk.in_hand, "the parcel in hand")
    village.clock.forward(60)
    assert keeper.http.get("/api/keeper/screen").status_code == 200


def test_another_keeper_takes_the_desk_over(village: Village) -> None:
    async def both() -> tuple[KeeperId | None, KeeperId | None]:
        sessions = KeeperSessions(village.front)
        await sessions.sign_in("morning", KeeperId("早班"))
        await sessions.sign_in("evening", KeeperId("晚班"))
        found = sessions.keeper("morning"), sessions.keeper("evening")
        await sessions.sign_out("evening")
        return found

    assert village.run(both()) == (None, "晚班")


def test_a_restart_signs_everybody_out(tmp_path: Path) -> None:
    with open_village(tmp_path / "station") as before:
        port = int(before.address.rpartition(":")[2])
        keeper = Visitor(before.address)
        keeper.become_keeper()
    with open_village(tmp_path / "station", port=port) as after:
        assert keeper.http.get("/api/keeper/screen").status_code == 401
        assert keeper.session()["first_start"] is False
        assert after.state.desk.keeper is None
        keeper.http.close()
