"""Noise on the wire, for every dialect: nothing is hidden, nothing piles up, nothing is made up."""

import math
import random
from collections.abc import Callable, Iterator
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.assembler import Assembler, FrameError, Whole
from firmware_bridge.lock_board.dialects import DIALECTS
from firmware_bridge.lock_board.messages import (
    AllBits,
    AskAll,
    Codec,
    OneBit,
    Question,
    Reply,
    Unlock,
    Unlocked,
)
from tests.bridge.lock_board_frames import (
    cu16_framed,
    cu16_status,
    dongcheng,
    dongcheng_status,
    winnsen,
    with_xor,
    wkly,
)

CHANNELS = {"8a80": 24, "cu16": 16, "wkly": 24, "dongcheng": 24, "winnsen": 16}
LONGEST = {"8a80": 7, "cu16": 9, "wkly": 255, "dongcheng": 100, "winnsen": 7}
BITS = [True, False, True] * 8
SAMPLES = {
    "8a80": [with_xor(0x8A, 1, 7, 0), with_xor(0x82, 1, 7, 0x11), with_xor(0x80, 1, 5, 6, 7, 0x33)],
    "cu16": [cu16_status(2, BITS[:16], BITS[1:17]), bytes.fromhex("020f310345")],
    "wkly": [wkly(1, 0x82, 0, 7, 0), wkly(1, 0x84, 0, 24, *BITS), wkly(1, 0x85, 3, 1)],
    "dongcheng": [dongcheng(1, 0, 0, 1), dongcheng_status(1, 0, BITS, BITS), dongcheng(1, 9, 3)],
    "winnsen": [winnsen(0x85, 2, 7, 1), winnsen(0x92, 2, 0, 7), winnsen(0x05, 2, 7)],
}
HEADS = bytes.fromhex("8a80820257 4b4c59 90 03 0107 33")
NOISE = st.binary(max_size=12) | st.lists(st.sampled_from(HEADS), max_size=12).map(bytes)
NAMES = st.sampled_from(sorted(SAMPLES))
MILLION = 1_000_000


def codec_of(name: str) -> Codec:
    return DIALECTS[name].speak(CHANNELS[name])


def hear(name: str, chunks: list[bytes]) -> list[bytes | FrameError]:
    assembler = Assembler(codec_of(name).look)
    heard = [item for chunk in chunks for item in assembler.feed(chunk)]
    return heard + list(assembler.quiet())


def as_bytes(item: bytes | FrameError) -> bytes:
    return bytes([item.byte]) if isinstance(item, FrameError) else item


@st.composite
def streams(draw: st.DrawFn) -> tuple[str, bytes]:
    name = draw(NAMES)
    parts = draw(st.lists(NOISE | st.sampled_from(SAMPLES[name]), max_size=6))
    return name, b"".join(parts)


@given(streams(), st.lists(st.integers(0, 80), max_size=8))
def test_what_is_heard_does_not_depend_on_how_the_wire_cut_it(
    said: tuple[str, bytes], cuts: list[int]
) -> None:
    name, stream = said
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    heard = hear(name, [stream[a:b] for a, b in pairwise(edges)])
    assert heard == hear(name, [stream])
    assert b"".join(map(as_bytes, heard)) == stream


@given(st.data())
def test_noise_hides_no_later_frame(data: st.DataObject) -> None:
    name, noise = data.draw(NAMES), data.draw(NOISE)
    frame = data.draw(st.sampled_from(SAMPLES[name]))
    heard = hear(name, [noise, frame])
    starts = [sum(len(as_bytes(item)) for item in heard[:n]) for n in range(len(heard))]
    # Noise may by chance complete a frame with the first bytes of ours; nothing can tell then.
    by_chance = any(
        start < len(noise) < start + len(as_bytes(item))
        for start, item in zip(starts, heard, strict=True)
    )
    assert by_chance or heard[-1] == frame


@pytest.mark.parametrize("name", ["8a80", "cu16", "wkly", "dongcheng"])
def test_one_wrong_bit_anywhere_makes_a_frame_no_frame(name: str) -> None:
    for frame in SAMPLES[name]:
        for bit in range(8 * len(frame)):
            damaged = bytearray(frame)
            damaged[bit // 8] ^= 1 << bit % 8
            assert frame not in hear(name, [bytes(damaged)])
            assert not any(isinstance(item, bytes) for item in hear(name, [bytes(damaged)]))


def odd_chunks(chance: random.Random, count: int) -> Iterator[bytes]:
    while count > 0:
        chunk = chance.randbytes(min(count, chance.choice([1, 2, 3, 7, 61, 509])))
        count -= len(chunk)
        yield chunk


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_a_million_random_bytes_move_no_lock_and_fill_no_memory(name: str) -> None:
    codec = codec_of(name)
    codec.encode(Unlock(1, 7))
    assembler = Assembler(codec.look)
    replies: list[Reply | None] = []
    longest = 0
    for chunk in odd_chunks(random.Random(7), MILLION):
        frames = [item for item in assembler.feed(chunk) if isinstance(item, bytes)]
        replies += [codec.decode(frame) for frame in frames]
        longest = max(longest, assembler.pending)
    assert longest < LONGEST[name]
    assert Unlocked(1, 7) not in replies  # expected 0 for each dialect, 8A/80 at most 2e-6
    # 8A/80 has one check byte and few fixed ones: 0.30 sound frames in a million bytes, any kind.
    assert len(replies) <= (4 if name == "8a80" else 0)


FIXED = {
    "8a80": ([0x80, None, None, None, None, 0x33, None], 1 / 256),
    "cu16": ([0x02, None, 0x35, None, None, None, None, 0x03, None], 1 / 256),
    "wkly": ([*b"WKLY", 0x0B, None, None, None, None, None, None], 1 / 256),
    "dongcheng": ([0x02, 0x09, None, None, None, 0x01, None, None, 0x03], 1 / 256),
    "winnsen": ([0x90, 0x07, 0x85, None, None, None, 0x03], 4 * 16 * 3 / 256**3),
}
"""The worst noise: every fixed byte is right, all others are chance; and how many get through."""


@pytest.mark.parametrize("name", sorted(FIXED))
def test_the_check_bytes_let_as_much_noise_through_as_theory_says(name: str) -> None:
    chance, tries = random.Random(11), 60_000
    form, theory = FIXED[name]
    look, passed = codec_of(name).look, 0
    for _ in range(tries):
        frame = bytes(chance.randrange(256) if byte is None else byte for byte in form)
        passed += hasattr(look(frame, final=False), "length")
    expected = tries * theory
    assert abs(passed - expected) <= 5 * math.sqrt(expected) + 1


SOUND: dict[str, Callable[..., bytes]] = {
    "8a80": with_xor,
    "cu16": lambda command, *data: cu16_framed(0x10, command, *data),
    "wkly": lambda command, *data: wkly(1, command, *data),
    "dongcheng": lambda command, *data: dongcheng(1, 0, command, *data),
    "winnsen": winnsen,
}
"""How each dialect closes any command and any data into a sound frame."""
LONG = {("wkly", command): 247 for command in range(0x80, 0x8A)} | {
    ("dongcheng", command): 92 for command in (0, 1, *b"DGOS")
}
"""Most bytes of data that fit behind the commands of the sheets."""
SHORT = 12
"""So many are tried behind every command there is."""


def sound_frames(name: str) -> Iterator[bytes]:
    """Data of every length behind every command; it starts with 00, 01, FF or a true count."""
    for command in range(256):
        for size in range(LONG.get((name, command), SHORT) + 1):
            starts = {0x00, 0x01, 0xFF, max(size - 2, 0)}
            for start in product(starts, repeat=min(size, 2)):
                yield SOUND[name](command, *start, *bytes(size - len(start)))


def meanings(name: str, channels: int, frame: bytes) -> Iterator[Reply | None]:
    """What a frame that is let pass means behind each question, for some remember it."""
    row = DIALECTS[name]
    for question in (Unlock(1, 2), row.question_about(1, 2)):
        codec = row.speak(channels)
        codec.encode(question)
        if isinstance(verdict := codec.look(frame, final=True), Whole):
            yield codec.decode(frame[: verdict.length])


@pytest.mark.parametrize("name", sorted(SOUND))
def test_no_sound_frame_whatever_its_length_and_command_makes_the_decoder_raise(name: str) -> None:
    sizes = sorted({min(DIALECTS[name].channels), max(DIALECTS[name].channels)})
    replies = [
        reply
        for frame in sound_frames(name)
        for channels in sizes
        for reply in meanings(name, channels, frame)
    ]
    assert any(reply is not None for reply in replies)
    # An answer about all doors that names none would let a board count as seen.
    assert not any(isinstance(reply, AllBits) and not reply.bits for reply in replies)


def test_the_meaning_of_random_sound_frames_never_raises() -> None:
    chance = random.Random(13)
    for _ in range(20_000):
        data = chance.randbytes(chance.randrange(30))
        board, command = chance.randrange(32), chance.choice([0x82, 0x83, 0x84, 0x85, 0x33])
        codec = codec_of("wkly")
        reply = codec.decode(wkly(board, command, *data))
        assert reply is None or reply.board == board
        talking = codec_of("dongcheng")
        talking.encode(AskAll(1))
        told = talking.decode(dongcheng(1, 0, chance.choice([0, 1, 0x44]), *data))
        assert told is None or isinstance(told, AllBits | OneBit | Question)
