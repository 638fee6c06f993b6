"""The kiosk's screen as a function of the station."""

from dataclasses import replace

import pytest

from edge.daemon.front import LinkView
from edge.domain.door import Door
from edge.domain.effects import Reply
from edge.domain.facts import Purpose, RefusalReason
from edge.domain.parcel import Stage
from edge.domain.policy import Cell, CellSize, Policy
from edge.domain.state import State
from edge.kernel.ids import AuthId, CellId
from edge.web.cabinet_picture import draw_cabinet
from edge.web.kiosk_screen import KioskView, Screen, kiosk_view
from edge.web.wording import answer_text
from edge.words import WORDS
from tests.web.support import scenes as s


def parcels() -> State:
    """A parcel in cell 7 and one that only the keeper hands out."""
    return s.with_parcels(
        s.empty_state(s.policy()),
        s.parcel(),
        s.parcel("78211234567890", cell=3, tail="0971", stage=Stage.KEEPER_ASSIST),
    )


def at_door(door: Door, **more: object) -> KioskView:
    """The visitor of cell 7 while its door does something."""
    state = s.with_door(s.with_visit(parcels()), door, **more)  # type: ignore[arg-type] # passed on
    return kiosk_view(s.seen(state), "zh")


def test_a_quiet_kiosk_shows_home_with_todays_counts() -> None:
    view = kiosk_view(s.seen(parcels()), "zh")
    assert (view.screen, view.arrived_today, view.waiting, view.door) == (Screen.HOME, 2, 2, None)


def test_an_undone_check_in_did_not_arrive() -> None:
    state = s.with_parcels(parcels(), s.parcel("YT7700000000000", stage=Stage.UNDONE, cell=None))
    assert kiosk_view(s.seen(state), "zh").arrived_today == 2


def test_yesterdays_parcel_waits_but_did_not_arrive_today() -> None:
    tomorrow = s.at(13 * 3_600)  # 01:00 in the village, still the 24th in UTC
    view = kiosk_view(s.seen(parcels(), now=tomorrow), "zh")
    assert (view.arrived_today, view.waiting) == (0, 2)


def test_the_clock_shows_the_villages_time() -> None:
    assert kiosk_view(s.seen(now=s.at(65)), "zh").time == "12:01"


def test_a_clock_that_nobody_has_set_says_about() -> None:
    unsure = replace(s.at(65), wall_hi_ms=None)
    assert kiosk_view(s.seen(now=unsure), "zh").time == "≈12:01"


@pytest.mark.parametrize(
    ("door", "more", "screen"),
    [
        (Door.ASKED, {}, Screen.OPENING),
        (Door.SILENT, {}, Screen.DID_IT_OPEN),
        (Door.SILENT, {"attempt": 2}, Screen.ASK_KEEPER),
        (Door.OPEN, {}, Screen.OPEN),
        (Door.OPEN, {"reminded": True}, Screen.LEFT_OPEN),
        (Door.OPEN, {"left_open_told": True}, Screen.LEFT_OPEN),
        (Door.UNKNOWN, {}, Screen.ASK_KEEPER),
        (Door.FORCED, {}, Screen.ASK_KEEPER),
    ],
)
def test_the_visits_door_chooses_the_screen(
    door: Door, more: dict[str, object], screen: Screen
) -> None:
    assert at_door(door, **more).screen is screen


def test_the_open_door_shows_cell_carrier_and_phone_tail() -> None:
    door = at_door(Door.OPEN).door
    assert door is not None
    assert (door.name, door.parcel) == ("07", "圆通 · 尾号 3865")


def test_only_the_first_silence_offers_the_one_human_retry() -> None:
    tries = [at_door(Door.SILENT, attempt=n).door for n in (1, 2)]
    assert [door.can_retry for door in tries if door] == [True, False]


def test_a_silent_door_asks_whether_it_opened_and_believes_that_it_did() -> None:
    doors = [at_door(Door.SILENT, attempt=n).door for n in (1, 2)]
    assert [door.can_say_taken for door in doors if door] == [True, True]
    moving = [at_door(Door.ASKED).door, at_door(Door.OPEN).door]
    assert [door.can_say_taken for door in moving if door] == [False, False]


def test_a_pickup_that_counts_as_done_still_asks_for_its_open_door_to_be_shut() -> None:
    state = s.with_door(s.with_visit(parcels(), done_at=s.at(0)), Door.OPEN, left_open_told=True)
    assert kiosk_view(s.seen(state), "zh").screen is Screen.LEFT_OPEN


def test_a_door_opened_once_more_serves_who_forgot_and_who_erred() -> None:
    door = at_door(Door.OPEN, purpose=Purpose.PUT_BACK).door
    assert door is not None
    assert "忘拿的拿走" in door.text
    assert "拿错的放回" in door.text


def test_a_door_that_somebody_else_uses_is_not_the_visitors() -> None:
    state = s.with_door(s.with_visit(parcels()), Door.OPEN, auth=AuthId("a-other"))
    assert kiosk_view(s.seen(state), "zh").screen is Screen.ASK_KEEPER


@pytest.mark.parametrize(
    ("seconds", "screen", "can_put_back"),
    [
        (29, Screen.THANKS, True),
        (31, Screen.HOME, True),
        (119, Screen.HOME, True),
        (121, Screen.HOME, None),
    ],
)
def test_thanks_give_way_to_home_and_putting_back_stays_two_minutes(
    *, seconds: int, screen: Screen, can_put_back: bool | None
) -> None:
    state = s.with_visit(parcels(), done_at=s.at(0))
    view = kiosk_view(s.seen(state, now=s.at(seconds)), "zh")
    offered = None if view.door is None else view.door.can_put_back
    assert (view.screen, offered) == (screen, can_put_back)


def test_a_county_that_forbids_putting_back_gets_no_button() -> None:
    state = s.with_visit(parcels(), done_at=s.at(0))
    view = kiosk_view(s.seen(state, rules=replace(s.policy(), put_back_ms=0)), "zh")
    assert view.door is not None
    assert not view.door.can_put_back


def test_who_needed_two_pulses_puts_back_with_the_keeper() -> None:
    state = s.with_visit(parcels(), done_at=s.at(0), pulses=2)
    view = kiosk_view(s.seen(state), "zh")
    assert view.door is not None
    assert (view.screen, view.door.can_put_back) == (Screen.THANKS, False)


def test_a_visit_from_before_a_restart_is_over() -> None:
    state = s.with_visit(parcels(), done_at=s.at(0))
    assert kiosk_view(s.seen(state, now=s.at(1, boot=2)), "zh").screen is Screen.HOME


def test_asking_for_the_keeper_ends_by_itself() -> None:
    state = s.with_door(s.with_visit(parcels()), Door.SILENT, attempt=2)
    assert kiosk_view(s.seen(state, now=s.at(61)), "zh").screen is Screen.HOME


def test_a_slow_person_at_an_open_door_is_not_sent_home() -> None:
    state = s.with_door(s.with_visit(parcels()), Door.OPEN, left_open_told=True)
    assert kiosk_view(s.seen(state, now=s.at(600)), "zh").screen is Screen.LEFT_OPEN


def test_offline_says_that_pickup_works() -> None:
    view = kiosk_view(s.seen(link=LinkView(online=False, waiting=3)), "zh")
    assert (view.link.online, view.link.text) == (False, "断网，可取件")


def test_a_refused_scan_gives_one_reason_with_its_time_and_one_next_step() -> None:
    reply = Reply(key="already_collected", ok=False, at=s.at(0))
    notice = kiosk_view(s.seen(announcement=s.announced(reply)), "zh").notice
    assert notice is not None
    assert notice.title == "这件已经取走了，12:00"
    assert notice.next_step == "不是您取的？请告诉店主。"


def test_when_a_parcel_was_collected_is_no_exact_time_before_the_county_has_told_the_time() -> None:
    unsure = replace(s.at(0), wall_hi_ms=None)
    reply = Reply(key="already_collected", ok=False, at=unsure)
    notice = kiosk_view(s.seen(announcement=s.announced(reply)), "zh").notice
    assert notice is not None
    assert notice.title == "这件已经取走了，≈12:00"
    assert "≈12:00" in answer_text(reply, "en")


def test_every_refusal_of_a_pickup_has_words_of_its_own_in_both_languages() -> None:
    assert [r.value for r in RefusalReason if f"kiosk.no.{r.value}" not in WORDS] == []


@pytest.mark.parametrize("reply", [Reply(key="door_open", ok=True), Reply(key="put_in", ok=False)])
def test_what_is_not_for_a_villager_is_not_shown_to_one(reply: Reply) -> None:
    assert kiosk_view(s.seen(announcement=s.announced(reply)), "zh").notice is None


@pytest.mark.parametrize("checking_in", [True, False])
def test_an_unreadable_scan_is_the_keepers_while_checking_in(*, checking_in: bool) -> None:
    state = s.with_desk(s.empty_state(s.policy()), checking_in=checking_in)
    told = s.announced(Reply(key="unreadable", ok=False))
    view = kiosk_view(s.seen(state, announcement=told), "zh")
    assert (view.notice is None) == checking_in


def test_a_refusal_is_forgotten_after_a_while() -> None:
    told = s.announced(Reply(key="revoked", ok=False))
    view = kiosk_view(s.seen(announcement=told, now=s.at(26)), "zh")
    assert view.notice is None


def test_only_a_quiet_home_needs_no_second_look() -> None:
    told = s.announced(Reply(key="revoked", ok=False))
    assert not kiosk_view(s.seen(parcels()), "zh").restless
    assert kiosk_view(s.seen(parcels(), announcement=told), "zh").restless
    assert at_door(Door.OPEN).restless


def test_the_picture_is_the_steel_with_its_sizes_in_whole_rows() -> None:
    picture = kiosk_view(s.seen(), "zh").picture
    assert [door.cell for door in picture.doors] == list(range(1, 25))
    assert [door.rows for door in picture.doors[11:22:5]] == [1, 2, 3]
    assert picture.columns == 4


@pytest.mark.parametrize(
    ("small", "medium", "large", "columns"),
    [(12, 8, 4, 4), (16, 0, 0, 4), (20, 10, 0, 5), (36, 0, 0, 6), (7, 0, 0, 3), (1, 0, 0, 2)],
)
def test_rows_are_whole_where_the_numbers_allow_it(
    small: int, medium: int, large: int, columns: int
) -> None:
    sizes = [CellSize.SMALL] * small + [CellSize.MEDIUM] * medium + [CellSize.LARGE] * large
    cells = tuple(Cell(cell=CellId(n), size=size) for n, size in enumerate(sizes, 1))
    assert draw_cabinet(Policy(cells=cells)).columns == columns


def test_a_missing_scanner_invites_nobody_to_scan() -> None:
    assert kiosk_view(s.seen(), "zh").scanner_ok
    assert not kiosk_view(s.seen(hardware=s.devices(scanner="device.missing")), "zh").scanner_ok


def test_one_scanner_of_two_is_enough_and_none_of_two_invites_nobody() -> None:
    board, first, printer = s.devices(scanner="device.missing")
    second = replace(first, name="scanner-2")
    back = replace(second, present=True, note="")
    both_gone = kiosk_view(s.seen(hardware=(board, first, second, printer)), "zh")
    one_there = kiosk_view(s.seen(hardware=(board, first, back, printer)), "zh")
    assert (both_gone.scanner_ok, one_there.scanner_ok) == (False, True)


def test_english_is_english() -> None:
    view = kiosk_view(s.seen(s.with_door(s.with_visit(parcels()), Door.OPEN)), "en")
    assert view.door is not None
    assert (view.door.title, view.link.text) == ("is open", "Online")
