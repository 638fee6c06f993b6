"""A pass for a proxy as text: what it says, who signed it, and that any other letter undoes it."""

import base64
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_sync.county.mobile.picture import code_picture
from cloud_sync.wire.trust.identity import Identity
from cloud_sync.wire.trust.proxy_pass import (
    PASS,
    PassError,
    ProxyPass,
    parcel_mark,
    read_pass,
    station_mark,
    write_pass,
)
from edge.kernel.ids import CountyId, StationId, WaybillNo
from firmware_bridge.scanner.codes import MAX_BYTES
from tests.wire.ends import COUNTY, STRANGER

DEXING: Final = CountyId("dexing")
QINGSHAN: Final = StationId("qingshan-01")
YT: Final = WaybillNo("YT7700123456789")
UNTIL_MS: Final = 1_790_006_399_999
SAID: Final = ProxyPass(
    pass_id="0123456789abcdef",
    station=station_mark(QINGSHAN),
    parcel=parcel_mark("0123456789abcdef", YT),
    until_ms=UNTIL_MS,
)
TEXT: Final = write_pass(SAID, DEXING, COUNTY)
GOLDEN: Final = (
    "CYP:AEASGRLHRGV4333ILCELDVA6UTAO2JUOK7OGRCX4AGQMJMQT77NUFKXFXWUZ5CE3TV67G4NY6LWH"
    "KGDYEHS4EO736GX7YSHB34N2OUFKRNB24MJ5R2NCB2N6UQEFZ6XGGOYPL55VOA45NVXOSMM55PIK"
)


def test_the_bytes_are_those_of_the_page_on_the_wire() -> None:
    assert TEXT == GOLDEN
    whole = base64.b32decode(TEXT.removeprefix("CYP:"))
    assert len(whole) == 95
    assert whole[:31].hex() == (
        "01" + "0123456789abcdef" + SAID.station.hex() + SAID.parcel.hex() + f"{UNTIL_MS:012x}"
    )
    assert COUNTY.public.has_signed(whole[31:], b"cunyi proxy pass 1\0dexing\0" + whole[:31])


def test_a_pass_comes_back_as_it_was_and_knows_its_station_and_its_parcel() -> None:
    said = read_pass(TEXT, DEXING, [STRANGER.public, COUNTY.public])
    assert said == SAID
    assert said.is_for_station(QINGSHAN)
    assert not said.is_for_station(StationId("qingshan-02"))
    assert said.is_for_parcel(YT)
    assert not said.is_for_parcel(WaybillNo("YT7700123456788"))


def test_a_scanner_takes_it_whole_and_a_small_qr_code_holds_it() -> None:
    assert PASS.fullmatch(TEXT)
    assert len(TEXT) <= MAX_BYTES
    allowed = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert set(TEXT) <= allowed, "the alphanumeric mode of a QR code"
    assert len(code_picture(TEXT)) < 20_000


def test_two_passes_for_a_parcel_have_nothing_in_common_but_the_station() -> None:
    assert parcel_mark("00" * 8, YT) != parcel_mark("01" * 8, YT)


@given(at=st.integers(4, 155), letter=st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_any_other_letter_undoes_it(at: int, letter: str) -> None:
    changed = TEXT[:at] + letter + TEXT[at + 1 :]
    if changed == TEXT:
        return
    with pytest.raises(PassError):
        read_pass(changed, DEXING, [COUNTY.public])


@pytest.mark.parametrize(
    "text", ["", "CYP:", TEXT[:-1], TEXT + "A", TEXT.lower(), "CY1:" + "A" * 26]
)
def test_what_has_another_shape_is_none(text: str) -> None:
    with pytest.raises(PassError, match="no pass"):
        read_pass(text, DEXING, [COUNTY.public])


def test_another_county_a_stranger_or_no_key_at_all_make_none() -> None:
    for county, keys in (
        (CountyId("wuyuan"), [COUNTY.public]),
        (DEXING, [STRANGER.public]),
        (DEXING, []),
    ):
        with pytest.raises(PassError, match="signed"):
            read_pass(TEXT, county, keys)


def test_a_newer_version_is_not_guessed_at() -> None:
    whole = bytearray(base64.b32decode(TEXT.removeprefix("CYP:")))
    whole[0] = 2
    with pytest.raises(PassError, match="version 2"):
        read_pass("CYP:" + base64.b32encode(whole).decode(), DEXING, [COUNTY.public])


def test_the_same_county_writes_the_same_again_with_the_same_key() -> None:
    assert write_pass(SAID, DEXING, COUNTY) == TEXT
    assert write_pass(SAID, DEXING, Identity.from_secret(b"n" * 32)) != TEXT
