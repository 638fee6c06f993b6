"""Frames and payloads, spoilt: the seal refuses the first, and the second are messages or none."""

import random

import msgspec
import pytest

from cloud_sync.wire.framing import dictionary
from cloud_sync.wire.framing.frame import sign_only
from cloud_sync.wire.framing.payload import pack, unpack
from cloud_sync.wire.messages import Batch, Goodbye, Message, MessageError
from tests.county.village import Village
from tests.fuzz.good_messages import (
    Spoiler,
    downward,
    every_kind,
    is_message_error,
    senseless,
    spoilt_bytes,
    upward,
)
from tests.fuzz.hunt import hunt
from tests.fuzz.mutation import spoil
from tests.wire.bombs import bomb
from tests.wire.ends import (
    ACK,
    BATCH,
    COUNTY,
    DOWN,
    NO,
    county_codec,
    frame,
    station_codec,
)


def every_message() -> list[Message]:
    village = Village()
    village.tell("station.started", version="0.1.0")
    village.check_in("YT7700123456", 7)
    village.pick_up("YT7700123456", 7)
    batch = village.batch("5e" * 16, 0)
    return [*upward(village.hello(), batch), *downward(village.hello(), "5e" * 16)]


def test_there_is_a_good_example_of_every_message_and_each_is_read() -> None:
    examples = every_message()
    assert every_kind(examples)
    assert [unpack(pack(one)) for one in examples] == examples


def test_the_county_takes_no_spoilt_frame_for_a_message() -> None:
    good = [frame(BATCH), frame(Goodbye(clean=True)), frame(ACK)]
    codec = county_codec()

    def try_one(wire: bytes) -> None:
        assert wire in good or is_message_error(lambda: codec.unpack("up", wire))

    hunt("frames-up", lambda chance: spoil(chance, chance.choice(good), good), try_one)


def test_a_station_takes_no_spoilt_frame_for_a_message() -> None:
    good = [county_codec().pack("dn", ACK), sign_only(NO, DOWN, COUNTY)]
    codec = station_codec()

    def try_one(wire: bytes) -> None:
        assert wire in good or is_message_error(lambda: codec.unpack("dn", wire))

    hunt("frames-down", lambda chance: spoil(chance, chance.choice(good), good), try_one)


@pytest.mark.parametrize("spoiler", [spoilt_bytes, senseless])
def test_a_spoilt_payload_is_a_message_or_none_and_what_is_read_can_be_written(
    spoiler: Spoiler,
) -> None:
    examples = every_message()
    read: list[Message] = []

    def try_one(payload: bytes) -> None:
        try:
            message = unpack(payload)
        except MessageError:
            return
        if not read:
            read.append(message)
        if isinstance(message, Batch):
            assert unpack(pack(message)) == message
        else:
            msgspec.json.encode(message)

    def make(chance: random.Random) -> bytes:
        return spoiler(chance, chance.choice(examples))

    hunt(f"payload-{spoiler.__name__}", make, try_one)
    assert read, "nothing spoilt was ever a message: these mutations do not come far"


def test_a_bomb_with_damage_anywhere_is_refused_in_bounded_memory() -> None:
    bombs = [
        bytes([2, 0]) + bomb(number, says_its_size=says)
        for number in dictionary.FILES
        for says in (True, False)
    ]
    bombs += [bytes([2, 1, 0, 40]) + one[2:] for one in bombs]

    def try_one(payload: bytes) -> None:
        assert is_message_error(lambda: unpack(payload))

    hunt("bombs", lambda chance: spoil(chance, chance.choice(bombs), bombs), try_one)
