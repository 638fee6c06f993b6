"""A million random bytes into each decoder of a scanner."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from firmware_bridge.scanner.codes import MAX_BYTES, Code
from firmware_bridge.scanner.hid_keys import KeyAssembler
from firmware_bridge.scanner.line import CodeAssembler
from firmware_bridge.scanner.ssi import LONGEST, Packet, SsiAssembler
from firmware_bridge.scanner.ssi_session import SsiSession
from firmware_bridge.scanner.triggers import LONGEST_REPLY, ReplyFilter

MILLION = 1_000_000
STEP_S = 0.001


def noise(seed: int) -> Iterator[tuple[bytes, float]]:
    chance, left, now_s = random.Random(seed), MILLION, 1.0
    while left:
        size = min(left, chance.randrange(1, 97))
        left -= size
        now_s += STEP_S if chance.random() < 0.99 else 1.0
        yield chance.randbytes(size), now_s


@pytest.mark.parametrize("silence_ends", [False, True])
@pytest.mark.parametrize("make", [CodeAssembler, KeyAssembler])
def test_a_million_random_bytes_raise_nothing_and_every_code_is_printable_and_short(
    make: Any,
    silence_ends: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    codes = make(silence_ends=silence_ends)
    read = [item for chunk, now_s in noise(1) for item in codes.feed(chunk, now_s)]
    texts = [item.text for item in read if isinstance(item, Code)]
    assert all(text.isascii() and text.isprintable() for text in texts)
    assert max(map(len, texts), default=0) <= MAX_BYTES
    # Lines have no check: noise that happens to be printable up to a CR is a code. Its grammar
    # (waybill, token) is the station's to judge. Key events need type, value and code to fit.
    assert len(texts) < (200 if make is CodeAssembler else 5)


def test_a_million_random_bytes_make_no_more_ssi_packets_than_the_check_lets_through() -> None:
    packets, most = SsiAssembler(), 0
    heard: list[Packet] = []
    for chunk, _ in noise(2):
        heard += [item for item in packets.feed(chunk) if isinstance(item, Packet)]
        most = max(most, len(packets._pending))  # noqa: SLF001 - what memory it holds is the point
    # 252/256 lengths, 1/256 sources, 1/65,536 checks: 0.06 in a million bytes.
    assert len(heard) <= 1
    assert most <= LONGEST + 97


def test_a_million_random_bytes_in_a_talk_give_no_code_and_leave_the_next_one_readable() -> None:
    talk, now_s = SsiSession(0.0), 0.0
    for chunk, now_s in noise(3):
        for event in (*talk.tick(now_s), *talk.feed(chunk, now_s)):
            assert not isinstance(event, Code)
        assert talk.wait_s(now_s) >= 0
    code = bytes.fromhex("07 F3 00 00 03 41 31 FE 91")
    silence = list(talk.tick(now_s + 1.0))
    assert Code("A1") not in silence
    assert Code("A1") in list(talk.feed(code, now_s + 1.1))


def test_a_million_random_bytes_pass_the_reply_filter_but_for_a_bounded_rest() -> None:
    replies = ReplyFilter()
    passed = sum(len(replies.feed(chunk, 1.0)) for chunk, _ in noise(4))
    assert MILLION - passed <= LONGEST_REPLY
