"""Readings of both kinds of scale, and which of them are told."""

import random
from decimal import Decimal
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.assembler import Assembler, Fault, FrameError
from firmware_bridge.scale import toledo
from firmware_bridge.scale.continuous import MOST_BYTES, LineEar
from firmware_bridge.scale.reading import (
    UNSTEADY_S,
    Load,
    NoLoad,
    Reading,
    ScaleWatch,
    Trouble,
    load_of,
)
from tests.golden import read_golden

TOLEDO: Final = read_golden("scale_toledo8217")
LINES: Final = read_golden("scale_continuous")
MILLION: Final = 1_000_000


def toledo_reads(*chunks: bytes) -> list[Reading]:
    answers = Assembler(toledo.look)
    items = [item for chunk in chunks for item in answers.feed(chunk)]
    return [toledo.read(item) for item in items if not isinstance(item, FrameError)]


def line_reads(*chunks: bytes) -> list[Reading]:
    ear = LineEar()
    return [reading for chunk in chunks for reading in ear.feed(chunk)]


def kg(grams: int, *, net: bool = False) -> Load:
    return Load(grams=grams, net=net)


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("weight.12_345kg", kg(12_345)),
        ("weight.net_0_735kg", kg(735, net=True)),
        ("weight.in_lb", NoLoad(Trouble.OTHER_UNIT)),
        ("status.motion", NoLoad(Trouble.MOVING)),
        ("status.over_capacity", NoLoad(Trouble.OVERLOAD)),
        ("status.under_zero", NoLoad(Trouble.UNDERLOAD)),
        ("status.over_and_in_motion", NoLoad(Trouble.OVERLOAD)),
    ],
)
def test_a_toledo_answer_reads_as_its_sheet_says(name: str, reading: Reading) -> None:
    assert TOLEDO["ask.weight"] == toledo.ASK_WEIGHT
    assert toledo_reads(TOLEDO[name]) == [reading]


def test_a_toledo_status_without_a_known_reason_means_not_ready() -> None:
    assert toledo_reads(b"\x02?\x60\r") == [NoLoad(Trouble.MOVING)]


@pytest.mark.parametrize(
    "damage",
    [
        b"\x0212.3",
        b"\x02?",
        b"\x02?\x61x",
        b"\x0212\xb2345\r",
        b"\x0212.345678901",
        b"12.345\r",
        b"\x02\r",
        b"\x02 N\r",
        b"\x0212..345\r",
    ],
)
def test_damage_before_a_toledo_answer_hides_it_not(damage: bytes) -> None:
    assert toledo_reads(damage + TOLEDO["weight.12_345kg"])[-1] == kg(12_345)


def test_a_toledo_candidate_that_fails_costs_one_byte() -> None:
    answers = Assembler(toledo.look)
    assert list(answers.feed(b"\x02x")) == [
        FrameError(Fault.DAMAGED, 0x02),
        FrameError(Fault.NOISE, ord("x")),
    ]


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("gross_4_876kg", [kg(4_876)]),
        ("no_second_comma_20_7g", [kg(21)]),
        ("negative_15g", [kg(-15)]),
        ("net_720g", [kg(720, net=True)]),
        ("tare", []),
        ("unstable_lb", [NoLoad(Trouble.MOVING)]),
        ("stable_lb", [NoLoad(Trouble.OTHER_UNIT)]),
        ("overload", [NoLoad(Trouble.OVERLOAD)]),
        ("underload", [NoLoad(Trouble.UNDERLOAD)]),
        ("jin_3_000", [kg(1_500)]),
        ("jin_gb2312_3_000", [kg(1_500)]),
    ],
)
def test_a_line_reads_as_its_sheet_says(name: str, readings: list[Reading]) -> None:
    assert line_reads(LINES[name]) == readings


@pytest.mark.parametrize(
    "line",
    [
        b"ST,GS,+  4.876\r\n",
        b"ST,GS,+  4.876oz\r\n",
    ],
)
def test_a_number_without_a_known_unit_is_no_weight(line: bytes) -> None:
    assert line_reads(line) == [NoLoad(Trouble.OTHER_UNIT)]


@pytest.mark.parametrize(
    "line",
    [
        b"ST,GS,+  kg\r\n",
        b"ST,GS,+  4.8.6kg\r\n",
        b"ST,GS,+  4876000kg\r\n",
        b"ST;GS,+  4.876kg\r\n",
        b"XX,GS,+  4.876kg\r\n",
        b"ST,GS,+ 99999999999999999kg\r\n",
        b"4.876kg\r\n",
        b"A" * (MOST_BYTES + 1) + b"\n",
        b"A" * 100_000 + b"\r",
    ],
)
def test_a_line_that_is_none_is_counted_once_and_the_next_one_is_read(line: bytes) -> None:
    assert line_reads(line + LINES["gross_4_876kg"]) == [NoLoad(Trouble.UNREADABLE), kg(4_876)]


def test_a_half_line_costs_the_one_that_follows_and_no_more() -> None:
    assert line_reads(b"ST,GS,+  1", LINES["gross_4_876kg"] * 2) == [
        NoLoad(Trouble.UNREADABLE),
        kg(4_876),
    ]


def test_half_a_gram_is_rounded_and_no_float_is_in_it() -> None:
    assert [load_of(text, 500, negative=False, net=False) for text in ("0.001", "0.003")] == [
        kg(0),
        kg(2),
    ]
    assert load_of("999.9999", 1_000, negative=False, net=False) == kg(1_000_000)
    assert load_of("1000.001", 1_000, negative=False, net=False) == NoLoad(Trouble.UNREADABLE)


@given(st.integers(-1_000_000, 1_000_000), st.lists(st.integers(0, 40), max_size=6))
def test_every_gram_comes_out_as_it_was_printed_however_the_wire_cut_the_line(
    grams: int, cuts: list[int]
) -> None:
    sign = "-" if grams < 0 else "+"
    line = f"ST,GS,{sign}{Decimal(abs(grams)) / 1_000:8.3f}kg\r\n".encode()
    edges = [0, *sorted(min(cut, len(line)) for cut in cuts), len(line)]
    assert line_reads(*(line[a:b] for a, b in pairwise(edges))) == [kg(grams)]


class TestWatch:
    def told(self, *readings: Reading) -> list[Load | None]:
        watch = ScaleWatch()
        return [watch.take(reading, float(n)) for n, reading in enumerate(readings)]

    def test_a_load_is_told_at_its_second_equal_reading_and_once(self) -> None:
        assert self.told(*[kg(500)] * 4) == [None, kg(500), None, None]

    def test_one_stray_stable_reading_is_never_told(self) -> None:
        assert self.told(kg(500), kg(500), kg(900), kg(500), kg(500)) == [
            None,
            kg(500),
            None,
            None,
            None,
        ]

    def test_a_drifting_weight_is_told_only_where_it_stays(self) -> None:
        drift = [kg(grams) for grams in range(480, 500)]
        assert [load for load in self.told(*drift, kg(500), kg(500)) if load] == [kg(500)]

    def test_the_same_load_after_a_movement_is_told_again(self) -> None:
        moved = NoLoad(Trouble.MOVING)
        assert self.told(kg(5), kg(5), moved, kg(5), kg(5)) == [None, kg(5), None, None, kg(5)]

    def test_a_damaged_line_between_does_not_tell_the_same_load_again(self) -> None:
        noise = NoLoad(Trouble.UNREADABLE)
        assert self.told(kg(5), kg(5), noise, kg(5), kg(5)) == [None, kg(5), None, None, None]

    def test_gross_and_net_of_the_same_grams_are_two_loads(self) -> None:
        assert self.told(kg(5), kg(5), kg(5, net=True), kg(5, net=True))[-1] == kg(5, net=True)

    def test_a_platform_that_moves_for_long_is_in_trouble_until_it_rests(self) -> None:
        watch, moving = ScaleWatch(), NoLoad(Trouble.MOVING)
        seen = []
        for now_s in (0.0, UNSTEADY_S - 0.1, UNSTEADY_S):
            watch.take(moving, now_s)
            seen.append(watch.trouble)
        watch.take(kg(5), UNSTEADY_S + 1)
        assert [*seen, watch.trouble] == [None, None, Trouble.MOVING, None]

    def test_an_overload_is_trouble_at_once_and_the_movement_after_it_is_not(self) -> None:
        watch = ScaleWatch()
        watch.take(NoLoad(Trouble.OVERLOAD), 0.0)
        first = watch.trouble
        watch.take(NoLoad(Trouble.MOVING), 60.0)
        assert (first, watch.trouble) == (Trouble.OVERLOAD, None)


def chunked(noise: random.Random, size: int) -> list[bytes]:
    chunks = []
    while size > 0:
        chunks.append(noise.randbytes(min(size, noise.choice((1, 7, 31, 997)))))
        size -= len(chunks[-1])
    return chunks


def test_a_million_random_bytes_are_no_weight_to_a_toledo_decoder() -> None:
    answers, readings, longest = Assembler(toledo.look), [], 0
    for chunk in chunked(random.Random(8217), MILLION):
        frames = [item for item in answers.feed(chunk) if isinstance(item, bytes)]
        readings += [toledo.read(frame) for frame in frames]
        longest = max(longest, answers.pending)
    assert [reading for reading in readings if isinstance(reading, Load)] == []
    assert longest < 12


def test_a_million_random_bytes_are_no_weight_to_a_line_decoder() -> None:
    readings = line_reads(*chunked(random.Random(4876), MILLION))
    assert set(readings) == {NoLoad(Trouble.UNREADABLE)}
