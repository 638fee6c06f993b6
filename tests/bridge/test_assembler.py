"""The assembler's law, on the frames of the 8A/80 board."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.assembler import Assembler, Fault, FrameError
from firmware_bridge.lock_board.board_8a80 import HEADS, Board8A80, closed, status_length

CHANNELS = st.sampled_from([8, 24, 50])
SHORT = st.builds(
    lambda head, board, lock, mark: closed(bytes([head, board, lock, mark])),
    st.sampled_from([0x8A, 0x82]),
    st.integers(1, 32),
    st.integers(1, 50),
    st.sampled_from([0x00, 0x11]),
)
NOISE = st.binary(max_size=12) | st.lists(st.sampled_from([*HEADS, 0x01, 0x33]), max_size=12).map(
    bytes
)


def status(channels: int, bits: int) -> bytes:
    width = status_length(channels) - 4
    word = (bits % (1 << 8 * width)).to_bytes(width, "little")
    return closed(b"\x80\x01" + word + b"\x33")


def hear(channels: int, chunks: list[bytes]) -> list[bytes | FrameError]:
    assembler = Assembler(Board8A80(channels).look)
    heard = [item for chunk in chunks for item in assembler.feed(chunk)]
    return heard + list(assembler.quiet())


def as_bytes(item: bytes | FrameError) -> bytes:
    return bytes([item.byte]) if isinstance(item, FrameError) else item


@given(CHANNELS, st.lists(SHORT | NOISE, max_size=6), st.lists(st.integers(0, 80), max_size=8))
def test_what_is_heard_does_not_depend_on_how_the_wire_cut_it(
    channels: int, parts: list[bytes], cuts: list[int]
) -> None:
    stream = b"".join(parts) + status(channels, 0x5A5A5A)
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    assert hear(channels, [stream[a:b] for a, b in pairwise(edges)]) == hear(channels, [stream])


@given(CHANNELS, st.binary(max_size=200))
def test_every_byte_comes_out_again_in_a_frame_or_as_an_error(channels: int, noise: bytes) -> None:
    assert b"".join(as_bytes(item) for item in hear(channels, [noise])) == noise


@st.composite
def board_and_frame(draw: st.DrawFn) -> tuple[int, bytes]:
    channels = draw(CHANNELS)
    long = st.integers(0, 1 << 56).map(lambda bits: status(channels, bits))
    return channels, draw(SHORT | long)


@given(NOISE, board_and_frame())
def test_noise_hides_no_later_frame(noise: bytes, board: tuple[int, bytes]) -> None:
    channels, frame = board
    heard = hear(channels, [noise, frame])
    starts = [len(b"".join(as_bytes(item) for item in heard[:n])) for n in range(len(heard))]
    # Noise may by chance complete a frame with the first bytes of ours; nothing can tell then.
    by_chance = any(
        start < len(noise) < start + len(as_bytes(item))
        for start, item in zip(starts, heard, strict=True)
    )
    assert by_chance or heard[-1] == frame


@given(CHANNELS, st.binary(max_size=300))
def test_memory_stays_below_the_longest_frame(channels: int, noise: bytes) -> None:
    assembler = Assembler(Board8A80(channels).look)
    for n in range(len(noise)):
        list(assembler.feed(noise[n : n + 1]))
        assert assembler.pending < status_length(channels)


def test_an_error_names_its_byte_and_why_it_was_dropped() -> None:
    assert hear(24, [b"\x00", closed(b"\x8a\x01\x07\x00"), b"\x8a\x01"]) == [
        FrameError(Fault.NOISE, 0x00),
        closed(b"\x8a\x01\x07\x00"),
        FrameError(Fault.CUT_SHORT, 0x8A),
        FrameError(Fault.NOISE, 0x01),
    ]


def test_after_silence_a_frame_behind_a_false_head_is_found() -> None:
    # 80 announces seven bytes; the unlock reply behind it is only five.
    reply = bytes.fromhex("8a 01 01 00 8a")
    assert hear(24, [b"\x80" + reply]) == [FrameError(Fault.CUT_SHORT, 0x80), reply]


@pytest.mark.parametrize("position", range(7))
def test_one_wrong_bit_anywhere_makes_a_status_no_frame(position: int) -> None:
    damaged = bytearray(status(24, 0xFFFFFF))
    damaged[position] ^= 0x10
    assert all(isinstance(item, FrameError) for item in hear(24, [bytes(damaged)]))


@pytest.mark.parametrize("mark", [0x22, 0x12, 0xFF])
def test_an_unlock_reply_with_a_mark_that_no_sheet_knows_is_no_frame(mark: int) -> None:
    heard = hear(24, [closed(bytes([0x8A, 1, 1, mark]))])
    assert all(isinstance(item, FrameError) for item in heard)


def test_an_echo_is_told_from_a_status_that_begins_with_its_bytes() -> None:
    question = bytes.fromhex("80 01 00 33 b2")
    alike = status(24, 0xB23300)
    assert alike[:5] == question
    assert hear(24, [question, alike]) == [question, alike]
    assert hear(24, [question]) == [question]
