"""Names, masks, moments and errors of the ground floor."""

import dataclasses
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.kernel import errors
from edge.kernel.errors import ConfigError, CunyiError, Refused
from edge.kernel.ids import PHONE_TAIL, PICKUP_DIGITS, STATION_ID
from edge.kernel.masking import masked_name, phone_tail, short_waybill, spaced_code
from edge.kernel.time import Instant

NOON = Instant(boot=3, mono_ms=5_000, wall_lo_ms=1_700_000_000_000, wall_hi_ms=None)


@pytest.mark.parametrize("name", ["abc", "ping-shang-01", "a" * 32, "0b9"])
def test_a_station_name_that_is_safe_everywhere(name: str) -> None:
    assert STATION_ID.fullmatch(name)


@pytest.mark.parametrize(
    "name",
    ["", "ab", "a" * 33, "-ab", "ab-", "Abc", "a b", "a/b", "a+b", "a#b", "坪上村", "abc\n", "a.b"],
)
def test_a_station_name_that_is_unsafe_somewhere(name: str) -> None:
    assert STATION_ID.fullmatch(name) is None


@pytest.mark.parametrize(
    ("name", "kept"),
    [("刘秀英", "刘**"), (" 王小明 ", "王**"), ("欧阳", "欧**"), ("", ""), ("  ", "")],
)
def test_of_a_name_its_first_letter_is_kept(name: str, kept: str) -> None:
    assert masked_name(name) == kept


@given(st.text())
def test_codes_and_tails_are_plain_digits_of_one_length(text: str) -> None:
    plain = set(text) <= set(string.digits)
    assert bool(PHONE_TAIL.fullmatch(text)) == (plain and len(text) == 4)
    assert bool(PICKUP_DIGITS.fullmatch(text)) == (plain and len(text) == 8)


@pytest.mark.parametrize("text", ["３８６５", "٣٨٦٥", "3865\n", " 3865"])
def test_digits_of_other_scripts_are_no_phone_tail(text: str) -> None:
    assert PHONE_TAIL.fullmatch(text) is None


@pytest.mark.parametrize(
    ("phone", "tail"),
    [("13812343865", "3865"), ("+86 138-1234-3865", "3865"), ("65", "65"), ("", ""), ("刘", "")],
)
def test_a_phone_number_is_shown_by_its_last_four_digits(phone: str, tail: str) -> None:
    assert phone_tail(phone) == tail


@given(st.text())
def test_never_more_than_four_digits_of_a_phone_number_are_shown(phone: str) -> None:
    assert len(phone_tail(phone)) <= 4


def test_a_code_is_shown_in_two_groups() -> None:
    assert spaced_code("44719026") == "4471 9026"


def test_a_waybill_is_shown_by_its_end() -> None:
    assert short_waybill("YT7700123456789") == "…6789"


def test_time_between_two_moments_of_one_boot_is_exact() -> None:
    later = dataclasses.replace(NOON, mono_ms=8_500, wall_lo_ms=0)
    assert (later.since_ms(NOON), NOON.since_ms(later)) == (3_500, -3_500)


def test_across_a_restart_nobody_knows_how_much_time_went_by() -> None:
    assert dataclasses.replace(NOON, boot=4).since_ms(NOON) is None


def test_a_moment_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        NOON.mono_ms = 0  # type: ignore[misc] # that is the point


def test_a_config_error_names_file_key_and_fix() -> None:
    error = ConfigError(Path("/data/station.toml"), "web.port", "is no number", "Write a number")
    assert str(error) == "/data/station.toml: web.port: is no number. Write a number"
    assert (error.file, error.key) == ("/data/station.toml", "web.port")
    assert (error.problem, error.fix) == ("is no number", "Write a number")


def test_a_config_error_of_a_whole_file_names_no_key() -> None:
    assert str(ConfigError("x.toml", "", "there is none", "Make it")) == (
        "x.toml: there is none. Make it"
    )


def test_a_refusal_carries_its_word_and_its_blanks() -> None:
    refusal = Refused("pin_locked", minutes=4)
    assert (refusal.reason, refusal.details, str(refusal)) == (
        "pin_locked",
        {"minutes": 4},
        "pin_locked",
    )


def test_every_error_of_ours_is_told_from_a_bug_by_its_family() -> None:
    ours = [kind for kind in vars(errors).values() if isinstance(kind, type) and kind is not Path]
    assert len(ours) >= 6
    assert all(issubclass(kind, CunyiError) for kind in ours)
