"""The same code again, from a scanner and from the pictures of a camera."""

import pytest

from firmware_bridge.scanner.codes import BadCode, Blemish, Code, read_code
from firmware_bridge.scanner.repeats import RepeatWindow
from firmware_bridge.scanner.sightings import MOST_IN_SIGHT, Sightings


def test_the_same_code_counts_again_two_seconds_after_it_was_last_seen() -> None:
    window = RepeatWindow(2.0)
    seen = [1.0, 2.5, 4.0, 5.99, 7.99]
    assert [window.is_new("YT1", now_s) for now_s in seen] == [True, False, False, False, True]


def test_another_code_in_between_ends_the_window() -> None:
    window = RepeatWindow(2.0)
    assert [window.is_new(text, 1.0) for text in ("A", "A", "B", "A")] == [True, False, True, True]


def test_a_window_of_nothing_lets_every_scan_through() -> None:
    window = RepeatWindow(0.0)
    assert [window.is_new("A", 1.0) for _ in range(3)] == [True, True, True]


def told(sightings: Sightings, *pictures: tuple[float, str]) -> list[tuple[float, str]]:
    return [
        (now_s, code.text)
        for now_s, texts in pictures
        for code in sightings.picture(texts.split(), now_s)
    ]


def test_one_reading_is_none_and_two_equal_ones_are_one_scan_however_long_it_lies_there() -> None:
    pictures = [(0.1 * n, "YT1") for n in range(100)]
    assert told(Sightings(2.0), *pictures) == [(0.1, "YT1")]


def test_two_readings_of_one_picture_are_one_reading() -> None:
    assert told(Sightings(2.0), (1.0, "YT1 YT1"), (1.2, "")) == []


def test_half_a_pair_is_dropped_after_one_and_a_half_seconds() -> None:
    assert told(Sightings(2.0), (1.0, "A"), (2.5, "A")) == []
    assert told(Sightings(2.0), (1.0, "A"), (2.49, "A")) == [(2.49, "A")]


def test_a_code_counts_again_once_it_was_out_of_sight_for_the_repeat_window() -> None:
    early = [(1.0, "A"), (1.1, "A"), (3.0, "A"), (3.1, "A")]
    later = [(5.2, "A"), (5.3, "A")]
    assert told(Sightings(2.0), *early, *later) == [(1.1, "A"), (5.3, "A")]


def test_two_labels_in_sight_together_count_once_each() -> None:
    pictures = [(0.1 * n, "A B" if n % 2 else "B A") for n in range(40)]
    assert told(Sightings(2.0), *pictures) == [(0.1, "A"), (0.1, "B")]


def test_a_wall_of_codes_is_forgotten_from_the_oldest_on() -> None:
    sightings = Sightings(2.0)
    wall = " ".join(f"C{n}" for n in range(MOST_IN_SIGHT + 1))
    assert told(sightings, (1.0, wall), (1.1, "C0"), (1.2, f"C{MOST_IN_SIGHT}")) == [
        (1.2, f"C{MOST_IN_SIGHT}")
    ]


@pytest.mark.parametrize(
    ("data", "read"),
    [
        (b"YT77", Code("YT77")),
        (b"", BadCode(Blemish.HALF)),
        (b"A" * 192, Code("A" * 192)),
        (b"A" * 193, BadCode(Blemish.OVERSIZED)),
        ("取件".encode(), BadCode(Blemish.BINARY)),
        (b"A\x1d", BadCode(Blemish.BINARY)),
    ],
)
def test_a_code_whose_end_is_known_is_read_or_says_why_not(
    data: bytes, read: Code | BadCode
) -> None:
    assert read_code(data) == read
