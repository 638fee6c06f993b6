"""Frames at their limits: signed only, keys that are none, sizes, noise; and what shows outside."""

import random
from collections.abc import Callable, Iterator

import msgspec
import pytest

from cloud_sync.wire.framing.frame import (
    VERSION,
    read_signed,
    sign_only,
    unseal,
)
from cloud_sync.wire.framing.payload import MAX_PAYLOAD, SEAL_BYTES, pack
from cloud_sync.wire.messages import (
    MAX_MESSAGE,
    Batch,
    Goodbye,
    Heartbeat,
    Message,
    MessageError,
)
from cloud_sync.wire.trust.identity import PublicIdentity
from tests.wire.ends import (
    ACK,
    BATCH,
    COUNTY,
    DOWN,
    NO,
    PLACE,
    STATION,
    UP,
    at_the_county,
    county_codec,
    frame,
    identity,
    knows,
    station_codec,
)
from tests.wire.test_identity import NOTHING_IS_SEALED_FOR

# -- signed only


def test_only_one_message_travels_unsealed() -> None:
    header = bytes([VERSION]) + bytes.fromhex(COUNTY.public.key_id) + bytes(8)
    bound = header + len(DOWN).to_bytes(2, "big") + DOWN.encode()
    for message in (ACK, Goodbye(clean=True), BATCH):
        text = pack(message)
        wire = header + COUNTY.sign(b"cunyi frame 2 signed\0" + bound + text) + text
        with pytest.raises(MessageError, match="only one message"):
            station_codec().unpack("dn", wire)


def test_a_sealed_frame_is_not_taken_for_one_that_is_signed_only() -> None:
    with pytest.raises(MessageError, match="signed only"):
        read_signed(frame(ACK, DOWN, COUNTY, STATION.public), DOWN, knows(COUNTY).get)


def test_a_signature_of_one_kind_of_frame_is_none_of_the_other() -> None:
    # NotEnrolled may travel sealed, too; its signature must not serve without the seal.
    text = pack(NO)
    header = bytes([VERSION]) + bytes.fromhex(COUNTY.public.key_id) + bytes(8)
    bound = header + len(DOWN).to_bytes(2, "big") + DOWN.encode()
    signature = COUNTY.sign(b"cunyi frame 2 sealed\0" + bound + text)
    with pytest.raises(MessageError, match="signature"):
        read_signed(header + signature + text, DOWN, knows(COUNTY).get)


# -- keys that are none


@pytest.mark.parametrize("point", NOTHING_IS_SEALED_FOR)
def test_nothing_is_sealed_for_or_believed_of_a_point_of_small_order(point: str) -> None:
    hollow = PublicIdentity(sign=STATION.public.sign, seal=bytes.fromhex(point))
    with pytest.raises(MessageError, match="such a key"):
        frame(receiver=hollow)
    wire = bytes([VERSION]) + bytes.fromhex(hollow.key_id) + frame()[9:]
    with pytest.raises(MessageError, match="seal is broken"):
        unseal(wire, UP, COUNTY, {hollow.key_id: hollow}.get)


# -- sizes


def test_a_frame_is_as_much_larger_than_its_payload_as_the_limit_allows_for() -> None:
    assert len(frame()) == len(pack(BATCH)) + SEAL_BYTES
    assert MAX_PAYLOAD + SEAL_BYTES == MAX_MESSAGE


def test_the_largest_message_fits_and_one_above_is_refused() -> None:
    chance = random.Random(1)
    noise = chance.randbytes(MAX_PAYLOAD)

    def batch(length: int) -> Batch:
        return Batch(session="", previous=PLACE, facts=[msgspec.Raw(noise[:length])])

    over = len(pack(batch(60_000))) - 60_000
    fits = MAX_PAYLOAD - over
    assert len(frame(batch(fits))) == MAX_MESSAGE
    assert at_the_county(frame(batch(fits))) == batch(fits)
    with pytest.raises(MessageError, match=f"above {MAX_MESSAGE}"):
        frame(batch(fits + 1))


def test_a_frame_above_the_limit_is_refused_unread() -> None:
    asked: list[str] = []

    def lookup(key_id: str) -> None:
        asked.append(key_id)

    with pytest.raises(MessageError, match="size"):
        unseal(frame().ljust(MAX_MESSAGE + 1, b"\0"), UP, COUNTY, lookup)
    assert asked == []


# -- whatever else


def _mutants(chance: random.Random, count: int) -> Iterator[bytes]:
    sound = [frame(), frame(ACK, DOWN, COUNTY, STATION.public), sign_only(NO, UP, STATION)]
    for _ in range(count):
        wire = bytearray(chance.choice(sound))
        match chance.randrange(5):
            case 0:
                wire[17:] = chance.randbytes(chance.randrange(200))
            case 1:
                wire[chance.randrange(len(wire))] = chance.randrange(256)
                wire[chance.randrange(len(wire))] ^= 1 << chance.randrange(8)
            case 2:
                del wire[chance.randrange(len(wire)) :]
            case 3:
                place = chance.randrange(len(wire))
                wire[place:place] = chance.randbytes(chance.randrange(1, 9))
            case _:
                wire[:] = chance.randbytes(chance.randrange(300))
        yield bytes(wire)


def test_a_hundred_thousand_mutants_are_refused_in_one_way() -> None:
    chance, county = random.Random(2), county_codec()
    sound = {frame(), sign_only(NO, UP, STATION)}
    readers: list[Callable[[bytes], object]] = [
        at_the_county,
        lambda wire: county.unpack("up", wire),
        lambda wire: read_signed(wire, UP, knows(STATION, COUNTY).get),
    ]
    refused = 0
    for wire in _mutants(chance, 100_000):
        if wire in sound:
            continue
        with pytest.raises(MessageError):
            chance.choice(readers)(wire)
        refused += 1
    assert refused > 99_000


def test_no_canary_shows_in_a_frame() -> None:
    canaries = ["13800138000", "王大姐", "48213765", "YT7700123456789", "CY1:CANARY", "13800"]
    body = {"keeper": "王大姐", "tail": "13800138000", "code": "48213765", "note": "CY1:CANARY"}
    fact = b'{"actor":"keeper","body":' + msgspec.json.encode(body) + b',"boot":1,"epoch":1}'
    messages: list[Message] = [
        Batch(session="YT7700123456789", previous=PLACE, facts=[msgspec.Raw(fact)] * 3),
        Heartbeat(
            boot=1, up_ms=1, head_seq=1, waiting=0, devices={c: c for c in canaries}, simulated=True
        ),
    ]
    for message in messages:
        wire = station_codec().pack("up", message)
        assert county_codec().unpack("up", wire) == message
        for canary in canaries:
            for spelled in (canary.encode(), canary.encode("utf-16-le"), canary[::-1].encode()):
                assert spelled not in wire


def test_a_new_identity_reads_nothing_that_was_said_to_the_old_one() -> None:
    with pytest.raises(MessageError):
        unseal(frame(), UP, identity("new county"), knows(STATION).get)
