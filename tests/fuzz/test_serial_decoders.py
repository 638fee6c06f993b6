"""Good frames, spoilt, into every decoder: nothing raises, nothing is made up, nothing piles up."""

import random
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

import pytest

from firmware_bridge import card_reader, label_printer, receipt_printer
from firmware_bridge.assembler import Assembler, FrameError
from firmware_bridge.lock_board.dialects import DIALECTS
from firmware_bridge.lock_board.messages import AllBits, AskAll, AskOne, Moved, OneBit, Unlock
from firmware_bridge.scale import toledo
from firmware_bridge.scale.continuous import LineEar
from firmware_bridge.scale.reading import MOST_GRAMS, Load, ScaleWatch
from firmware_bridge.scanner.codes import MAX_BYTES, Code
from firmware_bridge.scanner.hid_keys import KeyAssembler
from firmware_bridge.scanner.line import CodeAssembler
from firmware_bridge.scanner.ssi_session import SsiSession
from firmware_bridge.scanner.triggers import LONGEST_REPLY, ReplyFilter
from firmware_bridge.ups import StatusEar, StatusWatch
from tests.bridge.test_card_reader import whole
from tests.bridge.test_scanner_hid import ENTER, stroke, typed
from tests.fuzz.hunt import hunt
from tests.fuzz.mutation import spoil
from tests.fuzz.serial_laws import LOCK_BOARDS, OTHER_LINES, sound_frames, ssi_sound

CHANNELS: Final = {"8a80": 24, "cu16": 16, "wkly": 24, "dongcheng": 24, "winnsen": 16}


def spoilt_talk(good: list[bytes]) -> Callable[[random.Random], bytes]:
    """Some frames in a row, with damage anywhere."""

    def make(chance: random.Random) -> bytes:
        said = b"".join(chance.choice(good) for _ in range(chance.randrange(1, 4)))
        return spoil(chance, said, good)

    return make


def chunked(data: bytes) -> Iterator[bytes]:
    """As the wire might cut it; the same for the same bytes."""
    chance = random.Random(data)
    cuts = sorted(chance.randrange(len(data) + 1) for _ in range(3))
    for start, end in pairwise([0, *cuts, len(data)]):
        yield data[start:end]


@pytest.mark.parametrize("board", sorted(LOCK_BOARDS))
def test_no_door_of_a_lock_board_opens_by_a_broken_frame(board: str) -> None:
    good = LOCK_BOARDS[board]
    row = DIALECTS[board]

    def try_one(said: bytes) -> None:
        codec = row.speak(CHANNELS[board])
        for question in (Unlock(1, 7), AskOne(1, 7) if row.one_by_one else AskAll(1)):
            codec.encode(question)
        assembler = Assembler(codec.look)
        heard = [item for chunk in chunked(said) for item in assembler.feed(chunk)]
        heard += assembler.quiet()
        assert assembler.pending == 0
        out = b"".join(bytes([one.byte]) if isinstance(one, FrameError) else one for one in heard)
        assert out == said
        sound = set(sound_frames(board, said))
        for frame in heard:
            if isinstance(frame, FrameError):
                continue
            reply = codec.decode(frame)
            if isinstance(reply, AllBits | OneBit | Moved):
                assert frame in sound, f"{reply} from {frame.hex(' ')}"

    hunt(f"lock-board-{board}", spoilt_talk(good), try_one)


def test_every_code_of_a_line_scanner_is_printable_and_short() -> None:
    def try_one(said: bytes) -> None:
        for silence_ends in (False, True):
            codes, now_s = CodeAssembler(silence_ends=silence_ends), 1.0
            for chunk in (*chunked(said), b""):
                now_s += 0.01 if chunk else 1.0
                check_codes(codes.feed(chunk, now_s))
            check_codes(codes.quiet(now_s + 1.0))
            assert not codes.begun

    hunt("line-scanner", spoilt_talk(OTHER_LINES["line"]), try_one)


def test_every_code_of_a_scanner_that_types_is_printable_and_short() -> None:
    good = [typed(text) + stroke(ENTER) for text in ("YT77-0012", "SF1234567890123")]

    def try_one(said: bytes) -> None:
        keys, now_s = KeyAssembler(silence_ends=True), 1.0
        for chunk in chunked(said):
            now_s += 0.01
            check_codes(keys.feed(chunk, now_s))
        check_codes(keys.quiet(now_s + 1.0))

    hunt("hid-scanner", spoilt_talk(good), try_one)


def check_codes(items: Iterator[object]) -> None:
    for item in items:
        if isinstance(item, Code):
            assert item.text
            assert item.text.isascii()
            assert item.text.isprintable()
            assert len(item.text) <= MAX_BYTES


def test_an_ssi_scanner_tells_no_code_that_was_in_no_sound_packet() -> None:
    def try_one(said: bytes) -> None:
        for pulled in (False, True):
            talk, now_s = SsiSession(0.0, pulled=pulled), 0.0
            told: list[str] = []
            for chunk in (*chunked(said), b""):
                now_s += 0.01 if chunk else 1.0
                heard = (*talk.tick(now_s), *talk.feed(chunk, now_s))
                told += [event.text for event in heard if isinstance(event, Code)]
                assert talk.wait_s(now_s) >= 0
            carried = [packet[5:].rstrip(b"\r\n\t") for packet in ssi_sound(said)]
            assert all(text.encode() in carried for text in told)

    hunt("ssi-scanner", spoilt_talk(OTHER_LINES["ssi"]), try_one)


def test_replies_to_a_trigger_are_filtered_without_losing_more_than_one() -> None:
    def try_one(said: bytes) -> None:
        replies = ReplyFilter()
        for chunk in chunked(said):
            assert len(replies.feed(chunk, 1.0)) <= len(chunk) + LONGEST_REPLY

    hunt("triggers", spoilt_talk(OTHER_LINES["triggers"] + OTHER_LINES["line"]), try_one)


def test_a_scale_tells_grams_within_what_a_counter_bears() -> None:
    def try_one(said: bytes) -> None:
        watch = ScaleWatch()
        assembler, ear = Assembler(toledo.look), LineEar()
        for chunk in chunked(said):
            readings = [
                toledo.read(one) for one in assembler.feed(chunk) if not isinstance(one, FrameError)
            ]
            for reading in (*readings, *ear.feed(chunk)):
                load = watch.take(reading, 1.0)
                for one in (reading, load):
                    if isinstance(one, Load):
                        assert -MOST_GRAMS <= one.grams <= MOST_GRAMS

    good = OTHER_LINES["toledo8217"] + OTHER_LINES["continuous"]
    hunt("scales", spoilt_talk(good), try_one)


def test_a_card_reader_tells_no_card_whose_number_does_not_add_up() -> None:
    def try_one(said: bytes) -> None:
        watch, assembler = card_reader.CardWatch(), Assembler(card_reader.look)
        for chunk in chunked(said):
            for frame in assembler.feed(chunk):
                if isinstance(frame, FrameError):
                    continue
                card = watch.answered(frame)
                if isinstance(card, card_reader.CardText):
                    weights = [2**n % 11 for n in range(17, -1, -1)]
                    digits = [10 if one == "X" else int(one) for one in card.number]
                    total = sum(one * two for one, two in zip(digits, weights, strict=True))
                    assert total % 11 == 1
                    assert card.name.strip()
        assert assembler.pending < card_reader.LONGEST

    good = OTHER_LINES["sdt"]
    talk = b"".join(good[3:6])

    def make(chance: random.Random) -> bytes:
        if chance.random() < 0.3:  # damage behind the check: a reader with a fault of its own
            text = spoil(chance, good[-1][14:270], [good[-1]])[:256].ljust(256, b"\0")
            return good[3] + good[5] + whole(text=text)
        answers = [good[3], good[5], good[-1]] if chance.random() < 0.5 else [talk, *good]
        return b"".join(
            spoil(chance, one, good) if chance.random() < 0.3 else one for one in answers[:4]
        )

    hunt("card-reader", make, try_one)


def test_a_supply_tells_a_share_and_nothing_from_half_a_line() -> None:
    def try_one(said: bytes) -> None:
        ear, watch = StatusEar(), StatusWatch()
        for chunk in chunked(said):
            for status in ear.feed(chunk):
                supply = watch.take(status) if status is not None else None
                if supply is not None and supply.battery_percent is not None:
                    assert 0 <= supply.battery_percent <= 100

    good = OTHER_LINES["megatec"]

    def twice(chance: random.Random) -> bytes:
        said = spoil(chance, chance.choice(good), good)
        return said * 2  # bad news is believed the second time

    hunt("ups", spoilt_talk(good), try_one)
    hunt("ups-twice", twice, try_one)


def test_any_byte_of_a_printer_is_read_or_is_none() -> None:
    for byte in range(256):
        conditions = [receipt_printer.read_answer(t, byte) for t in receipt_printer.Topic]
        conditions += [receipt_printer.read_in_turn(byte)]
        assert all(one is None or isinstance(one, receipt_printer.Condition) for one in conditions)
        label_printer.read_answer(byte)
