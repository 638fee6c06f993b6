"""Everything a station knows, as one immutable value; facts fold into it, screens read it."""

from dataclasses import dataclass, field

from immutables import Map

from edge.domain.cabinet import CellState
from edge.domain.door import DoorState
from edge.domain.parcel import Parcel
from edge.domain.pickup import Auth, Bucket, Credential
from edge.kernel.ids import AuthId, CellId, CredentialId, KeeperId, Mac, PhoneTail, WaybillNo
from edge.kernel.time import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The keeper's counter: who is signed in, whether scans are check-ins, the parcel in hand.

    A parcel is in hand while its door must still be shut or its phone tail is not known.
    """

    keeper: KeeperId | None = None
    checking_in: bool = False
    in_hand: WaybillNo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What the kiosk shows: the authorisation that the last accepted person is using."""

    auth: AuthId
    cell: CellId
    waybill_no: WaybillNo
    since: Instant
    done_at: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Folded from facts by `evolve`. Doors and cells have an entry for every cell of the policy."""

    boot: int = 0
    doors: Map[CellId, DoorState] = field(default_factory=Map)
    cells: Map[CellId, CellState] = field(default_factory=Map)
    parcels: Map[WaybillNo, Parcel] = field(default_factory=Map)
    credentials: Map[CredentialId, Credential] = field(default_factory=Map)
    by_token: Map[Mac, CredentialId] = field(default_factory=Map)
    by_tail: Map[PhoneTail, frozenset[CredentialId]] = field(default_factory=Map)
    auths: Map[AuthId, Auth] = field(default_factory=Map)
    desk: Desk = field(default_factory=Desk)
    visit: Visit | None = None
    guesses: Bucket | None = None
    strangers: Map[CredentialId, Bucket] = field(default_factory=Map)
    """Wrong tries at phone tails that nobody here has, so that they answer like any other."""
