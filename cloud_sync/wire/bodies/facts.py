"""Bodies of what happens at the counter and the doors. Shipped ones never change."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from cloud_sync.wire.bodies.body import (
    Attempt,
    Body,
    Cell,
    Mac,
    Ms,
    Percent,
    Proof,
    Sealed,
    Starts,
    Tail,
    Waybill,
    Word,
)


class StationStartedV1(Body, frozen=True):
    KIND: ClassVar[str] = "station.started"
    version: Word


class StationSteadyV1(Body, frozen=True):
    KIND: ClassVar[str] = "station.steady"


class SafeEnteredV1(Body, frozen=True):
    KIND: ClassVar[str] = "station.safe_entered"
    starts: Starts
    cell: Cell | None


class SafeLeftV1(Body, frozen=True):
    KIND: ClassVar[str] = "station.safe_left"


class StationStoppingV1(Body, frozen=True):
    KIND: ClassVar[str] = "station.stopping"
    reason: Word


class PowerLostV1(Body, frozen=True):
    KIND: ClassVar[str] = "power.lost"


class PowerRestoredV1(Body, frozen=True):
    KIND: ClassVar[str] = "power.restored"
    duration_ms: Ms | None


class BatteryLowV1(Body, frozen=True):
    KIND: ClassVar[str] = "power.battery_low"
    battery_percent: Percent | None


class KeeperSignedInV1(Body, frozen=True):
    KIND: ClassVar[str] = "keeper.signed_in"
    keeper: Word


class KeeperSignedOutV1(Body, frozen=True):
    KIND: ClassVar[str] = "keeper.signed_out"
    keeper: Word


class CheckInBegunV1(Body, frozen=True):
    KIND: ClassVar[str] = "check_in.begun"
    keeper: Word


class CheckInEndedV1(Body, frozen=True):
    KIND: ClassVar[str] = "check_in.ended"
    keeper: Word


class ParcelReceivedV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.received"
    waybill_no: Waybill
    carrier: Word
    keeper: Word


class CellReservedV1(Body, frozen=True):
    KIND: ClassVar[str] = "cell.reserved"
    cell: Cell
    waybill_no: Waybill


class CellFreedV1(Body, frozen=True):
    KIND: ClassVar[str] = "cell.freed"
    cell: Cell


class CellQuestionedV1(Body, frozen=True):
    KIND: ClassVar[str] = "cell.questioned"
    cell: Cell
    reason: Word


class CellFaultedV1(Body, frozen=True):
    KIND: ClassVar[str] = "cell.faulted"
    cell: Cell
    reason: Word


class DoorAskedV1(Body, frozen=True):
    KIND: ClassVar[str] = "door.asked"
    cell: Cell
    auth: Word
    attempt: Attempt
    purpose: Literal["check_in", "pickup", "release", "put_back", "take_back", "inspect"]
    actor: Word
    reason: Annotated[str, Meta(max_length=200)]


class DoorOpenedV1(Body, frozen=True):
    KIND: ClassVar[str] = "door.opened"
    cell: Cell
    auth: Word


class DoorShutV1(Body, frozen=True):
    KIND: ClassVar[str] = "door.shut"
    cell: Cell
    open_ms: Ms | None


class DoorForcedV1(Body, frozen=True):
    KIND: ClassVar[str] = "door.forced"
    cell: Cell


class DoorSilentV1(Body, frozen=True):
    KIND: ClassVar[str] = "door.silent"
    cell: Cell
    auth: Word
    attempt: Attempt
    reason: Word


class DoorRemindedV1(Body, frozen=True):
    KIND: ClassVar[str] = "door.reminded"
    cell: Cell
    open_ms: Ms


class DoorLeftOpenV1(Body, frozen=True):
    KIND: ClassVar[str] = "door.left_open"
    cell: Cell
    open_ms: Ms


class DoorUnseenV1(Body, frozen=True):
    KIND: ClassVar[str] = "door.unseen"
    cell: Cell


class ParcelStoredV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.stored"
    waybill_no: Waybill
    cell: Cell


class PhoneTailNotedV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.phone_tail_noted"
    waybill_no: Waybill
    phone_tail: Tail


class CheckInUndoneV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.check_in_undone"
    waybill_no: Waybill
    keeper: Word


class PickupCodeIssuedV1(Body, frozen=True):
    KIND: ClassVar[str] = "pickup.code_issued"
    credential: Word
    waybill_no: Waybill
    phone_tail: Tail
    code_mac: Mac
    token_mac: Mac


class PickupCodeSealedV1(Body, frozen=True):
    KIND: ClassVar[str] = "pickup.code_sealed"
    credential: Word
    waybill_no: Waybill
    sealed: Sealed


class PickupCodeRevokedV1(Body, frozen=True):
    KIND: ClassVar[str] = "pickup.code_revoked"
    credential: Word
    reason: Word


class PickupAcceptedV1(Body, frozen=True):
    KIND: ClassVar[str] = "pickup.accepted"
    credential: Word
    waybill_no: Waybill
    cell: Cell
    auth: Word
    proof: Proof


class PickupRefusedV1(Body, frozen=True):
    KIND: ClassVar[str] = "pickup.refused"
    reason: Word
    proof: Proof
    charged: Annotated[int, Meta(ge=0, le=1_000_000)]
    credentials: Annotated[list[Word], Meta(max_length=500)]


class ParcelPickedUpV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.picked_up"
    waybill_no: Waybill
    cell: Cell
    auth: Word
    proof: Proof
    actor: Word


class ParcelPutBackV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.put_back"
    waybill_no: Waybill
    cell: Cell


class ParcelMissingV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.missing"
    waybill_no: Waybill
    cell: Cell
    keeper: Word
