"""Where vans stop: the handover under way, bags that were taken, and those that wait for a run."""

from dataclasses import dataclass, field
from enum import StrEnum

from immutables import Map

from edge.kernel.ids import CourierId, Place, SealNo, TripId, WaybillNo
from edge.kernel.time import Instant


class Verdict(StrEnum):
    """What a scanned bag is to this place.

    OVER: ours as far as anybody knows, but not of this trip's manifest. MISROUTED: stays on the
    van. CROSS_DOCK: of a hub's runs, goes on from here unopened.
    """

    EXPECTED = "expected"
    OVER = "over"
    MISROUTED = "misrouted"
    CROSS_DOCK = "cross_dock"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedBag:
    """A bag of a handover under way; `note` tells of damage."""

    verdict: Verdict
    to: Place
    next_hop: Place
    at: Instant
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutBag:
    """A bag that goes with the courier."""

    direction: str
    next_hop: Place
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """Where scanned bags go while they go out."""

    network: str
    direction: str
    next_hop: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """Two counts of the same bags."""

    courier_count: int
    keeper_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Between a courier and the keeper; scans are bags while it is under way."""

    trip: TripId
    operator: str
    courier: CourierId
    since: Instant
    scanned: Map[SealNo, ScannedBag] = field(default_factory=Map)
    out: Map[SealNo, OutBag] = field(default_factory=Map)
    turned: Turned | None = None
    disputed: Disputed | None = None
    returns: tuple[WaybillNo, ...] = ()
    """Parcels of the return bag that go with the courier, in the order of their scans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended:
    """A handover that waits; `handover` holds what had been scanned by then."""

    courier: CourierId
    reason: str
    at: Instant
    handover: Handover | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """A bag in the keeper's hands, and what came out of it so far."""

    trip: TripId
    at: Instant
    found: frozenset[WaybillNo] = frozenset()
    emptied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBag:
    """A bag that a hub holds for one of its runs."""

    trip: TripId
    to: Place
    next_hop: Place
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The counts of a handover that both signed."""

    trip: TripId
    courier: CourierId
    at: Instant
    expected: int
    taken: int
    short: int
    out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dock:
    """Bounded: `signed` keeps the last twenty, `bags` and `held` as many as a place can hold."""

    handover: Handover | None = None
    suspended: Map[TripId, Suspended] = field(default_factory=Map)
    bags: Map[SealNo, Bag] = field(default_factory=Map)
    held: Map[SealNo, HeldBag] = field(default_factory=Map)
    aside: tuple[WaybillNo, ...] = ()
    """Misrouted parcels that were told of, the newest last."""
    signed: tuple[Signed, ...] = ()
    """The newest last."""
