"""Bodies and facts: one for one, there and back, and no bad body half understood."""

import dataclasses
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_sync.wire.bodies.body import BodyError
from cloud_sync.wire.bodies.registry import BODIES, read_body
from cloud_sync.wire.envelope import Envelope, decode, encode
from edge.domain.facts import DoorAsked, Fact, RefusalReason
from edge.wire_map import WireMapError, to_body, to_fact
from tests.wire.bodies_at_random import bodies_of

FACTS = {(fact.KIND, fact.SCHEMA): fact for fact in get_args(Fact)} | {
    ("door.asked", 2): DoorAsked,
    ("door.asked", 3): DoorAsked,
    ("door.asked", 4): DoorAsked,  # one fact, several schemas
}
_KINDS = sorted(BODIES)


def _possible(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    # The wire leaves the reason open for later versions; today's fact knows these.
    reasons = list(RefusalReason)
    if kind == "pickup.refused":
        return body | {"reason": str(reasons[len(body["reason"]) % len(reasons)])}
    return body


_ENVELOPES = st.sampled_from(_KINDS).flatmap(
    lambda key: bodies_of(BODIES[key]).map(
        lambda body: Envelope(
            epoch=1,
            seq=1,
            boot=1,
            mono_ms=0,
            wall_lo=0,
            wall_hi=None,
            kind=key[0],
            schema=key[1],
            actor="",
            body=_possible(key[0], body),
        )
    )
)


def test_every_fact_has_a_body_and_every_body_a_fact() -> None:
    assert set(FACTS) == set(BODIES)


@pytest.mark.parametrize("key", _KINDS, ids=str)
def test_a_fact_and_its_body_have_the_same_fields(key: tuple[str, int]) -> None:
    fact_fields = {field.name for field in dataclasses.fields(FACTS[key])}
    assert fact_fields == {field.encode_name for field in msgspec.structs.fields(BODIES[key])}


@given(_ENVELOPES)
def test_a_body_becomes_a_fact_and_the_same_body_again(envelope: Envelope) -> None:
    assert to_body(to_fact(envelope)) == (envelope.kind, envelope.schema, envelope.body)


@given(_ENVELOPES)
def test_an_envelope_survives_its_bytes_and_they_are_the_same_bytes_again(
    envelope: Envelope,
) -> None:
    read = decode(encode(envelope))
    assert (read, encode(read)) == (envelope, encode(envelope))


@given(_ENVELOPES, st.data())
def test_a_body_with_a_field_too_many_or_too_few_is_refused(
    envelope: Envelope, data: st.DataObject
) -> None:
    body = dict(envelope.body)
    too_few = data.draw(st.booleans())
    if body and too_few:
        body.pop(data.draw(st.sampled_from(sorted(body))))
    else:
        body["phone"] = "13800138000"
    with pytest.raises(BodyError):
        read_body(envelope.kind, envelope.schema, body)
    with pytest.raises(WireMapError):
        to_fact(msgspec.structs.replace(envelope, body=body))


@pytest.mark.parametrize(
    ("kind", "schema", "body"),
    [
        ("door.forced", 1, {"cell": 0}),
        ("door.forced", 1, {"cell": 1_000}),
        ("door.forced", 1, {"cell": "7"}),
        ("door.forced", 1, {"cell": True}),
        ("door.forced", 2, {"cell": 7}),
        ("door.vanished", 1, {"cell": 7}),
        ("door.shut", 1, {"cell": 7, "open_ms": -1}),
        ("parcel.stored", 1, {"waybill_no": "YT7700123\n", "cell": 7}),
        ("parcel.stored", 1, {"waybill_no": "yt7700123", "cell": 7}),
        ("parcel.phone_tail_noted", 1, {"waybill_no": "YT7700123", "phone_tail": "13800138000"}),
        ("station.started", 1, {"version": "1" * 65}),
    ],
)
def test_a_body_out_of_bounds_is_refused(kind: str, schema: int, body: dict[str, Any]) -> None:
    with pytest.raises(BodyError, match=f"{kind} schema {schema}"):
        read_body(kind, schema, body)
