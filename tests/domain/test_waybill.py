"""What reads as a waybill number, and whose it may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain.parcel import read_waybill
from edge.domain.policy import DEFAULT_CARRIERS
from edge.domain.waybill import has_wrong_check_digit, ranked_carriers
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
    ("waybill_no", "carriers"),
    [
        ("SF1234567890123", ["顺丰"]),
        ("YT7700123456789", ["圆通"]),
        ("JT0006968326954", ["极兔"]),
        ("773165231258961", ["申通"]),
        ("RB123456785GB", ["邮政"]),
        ("9612345678901", ["邮政", "韵达"]),
        ("76543210987654", ["中通"]),
        ("462598779470531", ["韵达"]),
        ("ABC1234567", []),
    ],
)
def test_every_fitting_brand_is_a_hint_the_most_specific_first(
    waybill_no: str, carriers: list[str]
) -> None:
    assert list(ranked_carriers(WaybillNo(waybill_no), DEFAULT_CARRIERS)) == carriers


@pytest.mark.parametrize(
    "waybill_no",
    [
        "RB123456785GB",  # the example of UPU S10
        "EE123456785CN",
        "LX000000005CN",  # 11 - 0 is 5
        "00106141412345678908",  # the example of GS1's SSCC
        "YT7700123456789",  # has none
        "123456789012345678",  # as long as an SSCC, but not said to be one
    ],
)
def test_a_good_check_digit_or_none_is_not_wrong(waybill_no: str) -> None:
    assert not has_wrong_check_digit(WaybillNo(waybill_no))


def test_any_one_digit_that_is_mistyped_is_noticed() -> None:
    assert _unnoticed("00106141412345678908") == []
    # Two remainders share the last digit 5 of S10, so that one change in some digits is missed.
    assert len(_unnoticed("RB123456785GB")) <= 8
    assert _unnoticed("RB123456754GB") == []


def _unnoticed(good: str) -> list[str]:
    """What a slip of one finger may make of a good number without being noticed."""
    assert not has_wrong_check_digit(WaybillNo(good))
    places = range(2, len(good)) if good[:2].isdigit() else range(2, 11)
    slips = (good[:at] + other + good[at + 1 :] for at in places for other in "0123456789")
    return [one for one in slips if one != good and not has_wrong_check_digit(WaybillNo(one))]


def test_both_odd_remainders_of_s10_have_their_digit() -> None:
    ends = {
        number: [
            d for d in "0123456789" if not has_wrong_check_digit(WaybillNo(f"EA{number}{d}CN"))
        ]
        for number in ("00000000", "00000008")
    }
    assert ends == {"00000000": ["5"], "00000008": ["0"]}
