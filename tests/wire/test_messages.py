"""Messages: there and back, and whatever else arrives is refused in one way, cheaply."""

import hashlib
import tracemalloc

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_sync.wire.framing import dictionary
from cloud_sync.wire.framing.payload import MAX_PAYLOAD, VERSION, pack, unpack
from cloud_sync.wire.messages import (
    MAX_MESSAGE,
    MAX_UNPACKED,
    Ack,
    Batch,
    Goodbye,
    Heartbeat,
    Hello,
    Message,
    MessageError,
    Position,
    Welcome,
)
from tests.wire.bombs import bomb

PLACE = Position(epoch=1, seq=7, hash="ab" * 32)
EXAMPLES: list[Message] = [
    Hello(nonce="n", head=PLACE, oldest_seq=1, boot=3, software="0.1.0", cells=24),
    Welcome(
        nonce="n",
        session="s",
        county_gen="1-ab",
        verdict="ok",
        applied=PLACE,
        durable_seq=2,
        county_time_ms=1_790_000_000_000,
    ),
    Batch(session="s", previous=PLACE, facts=[msgspec.Raw(b'{"seq":8}')], last="cd" * 32),
    Batch(session="s", previous=PLACE, facts=[]),
    Ack(session="s", county_gen="1-ab", applied=PLACE, durable_seq=2, note="gap"),
    Heartbeat(boot=3, up_ms=9, head_seq=7, waiting=0, devices={"打印机": "缺纸"}, simulated=True),
    Goodbye(clean=True),
]


def wire(plain: bytes) -> bytes:
    """Bytes that look like a message from outside."""
    return bytes([VERSION, 0]) + dictionary.compress(plain, dictionary.MESSAGES)


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda message: type(message).__name__)
def test_a_message_arrives_as_it_was_sent(message: Message) -> None:
    assert unpack(pack(message)) == message


@given(
    st.binary(max_size=2_000)
    | st.builds(
        lambda kind, noise: bytes([VERSION, kind]) + noise,
        st.integers(0, 2),
        st.binary(max_size=2_000),
    )
)
def test_random_bytes_are_refused_in_one_way(noise: bytes) -> None:
    with pytest.raises(MessageError):
        unpack(noise)


@given(st.binary(max_size=500))
def test_random_bytes_well_packed_are_refused_in_one_way(noise: bytes) -> None:
    with pytest.raises(MessageError):
        unpack(wire(noise))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
_FIELDS = st.sampled_from(
    ["nonce", "session", "head", "applied", "previous", "facts", "last", "boot", "devices", "clean"]
)
_TYPES = st.sampled_from(["hello", "welcome", "batch", "ack", "heartbeat", "goodbye", "open", ""])


@given(_TYPES, st.dictionaries(_FIELDS, _JSON, max_size=6))
def test_json_that_is_nearly_a_message_is_read_or_refused(
    kind: str, fields: dict[str, object]
) -> None:
    plain = msgspec.json.encode({"type": kind, **fields})
    try:
        message = unpack(wire(plain))
    except MessageError:
        return
    assert unpack(pack(message)) == message


@given(st.sampled_from(EXAMPLES), st.data())
def test_a_cut_or_lengthened_message_is_refused(message: Message, data: st.DataObject) -> None:
    whole = pack(message)
    cut = data.draw(st.integers(0, len(whole) - 1))
    for broken in (whole[:cut], whole + b"\0", whole + whole):
        with pytest.raises(MessageError):
            unpack(broken)


@pytest.mark.parametrize("says_its_size", [True, False])
@pytest.mark.parametrize("before", [b"\2\0", b"\2\1\xff\xff"], ids=["plain", "batch"])
def test_a_decompression_bomb_is_refused_without_room_for_it(
    before: bytes, *, says_its_size: bool
) -> None:
    message = before + bomb(dictionary.MESSAGES, says_its_size=says_its_size)
    assert len(message) < MAX_PAYLOAD
    tracemalloc.start()
    try:
        with pytest.raises(MessageError, match="after decompression"):
            unpack(message)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * MAX_UNPACKED


@pytest.mark.parametrize(
    "plain",
    [
        b"[" * 100_000,
        b'{"type":"goodbye","clean":' + b"[" * 100_000,
    ],
)
def test_json_nested_too_deep_is_refused(plain: bytes) -> None:
    with pytest.raises(MessageError):
        unpack(wire(plain))


def test_a_message_of_another_version_is_refused() -> None:
    good = pack(Goodbye(clean=True))
    with pytest.raises(MessageError, match="version"):
        unpack(bytes([VERSION + 1]) + good[1:])


def test_facts_in_json_are_refused() -> None:
    batch = Batch(session="s", previous=PLACE, facts=[])
    with pytest.raises(MessageError, match="columns"):
        unpack(wire(msgspec.json.encode(batch)))


def test_a_field_that_this_version_does_not_know_is_refused() -> None:
    with pytest.raises(MessageError):
        unpack(wire(b'{"type":"goodbye","clean":true,"open":7}'))


def test_what_is_too_long_for_a_broker_is_neither_sent_nor_read() -> None:
    noise = "".join(hashlib.sha512(b"%d" % n).hexdigest() for n in range(1_200))
    large = Heartbeat(
        boot=1, up_ms=1, head_seq=1, waiting=0, devices={"noise": noise}, simulated=False
    )
    with pytest.raises(MessageError, match=f"above {MAX_MESSAGE}"):
        pack(large)
    with pytest.raises(MessageError, match=f"above {MAX_MESSAGE}"):
        unpack(wire(msgspec.json.encode(large)))


def test_facts_travel_as_the_very_bytes_of_the_journal() -> None:
    fact = b'{"b":1,  "a":"\xe6\x9d\x91"}'  # spacing that no encoder of ours would choose
    batch = unpack(pack(Batch(session="s", previous=PLACE, facts=[msgspec.Raw(fact)])))
    assert isinstance(batch, Batch)
    assert [bytes(raw) for raw in batch.facts] == [fact]


def test_a_thousand_facts_and_six_hundred_thousand_bytes_fit_one_message() -> None:
    facts = [
        b'{"actor":"station","body":{"cell":%d,"note":"%s"},"boot":1,"epoch":1,"kind":"door.shut",'
        b'"mono_ms":%d,"schema":1,"seq":%d,"wall_hi":null,"wall_lo":%d}'
        % (n % 60 + 1, b"x" * 480, n * 7_001, n, n * 7_001)
        for n in range(1, 1_001)
    ]
    assert sum(map(len, facts)) > 600_000
    batch = Batch(session="s", previous=PLACE, facts=[msgspec.Raw(fact) for fact in facts])
    assert unpack(pack(batch)) == batch


def test_an_empty_batch_costs_about_as_much_as_its_hashes() -> None:
    session, digest = "5e" * 16, hashlib.sha256(b"").hexdigest()
    place = Position(epoch=1, seq=7_000, hash=digest)
    assert len(pack(Batch(session=session, previous=place, facts=[], last=""))) < 100
