"""Trigger commands, and the replies to them among the codes."""

import pytest

from firmware_bridge.scanner.triggers import LONGEST_REPLY, TRIGGERS, ReplyFilter
from tests.golden import read_golden

GOLDEN = read_golden("scanner_triggers")


@pytest.mark.parametrize("vendor", ["honeywell", "newland"])
def test_light_on_and_off_are_the_bytes_of_the_vendor(vendor: str) -> None:
    assert TRIGGERS[vendor].on == GOLDEN[f"{vendor}.on"]
    assert TRIGGERS[vendor].off == GOLDEN[f"{vendor}.off"]


def through(*chunks: bytes, gap_s: float = 0.01) -> bytes:
    replies = ReplyFilter()
    return b"".join(replies.feed(chunk, n * gap_s) for n, chunk in enumerate(chunks))


def test_a_reply_between_two_codes_is_taken_out_however_the_wire_cuts_it() -> None:
    stream = b"YT77\r\n" + GOLDEN["newland.reply"] + b"SF99\r\n"
    assert through(stream) == b"YT77\r\nSF99\r\n"
    assert through(*[stream[n : n + 1] for n in range(len(stream))]) == b"YT77\r\nSF99\r\n"


def test_what_only_begins_like_a_reply_is_handed_on() -> None:
    assert through(b"\x02YT77\r") == b"\x02YT77\r"
    endless = GOLDEN["newland.reply"][:6] + b"A" * LONGEST_REPLY
    assert through(endless + b"\rSF99\r") == endless + b"\rSF99\r"


def test_half_a_reply_is_forgotten_after_a_silence_and_the_next_code_is_whole() -> None:
    assert through(GOLDEN["newland.reply"][:9], b"SF99\r", gap_s=0.3) == b"SF99\r"
