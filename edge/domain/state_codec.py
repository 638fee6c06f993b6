"""The state as bytes, for snapshots: JSON in one order, read back into the very same state.

Every new field needs a default, so that an older snapshot stays readable. Whoever changes the
shape in any way raises STATE_SCHEMA; a number that this software does not know is not read.
"""

from dataclasses import replace
from types import GenericAlias
from typing import Any, Final, get_args, get_origin

import msgspec
from immutables import Map

from edge.domain.cabinet import FREE
from edge.domain.door import UNSEEN
from edge.domain.policy import Policy
from edge.domain.state import State
from edge.domain.station import initial_state
from edge.kernel.errors import CunyiError

STATE_SCHEMA: Final = 6
"""The shape that is written."""
READABLE: Final = frozenset({1, 2, 3, 4, 5, 6})
"""The shapes that are read: what a field of today lacks in them has its default."""


class StateCodecError(CunyiError):
    """These bytes are no state that this software can read."""


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    schema: int
    state: msgspec.Raw


def encode_state(state: State) -> bytes:
    """The bytes of a state; the same state always has the same."""
    kept = _Kept(schema=STATE_SCHEMA, state=msgspec.Raw(_ENCODER.encode(state)))
    return msgspec.json.encode(kept)


def decode_state(data: bytes) -> State:
    """The state of these bytes. Raises StateCodecError."""
    try:
        kept = msgspec.json.decode(data, type=_Kept)
        if kept.schema not in READABLE:
            raise StateCodecError(
                f"a snapshot has shape {kept.schema}, which this version of cunyi does not know. "
                "Install the newer version that wrote it"
            )
        # The decoder leaves out what has its default; born once more, a state has all its fields.
        return replace(_DECODER.decode(kept.state))
    except (msgspec.MsgspecError, ValueError, RecursionError) as cause:
        raise StateCodecError(f"a snapshot cannot be read: {cause}") from cause


def fit_to(policy: Policy, state: State) -> State:
    """The state as a replay under this policy would have made it: a cell that was built since is
    there, one that was taken out and that nothing was ever told of is not.
    """
    built = initial_state(policy)
    doors = {cell: door for cell, door in state.doors.items() if door != UNSEEN}
    cells = {cell: held for cell, held in state.cells.items() if held != FREE}
    return replace(state, doors=built.doors.update(doors), cells=built.cells.update(cells))


def _to_plain(value: object) -> Any:
    if isinstance(value, Map):
        return {str(key): inner for key, inner in value.items()}
    raise NotImplementedError(f"a state holds no {type(value).__name__}")


def from_plain(kind: type, value: Any) -> Any:
    """A Map of this kind from a plain mapping."""
    if get_origin(kind) is not Map:
        raise NotImplementedError(f"a state holds no {kind}")
    plain = GenericAlias(dict, get_args(kind))
    return Map(msgspec.convert(value, plain, str_keys=True, dec_hook=from_plain))


_ENCODER: Final = msgspec.json.Encoder(enc_hook=_to_plain, order="deterministic")
_DECODER: Final = msgspec.json.Decoder(State, dec_hook=from_plain)
