"""The morning's list: whom to call first, then what goes back, each with its place and its day."""

from typing import Any

from edge.daemon.devices.overdue_slip import lay_out_overdue
from hardware.ports import Block, Text


def line(**more: Any) -> dict[str, Any]:
    return {
        "waybill_no": "YT7700123456789",
        "carrier": "圆通",
        "phone_tail": "3865",
        "cell": 7,
        "slot": None,
        "day": 5,
        "to_return": False,
    } | more


def content(*lines: dict[str, Any], left: int = 0) -> dict[str, Any]:
    at = {"wall_lo_ms": 1_795_492_800_000, "wall_hi_ms": 1_795_492_800_000}
    return {"lines": list(lines), "left": left, "at": at}


def words(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Text)]


def test_whom_to_call_stands_before_what_goes_back() -> None:
    printed = content(
        line(cell=None, slot="B-3-407", to_return=True, phone_tail=None, day=9),
        line(),
        line(cell=None, slot="地2", carrier=""),
        left=3,
    )
    assert words(lay_out_overdue(station_name="坪上", content=printed, again=False)) == [
        "坪上",
        "",
        "滞留件单",
        "2026-11-24",
        "请打电话催领 2 件：",
        "07 号柜 尾号 3865 第 5 天",
        "圆通 YT7700123456789",
        "地堆 地2 尾号 3865 第 5 天",
        "YT7700123456789",
        "下一趟车退件 1 件：",
        "架 B-3-407 第 9 天",
        "圆通 YT7700123456789",
        "还有 3 件，见屏幕",
    ]


def test_a_list_that_may_have_come_out_before_says_so() -> None:
    printed = words(lay_out_overdue(station_name="坪上", content=content(line()), again=True))
    assert "补打" in printed
    assert not any("退件" in text for text in printed)
