"""Canonical bytes, the chain and keyed hashes: the same on every machine and for ever."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.kernel.hashing import GENESIS, canonical_bytes, chain_hash, keyed_hash
from edge.kernel.ids import Epoch, Seq, StationId

STATION = StationId("pingshang")
FACT = b'{"cell":7,"kind":"door.opened"}'

_plain = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text()
_json = st.recursive(
    _plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
_facts = st.dictionaries(st.text(), _json, max_size=6)
_sequence = st.integers(0, 2**64 - 1)


def test_canonical_bytes_of_a_fact_are_these_for_ever() -> None:
    fact = {"waybill_no": "YT7700", "cell": 7, "carrier": "圆通", "auth": None, "tails": ["3865"]}
    assert canonical_bytes(fact) == (
        '{"auth":null,"carrier":"圆通","cell":7,"tails":["3865"],"waybill_no":"YT7700"}'.encode()
    )


def test_the_first_link_of_a_chain_is_this_for_ever() -> None:
    # sha256sum of 32 zero bytes, b"pingshang\\0", two 8-byte big-endian numbers and the fact.
    assert chain_hash(GENESIS, STATION, Epoch(1), Seq(1), FACT).hex() == (
        "340626fa1e64618d082de332821a87da443e53f734a14690100e815cfeb538ca"
    )


def test_a_keyed_hash_is_this_for_ever() -> None:
    # RFC 2104 with SHA-256; the same as: printf 'code\\000' + digits | openssl dgst -hmac
    assert keyed_hash(bytes(range(32)), "code", "12345678") == (
        "6d76f21698a81f92ec63643455e41513bde8155f9f5b9eb7216420edae542066"
    )


def test_a_chain_begins_with_32_zero_bytes() -> None:
    assert bytes.fromhex("00" * 32) == GENESIS


@given(_facts)
def test_canonical_bytes_are_json_of_the_same_value(fact: dict[str, Any]) -> None:
    assert json.loads(canonical_bytes(fact)) == fact


@given(_facts)
def test_the_order_in_which_a_fact_was_filled_does_not_matter(fact: dict[str, Any]) -> None:
    assert canonical_bytes(_backwards(fact)) == canonical_bytes(fact)


@given(_facts)
def test_keys_stand_in_one_order_without_spaces(fact: dict[str, Any]) -> None:
    keys = [key.encode() for key in json.loads(canonical_bytes(fact))]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    "fact",
    [
        {"a": 1.0},
        {"a": [1, 2.5]},
        {"a": {"b": ({"c": float("nan")},)}},
    ],
)
def test_a_float_is_refused_however_deep_it_lies(fact: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="no float"):
        canonical_bytes(fact)


def test_a_tuple_is_written_as_a_list() -> None:
    assert canonical_bytes({"a": (1, 2)}) == canonical_bytes({"a": [1, 2]}) == b'{"a":[1,2]}'


@given(st.binary(min_size=32, max_size=32), _sequence, _sequence, st.binary(max_size=80))
def test_a_link_is_the_plain_hash_of_its_parts(
    previous: bytes, epoch: int, seq: int, fact: bytes
) -> None:
    parts = previous + b"pingshang\0" + epoch.to_bytes(8, "big") + seq.to_bytes(8, "big") + fact
    link = chain_hash(previous, STATION, Epoch(epoch), Seq(seq), fact)
    assert link == hashlib.sha256(parts).digest()


@given(st.integers(0, 7))
def test_any_changed_bit_of_any_part_changes_the_link(bit: int) -> None:
    flipped = bytes([FACT[0] ^ (1 << bit)]) + FACT[1:]
    other_previous = bytes([1 << bit]) + GENESIS[1:]
    links = {
        chain_hash(GENESIS, STATION, Epoch(1), Seq(1), FACT),
        chain_hash(other_previous, STATION, Epoch(1), Seq(1), FACT),
        chain_hash(GENESIS, StationId("pingshan"), Epoch(1), Seq(1), FACT),
        chain_hash(GENESIS, STATION, Epoch(1 + (2 << bit)), Seq(1), FACT),
        chain_hash(GENESIS, STATION, Epoch(1), Seq(1 + (2 << bit)), FACT),
        chain_hash(GENESIS, STATION, Epoch(1), Seq(1), flipped),
    }
    assert len(links) == 6


def test_a_number_outside_64_bits_is_no_link() -> None:
    with pytest.raises(OverflowError):
        chain_hash(GENESIS, STATION, Epoch(-1), Seq(1), FACT)
    with pytest.raises(OverflowError):
        chain_hash(GENESIS, STATION, Epoch(1), Seq(2**64), FACT)


@given(st.binary(min_size=1), st.text(), st.text())
def test_a_keyed_hash_is_hmac_over_purpose_and_text(key: bytes, purpose: str, text: str) -> None:
    expected = hmac.new(key, f"{purpose}\0{text}".encode(), "sha256").hexdigest()
    assert keyed_hash(key, purpose, text) == expected


def test_a_hash_for_one_purpose_is_no_hash_for_another() -> None:
    key = bytes(32)
    macs = {keyed_hash(key, purpose, "12345678") for purpose in ("code", "token", "pin")}
    assert len(macs) == 3
    assert keyed_hash(bytes(31) + b"\1", "code", "12345678") not in macs


def _backwards(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _backwards(inner) for key, inner in reversed(value.items())}
    return [_backwards(inner) for inner in value] if isinstance(value, list) else value
