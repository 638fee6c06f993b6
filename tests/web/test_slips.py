"""A slip that cannot be printed now is not promised: the answer says that it waits, and why."""

import pytest

from edge.daemon.front import PrintQueueView
from edge.domain.answers import Answer
from edge.domain.effects import Reply
from edge.web.asks import answer
from edge.web.slips import why_slips_wait
from hardware.ports import DeviceHealth, PaperState
from tests.web.support.browserless import Visitor
from tests.web.support.parcels import TAIL, WAYBILL, shut
from tests.web.support.village import Village, eventually

QUEUED = Reply(key=Answer.SLIP_QUEUED, ok=True)
IDLE = PrintQueueView(waiting=0)


def printer(note: str = "", *, name: str = "printer", present: bool = True) -> DeviceHealth:
    return DeviceHealth(name=name, present=present, simulated=True, note=note)


@pytest.mark.parametrize(
    ("prints", "device", "why"),
    [
        (IDLE, printer(), ""),
        (IDLE, printer("printer.paper_low"), ""),
        (IDLE, printer("printer.cover_open", name="label-printer"), ""),
        (PrintQueueView(waiting=0, problem="printer.slip_unreadable"), printer(), ""),
        (IDLE, printer("printer.paper_out"), "keeper.slip.paper_out"),
        (
            PrintQueueView(waiting=1, problem="printer.paper_out"),
            printer(),
            "keeper.slip.paper_out",
        ),
        (IDLE, printer("printer.cover_open"), "keeper.slip.waits"),
        (IDLE, printer("device.missing", present=False), "keeper.slip.waits"),
        (PrintQueueView(waiting=1, problem="printer.gone"), printer(), "keeper.slip.waits"),
    ],
)
def test_slips_wait_for_a_printer_that_is_known_to_stand_still(
    prints: PrintQueueView, device: DeviceHealth, why: str
) -> None:
    assert why_slips_wait(prints, (device,)) == why


def test_the_answer_says_what_the_slip_waits_for_and_other_answers_stay_as_they_are() -> None:
    out = "keeper.slip.paper_out"
    told = answer(QUEUED, "zh", out)
    assert (told.ok, told.waits, told.text) == (True, True, "没纸，小票排队，换纸后自己打。")
    assert answer(QUEUED, "zh").text == "小票马上打印。"
    other = Reply(key=Answer.TAIL_NOTED, ok=True)
    assert answer(other, "zh", out) == answer(other, "zh")


def test_a_slip_asked_for_without_paper_is_answered_so_and_printed_after_the_new_roll(
    village: Village, keeper: Visitor
) -> None:
    village.paper.state = PaperState.OUT
    assert keeper.ask("/api/keeper/check-in", on=True)["ok"]
    shut(village, keeper.ask("/api/keeper/scan", text=WAYBILL)["cell"])
    given = keeper.ask("/api/keeper/phone-tail", waybill_no=WAYBILL, phone_tail=TAIL)
    assert (given["ok"], given["waits"]) == (True, True)
    eventually(lambda: village.front.prints().problem, "the queue to notice")
    again = keeper.ask("/api/keeper/reprint", waybill_no=WAYBILL)
    assert again["text"] == "没纸，小票排队，换纸后自己打。"
    village.paper.state = PaperState.OK
    eventually(lambda: village.paper.slips, "the slip")
    eventually(lambda: not village.front.prints().problem, "the queue to be well")
    assert keeper.ask("/api/keeper/reprint", waybill_no=WAYBILL)["text"] == "小票马上打印。"
