"""Frames: what was said here, by whom it was said and for whom, or a MessageError."""

import hashlib
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from cloud_sync.wire.broker.topics import topic
from cloud_sync.wire.framing.frame import (
    NONCE,
    VERSION,
    StrangerError,
    read_signed,
    receiver_of,
    seal,
    sign_only,
    unseal,
)
from cloud_sync.wire.framing.payload import pack
from cloud_sync.wire.messages import (
    Goodbye,
    Message,
    MessageError,
)
from cloud_sync.wire.trust.identity import Identity
from edge.kernel.ids import CountyId, StationId
from tests.wire.ends import (
    ACK,
    BATCH,
    COUNTY,
    DEXING,
    DOWN,
    NO,
    ONCE,
    QINGSHAN,
    STATION,
    STRANGER,
    UP,
    at_the_county,
    county_codec,
    frame,
    knows,
    station_codec,
)
from tests.wire.test_identity import hkdf

# -- what is said arrives


@pytest.mark.parametrize("message", [BATCH, Goodbye(clean=True)], ids=["batch", "goodbye"])
def test_what_a_station_seals_the_county_reads(message: Message) -> None:
    wire = station_codec().pack("up", message)
    assert county_codec().unpack("up", wire) == message


def test_what_the_county_seals_the_station_reads() -> None:
    assert station_codec().unpack("dn", county_codec().pack("dn", ACK)) == ACK


def test_a_replayed_frame_is_the_same_message_again() -> None:
    wire, county = station_codec().pack("up", BATCH), county_codec()
    assert county.unpack("up", wire) == county.unpack("up", wire) == BATCH


def test_a_frame_says_for_which_key_it_is_sealed() -> None:
    assert receiver_of(frame()) == COUNTY.public.key_id
    for short in (b"", frame()[:16], bytes([VERSION + 1]) + frame()[1:]):
        with pytest.raises(MessageError):
            receiver_of(short)


def test_the_same_message_never_looks_the_same() -> None:
    codec = station_codec()
    frames = {codec.pack("up", BATCH) for _ in range(200)}
    nonces = {wire[17 : 17 + NONCE] for wire in frames}
    assert len(frames) == len(nonces) == 200


# -- golden bytes


def _raw(name: str) -> tuple[Ed25519PrivateKey, X25519PrivateKey]:
    secret = hashlib.sha256(name.encode()).digest()
    return (
        Ed25519PrivateKey.from_private_bytes(hkdf(secret, b"cunyi signs")),
        X25519PrivateKey.from_private_bytes(hkdf(secret, b"cunyi seals frames")),
    )


def _both(keys: tuple[Ed25519PrivateKey, X25519PrivateKey]) -> bytes:
    return b"".join(key.public_key().public_bytes_raw() for key in keys)


def test_a_sealed_frame_is_what_the_guide_says_byte_for_byte() -> None:
    mine, theirs = _raw("station"), _raw("county")
    header = b"\x02" + b"".join(hashlib.sha256(_both(e)).digest()[:8] for e in (mine, theirs))
    where = b"v1/dexing/qingshan-01/up"
    bound = header + len(where).to_bytes(2, "big") + where
    text = b"cunyi frame 2 sealed\0" + _both(theirs) + bound + ONCE + pack(BATCH)
    public = theirs[1].public_key().public_bytes_raw()
    shared = mine[1].exchange(X25519PublicKey.from_public_bytes(public))
    pair = b"".join(sorted([mine[1].public_key().public_bytes_raw(), public]))
    box = ChaCha20Poly1305(hkdf(shared + pair, b"cunyi box 1"))
    sealed = box.encrypt(ONCE, mine[0].sign(text) + pack(BATCH), bound)
    assert frame() == header + ONCE + sealed


def test_a_frame_that_is_signed_only_is_what_the_guide_says_byte_for_byte() -> None:
    keys = _raw("county")
    header = b"\x02" + hashlib.sha256(_both(keys)).digest()[:8] + bytes(8)
    where = b"v1/dexing/qingshan-01/dn"
    text = b"cunyi frame 2 signed\0" + header + b"\x00\x18" + where + pack(NO)
    assert sign_only(NO, DOWN, COUNTY) == header + keys[0].sign(text) + pack(NO)


GOODBYE = bytes.fromhex(
    "022205ecdf9c424320b6e278879742e4b6000102030405060708090a0bd2d6dc7dc0273050db4cc8075947c6"
    "141fa472895670544e5d4a539a11359e5a1a19e6d9999b17c37ad82267c6b5b9874e9af16a9658b89bf0fae6"
    "63454f9d7147fb88c5841fdb161db991e26fc9e7ca6dda6376f6f776a697290ec802bf2825d0c40648"
)
"""What the station of these tests said on `tel`; the compressor may find other bytes one day."""


def test_a_frame_of_the_first_release_is_read_for_ever() -> None:
    assert at_the_county(GOODBYE, topic(DEXING, QINGSHAN, "tel")) == Goodbye(clean=True)


# -- what was changed or carried elsewhere


def _flips(wire: bytes) -> Iterator[bytes]:
    for place in range(len(wire) * 8):
        flipped = bytearray(wire)
        flipped[place // 8] ^= 1 << place % 8
        yield bytes(flipped)


@pytest.mark.parametrize(
    "message", [BATCH, Goodbye(clean=True), ACK], ids=["batch", "goodbye", "ack"]
)
def test_each_single_flipped_bit_is_refused(message: Message) -> None:
    wire = frame(message)
    assert at_the_county(wire) == message
    for flipped in _flips(wire):
        with pytest.raises(MessageError):
            at_the_county(flipped)


def test_each_single_flipped_bit_of_a_frame_that_is_signed_only_is_refused() -> None:
    wire, station = sign_only(NO, DOWN, COUNTY), station_codec()
    assert station.unpack("dn", wire) == NO
    for flipped in _flips(wire):
        with pytest.raises(MessageError):
            station.unpack("dn", flipped)


def test_every_cut_and_every_longer_frame_is_refused() -> None:
    wire = frame()
    for length in range(len(wire)):
        with pytest.raises(MessageError):
            at_the_county(wire[:length])
    for more in (b"\0", b"\x02", wire):
        with pytest.raises(MessageError):
            at_the_county(wire + more)
        with pytest.raises(MessageError):
            at_the_county(more + wire)


ELSEWHERE = [
    topic(DEXING, QINGSHAN, "dn"),
    topic(DEXING, QINGSHAN, "ask"),
    topic(DEXING, QINGSHAN, "tel"),
    topic(DEXING, StationId("qingshan-02"), "up"),
    topic(CountyId("dexin"), QINGSHAN, "up"),
    UP[:-1],
    UP + "p",
    "",
]


@pytest.mark.parametrize("where", ELSEWHERE)
def test_a_frame_carried_to_another_topic_is_refused(where: str) -> None:
    with pytest.raises(MessageError, match="seal is broken"):
        at_the_county(frame(), where)
    with pytest.raises(MessageError, match="signature"):
        read_signed(sign_only(NO, UP, COUNTY), where, knows(COUNTY).get)


def test_a_frame_carried_to_another_station_lane_or_county_is_refused_by_the_codec() -> None:
    wire = station_codec().pack("up", BATCH)
    for codec, lane in (
        (county_codec(station=StationId("qingshan-02")), "up"),
        (county_codec(county=CountyId("wuyuan")), "up"),
        (county_codec(), "ask"),
        (county_codec(), "tel"),
    ):
        with pytest.raises(MessageError):
            codec.unpack(lane, wire)


def test_nobody_takes_a_frame_of_his_own_for_the_other_ends() -> None:
    everybody = knows(STATION, COUNTY).get
    for lane in ("up", "dn", "ask", "ans", "tel"):
        where = topic(DEXING, QINGSHAN, lane)
        for end, other in ((STATION, COUNTY), (COUNTY, STATION)):
            mine = frame(ACK, where, end, other.public)
            with pytest.raises(MessageError, match="somebody else"):
                unseal(mine, where, end, everybody)
    with pytest.raises(StrangerError):
        station_codec().unpack("up", station_codec().pack("up", BATCH))


def test_a_reflected_frame_with_its_ends_exchanged_is_refused() -> None:
    wire = frame()
    turned = wire[:1] + wire[9:17] + wire[1:9] + wire[17:]
    with pytest.raises(MessageError, match="seal is broken"):
        unseal(turned, UP, STATION, knows(COUNTY).get)


def test_parts_of_two_frames_make_no_third() -> None:
    one = frame()
    two = seal(Goodbye(clean=True), UP, STATION, COUNTY.public, bytes(NONCE))
    for cut in (17 + NONCE, 17 + NONCE + 64, len(two) - 16):
        for mixed in (one[:cut] + two[cut:], two[:cut] + one[cut:]):
            with pytest.raises(MessageError):
                at_the_county(mixed)


# -- who may speak


def test_a_key_that_nobody_knows_is_a_strangers() -> None:
    wire = frame(sender=STRANGER)
    with pytest.raises(StrangerError):
        at_the_county(wire)
    with pytest.raises(StrangerError):
        county_codec().unpack("up", wire)
    with pytest.raises(StrangerError):
        station_codec().unpack("dn", sign_only(NO, DOWN, STRANGER))


def test_a_stranger_gains_nothing_by_a_known_name() -> None:
    wire = bytearray(frame(sender=STRANGER))
    wire[1:9] = bytes.fromhex(STATION.public.key_id)
    with pytest.raises(MessageError, match="seal is broken"):
        at_the_county(bytes(wire))


def test_a_frame_for_somebody_else_is_refused() -> None:
    with pytest.raises(MessageError, match="somebody else"):
        at_the_county(frame(receiver=STRANGER.public))


def _sealed_by_hand(text: bytes, signer: Identity, box_of: Identity) -> bytes:
    """A frame as a thief would make it: sealed with one end's secret, signed by whom he likes."""
    names = bytes.fromhex(STATION.public.key_id) + bytes.fromhex(COUNTY.public.key_id)
    header = bytes([VERSION]) + names
    bound = header + len(UP).to_bytes(2, "big") + UP.encode()
    other = COUNTY.public if box_of is STATION else STATION.public
    signed = b"cunyi frame 2 sealed\0" + COUNTY.public.whole + bound + ONCE + text
    sealed = box_of.box_with(other).encrypt(ONCE, signer.sign(signed) + text, bound)
    return header + ONCE + sealed


def test_the_countys_stolen_secret_does_not_let_the_thief_speak_for_a_station_to_it() -> None:
    assert at_the_county(_sealed_by_hand(pack(BATCH), STATION, COUNTY)) == BATCH
    with pytest.raises(MessageError, match="signature"):
        at_the_county(_sealed_by_hand(pack(BATCH), COUNTY, COUNTY))
    with pytest.raises(MessageError, match="signature"):
        at_the_county(_sealed_by_hand(pack(BATCH), STRANGER, COUNTY))


def test_what_the_right_end_says_must_be_a_message_of_ours() -> None:
    for text in (b"", b"\x02", b"\x01" + pack(BATCH)[1:], pack(BATCH)[:-1], b"open the door"):
        with pytest.raises(MessageError):
            at_the_county(_sealed_by_hand(text, STATION, STATION))
