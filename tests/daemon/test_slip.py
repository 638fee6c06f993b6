"""The layout of the pickup slip."""

from itertools import pairwise

import pytest

from edge.daemon.devices.proxy_slip import lay_out_proxy_slip
from edge.daemon.devices.slip import lay_out_slip
from edge.kernel.ids import CellId, SlotCode
from hardware.ports import Qr, Text


@pytest.mark.parametrize("copy", [False, True])
def test_an_enlarged_line_is_never_touched_by_the_line_below_it(*, copy: bool) -> None:
    blocks = lay_out_slip(
        station_name="坪上村服务站",
        waybill_no="YT7700123456789",
        carrier="圆通",
        phone_tail="3865",
        cell=CellId(7),
        slot=None,
        digits="12345678",
        token="A" * 26,
        copy=copy,
    )
    touching = [
        (above.text, below.text)
        for above, below in pairwise(blocks)
        if isinstance(above, Text) and isinstance(below, Text) and above.scale > 1 and below.text
    ]
    assert touching == []


@pytest.mark.parametrize(("slot", "said"), [("B-3-407", "架 B-3-407"), ("地2", "地堆 地2")])
def test_a_slip_for_a_slot_names_it_and_says_whom_to_ask(slot: str, said: str) -> None:
    blocks = lay_out_slip(
        station_name="坪上村服务站",
        waybill_no="YT7700123456789",
        carrier="圆通",
        phone_tail="3865",
        cell=None,
        slot=SlotCode(slot),
        digits="12345678",
        token="A" * 26,
        copy=False,
    )
    lines = [block.text for block in blocks if isinstance(block, Text)]
    assert said in lines
    assert "扫码后找店主拿" in lines


@pytest.mark.parametrize("again", [False, True])
def test_a_proxy_s_slip_says_who_for_whom_and_on_which_day(*, again: bool) -> None:
    content = {
        "credential": "c-1",
        "proxy": "王**",
        "owner": "刘**",
        "phone_tail": "3865",
        "count": 2,
        "until_ms": 1_795_535_999_999,  # the last moment of 24 November in the village
        "digits": "12345678",
        "token": "CY1:" + "A" * 26,
    }
    blocks = lay_out_proxy_slip(station_name="坪上村服务站", content=content, again=again)
    lines = [block.text for block in blocks if isinstance(block, Text)]
    assert "代取人 王**" in lines
    assert "替 刘** 尾号 3865 取" in lines
    assert "1234 5678" in lines
    assert "只限 11月24日 当天，一次" in lines
    assert ("补打" in lines) == again
    assert [block.data for block in blocks if isinstance(block, Qr)] == ["CY1:" + "A" * 26]
