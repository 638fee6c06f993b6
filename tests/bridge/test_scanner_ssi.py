"""SSI packets, and our side of the talk with such a scanner."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.scanner.codes import BadCode, Blemish, Code
from firmware_bridge.scanner.ssi import Garbled, Op, Packet, SsiAssembler, encode
from firmware_bridge.scanner.ssi_session import Event, Say, SsiSession
from tests.golden import read_golden

GOLDEN = read_golden("scanner_ssi")
ACK = Say(GOLDEN["host.ack"])
NAK = Say(GOLDEN["host.nak_resend"])
PACKETS = Say(GOLDEN["param.packets"])
ENABLE = Say(GOLDEN["host.enable"])
START = Say(GOLDEN["host.start"])
CODE, COPY, ACKED = (GOLDEN[f"scanner.{name}"] for name in ("code", "code.copy", "ack"))


@pytest.mark.parametrize(
    ("frame", "name"),
    [
        (encode(Op.ACK), "host.ack"),
        (encode(Op.NAK, b"\x01"), "host.nak_resend"),
        (encode(Op.START_DECODE), "host.start"),
        (encode(Op.STOP_DECODE), "host.stop"),
        (encode(Op.SCAN_ENABLE), "host.enable"),
        (encode(Op.SCAN_DISABLE), "host.disable"),
        (encode(Op.SCAN_ENABLE, again=True), "host.enable.again"),
        (encode(Op.PARAM_SEND, b"\xff\x88\x0a"), "param.decode_time.1s"),
        (encode(Op.PARAM_SEND, b"\xff\xee\x01"), "param.packets"),
    ],
)
def test_our_packets_are_those_of_the_vendor(frame: bytes, name: str) -> None:
    assert frame == GOLDEN[name]


def cut(*chunks: bytes) -> list[Packet | Garbled]:
    packets = SsiAssembler()
    return [item for chunk in chunks for item in packets.feed(chunk)] + list(packets.silence())


def test_a_code_is_read_and_its_check_counts() -> None:
    assert cut(CODE) == [Packet(op=0xF3, status=0, data=b"\x03A1")]
    assert cut(CODE[:-1] + b"\x92") == [Garbled(resend=True)]


@given(st.lists(st.integers(0, 40), max_size=6))
def test_packets_do_not_depend_on_how_the_wire_cuts_them(cuts: list[int]) -> None:
    stream = ACKED + CODE + COPY
    edges = [0, *sorted(min(at, len(stream)) for at in cuts), len(stream)]
    chunks = [stream[a:b] for a, b in pairwise(edges)]
    assert cut(*chunks) == cut(stream) == [*cut(ACKED), *cut(CODE), *cut(COPY)]


@given(st.binary(max_size=40))
def test_noise_hides_no_later_packet_once_the_line_was_silent(noise: bytes) -> None:
    packets = SsiAssembler()
    list(packets.feed(noise))
    list(packets.silence())
    assert not packets.begun
    assert list(packets.feed(CODE)) == cut(CODE)


def test_a_packet_behind_the_head_of_a_longer_one_is_found_at_the_silence() -> None:
    assert cut(b"\xf0\xf3\x00", CODE) == [Garbled(resend=False), *cut(CODE)]


def test_text_that_is_no_packet_is_told_once_and_asks_for_nothing() -> None:
    packets = SsiAssembler()
    assert [item for byte in b"YT77\r\n" for item in packets.feed(bytes([byte]))] == []
    assert packets.begun
    assert list(packets.silence()) == [Garbled(resend=False)]


# -- the talk


def session(*, pulled: bool = False) -> SsiSession:
    """One that has opened and was acknowledged at 0 s."""
    talk = SsiSession(0.0, pulled=pulled)
    assert list(talk.tick(0.0)) == [PACKETS]
    assert list(talk.feed(ACKED, 0.0)) == [ENABLE]
    assert list(talk.feed(ACKED, 0.0)) == ([START] if pulled else [])
    assert list(talk.feed(ACKED, 0.0)) == []
    return talk


def test_a_code_is_acknowledged_before_it_is_handed_on_and_its_suffix_is_no_part_of_it() -> None:
    talk = session()
    assert list(talk.feed(CODE, 1.0)) == [ACK, Code("A1")]
    assert list(talk.feed(GOLDEN["scanner.code.suffix"], 2.0)) == [ACK, Code("A1")]


def test_a_copy_after_a_lost_acknowledgement_is_acknowledged_and_counts_once() -> None:
    talk = session()
    assert list(talk.feed(CODE, 1.0)) == [ACK, Code("A1")]
    assert list(talk.feed(COPY, 3.0)) == [ACK]
    assert list(talk.feed(COPY, 5.0)) == [ACK]
    assert list(talk.feed(CODE, 6.0)) == [ACK, Code("A1")]  # no copy: read anew


def test_a_copy_of_what_was_never_heard_counts() -> None:
    talk = session()
    assert list(talk.feed(COPY, 1.0)) == [ACK, Code("A1")]
    assert list(talk.feed(COPY, 11.0)) == [ACK, Code("A1")]


def test_a_broken_packet_is_asked_for_again_and_its_copy_counts_even_if_equal_to_the_last() -> None:
    talk = session()
    assert list(talk.feed(CODE, 1.0)) == [ACK, Code("A1")]
    assert list(talk.feed(CODE[:-1], 4.0)) == []
    assert talk.wait_s(4.1) == pytest.approx(0.2)
    assert list(talk.tick(4.31)) == [BadCode(Blemish.GARBLED), NAK]
    assert list(talk.feed(COPY, 4.5)) == [ACK, Code("A1")]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (b"", BadCode(Blemish.HALF)),
        ("取件".encode(), BadCode(Blemish.BINARY)),
        (b"A" * 193, BadCode(Blemish.OVERSIZED)),
    ],
)
def test_a_whole_packet_without_a_code_of_ours_is_acknowledged_and_counted(
    text: bytes, read: BadCode
) -> None:
    message = bytes([5 + len(text), 0xF3, 0, 0, 3]) + text
    frame = message + (-sum(message) & 0xFFFF).to_bytes(2, "big")
    assert list(session().feed(frame, 1.0)) == [ACK, read]


def test_other_packets_of_the_scanner_are_acknowledged_and_answers_are_not() -> None:
    talk = session()
    assert list(talk.feed(bytes.fromhex("05 F6 00 00 03 FF 02"), 1.0)) == [ACK]  # power-on event
    assert list(talk.feed(GOLDEN["scanner.nak_resend"], 1.1)) == []
    assert list(talk.feed(ACKED, 1.2)) == []


def test_a_command_is_sent_three_times_and_then_the_scanner_is_silent_until_it_answers() -> None:
    talk = SsiSession(0.0)
    again = Say(encode(Op.PARAM_SEND, b"\xff\xee\x01", again=True))
    assert list(talk.tick(0.0)) == [PACKETS]
    assert talk.wait_s(0.5) == pytest.approx(1.5)
    assert list(talk.tick(1.9)) == []
    assert [list(talk.tick(now_s)) for now_s in (2.0, 4.0)] == [[again], [again]]
    silent = [talk.silent]
    assert list(talk.tick(6.0)) == [PACKETS]  # called anew: 5 s after the first
    silent.append(talk.silent)
    assert list(talk.feed(ACKED, 7.0)) == [ENABLE]
    silent.append(talk.silent)
    assert silent == [False, True, False]


def test_a_silent_scanner_is_called_with_everything_it_has_to_be_told() -> None:
    talk = session()
    said = [(now_s, event) for now_s in range(1, 16) for event in talk.tick(float(now_s))]
    enable_again = Say(GOLDEN["host.enable.again"])
    assert said == [(5, ENABLE), (7, enable_again), (9, enable_again), (11, PACKETS)] + [
        (now_s, Say(encode(Op.PARAM_SEND, b"\xff\xee\x01", again=True))) for now_s in (13, 15)
    ]


def test_silence_is_broken_off_while_a_call_is_not_yet_due() -> None:
    talk = session()
    talk.silent = True
    assert list(talk.tick(1.0)) == []
    assert talk.wait_s(1.0) == pytest.approx(4.0)


def test_a_refused_command_is_repeated_only_if_its_check_was_wrong_and_three_times_at_most() -> (
    None
):
    talk = SsiSession(0.0)
    again = Say(encode(Op.PARAM_SEND, b"\xff\xee\x01", again=True))
    resend = GOLDEN["scanner.nak_resend"]
    assert list(talk.tick(0.0)) == [PACKETS]
    for _ in range(2):
        assert list(talk.feed(resend, 0.1)) == []
        assert list(talk.tick(0.1)) == [again]
    assert list(talk.feed(resend, 0.2)) == [ENABLE]
    assert list(talk.feed(GOLDEN["scanner.nak_denied"], 0.3)) == []


def test_a_scanner_that_sends_raw_text_after_a_power_cut_is_told_everything_again() -> None:
    talk = session()
    assert list(talk.feed(b"YT7700123\r\n", 1.0)) == []
    assert list(talk.tick(1.31)) == [BadCode(Blemish.GARBLED), PACKETS]
    assert list(talk.feed(b"YT7700123\r\n", 1.4)) == []
    assert list(talk.tick(1.71)) == [BadCode(Blemish.GARBLED)]  # it is being told already
    assert list(talk.feed(ACKED, 1.8)) == [ENABLE]


def test_a_scanner_that_reads_only_when_told_is_told_after_each_code_and_every_two_seconds() -> (
    None
):
    talk = session(pulled=True)
    assert talk.wait_s(0.0) == pytest.approx(2.0)
    assert list(talk.tick(1.9)) == []
    assert list(talk.tick(2.0)) == [START]
    assert list(talk.feed(ACKED, 2.1)) == []
    assert list(talk.feed(CODE, 3.0)) == [ACK, Code("A1"), START]
    assert list(talk.feed(CODE + CODE, 3.1)) == [ACK, Code("A1"), ACK, Code("A1")]
    assert list(talk.feed(ACKED, 3.2)) == [START]
    assert talk.farewell() == GOLDEN["host.stop"]
    assert session().farewell() == b""


def drained(talk: SsiSession, *moments: float) -> list[Event]:
    return [event for now_s in moments for event in talk.tick(now_s)]


def test_a_code_in_the_middle_of_a_command_is_not_lost() -> None:
    talk = SsiSession(0.0)
    assert drained(talk, 0.0) == [PACKETS]
    assert list(talk.feed(CODE + ACKED, 0.1)) == [ACK, Code("A1"), ENABLE]
