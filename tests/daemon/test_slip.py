"""The layout of the pickup slip."""

from itertools import pairwise

import pytest

from edge.daemon.devices.slip import lay_out_slip
from edge.kernel.ids import CellId
from hardware.ports import Text


@pytest.mark.parametrize("copy", [False, True])
def test_an_enlarged_line_is_never_touched_by_the_line_below_it(*, copy: bool) -> None:
    blocks = lay_out_slip(
        station_name="坪上村服务站",
        waybill_no="YT7700123456789",
        carrier="圆通",
        phone_tail="3865",
        cell=CellId(7),
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
