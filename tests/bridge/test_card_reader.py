"""Answers of an identity card reader, and what is made of them."""

import random
from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.assembler import Assembler, FrameError
from firmware_bridge.card_reader import (
    LIFTED_AFTER,
    LONGEST,
    TRIES,
    Ask,
    CardFlaw,
    CardText,
    CardWatch,
    look,
    number_is_sound,
    read_card,
)
from firmware_bridge.checksum import bcc
from tests.golden import read_golden

GOLDEN: Final = read_golden("sdt_card_reader")
NUMBER: Final = "11010519491231002X"
"""The example printed in the standard of citizen numbers, GB 11643-1999."""
MILLION: Final = 1_000_000


def whole(name: str = "张三", number: str = NUMBER, text: bytes | None = None) -> bytes:
    """An answer to READ."""
    padded = name.ljust(15).encode("utf-16-le")[:30]
    between = ("1" + "01" + "19491231").ljust(46).encode("utf-16-le")
    rest = "x".ljust(49).encode("utf-16-le")
    text = padded + between + number.encode("utf-16-le") + rest if text is None else text
    assert len(text) == 256
    body = GOLDEN["read.head"] + text + bytes(range(256)) * 4
    return body + bytes([bcc(body[5:])])


def frames(*chunks: bytes) -> list[bytes]:
    answers = Assembler(look)
    items = [item for chunk in chunks for item in answers.feed(chunk)]
    return [item for item in items if not isinstance(item, FrameError)]


def test_the_commands_are_those_of_the_sheet() -> None:
    assert [ask.value for ask in (Ask.FIND, Ask.SELECT, Ask.READ)] == [
        GOLDEN[f"ask.{name}"] for name in ("find", "select", "read")
    ]


def test_every_answer_of_the_sheet_is_one_frame() -> None:
    names = ("found", "no_card", "selected", "not_selected", "not_read", "module_sound")
    sheet = [GOLDEN[name] for name in names]
    assert frames(b"".join(sheet)) == sheet


def test_name_and_number_come_out_of_a_whole_answer() -> None:
    answer = whole()
    assert (len(answer), frames(answer)) == (LONGEST, [answer])
    card = read_card(answer)
    assert card == CardText(name="张三", number=NUMBER)
    assert NUMBER not in repr(card) + str(card)
    assert "张三" not in repr(card) + str(card)


def test_a_name_of_fifteen_characters_and_rare_ones_are_kept() -> None:
    for name in ("阿布都热合曼买买提吐尔逊江艾力", "\U00020000\ue815", "O'NEIL 王", "张三\0\0"):
        card = read_card(whole(name=name))
        assert card is not None
        assert card.name == name.rstrip("\0")


@pytest.mark.parametrize(
    "answer",
    [
        whole(number="110105194912310021"),
        whole(number="11010519491231002x"),
        whole(number="01010519491231002X"),
        whole(number="1101051949123100２X"),
        whole(number="110105491231002   "),
        whole(name=""),
        whole(name="\u3000 "),
        whole(name="张\x1b三"),
        whole(name="张\u202e三"),
        whole(text=b"\x00\xd8" * 128),
        GOLDEN["selected"],
        GOLDEN["read.head"][:10] + b"\x01\x01" + whole()[12:],
    ],
)
def test_what_is_no_sound_card_gives_no_name_and_no_number(answer: bytes) -> None:
    assert read_card(answer) is None


@given(st.integers(1, 9), st.text("0123456789", min_size=16, max_size=16), st.integers(0, 16))
def test_one_wrong_digit_of_a_number_is_always_found(first: int, rest: str, place: int) -> None:
    seventeen = f"{first}{rest}"
    sound = [last for last in "0123456789X" if number_is_sound(seventeen + last)]
    assert len(sound) == 1
    other = str((int(seventeen[place]) + 1) % 10)
    spoilt = seventeen[:place] + other + seventeen[place + 1 :] + sound[0]
    assert not number_is_sound(spoilt)


@pytest.mark.parametrize("bit", range(8))
@pytest.mark.parametrize("place", [7, 12, 100, 1_294])
def test_one_wrong_bit_spoils_an_answer_and_the_next_one_is_heard(place: int, bit: int) -> None:
    spoilt = bytearray(whole())
    spoilt[place] ^= 1 << bit
    assert frames(bytes(spoilt) + GOLDEN["found"]) == [GOLDEN["found"]]


@pytest.mark.parametrize("length", ["00 03", "05 09", "FF FF"])
def test_a_length_that_no_answer_has_is_not_waited_for(length: str) -> None:
    head = GOLDEN["found"][:5] + bytes.fromhex(length)
    assert frames(head + GOLDEN["no_card"]) == [GOLDEN["no_card"]]


def test_half_an_answer_before_a_whole_one_does_not_hide_it() -> None:
    half = whole()[:700]
    assert frames(half, GOLDEN["no_card"] * 60)[-1] == GOLDEN["no_card"]


class TestWatch:
    """`found` and so on are answers by their names in the golden file; `card` is a whole one."""

    def walk(self, *names: str) -> Iterator[tuple[Ask, object]]:
        watch = CardWatch()
        for name in names:
            outcome = watch.answered(whole() if name == "card" else GOLDEN[name])
            yield watch.ask, outcome

    def test_find_select_read_gives_the_card(self) -> None:
        assert list(self.walk("no_card", "found", "selected", "card")) == [
            (Ask.FIND, None),
            (Ask.SELECT, None),
            (Ask.READ, None),
            (Ask.FIND, CardText(name="张三", number=NUMBER)),
        ]

    def test_a_card_that_stays_is_not_read_again_even_where_it_is_found_again(self) -> None:
        read = ("found", "selected", "card")
        steps = list(self.walk(*read, *["found"] * 20, "no_card", *["found"] * 3))
        assert [ask for ask, _ in steps[3:]] == [Ask.FIND] * 24

    def test_the_next_card_after_it_was_lifted_is_read(self) -> None:
        read = ("found", "selected", "card")
        lifted = ["no_card"] * LIFTED_AFTER
        outcomes = [outcome for _, outcome in self.walk(*read, *lifted, *read)]
        assert sum(isinstance(outcome, CardText) for outcome in outcomes) == 2

    def test_a_card_that_slips_away_is_looked_for_again(self) -> None:
        steps = list(self.walk("found", "not_selected", "found", "selected", "not_read", "found"))
        assert [outcome for _, outcome in steps if outcome] == [CardFlaw.UNREADABLE] * 2
        assert steps[-1][0] is Ask.SELECT

    def test_a_card_that_cannot_be_read_is_left_alone_until_it_is_lifted(self) -> None:
        watch = CardWatch()
        for _ in range(TRIES):
            for name in ("found", "selected", "not_read"):
                watch.answered(GOLDEN[name])
        watch.answered(GOLDEN["found"])
        left_alone = (watch.ask, watch.troubled)
        for _ in range(LIFTED_AFTER):
            watch.answered(GOLDEN["no_card"])
        calm = watch.troubled
        watch.answered(GOLDEN["found"])
        assert (left_alone, calm, watch.ask) == ((Ask.FIND, True), False, Ask.SELECT)

    def test_a_card_whose_number_is_wrong_is_told_as_bad_once(self) -> None:
        watch = CardWatch()
        watch.answered(GOLDEN["found"])
        watch.answered(GOLDEN["selected"])
        assert watch.answered(whole(number="110105194912310021")) is CardFlaw.CONTENT
        watch.answered(GOLDEN["found"])
        assert (watch.ask, watch.troubled) == (Ask.FIND, True)

    def test_an_answer_to_find_that_is_none_is_a_flaw_of_the_reader(self) -> None:
        assert list(self.walk("module_sound")) == [(Ask.FIND, CardFlaw.ANSWER)]

    def test_a_watch_that_does_not_read_selects_no_card_however_often_one_is_laid_on(self) -> None:
        watch = CardWatch(reads=False)
        asks = set()
        for name in ("found", *["no_card"] * LIFTED_AFTER, "found", "found"):
            assert watch.answered(GOLDEN[name]) is None
            asks.add(watch.ask)
        assert asks == {Ask.FIND}

    def test_no_answer_begins_anew(self) -> None:
        watch = CardWatch()
        watch.answered(GOLDEN["found"])
        watch.unanswered()
        assert watch.ask is Ask.FIND


def test_a_million_random_bytes_are_no_answer_and_little_is_kept() -> None:
    noise, answers, heard, longest, left = random.Random(1295), Assembler(look), 0, 0, MILLION
    while left > 0:
        chunk = noise.randbytes(min(left, noise.choice((1, 7, 31, 997))))
        left -= len(chunk)
        heard += sum(isinstance(item, bytes) for item in answers.feed(chunk))
        longest = max(longest, answers.pending)
    assert heard == 0
    assert longest < LONGEST


def test_noise_behind_a_right_head_passes_as_often_as_one_check_byte_lets_it() -> None:
    """20,000 candidates with a length of 4: 1 in 256, that is 78, is expected; 6 sigma allowed."""
    noise, passed = random.Random(96), 0
    for _ in range(20_000):
        passed += len(frames(GOLDEN["found"][:5] + b"\x00\x04" + noise.randbytes(4)))
    assert 25 <= passed <= 132


def test_noise_behind_a_right_head_of_a_whole_answer_is_never_a_card() -> None:
    noise = random.Random(256)
    for _ in range(200):
        text = noise.randbytes(256)
        assert read_card(whole(text=text)) is None
