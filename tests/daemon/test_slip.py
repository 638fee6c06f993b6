"""The layout of the pickup slip."""

from itertools import pairwise

import pytest

from edge.daemon.devices.slip import lay_out_slip
from edge.kernel.ids import CellId, SlotCode
from hardware.ports import Text


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
