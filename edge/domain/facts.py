"""What happened, in the past tense. A fact is journalled for ever: never change one, add one.

Each class has a KIND, which is its name on disk and on the wire, and a SCHEMA number.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from edge.domain.clock_facts import ClockSynced
from edge.domain.consent_facts import ConsentFact
from edge.domain.county_facts import CountyStateApplied, NoticeRead
from edge.domain.hamlet_facts import HamletFact
from edge.domain.journal_facts import EpochCountSigned, EpochStarted, JournalJudged, SnapshotNoted
from edge.domain.machine_facts import (
    BatteryLow,
    PowerLost,
    PowerRestored,
    SafeEntered,
    SafeLeft,
    StationSteady,
    StationStopping,
)
from edge.domain.place_facts import PlaceFact
from edge.domain.proof import Proof as Proof  # noqa: PLC0414 - facts have always had it
from edge.domain.proxy_facts import ProxyFact
from edge.domain.remote_facts import RemoteAccepted, RemoteEnded, RemoteRefused
from edge.domain.return_facts import ReturnFact
from edge.domain.trip_facts import TripFact
from edge.kernel.ids import AuthId, CellId, CredentialId, KeeperId, Mac, PhoneTail, WaybillNo


class Purpose(StrEnum):
    """Why a door was asked to open."""

    CHECK_IN = "check_in"
    PICKUP = "pickup"
    RELEASE = "release"
    PUT_BACK = "put_back"
    TAKE_BACK = "take_back"
    INSPECT = "inspect"
    REMOTE = "remote"
    MOVE = "move"
    RETURN = "return"


class RefusalReason(StrEnum):
    """Why a pickup was refused; one text for all that could tell a guesser anything."""

    WRONG_CODE = "wrong_code"
    UNKNOWN_TOKEN = "unknown_token"  # noqa: S105 - a word, no secret
    LOCKED_OUT = "locked_out"
    STATION_BUSY_GUESSING = "station_locked_out"
    ALREADY_COLLECTED = "already_collected"
    REVOKED = "revoked"
    ASK_KEEPER = "ask_keeper"
    DOOR_IN_USE = "door_in_use"
    DOOR_UNSEEN = "door_unseen"
    BATTERY_LOW = "battery_low"
    JUST_RESTARTED = "just_restarted"
    PAY_FIRST = "pay_first"
    SIGN_FIRST = "sign_first"
    SEE_KEEPER = "see_keeper"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class StationStarted:
    KIND: ClassVar[str] = "station.started"
    SCHEMA: ClassVar[int] = 1
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeeperSignedIn:
    KIND: ClassVar[str] = "keeper.signed_in"
    SCHEMA: ClassVar[int] = 1
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeeperSignedOut:
    KIND: ClassVar[str] = "keeper.signed_out"
    SCHEMA: ClassVar[int] = 1
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInBegun:
    KIND: ClassVar[str] = "check_in.begun"
    SCHEMA: ClassVar[int] = 1
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInEnded:
    KIND: ClassVar[str] = "check_in.ended"
    SCHEMA: ClassVar[int] = 1
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelReceived:
    KIND: ClassVar[str] = "parcel.received"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    carrier: str
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReserved:
    KIND: ClassVar[str] = "cell.reserved"
    SCHEMA: ClassVar[int] = 1
    cell: CellId
    waybill_no: WaybillNo


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFreed:
    KIND: ClassVar[str] = "cell.freed"
    SCHEMA: ClassVar[int] = 1
    cell: CellId


@dataclass(frozen=True, slots=True, kw_only=True)
class CellQuestioned:
    """Nobody knows what is inside: never free until a keeper has looked."""

    KIND: ClassVar[str] = "cell.questioned"
    SCHEMA: ClassVar[int] = 1
    cell: CellId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFaulted:
    KIND: ClassVar[str] = "cell.faulted"
    SCHEMA: ClassVar[int] = 1
    cell: CellId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorAsked:
    """The intent, on disk before the lock moves: which authorisation, which attempt (1 or 2)."""

    KIND: ClassVar[str] = "door.asked"
    SCHEMA: ClassVar[int] = 1
    cell: CellId
    auth: AuthId
    attempt: int
    purpose: Purpose
    actor: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorOpened:
    """Seen open. `auth` is empty when the door was found open after nobody had seen it."""

    KIND: ClassVar[str] = "door.opened"
    SCHEMA: ClassVar[int] = 1
    cell: CellId
    auth: AuthId


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorShut:
    """Seen shut. `open_ms` is None when it was not seen open in this boot."""

    KIND: ClassVar[str] = "door.shut"
    SCHEMA: ClassVar[int] = 1
    cell: CellId
    open_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorForced:
    """Opened although nobody asked: an alarm, never a pickup."""

    KIND: ClassVar[str] = "door.forced"
    SCHEMA: ClassVar[int] = 1
    cell: CellId


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSilent:
    """Pulsed, but no sign of opening within three seconds, or the board did not take the pulse."""

    KIND: ClassVar[str] = "door.silent"
    SCHEMA: ClassVar[int] = 1
    cell: CellId
    auth: AuthId
    attempt: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorLeftOpen:
    KIND: ClassVar[str] = "door.left_open"
    SCHEMA: ClassVar[int] = 1
    cell: CellId
    open_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorReminded:
    """Open for ten seconds: the voice asked to shut it, once."""

    KIND: ClassVar[str] = "door.reminded"
    SCHEMA: ClassVar[int] = 1
    cell: CellId
    open_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorUnseen:
    """The sensor of this door no longer tells anything: its state is unknown until it does."""

    KIND: ClassVar[str] = "door.unseen"
    SCHEMA: ClassVar[int] = 1
    cell: CellId


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelStored:
    KIND: ClassVar[str] = "parcel.stored"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    cell: CellId


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneTailNoted:
    KIND: ClassVar[str] = "parcel.phone_tail_noted"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    phone_tail: PhoneTail


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInUndone:
    """The keeper took the check-in back; the parcel is not in our care."""

    KIND: ClassVar[str] = "parcel.check_in_undone"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupCodeIssued:
    KIND: ClassVar[str] = "pickup.code_issued"
    SCHEMA: ClassVar[int] = 1
    credential: CredentialId
    waybill_no: WaybillNo
    phone_tail: PhoneTail
    code_mac: Mac
    token_mac: Mac


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupCodeSealed:
    """The code that was just issued, readable for the county alone: for its addressee's page."""

    KIND: ClassVar[str] = "pickup.code_sealed"
    SCHEMA: ClassVar[int] = 1
    credential: CredentialId
    waybill_no: WaybillNo
    sealed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupCodeRevoked:
    KIND: ClassVar[str] = "pickup.code_revoked"
    SCHEMA: ClassVar[int] = 1
    credential: CredentialId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupAccepted:
    """The code was good; it is bound to this authorisation until the door has settled."""

    KIND: ClassVar[str] = "pickup.accepted"
    SCHEMA: ClassVar[int] = 1
    credential: CredentialId
    waybill_no: WaybillNo
    cell: CellId
    auth: AuthId
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupRefused:
    """A failed try. `charged` units left the station's daily 60; `credentials` each lost a try.

    Written only where it cost something; older journals have tries that cost nothing.
    A phone tail that nobody here has is counted like a code of its own, named "tail-" and digits.
    """

    KIND: ClassVar[str] = "pickup.refused"
    SCHEMA: ClassVar[int] = 1
    reason: RefusalReason
    proof: Proof
    charged: int
    credentials: tuple[CredentialId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelPickedUp:
    KIND: ClassVar[str] = "parcel.picked_up"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    cell: CellId
    auth: AuthId
    proof: Proof
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelPutBack:
    """The person reopened the door after collecting and shut it again: the keeper must look.

    Something may have been put back, or taken that had been forgotten. Until the look the parcel
    counts as inside; a ParcelPickedUp of the same authorisation tells that it was not.
    """

    KIND: ClassVar[str] = "parcel.put_back"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    cell: CellId


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelMissing:
    """A keeper looked into the cell where this parcel should be and found it empty: a dispute."""

    KIND: ClassVar[str] = "parcel.missing"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    cell: CellId
    keeper: KeeperId


Fact = (
    StationStarted
    | StationSteady
    | SafeEntered
    | SafeLeft
    | StationStopping
    | PowerLost
    | PowerRestored
    | BatteryLow
    | KeeperSignedIn
    | KeeperSignedOut
    | CheckInBegun
    | CheckInEnded
    | ParcelReceived
    | CellReserved
    | CellFreed
    | CellQuestioned
    | CellFaulted
    | DoorAsked
    | DoorOpened
    | DoorShut
    | DoorForced
    | DoorSilent
    | DoorLeftOpen
    | DoorReminded
    | DoorUnseen
    | ParcelStored
    | PhoneTailNoted
    | CheckInUndone
    | PickupCodeIssued
    | PickupCodeSealed
    | PickupCodeRevoked
    | PickupAccepted
    | PickupRefused
    | ParcelPickedUp
    | ParcelPutBack
    | ParcelMissing
    | PlaceFact
    | SnapshotNoted
    | JournalJudged
    | EpochStarted
    | EpochCountSigned
    | CountyStateApplied
    | NoticeRead
    | RemoteAccepted
    | RemoteRefused
    | RemoteEnded
    | ClockSynced
    | TripFact
    | ReturnFact
    | ConsentFact
    | ProxyFact
    | HamletFact
)
