"""Every dialect against bytes from outside, and the traps of each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.assembler import Assembler
from firmware_bridge.lock_board.dialects import DIALECTS
from firmware_bridge.lock_board.messages import (
    AllBits,
    AskAll,
    AskOne,
    Codec,
    Moved,
    OneBit,
    Question,
    Reply,
    Request,
    Unlock,
    Unlocked,
    UnlockRefused,
)
from tests.bridge.lock_board_frames import (
    cu16_status,
    dongcheng,
    dongcheng_status,
    winnsen,
    with_xor,
    wkly,
)
from tests.golden import read_golden

CHANNELS = {"8a80": 24, "cu16": 16, "wkly": 24, "dongcheng": 24, "winnsen": 16}
GOLDEN = {name: read_golden(f"lock_board_{name}") for name in CHANNELS}
BITS_8 = st.lists(st.booleans(), min_size=8, max_size=8).map(tuple)


def codec_of(name: str) -> Codec:
    return DIALECTS[name].speak(CHANNELS[name])


def hear(codec: Codec, frame: bytes) -> Reply | None:
    """What one frame means; fails when it is none."""
    (heard,) = Assembler(codec.look).feed(frame)
    assert isinstance(heard, bytes)
    return codec.decode(heard)


@pytest.mark.parametrize(
    ("dialect", "name", "request_"),
    [
        ("cu16", "request.ask_all", AskAll(0)),
        ("cu16", "request.unlock.1", Unlock(0, 1)),
        ("cu16", "request.unlock.16", Unlock(0, 16)),
        ("wkly", "request.unlock.1", Unlock(0, 1)),
        ("wkly", "request.ask_one.1", AskOne(0, 1)),
        ("wkly", "request.ask_all", AskAll(0)),
        ("dongcheng", "request.unlock.5", Unlock(1, 5)),
        ("dongcheng", "request.ask_all", AskAll(1)),
        ("winnsen", "request.unlock.2.7", Unlock(2, 7)),
        ("winnsen", "request.ask_one.2.7", AskOne(2, 7)),
    ],
)
def test_requests_are_the_bytes_of_the_sheet_and_their_echo_is_no_answer(
    dialect: str, name: str, request_: Request
) -> None:
    codec = codec_of(dialect)
    assert codec.encode(request_) == GOLDEN[dialect][name]
    assert hear(codec, GOLDEN[dialect][name]) == Question(request_.board)


@pytest.mark.parametrize(
    ("dialect", "name", "reply"),
    [
        ("cu16", "reply.all.locked", AllBits(0, (True,) * 16, (False,) * 16)),
        ("cu16", "reply.all.lock_1_open", AllBits(0, (False, *[True] * 15), (False,) * 16)),
        ("wkly", "reply.unlocked.1", Unlocked(0, 1)),
        ("wkly", "reply.one.1.open", OneBit(0, 1, bit=False)),
        ("wkly", "reply.all.24.open", AllBits(0, (False,) * 24)),
        ("wkly", "report.moved.1.shut", Moved(0, 1, bit=True)),
        ("wkly", "other.several", None),
        ("wkly", "other.all", None),
        ("wkly", "other.lamp", None),
        ("dongcheng", "other.asset", None),
        ("winnsen", "reply.unlocked.2.7", Unlocked(2, 7)),
        ("winnsen", "reply.failed.2.7", UnlockRefused(2, 7, cooling=False)),
        ("winnsen", "reply.cooling.2.7", UnlockRefused(2, 7, cooling=True)),
        ("winnsen", "reply.one.2.7.open", OneBit(2, 7, bit=True)),
        ("winnsen", "reply.one.2.7.shut", OneBit(2, 7, bit=False)),
    ],
)
def test_replies_of_the_sheet_are_understood(dialect: str, name: str, reply: Reply | None) -> None:
    assert hear(codec_of(dialect), GOLDEN[dialect][name]) == reply


def test_the_check_bytes_of_all_golden_frames_are_those_of_the_rule() -> None:
    for frame in GOLDEN["cu16"].values():
        assert frame[-1] == sum(frame[:-1]) % 256
    for name, end in (("8a80", -1), ("wkly", -1), ("dongcheng", -2)):
        for frame in GOLDEN[name].values():
            assert with_xor(*frame[:end]) == frame[: end + 1 or None]
    assert all(frame[1] == len(frame) for frame in GOLDEN["winnsen"].values())  # has no check byte


@given(st.integers(0, 15), BITS_8, BITS_8, BITS_8, BITS_8)
def test_cu16_tells_of_hooks_and_articles(
    board: int,
    low: tuple[bool, ...],
    high: tuple[bool, ...],
    one: tuple[bool, ...],
    two: tuple[bool, ...],
) -> None:
    frame = cu16_status(board, low + high, one + two)
    assert hear(codec_of("cu16"), frame) == AllBits(board, low + high, one + two)


def test_a_small_cu16_cabinet_has_no_more_doors_than_it_says() -> None:
    frame = cu16_status(3, (True,) * 16, (True,) * 16)
    assert hear(DIALECTS["cu16"].speak(12), frame) == AllBits(3, (True,) * 12, (True,) * 12)


@given(st.integers(0, 31), st.lists(st.booleans(), min_size=1, max_size=64))
def test_wkly_counts_its_own_locks(board: int, states: list[bool]) -> None:
    frame = wkly(board, 0x84, 0, len(states), *states)
    assert hear(DIALECTS["wkly"].speak(64), frame) == AllBits(board, tuple(states))
    assert hear(DIALECTS["wkly"].speak(4), frame) == AllBits(board, tuple(states[:4]))


@pytest.mark.parametrize(
    ("frame", "reply"),
    [
        (wkly(5, 0x82, 0xFF, 7, 1), UnlockRefused(5, 7, cooling=False)),
        (wkly(5, 0x83, 0xFF, 7, 1), None),  # a failed question says nothing of a door
        (wkly(5, 0x84, 0xFF, 2, 1, 1), None),
        (wkly(5, 0x84, 0, 3, 1, 1), None),  # counts three and brings two
        (wkly(5, 0x85, 1), None),
        (wkly(5, 0x88, 0, 7, 1), None),
        (bytes.fromhex("57 4B 4C 59 09 04 84 00 80"), None),  # a result, and then nothing
        (wkly(5, 0x84, 0, 0), None),  # a board without locks
    ],
)
def test_wkly_boards_that_fail_or_speak_of_other_things_open_no_door(
    frame: bytes, reply: Reply | None
) -> None:
    assert hear(codec_of("wkly"), frame) == reply


@given(st.integers(1, 255), st.integers(1, 5), st.data())
def test_dongcheng_tells_of_doors_and_articles(board: int, width: int, data: st.DataObject) -> None:
    bits = st.lists(st.booleans(), min_size=8 * width, max_size=8 * width).map(tuple)
    doors, articles = data.draw(bits), data.draw(bits)
    codec = DIALECTS["dongcheng"].speak(8 * width)
    codec.encode(AskAll(board))
    assert hear(codec, dongcheng_status(board, 0, doors, articles)) == AllBits(
        board, doors, articles
    )


def test_dongcheng_answers_only_the_question_with_its_number() -> None:
    codec = codec_of("dongcheng")
    answer = dongcheng(1, 0, 0, 1)
    assert hear(codec, answer) is None  # nothing was asked
    codec.encode(Unlock(1, 5))
    assert hear(codec, answer) == Unlocked(1, 5)
    assert hear(codec, dongcheng(2, 0, 0, 1)) is None
    codec.encode(Unlock(1, 6))
    assert hear(codec, answer) is None  # late: that one was about lock 5
    assert hear(codec, dongcheng(1, 1, 0, 0)) == Unlocked(1, 6)
    assert hear(codec, dongcheng(1, 1, 9)) == UnlockRefused(1, 6, cooling=False)


def test_dongcheng_numbers_go_round_after_256() -> None:
    codec = codec_of("dongcheng")
    numbers = [codec.encode(AskAll(1))[3] for _ in range(258)]
    assert numbers == [*range(256), 0, 1]


@pytest.mark.parametrize(
    "data", [(), (0, 0, 0, 0), (1, 1, 1, 0, 0, 0, 0)], ids=["nothing", "no bitmaps", "odd"]
)
def test_a_dongcheng_status_of_a_length_that_cannot_be_says_nothing(data: tuple[int, ...]) -> None:
    codec = codec_of("dongcheng")
    codec.encode(AskAll(1))
    assert hear(codec, dongcheng(1, 0, 0, *data)) is None
    assert hear(codec, dongcheng(1, 0, 1, *data)) is None  # the board says that it failed


@pytest.mark.parametrize(
    "frame",
    [
        winnsen(0x85, 0, 7, 1),
        winnsen(0x85, 5, 7, 1),
        winnsen(0x85, 2, 0, 1),
        winnsen(0x85, 2, 17, 1),
        winnsen(0x85, 2, 7, 3),
        winnsen(0x92, 2, 2, 7),
        winnsen(0x92, 2, 1, 17),
        winnsen(0x86, 2, 7, 1),
        bytes.fromhex("90 06 85 02 07 01 03"),
        bytes.fromhex("90 07 85 02 07 01 04"),
    ],
)
def test_a_winnsen_frame_with_any_byte_that_cannot_be_is_no_frame(frame: bytes) -> None:
    assembler = Assembler(codec_of("winnsen").look)
    heard = [*assembler.feed(frame), *assembler.quiet()]
    assert not any(isinstance(item, bytes) for item in heard)


@pytest.mark.parametrize(
    ("dialect", "request_"),
    [
        ("8a80", AskOne(1, 1)),
        ("cu16", AskOne(1, 1)),
        ("dongcheng", AskOne(1, 1)),
        ("winnsen", AskAll(1)),
    ],
)
def test_a_question_that_a_board_has_no_words_for_is_our_own_mistake(
    dialect: str, request_: Request
) -> None:
    with pytest.raises(ValueError, match="boards know no Ask"):
        codec_of(dialect).encode(request_)


@pytest.mark.parametrize("name", sorted(DIALECTS))
def test_each_row_is_filed_under_its_name_and_its_board_can_be_asked_all_it_promises(
    name: str,
) -> None:
    row = DIALECTS[name]
    board, channels = row.addresses[-1], max(row.channels)
    codec = row.speak(channels)
    frames = [codec.encode(question) for question in row.questions(board, channels)]
    assert row.name == name
    assert len(frames) == (channels if row.one_by_one else 1)
    assert len({*frames, codec.encode(Unlock(board, channels))}) == len(frames) + 1
    assert codec.encode(row.question_about(board, channels))
