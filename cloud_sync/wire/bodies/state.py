"""What an item of the state stream says, by kind: each holds until a later one replaces it.

A station stores every item raw, also of a kind or with a field that only a newer one knows: an old
station never blocks the stream. It acts on those alone that it can read here.
"""

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from cloud_sync.wire.bodies.body import Ms, Tail, Waybill
from cloud_sync.wire.bodies.hamlets import Hamlet
from cloud_sync.wire.bodies.trips import Consent, Piece, Place, Seal, Trip
from edge.kernel.errors import CunyiError

KIND: Final = r"^[a-z][a-z0-9_.]{0,39}$(?!\n)"
MAX_KEY: Final = 100
MAX_BODY: Final = 16_000
"""Bytes of one body as JSON: a message of the stream holds at least one of any size."""

MOST_TITLE: Final = 40
MOST_TEXT: Final = 400
MOST_NAME: Final = 80
MOST_PARCELS: Final = 100
"""Of one bag: as many as fit into one body."""

Key = Annotated[str, Meta(min_length=1, max_length=MAX_KEY)]
_Title = Annotated[str, Meta(min_length=1, max_length=MOST_TITLE)]
_Text = Annotated[str, Meta(max_length=MOST_TEXT)]
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
    """Somebody or something that is no longer trusted; its key is `what:id`.

    It outlasts every sweep: a county that was put back to before it must not let anybody in again.
    """

    what: Literal["keeper", "card", "key"]
    id: Annotated[str, Meta(min_length=1, max_length=MOST_NAME)]


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


class CodeKey(StateBody, frozen=True):
    """With what a station seals pickup codes for the county: an X25519 key in hex digits."""

    x25519: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]


class TripStop(msgspec.Struct, frozen=True, kw_only=True):
    """Where a trip stops, and when it should."""

    place: Place
    at_ms: Ms


class TripWord(StateBody, frozen=True):
    """A trip that stops at this station, or has bags for it; its key is the trip."""

    trip: Trip
    operator: Annotated[str, Meta(max_length=40)]
    stops: Annotated[list[TripStop], Meta(min_length=1, max_length=60)]


class BagParcel(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A parcel of a bag. Of another station's there is the number alone."""

    waybill_no: Waybill
    carrier: Annotated[str, Meta(max_length=40)] = ""
    piece: Piece = 1
    pieces: Piece = 1
    tail: Annotated[str, Meta(pattern=r"^([0-9]{4})?$(?!\n)")] = ""
    consent: Consent = "unknown"
    hamlet: Hamlet = ""
    """The natural village in it, where the sender says it."""
    notify: bool = False
    """Whether the county has a number to which it can send the code."""


class BagWord(StateBody, frozen=True):
    """A bag of a trip, for this station or another; its key is `trip/seal`."""

    trip: Trip
    seal: Seal
    origin: Place
    to: Place
    parcels: Annotated[list[BagParcel], Meta(max_length=MOST_PARCELS)]


class RouteWord(StateBody, frozen=True):
    """Where this station sends what goes in a direction; its key is `network/direction`.

    `*` stands for every network or direction that no other line names.
    """

    network: _Name
    direction: _Name
    next_hop: Place


class PassEnd(StateBody, frozen=True):
    """A pass for a proxy that its addressee took back; its key is the pass's number."""

    until_ms: Ms


STATE_BODIES: Final[dict[str, type[StateBody]]] = {
    "notice": Notice,
    "price_list": PriceList,
    "revocation": Revocation,
    "config": Config,
    "arrival": Arrival,
    "county_keys": CountyKeys,
    "code_key": CodeKey,
    "trip": TripWord,
    "bag": BagWord,
    "route": RouteWord,
    "pass_end": PassEnd,
}


LASTING: Final = frozenset({"revocation"})
"""Kinds that no sweep forgets: only an item without a body takes one of them back."""
_ELSEWHERE: Final = {
    "card": "no station reads keepers' cards yet; revoke the keeper: what = keeper",
    "key": "a station's key is revoked with: cunyi county revoke STATION FOLDER",
}
"""Revocations that no station would act on, and what does instead."""


def revocation_key(what: str, name: str) -> str:
    """Under which key a revocation is said and taken back, also by a county that forgot it."""
    return f"{what}:{name}"


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
    said = read_state_body(kind, body)
    if isinstance(said, Revocation):
        _fit_to_revoke(key, said)
    if (size := len(msgspec.json.encode(body))) > MAX_BODY:
        raise StateBodyError(f"{kind}: {size} bytes are more than {MAX_BODY}")


def _fit_to_revoke(key: str, said: Revocation) -> None:
    if said.what in _ELSEWHERE:
        raise StateBodyError(_ELSEWHERE[said.what])
    if key != (due := revocation_key(said.what, said.id)):
        raise StateBodyError(f"the key of this revocation is {due}: else nobody finds it again")
