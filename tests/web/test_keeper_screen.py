"""The keeper's screen as a function of the station."""

from dataclasses import replace

import pytest

from edge.daemon.front import LinkView, PrintQueueView
from edge.domain.answers import CellReason
from edge.domain.cabinet import CellState, Occupancy
from edge.domain.door import Door, DoorState
from edge.domain.effects import Reply
from edge.domain.facts import Purpose
from edge.domain.parcel import Stage
from edge.domain.state import State
from edge.kernel.ids import AuthId, CellId
from edge.web.check_in_screen import Step
from edge.web.keeper_screen import KeeperView, keeper_view
from edge.words import say
from hardware.ports import DeviceHealth
from tests.web.support import scenes as s

HAND = "YT7700123412345"
TWELVE = CellId(12)


def view_of(state: State, **more: object) -> KeeperView:
    """The signed-in keeper's view in Chinese."""
    return keeper_view(s.seen(state, **more), s.KEEPER, "zh")  # type: ignore[arg-type] # passed on


def shop() -> State:
    """A day at the station: waiting, without a slip, handed out by the keeper, collected."""
    return s.with_parcels(
        s.with_desk(s.empty_state(s.policy())),
        s.parcel(),
        s.parcel("SF1234567890123", cell=5, tail=None, seconds=90),
        s.parcel("776123456789012", cell=9, tail="3312", seconds=30, stage=Stage.KEEPER_ASSIST),
        s.parcel("4312345678901", cell=8, tail="8827", seconds=20, stage=Stage.PICKED_UP),
        s.parcel("4312345678902", cell=8, tail="8828", seconds=10, stage=Stage.UNDONE),
    )


def in_hand(stage: Stage = Stage.RECEIVED, tail: str | None = None) -> State:
    """Check-in is on and one parcel is in the keeper's hand for cell 12."""
    state = s.with_parcels(
        s.empty_state(s.policy()), s.parcel(HAND, cell=12, stage=stage, tail=tail)
    )
    return s.with_desk(state, checking_in=True, in_hand=HAND)


def test_todays_counts_leave_out_what_was_undone() -> None:
    counts = view_of(shop()).counts
    assert (counts.arrived, counts.waiting, counts.collected) == (4, 3, 1)
    assert (counts.free, counts.no_tail, counts.to_look) == (21, 1, 0)


@pytest.mark.parametrize(
    ("there", "step"),
    [
        ((True,), Step.SCAN),
        ((False,), Step.NO_SCANNER),
        ((False, True), Step.SCAN),
        ((False, False), Step.NO_SCANNER),
    ],
)
def test_without_any_scanner_the_counter_asks_for_the_number(
    there: tuple[bool, ...], step: Step
) -> None:
    guns = tuple(
        DeviceHealth(name=f"scanner-{n}", present=present, simulated=True)
        for n, present in enumerate(there, 1)
    )
    desk = s.with_desk(s.empty_state(s.policy()), checking_in=True)
    assert view_of(desk, hardware=guns).check_in.step is step
    off = s.with_desk(s.empty_state(s.policy()))
    assert view_of(off, hardware=guns).check_in.step is Step.OFF
    assert say("keeper.step.no_scanner", "zh") == "扫码枪没接上，先手输单号"


def test_the_last_five_are_newest_first() -> None:
    last = [line.short for line in view_of(shop()).last]
    assert last == ["…0123", "…9012", "…8901", "…6789"]


def test_a_list_line_says_what_can_be_done_with_the_parcel() -> None:
    lines = {line.waybill_no: line for line in view_of(shop()).parcels}
    flags = {
        number: (line.needs_tail, line.can_release, line.can_reprint, line.can_undo)
        for number, line in lines.items()
    }
    assert flags == {
        s.WAYBILL: (False, True, True, True),
        "SF1234567890123": (True, True, False, True),
        "776123456789012": (False, True, True, True),
    }


def test_a_collected_parcel_is_listed_apart_with_its_time() -> None:
    collected = view_of(shop()).collected
    assert [(line.short, line.at, line.can_release) for line in collected] == [
        ("…8901", "12:01", False)
    ]


def test_a_parcel_that_was_not_put_back_after_all_was_collected_when_the_door_first_shut() -> None:
    looked_for = replace(s.parcel(stage=Stage.PICKED_UP), ended_at=s.at(3_600))
    state = s.with_parcels(s.empty_state(s.policy()), looked_for)
    assert [line.at for line in view_of(state, now=s.at(7_200)).collected] == ["12:01"]


def test_another_days_parcel_shows_its_date() -> None:
    tomorrow = s.at(86_400)
    lines = view_of(shop(), now=tomorrow).parcels
    assert lines[-1].at == "11-24 12:00"


def test_without_a_parcel_in_hand_the_counter_says_scan_or_off() -> None:
    desk = s.empty_state(s.policy())
    assert view_of(s.with_desk(desk, checking_in=True)).check_in.step is Step.SCAN
    assert view_of(s.with_desk(desk)).check_in.step is Step.OFF


@pytest.mark.parametrize(
    ("door", "more", "step"),
    [
        (Door.ASKED, {}, Step.OPENING),
        (Door.OPEN, {}, Step.PUT_IN),
        (Door.OPEN, {"left_open_told": True}, Step.LEFT_OPEN),
        (Door.SILENT, {}, Step.DID_IT_OPEN),
        (Door.SILENT, {"attempt": 2}, Step.LOOK),
        (Door.UNKNOWN, {}, Step.LOOK),
    ],
)
def test_the_parcel_in_hand_follows_its_door(
    door: Door, more: dict[str, object], step: Step
) -> None:
    state = s.with_door(in_hand(), door, cell=TWELVE, **more)  # type: ignore[arg-type] # passed on
    now = view_of(state).check_in
    assert (now.step, now.cell_name, now.size) == (step, "12", "小格")


def test_a_cell_that_never_opened_sends_the_same_parcel_to_another() -> None:
    state = s.with_parcels(
        s.with_desk(s.empty_state(s.policy()), checking_in=True),
        s.parcel(HAND, cell=12, stage=Stage.UNDONE, tail=None),
    )
    broken = s.with_cell(state, 12, Occupancy.FAULTED, reason="no_sign_twice")
    now = view_of(broken).check_in
    assert (now.step, now.cell_name, now.can_undo, now.needs_tail) == (
        Step.WILL_NOT_OPEN,
        "12",
        False,
        False,
    )
    assert view_of(state).check_in.step is Step.SCAN


@pytest.mark.parametrize(
    ("door", "more", "text", "can_retry"),
    [
        (Door.SILENT, {}, "07 号门没打开。", True),
        (Door.SILENT, {"attempt": 2}, "07 号门没打开。", False),
        (Door.FORCED, {}, "07 号门没人开锁却开了，请查看。", False),
        (Door.OPEN, {"left_open_told": True}, "07 号门还开着，请关好。", False),
    ],
)
def test_a_door_that_wants_somebody_is_told_on_every_page(
    door: Door, more: dict[str, object], text: str, *, can_retry: bool
) -> None:
    state = s.with_door(shop(), door, **more)  # type: ignore[arg-type] # passed on
    alerts = view_of(state).alerts
    assert [(one.text, one.can_retry) for one in alerts] == [(text, can_retry)]


def test_quiet_doors_and_the_parcel_in_hand_raise_no_alert() -> None:
    state = s.with_door(in_hand(), Door.SILENT, cell=TWELVE)
    assert view_of(s.with_door(state, Door.OPEN)).alerts == ()


def test_a_stored_parcel_without_digits_waits_for_them() -> None:
    now = view_of(in_hand(Stage.STORED)).check_in
    assert (now.step, now.needs_tail, now.waybill_no) == (Step.TAIL, True, HAND)


def test_digits_may_come_while_the_door_is_still_open() -> None:
    state = s.with_door(in_hand(tail="3865"), Door.OPEN, cell=TWELVE)
    now = view_of(state).check_in
    assert (now.step, now.needs_tail, now.tail) == (Step.PUT_IN, False, "3865")


def test_the_retry_carries_the_doors_authorisation() -> None:
    state = s.with_door(in_hand(), Door.SILENT, cell=TWELVE, auth=AuthId("a-12"))
    now = view_of(state).check_in
    assert (now.can_retry, now.cell, now.auth) == (True, 12, "a-12")


@pytest.mark.parametrize("reason", list(CellReason))
def test_a_cell_that_needs_a_look_says_why_in_words(reason: CellReason) -> None:
    state = s.with_cell(shop(), 11, Occupancy.QUESTIONED, reason=reason)
    box = view_of(state).cells[10]
    assert box.needs_look
    assert box.why
    assert reason.value not in box.why


def test_a_questioned_cell_offers_what_was_last_in_it() -> None:
    state = s.with_cell(shop(), 8, Occupancy.QUESTIONED, reason="put_back")
    candidates = view_of(state).cells[7].candidates
    assert [one.waybill_no for one in candidates] == ["4312345678901"]


def test_a_cell_in_doubt_is_opened_before_it_may_be_called_empty() -> None:
    doubt = CellState(occupancy=Occupancy.QUESTIONED, reason=CellReason.FORCED)
    told = []
    for content, door in (
        (doubt, Door.SHUT),
        (replace(doubt, looked=True), Door.SHUT),
        (doubt, Door.UNKNOWN),
    ):
        state = shop()
        state = replace(
            state,
            cells=state.cells.set(TWELVE, content),
            doors=state.doors.set(TWELVE, DoorState(door=door, since=None)),
        )
        box = view_of(state).cells[11]
        told.append((box.can_say_empty, box.hint))
    assert told == [
        (False, "先开门看一看，再说是不是空的。"),
        (True, ""),
        (True, "看不到这个门。请用钥匙打开看过，再说里面有什么。"),
    ]


def test_the_sensor_in_a_cell_is_heard_and_warns_who_is_about_to_call_it_empty() -> None:
    looked = CellState(occupancy=Occupancy.QUESTIONED, reason=CellReason.FORCED, looked=True)
    state = shop()
    state = replace(state, cells=state.cells.set(TWELVE, looked).set(CellId(13), looked))
    sensed = {CellId(7): True, CellId(8): False, TWELVE: True, CellId(13): False}
    cells = view_of(state, articles=sensed).cells
    assert [(box.article, box.look_again) for box in (*cells[6:9], *cells[11:13])] == [
        ("传感器：里面有东西", False),
        ("传感器：空", False),
        ("", False),
        ("传感器：里面有东西。说“空的”以前，请再看一眼。", True),
        ("传感器：空", False),
    ]


def test_a_cell_in_order_asks_nothing() -> None:
    box = view_of(shop()).cells[6]
    assert (box.needs_look, box.candidates, box.word, box.parcel) == (
        False,
        (),
        "有件",
        "圆通 …6789",
    )


def test_devices_are_named_and_well_in_words() -> None:
    lines = view_of(shop()).devices
    assert [(line.name, line.word, line.ok) for line in lines] == [
        ("锁控板", "正常", True),
        ("扫码枪", "正常", True),
        ("打印机", "正常", True),
    ]


def test_a_printer_in_trouble_says_what_to_do_and_how_many_slips_wait() -> None:
    prints = PrintQueueView(waiting=3, problem="printer.paper_out")
    line = view_of(shop(), prints=prints).devices[-1]
    assert not line.ok
    assert line.word.startswith("没纸了")
    assert line.word.endswith("3 张小票排队")


def test_a_missing_device_is_told_in_words_whatever_its_note() -> None:
    for note in ("device.missing", "missing", "somethingnew"):
        hardware = (DeviceHealth(name="lock-board-2", present=False, simulated=False, note=note),)
        line = view_of(shop(), hardware=hardware).devices[0]
        assert line.name == "锁控板 2"
        assert not line.ok
        assert note not in line.word


@pytest.mark.parametrize(
    ("link", "text"),
    [
        (LinkView(online=True, waiting=0), "网络正常"),
        (LinkView(online=True, waiting=4), "网络正常，正在上传 4 条"),
        (LinkView(online=False, waiting=0), "断网，照常用"),
        (LinkView(online=False, waiting=12), "断网，已存 12 条，照常用"),
        (LinkView(online=False, waiting=2, verdict="fork"), "县中心不收，已存 2 条，请打县里电话"),
    ],
)
def test_the_link_tells_how_many_facts_wait(link: LinkView, text: str) -> None:
    assert view_of(shop(), link=link).link.text == text


def test_the_answer_to_a_scan_is_a_toast_for_a_while() -> None:
    told = s.announced(Reply(key="already_in", ok=False, cell=s.SEVEN), serial=4)
    fresh = view_of(shop(), announcement=told)
    assert fresh.toast is not None
    assert (fresh.toast.serial, fresh.toast.ok, fresh.restless) == (4, False, True)
    assert "07" in fresh.toast.text
    assert view_of(shop(), announcement=told, now=s.at(9)).toast is None


@pytest.mark.parametrize(
    "reply",
    [
        Reply(key="door_open", ok=True, cell=s.SEVEN),
        Reply(key="revoked", ok=False),
        Reply(key="already_collected", ok=False, at=s.at(0)),
        Reply(key="unreadable", ok=False),
    ],
)
def test_what_a_visitor_scanned_is_no_toast_at_the_counter(reply: Reply) -> None:
    assert view_of(shop(), announcement=s.announced(reply)).toast is None


def test_what_the_keeper_scanned_is_a_toast_even_where_visitors_get_the_same_answer() -> None:
    collected = Reply(key="already_collected", ok=False, waybill_no=s.WAYBILL, at=s.at(0))
    assert view_of(shop(), announcement=s.announced(collected)).toast is not None
    garbled = s.announced(Reply(key="unreadable", ok=False))
    assert view_of(s.with_desk(shop(), checking_in=True), announcement=garbled).toast is not None


def test_a_door_is_announced_as_opening_and_only_until_it_has_moved() -> None:
    told = s.announced(Reply(key="put_in", ok=True, cell=TWELVE))
    toast = view_of(s.with_door(in_hand(), Door.ASKED, cell=TWELVE), announcement=told).toast
    assert toast is not None
    assert (toast.text, toast.opens) == ("正在开 12 号门。门开后放好包裹，关上门。", 12)
    for door in (Door.OPEN, Door.SILENT):
        moved = s.with_door(in_hand(), door, cell=TWELVE)
        assert view_of(moved, announcement=told).toast is None


@pytest.mark.parametrize("key", ["put_in", "door_open", "take_it_out", "open_again"])
def test_no_answer_says_that_a_door_is_open_before_its_sensor_does(key: str) -> None:
    assert "开了" not in say(key, cell="03")
    assert "is open" not in say(key, "en", cell="03")


@pytest.mark.parametrize("door", [Door.ASKED, Door.OPEN])
def test_a_row_whose_door_is_in_use_offers_nothing_that_would_be_refused(door: Door) -> None:
    state = s.with_door(shop(), door, purpose=Purpose.RELEASE)
    line = next(one for one in view_of(state).parcels if one.waybill_no == s.WAYBILL)
    assert (line.can_release, line.can_reprint, line.can_undo) == (False, False, False)


def test_a_check_in_can_be_undone_while_its_door_is_open() -> None:
    state = s.with_door(in_hand(), Door.OPEN, cell=TWELVE)
    view = view_of(state)
    assert (view.parcels[0].can_undo, view.check_in.in_hand) == (True, True)


def test_a_faulted_cell_says_how_it_comes_back_into_use() -> None:
    state = s.with_cell(shop(), 11, Occupancy.FAULTED, reason="no_sign_twice")
    assert "修好后" in view_of(state).cells[10].hint


def test_a_silent_board_is_told_to_a_grocer_without_baud_rates() -> None:
    hardware = (
        DeviceHealth(name="lock-board-1", present=True, simulated=False, note="device.silent"),
    )
    line = view_of(shop(), hardware=hardware).devices[0]
    assert (line.word, line.ok) == ("没反应。请看电源和线，还不行请打县里电话。", False)


def test_after_another_card_took_over_the_keeper_is_asked_to_count_until_it_is_signed() -> None:
    counting = replace(shop(), counting=True)
    (alert,) = view_of(counting).alerts
    assert (alert.text, alert.can_sign_count) == (say("keeper.count", "zh"), True)
    assert "清点完成" in alert.text
    assert view_of(shop()).alerts == ()
