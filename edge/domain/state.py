"""Everything a station knows, as one immutable value; facts fold into it, screens read it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from immutables import Map

from edge.domain.cabinet import FREE, CellState
from edge.domain.changing import replace
from edge.domain.dock import Dock
from edge.domain.door import UNSEEN, DoorState
from edge.domain.parcel import Parcel
from edge.domain.pickup import Auth, Call, Credential, WrongTry
from edge.domain.place_facts import Choice
from edge.domain.proxy_code import ProxyCode
from edge.domain.remote_ledger import RemoteLedger
from edge.domain.troubles import Trouble
from edge.kernel.ids import (
    AuthId,
    CellId,
    CredentialId,
    KeeperId,
    Mac,
    PhoneTail,
    SlotCode,
    WaybillNo,
)
from edge.kernel.time import Instant

MOST_DEAD_PROXIES: Final = 50
"""Codes of proxies remembered after their end, to tell that they were used or are of yesterday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The keeper's counter: who is signed in, whether scans are check-ins, the parcel in hand.

    A parcel is in hand while its door must still be shut or its phone tail is not known. `choice`
    is where the next one is to lie.
    """

    keeper: KeeperId | None = None
    checking_in: bool = False
    in_hand: WaybillNo | None = None
    choice: Choice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RackDay:
    """The last number that was given on a layer, and on which day of the village."""

    day: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What the kiosk shows: the authorisation that the last accepted person is using."""

    auth: AuthId
    cell: CellId
    waybill_no: WaybillNo
    since: Instant
    done_at: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """How the station is fed, as far as facts tell: on the mains, unless `lost_at` is set.

    `told_at` is when the outage was last told of: a start forgets it until the supply says so
    again. `low_at` is when the battery was called nearly empty in this outage.
    """

    lost_at: Instant | None = None
    told_at: Instant | None = None
    low_at: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Boots:
    """Starts in a row since a boot last lasted.

    `starts` counts the present one too, and is 0 once that has lasted. `fell_at` is the cell whose
    lock had just been fired when the station was cut off before the present start, None where it
    was none or nobody knows which; `falls` is how many starts in a row this has been so. `safe`
    tells that doors rest for all this.
    """

    starts: int = 0
    fell_at: CellId | None = None
    falls: int = 0
    safe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """When the county last told the time in a fact, and what it was then."""

    at: Instant
    county_ms: int


@dataclass(frozen=True, kw_only=True)  # no slots: every fact makes a copy of it (changing.py)
class State:
    """Folded from facts by `evolve`. Doors and cells have an entry for every cell of the policy.

    Bounded: parcels in care are bounded by cells and slots and codes by parcels, `ended` keeps the
    last few hundred others, and wrong tries are forgotten after a day. The journal keeps all.
    """

    boot: int = 0
    doors: Map[CellId, DoorState] = field(default_factory=Map)
    cells: Map[CellId, CellState] = field(default_factory=Map)
    parcels: Map[WaybillNo, Parcel] = field(default_factory=Map)
    ended: tuple[WaybillNo, ...] = ()
    """Parcels no longer in care, the longest ended first."""
    credentials: Map[CredentialId, Credential] = field(default_factory=Map)
    by_token: Map[Mac, CredentialId] = field(default_factory=Map)
    by_tail: Map[PhoneTail, tuple[CredentialId, ...]] = field(default_factory=Map)
    """The remembered codes of each phone tail, in the order of their names."""
    auths: Map[AuthId, Auth] = field(default_factory=Map)
    desk: Desk = field(default_factory=Desk)
    visit: Visit | None = None
    boots: Boots = field(default_factory=Boots)
    supply: Supply = field(default_factory=Supply)
    ran_ms: int = 0
    """How long the station has run, over all boots, up to the last fact. It stands still while
    the power is off and no clock can move it, so wrong tries are counted by it.
    """
    seen_at: Instant | None = None
    """The moment of the last fact."""
    guesses: tuple[WrongTry, ...] = ()
    strangers: Map[CredentialId, tuple[int, ...]] = field(default_factory=Map)
    """Wrong tries at phone tails that nobody here has, so that they answer like any other."""
    doubted: bool = False
    """Whether the county has facts that this journal lacks: a code may have been spent."""
    counting: bool = False
    """The journal went on by a GRANT, and no keeper has counted since what lies in the cells."""
    remote: RemoteLedger = field(default_factory=RemoteLedger)
    synced: Synced | None = None
    dock: Dock = field(default_factory=Dock)
    slots: Map[SlotCode, WaybillNo] = field(default_factory=Map)
    """Slots in use. None is given out twice."""
    racks: Map[str, RackDay] = field(default_factory=Map)
    """By shelf and layer."""
    worn: Map[CellId, int] = field(default_factory=Map)
    """How often each lock was driven so far: whoever wears is spared where another will do."""
    locked: Map[CellId, str] = field(default_factory=Map)
    """Cells that a keeper took off the offer, and why; whatever else is true of them."""
    calls: Map[WaybillNo, Call] = field(default_factory=Map)
    """Parcels that somebody with a right code waits for at the counter, in this boot."""
    troubles: tuple[Trouble, ...] = ()
    """What went wrong with parcels and bags, the newest last."""
    proxies: tuple[ProxyCode, ...] = ()
    """Codes of proxies, the newest last: live ones are bounded by parcels, dead ones by number."""


def running_ms(state: State, at: Instant) -> int:
    """The station's running time at a moment. Of a restart only the time since it counts."""
    seen = state.seen_at
    same_boot = seen is not None and seen.boot == at.boot
    return state.ran_ms + max(0, at.mono_ms - (seen.mono_ms if seen and same_boot else 0))


def door_of(state: State, cell: CellId) -> DoorState:
    """A door as last known; one that is no longer in the policy is never seen."""
    return state.doors.get(cell, UNSEEN)


def cell_of(state: State, cell: CellId) -> CellState:
    """What a cell holds."""
    return state.cells.get(cell, FREE)


def live_proxies(state: State) -> tuple[ProxyCode, ...]:
    """Codes of proxies that are neither used up nor revoked."""
    return tuple(code for code in state.proxies if code.live)


def proxies_at(state: State, tail: PhoneTail) -> tuple[ProxyCode, ...]:
    """All remembered codes of proxies at a phone tail. A pass is none: nobody can type it."""
    return tuple(code for code in state.proxies if code.phone_tail == tail and not code.is_pass)


def change_proxy(
    state: State, credential: CredentialId, change: Callable[[ProxyCode], ProxyCode]
) -> State:
    """The state with one proxy's code changed; as it is where there is no such code."""
    changed = tuple(
        change(code) if code.credential == credential else code for code in state.proxies
    )
    return replace(state, proxies=changed)


def auth_at(state: State, cell: CellId) -> Auth | None:
    """The authorisation that a door moves under, or moved under when it was last seen."""
    auth = door_of(state, cell).auth
    return None if auth is None else state.auths.get(auth)
