"""What each kind of fact holds on the wire. A shipped body never changes; add a new schema number.

msgspec structs, because msgspec is what encodes the wire; they refuse unknown fields and bound
every text, so that a bad body is parked at the county instead of being half understood.
"""

from typing import Any, Final

import msgspec

from cloud_sync.wire.bodies import (
    clock,
    consent,
    county,
    epoch,
    facts,
    hamlets,
    places,
    proxies,
    remote,
    returns,
    trips,
)
from cloud_sync.wire.bodies.body import Body, BodyError

_SUBJECTS: Final = (
    facts,
    clock,
    county,
    epoch,
    remote,
    places,
    trips,
    returns,
    consent,
    proxies,
    hamlets,
)

BODIES: Final[dict[tuple[str, int], type[Body]]] = {
    (body.KIND, body.SCHEMA): body
    for subject in _SUBJECTS
    for body in vars(subject).values()
    if isinstance(body, type) and issubclass(body, Body) and body is not Body
}


def read_body(kind: str, schema: int, body: dict[str, Any]) -> Body:
    """The typed body of a fact. Raises BodyError when this software cannot read it."""
    known = BODIES.get((kind, schema))
    if known is None:
        raise BodyError(f"unknown fact {kind} schema {schema}")
    try:
        return msgspec.convert(body, known)
    except msgspec.ValidationError as cause:
        raise BodyError(f"{kind} schema {schema}: {cause}") from cause
