"""Domain fact to wire body and back: the only translator between the two.

Every shipped (kind, schema) keeps its row here for ever; an old body is read into today's fact.
"""

import dataclasses
from typing import Any, Final, get_args

import msgspec

from cloud_sync.wire.bodies.body import BodyError
from cloud_sync.wire.bodies.registry import read_body
from cloud_sync.wire.envelope import Envelope
from edge.domain.facts import DoorAsked, Fact, Purpose
from edge.kernel.errors import CunyiError

_FACTS: Final[dict[tuple[str, int], type[Any]]] = {
    (fact.KIND, fact.SCHEMA): fact for fact in get_args(Fact)
} | {("door.asked", schema): DoorAsked for schema in (2, 3, 4)}


_LATER: Final = {Purpose.REMOTE: 2, Purpose.MOVE: 3, Purpose.RETURN: 4}


class WireMapError(CunyiError):
    """A fact that cannot go to the wire or come from it: mostly, the journal is newer than us."""


def to_body(fact: Fact) -> tuple[str, int, dict[str, Any]]:
    """Kind, schema and plain body of a fact: strings, integers, lists and nothing else.

    Raises WireMapError for a fact that no reader would take, e.g. with a text too long: stored, it
    would stop the county's reading and our own next start.
    """
    body = {field.name: _plain(getattr(fact, field.name)) for field in dataclasses.fields(fact)}
    schema = _schema_of(fact)
    try:
        read_body(fact.KIND, schema, body)
    except BodyError as cause:
        raise WireMapError(f"this fact cannot be stored: {cause}") from cause
    return fact.KIND, schema, body


def _schema_of(fact: Fact) -> int:
    # The oldest that holds the fact, so that an older county reads on: only a door that is opened
    # for the county needs the second, one from which a parcel goes elsewhere the third, one from
    # which it goes back to its sender the fourth.
    return _LATER.get(fact.purpose, 1) if isinstance(fact, DoorAsked) else fact.SCHEMA


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, str) else value


def to_fact(envelope: Envelope) -> Fact:
    """The fact in an envelope. Raises WireMapError naming kind and schema."""
    known = _FACTS.get((envelope.kind, envelope.schema))
    if known is None:
        raise WireMapError(
            f"fact {envelope.seq} is {envelope.kind} schema {envelope.schema}, which this version "
            "of cunyi does not know. Install the newer version that wrote it"
        )
    try:
        read_body(envelope.kind, envelope.schema, envelope.body)
        fact: Fact = msgspec.convert(envelope.body, known)
    except (BodyError, msgspec.ValidationError) as cause:
        raise WireMapError(f"fact {envelope.seq} cannot be read: {cause}") from cause
    return fact
