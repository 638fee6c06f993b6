"""Long stays, refusals, damage and returns: facts like those of edge.domain.facts."""

from dataclasses import dataclass
from typing import ClassVar

from edge.domain.keeping import Cause, Liable, Way
from edge.domain.troubles import TroubleKind, TroubleState
from edge.kernel.ids import CourierId, KeeperId, TripId, WaybillNo


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelOverdue:
    """By a trusted clock it has lain here for longer than `days` whole days."""

    KIND: ClassVar[str] = "parcel.overdue"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelReminded:
    """Its recipient is to hear of it: it stands on the keeper's list, or she has called."""

    KIND: ClassVar[str] = "parcel.reminded"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    way: Way
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageExtended:
    """It stays for so many days from now at least."""

    KIND: ClassVar[str] = "parcel.storage_extended"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    days: int
    keeper: KeeperId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelRefused:
    """Its recipient does not want it, at the counter or by telephone."""

    KIND: ClassVar[str] = "parcel.refused"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    keeper: KeeperId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelDamaged:
    """Found broken, wet or open; from here on only the keeper hands it out."""

    KIND: ClassVar[str] = "parcel.damaged"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    note: str
    liable: Liable
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelToReturn:
    """On the list of what goes back. The station's own doing has no keeper."""

    KIND: ClassVar[str] = "parcel.to_return"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    cause: Cause
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnUndone:
    """Off the list again, and it stays for so many days from now at least.

    Out of the return bag it is in the keeper's hands.
    """

    KIND: ClassVar[str] = "parcel.return_undone"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    days: int
    keeper: KeeperId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelBagged:
    """Out of its place and in the return bag. Of a cell nobody says that it is empty."""

    KIND: ClassVar[str] = "parcel.bagged"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLoaded:
    """It goes with the courier of this handover, once both have signed."""

    KIND: ClassVar[str] = "return.loaded"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    trip: TripId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnUnloaded:
    """That was a mistake: it stays in the return bag."""

    KIND: ClassVar[str] = "return.unloaded"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    trip: TripId
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelReturned:
    """Gone with a courier who signed for it."""

    KIND: ClassVar[str] = "parcel.returned"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    trip: TripId
    courier: CourierId
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleNoted:
    """What the keeper says of something that is wrong; `subject` is a parcel or a bag."""

    KIND: ClassVar[str] = "trouble.noted"
    SCHEMA: ClassVar[int] = 1
    trouble: TroubleKind
    subject: str
    note: str
    liable: Liable
    state: TroubleState
    keeper: KeeperId


ReturnFact = (
    ParcelOverdue
    | ParcelReminded
    | StorageExtended
    | ParcelRefused
    | ParcelDamaged
    | ParcelToReturn
    | ReturnUndone
    | ParcelBagged
    | ReturnLoaded
    | ReturnUnloaded
    | ParcelReturned
    | TroubleNoted
)
