"""What an item of the state stream says, by kind: each holds until a later one replaces it.

A station stores every item raw, also of a kind or with a field that only a newer one knows: an old
station never blocks the stream. It acts on those alone that it can read here.
"""

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from cloud_sync.wire.bodies import Ms, Tail, Waybill
from edge.kernel.errors import CunyiError

KIND: Final = r"^[a-z][a-z0-9_.]{0,39}$(?!\n)"
MAX_KEY: Final = 100
MAX_BODY: Final = 16_000
"""Bytes of one body as JSON: a message of the stream holds at least one of any size."""

Key = Annotated[str, Meta(min_length=1, max_length=MAX_KEY)]
_Title = Annotated[str, Meta(min_length=1, max_length=40)]
_Text = Annotated[str, Meta(max_length=400)]
_Name = Annotated[str, Meta(min_length=1, max_length=40)]
Fen = Annotated[int, Meta(ge=0, le=10**9)]


class StateBodyError(CunyiError):
    """A kind, key or body that this software would not say or cannot read."""


class StateBody(msgspec.Struct, frozen=True, kw_only=True):
    """What all share. Unknown fields are let pass: a newer county may say more."""


class Notice(StateBody, frozen=True):
    """For the keeper to read, until a moment by the county's clock; 0 is for good."""

    title: _Title
    text: _Text
    until_ms: Ms = 0


class PriceLine(StateBody, frozen=True):
    """One price; money is integer fen."""

    name: _Name
    fen: Fen


class PriceList(StateBody, frozen=True):
    """Every price of one service."""

    service: _Name
    lines: Annotated[list[PriceLine], Meta(max_length=100)]


class Revocation(StateBody, frozen=True):
    """Somebody or something that is no longer trusted."""

    what: Literal["keeper", "card", "key"]
    id: Annotated[str, Meta(min_length=1, max_length=80)]


class Config(StateBody, frozen=True):
    """One setting that the county decides."""

    key: Annotated[str, Meta(min_length=1, max_length=80)]
    value: Annotated[str, Meta(max_length=1_000)]


class Arrival(StateBody, frozen=True):
    """A parcel is on its way to this station. Of its addressee: the tail, and a masked name."""

    waybill_no: Waybill
    tail: Tail
    name_masked: Annotated[str, Meta(max_length=20)] = ""


class CountyKeys(StateBody, frozen=True):
    """The county's card with the keys that count from now on, as it prints it."""

    card: Annotated[str, Meta(min_length=1, max_length=8_000)]


STATE_BODIES: Final[dict[str, type[StateBody]]] = {
    "notice": Notice,
    "price_list": PriceList,
    "revocation": Revocation,
    "config": Config,
    "arrival": Arrival,
    "county_keys": CountyKeys,
}


def read_state_body(kind: str, body: dict[str, Any]) -> StateBody:
    """The typed body of an item. Raises StateBodyError when this software cannot read it."""
    known = STATE_BODIES.get(kind)
    if known is None:
        raise StateBodyError(f"unknown kind {kind}")
    try:
        return msgspec.convert(body, known)
    except msgspec.ValidationError as cause:
        raise StateBodyError(f"{kind}: {cause}") from cause


def fit_to_say(kind: str, key: str, body: dict[str, Any] | None) -> None:
    """Check an item before it gets a number. Raises StateBodyError."""
    if kind not in STATE_BODIES:
        raise StateBodyError(f"unknown kind {kind}")
    if not 1 <= len(key) <= MAX_KEY:
        raise StateBodyError(f"a key has 1 to {MAX_KEY} characters")
    if body is None:
        return
    read_state_body(kind, body)
    if (size := len(msgspec.json.encode(body))) > MAX_BODY:
        raise StateBodyError(f"{kind}: {size} bytes are more than {MAX_BODY}")
