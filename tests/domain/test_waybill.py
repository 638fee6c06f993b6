"""What reads as a waybill number, and whose it may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain.parcel import carrier_of, read_waybill
from edge.domain.policy import DEFAULT_CARRIERS
from edge.kernel.ids import WaybillNo


@pytest.mark.parametrize(
    ("text", "waybill_no"),
    [
        ("YT7700123456789", "YT7700123456789"),
        ("  yt7700123456789\r\n", "YT7700123456789"),
        ("77316523125896", "77316523125896"),
        ("JDVA00123456789-1-3-", "JDVA00123456789-1-3"),
        ("RB123456785GB", "RB123456785GB"),
        ("1234567", "1234567"),
        ("9" * 30, "9" * 30),
    ],
)
def test_a_waybill_is_read_in_capitals(text: str, waybill_no: str) -> None:
    assert read_waybill(text) == waybill_no


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "123456",
        "9" * 31,
        "ABCDEFGHIJ",
        "ABC123DEFG",
        "-1234567",
        "YT77001 23456789",
        "YT7700123456789\n4",
        "http://a.cn/12345678",
        "WWW.12345678.CN",
        "CY1:ABCDEFGHIJKLMNOPQRSTUVWX23",
        "快递12345678",
        "１２３４５６７８",
        "ß12345678",
        "1234567\x00",
        "<script>12345678",
        "\x1b@12345678",
    ],
)
def test_what_is_no_waybill_is_nothing(text: str) -> None:
    assert read_waybill(text) is None


@given(st.text())
def test_whatever_is_read_fits_the_wire_and_reads_the_same_again(text: str) -> None:
    read = read_waybill(text)
    if read is not None:
        assert 7 <= len(read) <= 30
        assert set(read) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
        assert read_waybill(read) == read


@pytest.mark.parametrize(
    ("waybill_no", "carrier"),
    [
        ("SF1234567890123", "顺丰"),
        ("YT7700123456789", "圆通"),
        ("JT0006968326954", "极兔"),
        ("773165231258961", "申通"),
        ("RB123456785GB", "邮政"),
        ("76543210987654", "中通"),
        ("462598779470531", "韵达"),
        ("ABC1234567", ""),
    ],
)
def test_the_first_fitting_pattern_hints_at_the_carrier(waybill_no: str, carrier: str) -> None:
    assert carrier_of(WaybillNo(waybill_no), DEFAULT_CARRIERS) == carrier
