"""A pickup code on its way: the county alone reads it, and for one credential of one station."""

import base64

import pytest

from cloud_sync.wire.bodies.registry import read_body
from cloud_sync.wire.trust.sealed_codes import ClearCode, CodeOpener, CodeSealer

CODE = ClearCode("37291846", "CY1:ABCDEFGHIJKLMNOPQRSTUVWXYZ", 7)
COUNTY = CodeOpener(b"c" * 32)


def sealed_for(county: bytes = COUNTY.public, credential: str = "c-1") -> str:
    return CodeSealer("pingshang", county).seal(credential, CODE)


def test_the_county_opens_what_a_station_sealed() -> None:
    sealed = sealed_for()
    assert COUNTY.open("pingshang", "c-1", sealed) == CODE
    body = {"credential": "c-1", "waybill_no": "YT7700123456", "sealed": sealed}
    read_body("pickup.code_sealed", 1, body)
    assert len(sealed) < 150, "one more fact for each parcel must stay small"


def test_nobody_else_opens_it_nor_for_another_credential_or_station() -> None:
    sealed = sealed_for()
    assert CodeOpener(b"x" * 32).open("pingshang", "c-1", sealed) is None
    assert COUNTY.open("pingshang", "c-2", sealed) is None
    assert COUNTY.open("qingshan", "c-1", sealed) is None


def test_the_same_code_never_looks_the_same() -> None:
    sealer = CodeSealer("pingshang", COUNTY.public)
    assert len({sealer.seal("c-1", CODE) for _ in range(20)}) == 20


def test_a_changed_letter_is_found_out() -> None:
    sealed = sealed_for()
    for at in range(0, len(sealed) - 1, 7):
        other = "A" if sealed[at] != "A" else "B"
        assert COUNTY.open("pingshang", "c-1", sealed[:at] + other + sealed[at + 1 :]) is None


@pytest.mark.parametrize("odd", ["", "A", "AAAA", "!!!!", "中", "A" * 300])
def test_what_was_never_sealed_opens_to_nothing(odd: str) -> None:
    assert COUNTY.open("pingshang", "c-1", odd) is None


@pytest.mark.parametrize(
    "clear", [ClearCode("3729184", CODE.token, 7), ClearCode("37291846", "CY1:", 7)]
)
def test_what_is_no_code_of_ours_opens_to_nothing(clear: ClearCode) -> None:
    sealed = CodeSealer("pingshang", COUNTY.public).seal("c-1", clear)
    assert COUNTY.open("pingshang", "c-1", sealed) is None


@pytest.mark.parametrize("key", [bytes(32), b"\x01" + bytes(31), b"short"])
def test_a_key_with_which_anybody_could_read_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        CodeSealer("pingshang", key)
    whole = base64.urlsafe_b64encode(key + bytes(80)).decode().rstrip("=")
    assert COUNTY.open("pingshang", "c-1", whole) is None


def test_a_clear_code_is_not_printed() -> None:
    assert CODE.digits not in repr(CODE)
    assert CODE.token not in repr(CODE)
