"""What a manifest of the county says of one bag or one parcel, looked up before a decision."""

from dataclasses import dataclass
from enum import StrEnum

from edge.kernel.ids import Hamlet, PhoneTail, Place, SealNo, TripId, WaybillNo


class Consent(StrEnum):
    """Whether the addressee agreed to delivery at a station, as far as the sender knows."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class BagAdvice:
    """A bag of a manifest. `next_hop` is where this place sends it on; `run` says that the route
    table names its place, so that a hub has a run for it.
    """

    trip: TripId
    to: Place
    parcels: int
    next_hop: Place
    run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelAdvice:
    """A parcel of a manifest; `bag` names every parcel of its bag, itself among them."""

    trip: TripId
    seal: SealNo
    to: Place
    carrier: str
    piece: int
    pieces: int
    phone_tail: PhoneTail | None
    consent: Consent
    hamlet: Hamlet
    next_hop: Place
    bag: frozenset[WaybillNo]
