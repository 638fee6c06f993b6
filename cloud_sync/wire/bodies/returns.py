"""Bodies of long stays, refusals, damage and returns. Shipped ones never change."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from cloud_sync.wire.bodies.body import Attempt, Body, Cell, Waybill, Word
from cloud_sync.wire.bodies.trips import Trip

Said = Annotated[str, Meta(max_length=200)]
"""A note or a reason in a person's own words."""
Days = Annotated[int, Meta(ge=1, le=60)]
Liable = Literal["sender", "carrier", "station", "unknown"]


class ParcelOverdueV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.overdue"
    waybill_no: Waybill
    days: Days


class ParcelRemindedV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.reminded"
    waybill_no: Waybill
    way: Literal["list", "phone"]
    keeper: Word


class StorageExtendedV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.storage_extended"
    waybill_no: Waybill
    days: Days
    keeper: Word
    reason: Said


class ParcelRefusedV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.refused"
    waybill_no: Waybill
    keeper: Word
    reason: Said


class ParcelDamagedV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.damaged"
    waybill_no: Waybill
    note: Said
    liable: Liable
    keeper: Word


class ParcelToReturnV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.to_return"
    waybill_no: Waybill
    cause: Literal["overdue", "refused", "damaged", "keeper"]
    keeper: Word


class ReturnUndoneV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.return_undone"
    waybill_no: Waybill
    days: Days
    keeper: Word
    reason: Said


class ParcelBaggedV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.bagged"
    waybill_no: Waybill
    keeper: Word


class ReturnLoadedV1(Body, frozen=True):
    KIND: ClassVar[str] = "return.loaded"
    waybill_no: Waybill
    trip: Trip


class ReturnUnloadedV1(Body, frozen=True):
    KIND: ClassVar[str] = "return.unloaded"
    waybill_no: Waybill
    trip: Trip
    keeper: Word


class ParcelReturnedV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.returned"
    waybill_no: Waybill
    trip: Trip
    courier: Word
    keeper: Word


class TroubleNotedV1(Body, frozen=True):
    KIND: ClassVar[str] = "trouble.noted"
    trouble: Literal[
        "damaged",
        "refused",
        "misrouted",
        "short",
        "over",
        "bag_damaged",
        "bag_misrouted",
        "bag_short",
        "bag_over",
    ]
    subject: Annotated[str, Meta(pattern=r"^[A-Z0-9-]{5,30}$(?!\n)")]
    note: Said
    liable: Liable
    state: Literal["open", "settled"]
    keeper: Word


class DoorAskedV4(Body, frozen=True):
    """To send a parcel back; for anything else the earlier schemas serve."""

    KIND: ClassVar[str] = "door.asked"
    SCHEMA: ClassVar[int] = 4
    cell: Cell
    auth: Word
    attempt: Attempt
    purpose: Literal["return"]
    actor: Word
    reason: Said
