"""What people do all day: check in, and come to collect."""

from edge.kernel.ids import CellId, WaybillNo
from tests.web.support.browserless import Visitor
from tests.web.support.village import Village, eventually

WAYBILL = "YT7700123456789"
TAIL = "3865"


def check_in(village: Village, keeper: Visitor, waybill_no: str = WAYBILL, tail: str = TAIL) -> int:
    """Scan, put in, shut, type the digits; gives the cell once the slip is on paper."""
    slips = len(village.paper.slips)
    if not village.state.desk.checking_in:
        assert keeper.ask("/api/keeper/check-in", on=True)["ok"]
    put_in = keeper.ask("/api/keeper/scan", text=waybill_no)
    assert put_in["key"] == "put_in", put_in
    cell: int = put_in["cell"]
    shut(village, cell)
    assert keeper.ask("/api/keeper/phone-tail", waybill_no=waybill_no, phone_tail=tail)["ok"]
    eventually(lambda: len(village.paper.slips) > slips, "the slip")
    return cell


def shut(village: Village, cell: int) -> None:
    """Wait until the door is open, shut it, wait until the station knows."""
    until_door(village, cell, "open")
    village.steel.push_shut(cell)
    until_door(village, cell, "shut")


def until_door(village: Village, cell: int, door: str) -> None:
    """Wait until the station knows of a door."""
    eventually(lambda: village.state.doors[CellId(cell)].door == door, f"door {cell} to be {door}")


def stage_of(village: Village, waybill_no: str = WAYBILL) -> str:
    """Where the parcel is in its life."""
    return village.state.parcels[WaybillNo(waybill_no)].stage.value
