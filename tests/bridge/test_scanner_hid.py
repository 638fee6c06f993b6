"""Key strokes of a scanner that says it is a keyboard."""

import struct
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.scanner.codes import BadCode, Blemish, Code
from firmware_bridge.scanner.hid_keys import EVENT, EVENT_32, EVENT_64, KeyAssembler, KeyReader

SHIFT, RIGHT_SHIFT, CONTROL, ENTER, CAPS, TAB, F1, KEYPAD_ENTER = 42, 54, 29, 28, 58, 15, 59, 96
# Written down anew from linux/input-event-codes.h: KEY_1 is 2, KEY_Q 16, KEY_A 30, KEY_Z 44.
PLAIN: Final = {
    **dict(zip("1234567890", range(2, 12), strict=True)),
    **dict(zip("qwertyuiop", range(16, 26), strict=True)),
    **dict(zip("asdfghjkl", range(30, 39), strict=True)),
    **dict(zip("zxcvbnm", range(44, 51), strict=True)),
    "-": 12, "=": 13, "[": 26, "]": 27, ";": 39, "'": 40, "`": 41, "\\": 43, ",": 51, ".": 52,
    "/": 53, " ": 57,
}  # fmt: skip
SHIFTED: Final = {
    **{letter.upper(): code for letter, code in PLAIN.items() if letter.isalpha()},
    "!": 2, "@": 3, "#": 4, "$": 5, "%": 6, "^": 7, "&": 8, "*": 9, "(": 10, ")": 11, "_": 12,
    "+": 13, "{": 26, "}": 27, ":": 39, '"': 40, "~": 41, "|": 43, "<": 51, ">": 52, "?": 53,
}  # fmt: skip


def event(kind: int, code: int, value: int, layout: struct.Struct = EVENT) -> bytes:
    return layout.pack(1_700_000_000, 250_000, kind, code, value)


def stroke(code: int, layout: struct.Struct = EVENT) -> bytes:
    down, up = event(1, code, 1, layout), event(1, code, 0, layout)
    end = event(0, 0, 0, layout)
    return event(4, 4, 0x70004, layout) + down + end + up + end


def with_shift(strokes: bytes, shift: int = SHIFT) -> bytes:
    return event(1, shift, 1) + strokes + event(1, shift, 0)


def typed(text: str) -> bytes:
    return b"".join(
        stroke(PLAIN[one]) if one in PLAIN else with_shift(stroke(SHIFTED[one])) for one in text
    )


def read(*chunks: bytes) -> list[Code | BadCode]:
    codes = KeyAssembler()
    return [item for n, chunk in enumerate(chunks) for item in codes.feed(chunk, n * 0.01)]


def test_every_printable_character_comes_out_as_it_was_typed() -> None:
    every = "".join(chr(code) for code in range(0x20, 0x7F))
    assert {*PLAIN, *SHIFTED} == set(every)
    assert read(typed(every) + stroke(ENTER)) == [Code(every)]


def test_the_keypad_types_digits_whatever_num_lock_says_and_its_enter_ends_a_code() -> None:
    keypad = [71, 72, 73, 75, 76, 77, 79, 80, 81, 82, 83, 98, 55, 74, 78, 117]
    strokes = stroke(69) + b"".join(map(stroke, keypad))
    assert read(strokes + stroke(KEYPAD_ENTER)) == [Code("7894561230./*-+=")]


@pytest.mark.parametrize(("end", "shift"), [(ENTER, SHIFT), (TAB, RIGHT_SHIFT)])
def test_enter_and_tab_end_a_code_and_both_shifts_count(end: int, shift: int) -> None:
    assert read(with_shift(stroke(PLAIN["y"]), shift) + stroke(PLAIN["7"]) + stroke(end)) == [
        Code("Y7")
    ]


def test_caps_lock_and_a_key_held_down_change_nothing() -> None:
    held = event(1, PLAIN["7"], 2) * 5
    assert read(stroke(CAPS) + typed("yT7") + held + stroke(ENTER)) == [Code("yT7")]


@pytest.mark.parametrize(
    "spoilt",
    [
        stroke(F1),
        event(1, CONTROL, 1) + stroke(PLAIN["m"]) + event(1, CONTROL, 0),
        event(0, 3, 0),  # SYN_DROPPED: the kernel's queue was full
    ],
)
def test_a_key_without_a_character_and_lost_keys_spoil_their_code_only(spoilt: bytes) -> None:
    one = typed("YT") + spoilt + typed("77") + stroke(ENTER)
    assert read(one + typed("SF99") + stroke(ENTER)) == [BadCode(Blemish.BINARY), Code("SF99")]


def test_a_shift_whose_release_was_lost_does_not_stay_down() -> None:
    lost = event(1, SHIFT, 1) + stroke(PLAIN["y"]) + event(0, 3, 0) + stroke(ENTER)
    assert read(lost + typed("sf") + stroke(ENTER))[-1] == Code("sf")


@pytest.mark.parametrize("layout", [EVENT_32, EVENT_64])
def test_events_of_32_bit_and_64_bit_kernels_are_read(layout: struct.Struct) -> None:
    codes = KeyAssembler(layout=layout)
    strokes = stroke(PLAIN["7"], layout) + stroke(ENTER, layout)
    assert layout.size == {EVENT_32: 16, EVENT_64: 24}[layout]
    assert list(codes.feed(strokes, 1.0)) == [Code("7")]


@given(st.lists(st.integers(0, 2_000), max_size=8))
def test_codes_do_not_depend_on_how_the_events_are_cut(cuts: list[int]) -> None:
    stream = typed("CY1:ab") + stroke(ENTER)
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    assert read(*[stream[a:b] for a, b in pairwise(edges)]) == [Code("CY1:ab")]


def test_half_a_code_is_dropped_after_a_silence_and_half_an_event_with_it() -> None:
    codes = KeyAssembler()
    assert list(codes.feed(typed("YT77") + stroke(PLAIN["0"])[:30], 1.0)) == []
    assert codes.begun
    assert list(codes.quiet(1.4)) == [BadCode(Blemish.HALF)]
    assert list(codes.feed(typed("SF99") + stroke(ENTER), 2.0)) == [Code("SF99")]


def test_keys_that_type_nothing_still_let_time_pass() -> None:
    codes = KeyAssembler()
    assert list(codes.feed(typed("YT77"), 1.0)) == []
    assert list(codes.feed(stroke(CAPS), 1.4)) == [BadCode(Blemish.HALF)]


def test_a_keyboard_set_to_no_enter_is_recognised_or_read_by_silence() -> None:
    strict, lenient = KeyAssembler(), KeyAssembler(silence_ends=True)
    for start in (1.0, 2.0):
        assert list(strict.feed(typed("YT77"), start)) == []
        assert list(strict.quiet(start + 0.4)) == [BadCode(Blemish.HALF)]
    assert strict.lacks_suffix
    assert list(lenient.feed(typed("YT77"), 1.0)) == []
    assert list(lenient.quiet(1.4)) == [Code("YT77")]


def test_a_reader_keeps_what_is_held_from_one_chunk_to_the_next() -> None:
    keys = KeyReader()
    assert keys.feed(event(1, SHIFT, 1)) == b""
    assert keys.feed(stroke(PLAIN["a"])) == b"A"
    assert keys.feed(event(1, SHIFT, 0) + stroke(PLAIN["a"])) == b"a"
