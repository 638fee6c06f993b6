"""Bytes and hashes that stations have on disk. They were made once; only the code may be wrong."""

import json
from pathlib import Path

import msgspec
import pytest

from cloud_sync.wire.bodies.registry import BODIES
from cloud_sync.wire.envelope import decode, encode
from edge.kernel.hashing import GENESIS, canonical_bytes, chain_hash
from edge.kernel.ids import Epoch, Seq, StationId
from edge.wire_map import to_body, to_fact

GOLDEN = json.loads((Path(__file__).parent / "golden_chain.json").read_text(encoding="utf-8"))
LINKS = [(link["fact"].encode(), link["hash"]) for link in GOLDEN["links"]]


def test_the_chain_over_stored_bytes_gives_the_stored_hashes() -> None:
    digest, hashes = GENESIS, []
    for seq, (fact, _hash) in enumerate(LINKS, start=1):
        station, epoch = StationId(GOLDEN["station"]), Epoch(GOLDEN["epoch"])
        digest = chain_hash(digest, station, epoch, Seq(seq), fact)
        hashes.append(digest.hex())
    assert hashes == [kept for _fact, kept in LINKS]


@pytest.mark.parametrize("fact", [fact for fact, _hash in LINKS], ids=lambda f: decode(f).kind)
def test_stored_bytes_are_read_into_a_fact_that_gives_the_same_bytes(fact: bytes) -> None:
    envelope = decode(fact)
    kind, schema, body = to_body(to_fact(envelope))
    again = msgspec.structs.replace(envelope, kind=kind, schema=schema, body=body)
    assert encode(again) == fact


def test_every_body_has_an_example_on_disk() -> None:
    kept = [decode(fact) for fact, _hash in LINKS]
    assert {(envelope.kind, envelope.schema) for envelope in kept} == set(BODIES)


def test_any_other_place_station_or_byte_gives_another_hash() -> None:
    fact, station = LINKS[0][0], StationId("qingshan-01")
    hashes = [
        chain_hash(GENESIS, station, Epoch(1), Seq(1), fact),
        chain_hash(bytes([1]) + bytes(31), station, Epoch(1), Seq(1), fact),
        chain_hash(GENESIS, StationId("qingshan-02"), Epoch(1), Seq(1), fact),
        chain_hash(GENESIS, station, Epoch(2), Seq(1), fact),
        chain_hash(GENESIS, station, Epoch(1), Seq(2), fact),
        chain_hash(GENESIS, station, Epoch(1), Seq(1), fact.replace(b"0.1.0", b"0.1.1")),
    ]
    assert len(set(hashes)) == len(hashes)


def test_canonical_bytes_sort_keys_at_every_depth_and_keep_chinese_as_utf_8() -> None:
    assert canonical_bytes({"b": [{"d": 1, "c": "村驿"}], "a": None}) == (
        '{"a":null,"b":[{"c":"村驿","d":1}]}'.encode()
    )


@pytest.mark.parametrize("value", [1.0, {"deep": [0, (1, {"x": 0.5})]}])
def test_a_float_has_no_one_spelling_and_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="float"):
        canonical_bytes({"open_ms": value})
