"""Answers of a UPS to Q1, and which changes are told."""

import random
from decimal import Decimal
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.ups import (
    ASK_STATUS,
    MOST_BYTES,
    Status,
    StatusEar,
    StatusWatch,
    Supply,
    estimate_percent,
)
from tests.golden import read_golden

GOLDEN: Final = read_golden("ups_megatec")
MILLION: Final = 1_000_000


def heard(*chunks: bytes) -> list[Status | None]:
    ear = StatusEar()
    return [status for chunk in chunks for status in ear.feed(chunk)]


def said(*, mains: bool = True, low: bool = False, percent: int | None = 100) -> Status:
    return Status(mains=mains, low=low, battery_percent=percent)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("sheet.example", said(percent=None)),
        ("on_line.on_battery", said(mains=False, percent=66)),
        ("standby.on_mains", said(percent=None)),
        ("echo", None),
    ],
)
def test_an_answer_reads_as_its_sheet_says(name: str, status: Status | None) -> None:
    assert GOLDEN["ask.status"] == ASK_STATUS
    assert heard(GOLDEN[name]) == [status]


def test_a_number_that_the_unit_does_not_know_hides_nothing_else() -> None:
    line = b"(@@@.@ ---.- 220.4 @@@ 50.0 @@.@ --.- 11001001\r"
    assert heard(line) == [said(mains=False, low=True, percent=None)]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"(220.4 220.4 220.4 021 50.0 13.6 25.0 0000100",
        b"(220.4 220.4 220.4 021 50.0 13.6 25.0 000010012",
        b"(220.4 220.4 220.4 021 50.0 13.6 25.0 0000200q",
        b"220.4 220.4 220.4 021 50.0 13.6 25.0 00001001",
        b"(220.4 220.4 220.4 021 13.6 25.0 00001001",
        b"#220.0 002 12.00 50.0",
        b"x" * (MOST_BYTES + 1),
        b"x" * 100_000,
    ],
)
def test_a_line_that_is_no_answer_says_nothing_and_the_next_one_is_heard(line: bytes) -> None:
    assert heard(line + b"\r" + GOLDEN["sheet.example"]) == [None, said(percent=None)]


@given(st.lists(st.integers(0, 60), max_size=6))
def test_answers_do_not_depend_on_how_the_wire_cut_them(cuts: list[int]) -> None:
    line = GOLDEN["on_line.on_battery"]
    edges = [0, *sorted(min(cut, len(line)) for cut in cuts), len(line)]
    assert heard(*(line[a:b] for a, b in pairwise(edges))) == [said(mains=False, percent=66)]


@pytest.mark.parametrize(
    ("volts", "percent"),
    [
        ("10.4", 0),
        ("9.8", 0),
        ("11.7", 50),
        ("13.0", 100),
        ("13.7", 100),
        ("23.4", 50),
        ("27.3", 100),
        ("1.95", 50),
        ("2.27", 100),
        ("17.0", None),
        ("36.0", None),
        ("0.9", None),
        ("0.0", None),
    ],
)
def test_the_estimate_is_a_line_between_cut_off_and_full_for_one_block_two_or_a_cell(
    volts: str, percent: int | None
) -> None:
    assert estimate_percent(Decimal(volts)) == percent


class TestWatch:
    def told(self, *statuses: Status) -> list[Supply | None]:
        watch = StatusWatch()
        return [watch.take(status) for status in statuses]

    def test_that_all_is_well_is_told_with_the_first_answer(self) -> None:
        assert self.told(said(), said()) == [Supply(mains=True, battery_percent=100), None]

    def test_mains_gone_is_told_when_it_was_seen_twice(self) -> None:
        gone = said(mains=False)
        assert self.told(said(), gone, gone, gone)[1:] == [
            None,
            Supply(mains=False, battery_percent=100),
            None,
        ]

    def test_one_wrong_bit_is_never_told_in_either_direction(self) -> None:
        gone = said(mains=False)
        assert self.told(said(), gone, said(), said())[1:] == [None, None, None]
        assert self.told(gone, gone, said(), gone, gone)[2:] == [None, None, None]

    def test_a_low_battery_must_be_seen_twice_too(self) -> None:
        gone, low = said(mains=False, percent=20), said(mains=False, low=True, percent=19)
        assert self.told(gone, gone, low, gone, low, low)[2:] == [
            None,
            None,
            None,
            Supply(mains=False, battery_percent=19, low=True),
        ]

    def test_a_station_that_starts_on_battery_hears_of_it_with_the_second_answer(self) -> None:
        gone = said(mains=False, percent=50)
        assert self.told(gone, gone) == [None, Supply(mains=False, battery_percent=50)]

    def test_the_estimate_is_told_in_steps_and_at_both_ends(self) -> None:
        percents = [96, 93, 91, 90, 3, 0, 2, 100, 99]
        told = self.told(*(said(percent=percent) for percent in percents))
        assert [one.battery_percent for one in told if one] == [96, 91, 3, 0, 100]

    def test_an_estimate_that_comes_or_goes_is_told(self) -> None:
        told = self.told(said(percent=None), said(percent=None), said(percent=50))
        assert [one.battery_percent for one in told if one] == [None, 50]

    def test_a_unit_that_falls_silent_is_told_once_and_heard_again_afterwards(self) -> None:
        watch = StatusWatch()
        steps = [watch.take(said()), watch.lost(), watch.lost(), watch.take(said())]
        well = Supply(mains=True, battery_percent=100)
        assert steps == [well, Supply(mains=None), None, well]

    def test_a_unit_that_was_never_there_is_told_so(self) -> None:
        assert StatusWatch().lost() == Supply(mains=None)


def test_a_million_random_bytes_are_no_answer() -> None:
    noise, ear, answers, left = random.Random(2400), StatusEar(), [], MILLION
    while left > 0:
        chunk = noise.randbytes(min(left, noise.choice((1, 7, 31, 997))))
        left -= len(chunk)
        answers += list(ear.feed(chunk))
    assert len(answers) > 3_000
    assert set(answers) == {None}
