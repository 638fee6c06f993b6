"""Facts as columns: the same bytes come out again, whatever they are, and nothing else is read."""

import itertools
import random
import tracemalloc

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_sync.wire.bodies.registry import BODIES
from cloud_sync.wire.envelope import Envelope, encode
from cloud_sync.wire.framing import dictionary
from cloud_sync.wire.framing.columns import (
    MAX_COLUMNS,
    MAX_FACTS,
    decode_facts,
    encode_facts,
    lay_out,
)
from cloud_sync.wire.messages import MAX_UNPACKED, MessageError
from edge.tools.measures.village_month import month_of_facts
from tests.wire.bodies_at_random import bodies_of
from tests.wire.bombs import bomb

VILLAGE = month_of_facts(11, 2)
NUMBERS = st.integers(0, 2**53 - 1)
ENVELOPES = st.sampled_from(sorted(BODIES)).flatmap(
    lambda key: st.builds(
        Envelope,
        epoch=NUMBERS,
        seq=NUMBERS,
        boot=NUMBERS,
        mono_ms=NUMBERS,
        wall_lo=NUMBERS,
        wall_hi=st.none() | NUMBERS,
        kind=st.just(key[0]),
        schema=st.just(key[1]),
        actor=st.text(max_size=12),
        body=bodies_of(BODIES[key]),
    )
)
TEMPLATE = (
    b'{"actor":"a","body":%b,"boot":1,"epoch":1,"kind":"k","mono_ms":1,"schema":1,"seq":1,'
    b'"wall_hi":null,"wall_lo":1}'
)


def packed(clear: bytes, noise: bytes = b"") -> bytes:
    """Columns as somebody else might write them."""
    frame = dictionary.compress(clear, dictionary.FACTS)
    return len(frame).to_bytes(3, "big") + frame + noise


# -- there and back


@given(st.lists(st.binary(max_size=200), max_size=30))
def test_any_bytes_come_back(facts: list[bytes]) -> None:
    assert decode_facts(encode_facts(facts)) == facts


@given(st.lists(ENVELOPES.map(encode) | st.binary(max_size=60), max_size=30))
def test_any_facts_come_back_among_whatever_else(facts: list[bytes]) -> None:
    assert decode_facts(encode_facts(facts)) == facts


@given(st.integers(0, len(VILLAGE)), st.integers(1, 1_000))
def test_a_villages_facts_come_back(start: int, count: int) -> None:
    facts = VILLAGE[start : start + count]
    assert decode_facts(encode_facts(facts)) == facts


@pytest.mark.parametrize(
    "fact",
    [
        TEMPLATE % b"{}",
        TEMPLATE
        % b'{"a":1.5,"b":-0,"c":1e400,"d":true,"e":null,"f":[{"x":[]}],"g":123456789012345678901}',
        TEMPLATE % b'{"b":1,"a":2}',
        TEMPLATE % b'{"a":1,"a":1}',
        TEMPLATE % b'{"a": 1}',
        TEMPLATE % b'{"%d%b%%":"%s"}',
        TEMPLATE % b'{"":"","\xe6\x9d\x91":"\\u6751","\\n":"\\u0000"}',
        TEMPLATE % b'{"a":"\\ud800"}',
        TEMPLATE % (b'{"a":"' + b"0123456789abcdef" * 80 + b'","b":"' + b"a" * 25 + b'"}'),
        TEMPLATE % b'{"a":"\x01\x0c"}',
        TEMPLATE % b'{"a":"\x00"}',
        TEMPLATE % b'{"a":"\xff"}',
        TEMPLATE % (b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}"),
        TEMPLATE.replace(b'"boot":1', b'"boot":-1') % b"{}",
        TEMPLATE.replace(b'"boot":1', b'"boot":9007199254740992') % b"{}",
        TEMPLATE.replace(b'"boot":1', b'"boot":1' + b"0" * 30) % b"{}",
        TEMPLATE.replace(b'"schema":1', b'"schema":1' + b"0" * 30) % b"{}",
        TEMPLATE.replace(b'"boot":1', b'"boot":01') % b"{}",
        TEMPLATE.replace(b'"boot":1', b'"boot":1.0') % b"{}",
        TEMPLATE.replace(b'"k"', b'"100%%d"') % b"{}",
        TEMPLATE.replace(b'"actor":"a"', b'"actor":{"a":1}') % b"{}",
        TEMPLATE.replace(b'"actor":"a"', b'"actor":"\\u0061"') % b"{}",
        b" " + TEMPLATE % b"{}",
        TEMPLATE % b"{}" + b"\n",
        b"",
        b"\0",
        b"\x01",
    ],
    ids=itertools.count(),
)
def test_a_fact_out_of_the_ordinary_comes_back_alone_and_among_others(fact: bytes) -> None:
    assert decode_facts(encode_facts([fact])) == [fact]
    among = [*VILLAGE[:5], fact, *VILLAGE[5:9], fact]
    assert decode_facts(encode_facts(among)) == among


def test_no_facts_are_no_bytes() -> None:
    assert encode_facts([]) == b""
    assert decode_facts(b"") == []


# -- what it is good for


def test_facts_travel_in_columns_and_nothing_else_does() -> None:
    odd = b"\x01 no fact"
    table = msgspec.msgpack.decode(lay_out([*VILLAGE[:600], odd])[0])
    assert table[-1] == [odd]


def test_random_ids_and_hashes_travel_as_half_their_digits_and_once() -> None:
    digits = random.Random(5).randbytes(32).hex().encode()
    facts = [TEMPLATE % (b'{"mac":"%b"}' % digits)] * 40
    clear, noise = lay_out(facts)
    assert noise == bytes.fromhex(digits.decode())
    assert digits not in clear
    assert digits[:24] not in clear


def test_a_village_day_costs_less_than_fifteen_bytes_a_fact() -> None:
    facts = VILLAGE[:1_000]
    assert len(encode_facts(facts)) < 15 * len(facts)
    assert sum(map(len, facts)) > 200 * len(facts)


# -- what is refused


def test_more_than_a_message_may_hold_is_not_written() -> None:
    with pytest.raises(MessageError, match="too many"):
        encode_facts([b""] * (MAX_FACTS + 1))
    with pytest.raises(MessageError, match="too large"):
        encode_facts([bytes(MAX_UNPACKED + 1)])
    with pytest.raises(MessageError, match=f"above {MAX_COLUMNS}"):
        encode_facts([bytes(MAX_COLUMNS)])


def test_as_much_as_a_message_may_hold_is_written_and_read() -> None:
    facts = [b"%d" % n for n in range(MAX_FACTS)]
    assert decode_facts(encode_facts(facts)) == facts


@given(st.data())
def test_cut_or_lengthened_columns_are_refused(data: st.DataObject) -> None:
    whole = encode_facts(VILLAGE[: data.draw(st.integers(1, 50))])
    cut = data.draw(st.integers(1, len(whole) - 1))
    for broken in (whole[:cut], whole + b"\0", b"\0" + whole):
        with pytest.raises(MessageError):
            decode_facts(broken)


def _read_or_refused(data: bytes) -> bool:
    """Whether it is read. Anything but a MessageError goes through."""
    try:
        facts = decode_facts(data)
    except MessageError:
        return False
    assert sum(map(len, facts)) <= MAX_UNPACKED
    assert len(facts) <= MAX_FACTS
    return True


@given(st.binary(max_size=400), st.binary(max_size=40))
def test_random_columns_are_read_or_refused(clear: bytes, noise: bytes) -> None:
    _read_or_refused(clear + noise)
    _read_or_refused(packed(clear, noise))


def test_mutated_columns_are_read_or_refused() -> None:
    chance = random.Random(3)
    clear, noise = lay_out([*VILLAGE[:60], b"odd"])
    read = 0
    for _ in range(20_000):
        mutant = bytearray(clear)
        for _change in range(chance.randrange(1, 4)):
            place = chance.randrange(len(mutant))
            match chance.randrange(3):
                case 0:
                    mutant[place] = chance.randrange(256)
                case 1:
                    del mutant[place : place + chance.randrange(1, 5)]
                case _:
                    mutant[place:place] = chance.randbytes(chance.randrange(1, 5))
        read += _read_or_refused(packed(bytes(mutant), noise))
    assert 100 < read < 19_000


_INTS = st.lists(st.integers(-(2**63), 2**64 - 1) | st.integers(0, 3), max_size=5)
_COLUMN = st.tuples(st.lists(st.integers(-1, 4), max_size=5), st.binary(max_size=9))
_TABLES = st.tuples(
    st.lists(st.tuples(st.text(max_size=2), st.integers(0, 2), st.lists(st.sampled_from("ab")))),
    st.lists(st.integers(-1, 3), max_size=5),
    *[_INTS] * 4,
    st.lists(st.none() | st.integers(-(2**63), 2**63)),
    _INTS,
    _COLUMN,
    st.dictionaries(st.sampled_from("abc"), _COLUMN, max_size=3),
    st.lists(st.binary(max_size=3), max_size=3),
)


@given(_TABLES, st.binary(max_size=30))
def test_a_table_that_nobody_of_ours_wrote_is_read_or_refused(
    table: tuple[object, ...], noise: bytes
) -> None:
    _read_or_refused(packed(msgspec.msgpack.encode(table), noise))


def _table(**changes: object) -> bytes:
    """One fact with a body of one key, changed."""
    fields: dict[str, object] = {
        "shapes": [["k", 1, ["a"]]],
        "shape_of": [1],
        "boot": [1],
        "epoch": [1],
        "mono_ms": [1],
        "seq": [1],
        "wall_hi": [None],
        "wall_lo": [0],
        "actor": [[0], b'"a"\0'],
        "body": {"a": [[0], b"1\0"]},
        "as_they_are": [],
    }
    return msgspec.msgpack.encode(list((fields | changes).values()))


def test_the_table_that_the_next_test_changes_is_sound() -> None:
    assert decode_facts(packed(_table())) == [TEMPLATE % b'{"a":1}']


@pytest.mark.parametrize(
    "changes",
    [
        {"shape_of": []},
        {"shape_of": [], "shapes": [["k", 1, []]], "body": {}},
        {"shape_of": [2]},
        {"shape_of": [-1]},
        {"shape_of": [1, 1]},
        {"shape_of": [1, 0]},
        {"shapes": [["k", 1, ["a", "b"]]]},
        {"shapes": [["k", 1, ["a", "a"]]]},
        {"shapes": [["k", 1, ["a"], 0]]},
        {"boot": []},
        {"boot": [1, 1]},
        {"wall_hi": []},
        {"actor": [[1], b""]},
        {"actor": [[0], b'"a"']},
        {"actor": [[0], b'"a"\0"b"']},
        {"actor": [[0], b'"a"\0"b"\0']},
        {"actor": [[0, 0], b'"a"\0"b"\0']},
        {"actor": [[0], b'"\x01\x0c"\0']},
        {"body": {}},
        {"body": {"a": [[0, 1], b"1\0"]}},
        {"body": {"a": [[0], b"1\0"], "b": [[0], b"1\0"]}},
        {"body": {"a": [[-1], b"1\0"]}},
        {"as_they_are": [b""]},
        {"more": 1},
    ],
    ids=itertools.count(),
)
def test_columns_that_do_not_fit_each_other_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(MessageError):
        decode_facts(packed(_table(**changes)))


def test_no_place_lies_ahead() -> None:
    three = _many(3) | {"body": {"a": [[0, 0, 1], b"1\x002\0"]}}
    assert len(decode_facts(packed(_table(**three)))) == 3
    with pytest.raises(MessageError):
        decode_facts(packed(_table(**three | {"body": {"a": [[0, 0, -1], b"1\x002\0"]}})))


# -- in bounded memory


def _peak_of_refusing(data: bytes, why: str = ".") -> int:
    tracemalloc.start()
    try:
        with pytest.raises(MessageError, match=why):
            decode_facts(data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _many(count: int) -> dict[str, object]:
    steps = [1] + [0] * (count - 1)
    return {
        "shape_of": [1] * count,
        "boot": steps,
        "epoch": steps,
        "mono_ms": steps,
        "seq": steps,
        "wall_hi": [None] * count,
        "wall_lo": [0] * count,
        "actor": [[0] + [1] * (count - 1), b'"a"\0'],
    }


def test_one_long_text_repeated_in_every_fact_is_refused_before_it_takes_its_room() -> None:
    count = MAX_FACTS
    long = b"7" * 500_000 + b"\0"
    hostile = _table(**_many(count), body={"a": [[0] + [1] * (count - 1), long]})
    assert len(packed(hostile)) < 30_000
    assert _peak_of_refusing(packed(hostile)) < 3 * MAX_UNPACKED


def test_one_long_text_repeated_in_every_key_is_refused_before_it_takes_its_room() -> None:
    keys = ["a"] * 4_000
    long = b"7" * 500_000 + b"\0"
    hostile = _table(shapes=[["k", 1, keys]], body={"a": [[0] + [1] * 3_999, long]})
    assert _peak_of_refusing(packed(hostile)) < 3 * MAX_UNPACKED


@pytest.mark.parametrize("field", ["shapes", "shape_of", "boot", "wall_hi", "as_they_are"])
def test_lists_too_long_are_refused_before_they_take_their_room(field: str) -> None:
    parts = msgspec.msgpack.decode(_table())
    place = (
        ("shapes", "shape_of", "boot", "epoch", "mono_ms", "seq", "wall_hi").index(field)
        if field != "as_they_are"
        else 10
    )
    encoded = [msgspec.msgpack.encode(part) for part in parts]
    encoded[place] = b"\xdd" + (900_000).to_bytes(4, "big") + bytes(900_000)
    hostile = b"\x9b" + b"".join(encoded)
    assert _peak_of_refusing(packed(hostile), str(MAX_FACTS)) < 3 * MAX_UNPACKED


@pytest.mark.parametrize("says_its_size", [True, False])
def test_a_decompression_bomb_is_refused_without_room_for_it(*, says_its_size: bool) -> None:
    frame = bomb(dictionary.FACTS, says_its_size=says_its_size)
    data = len(frame).to_bytes(3, "big") + frame
    assert _peak_of_refusing(data) < MAX_COLUMNS
