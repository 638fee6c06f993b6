"""Bodies of where parcels lie and how a keeper hands them out. Shipped ones never change."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from cloud_sync.wire.bodies.body import Attempt, Body, Cell, Proof, Waybill, Word

# `$(?!\n)`: in Python's `re` a bare `$` also stands before a last line feed.
Slot = Annotated[str, Meta(pattern=r"^([A-Z]{1,2}-[1-9]-[1-7][0-9]{2,4}|地[1-9][0-9]{0,2})$(?!\n)")]
"""A slot of a shelf, e.g. B-3-407, or of the floor, e.g. 地2."""
Reason = Annotated[str, Meta(max_length=200)]
Fen = Annotated[int, Meta(ge=0, le=10_000_000)]
"""Hundredths of a yuan."""
Flag = Literal["bulky", "fresh", "signature", "valuable"]
Seen = Literal["id", "paid", "signed"]


class PlaceChosenV1(Body, frozen=True):
    KIND: ClassVar[str] = "check_in.place_chosen"
    keeper: Word
    choice: Literal["small", "medium", "large", "shelf", "floor"] | None


class ParcelShelvedV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.shelved"
    waybill_no: Waybill
    slot: Slot
    keeper: Word


class ParcelTakenOutV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.taken_out"
    waybill_no: Waybill
    cell: Cell | None
    slot: Slot | None
    keeper: Word
    reason: Word


class ParcelHandedOutV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.handed_out"
    waybill_no: Waybill
    slot: Slot
    keeper: Word
    proof: Proof


class ParcelHandedBackV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.handed_back"
    waybill_no: Waybill
    slot: Slot
    keeper: Word


class ParcelCalledV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.called"
    waybill_no: Waybill
    credential: Word
    proof: Proof


class ParcelFlaggedV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.flagged"
    waybill_no: Waybill
    keeper: Word
    flags: Annotated[list[Flag], Meta(max_length=4)]
    cash_due_fen: Fen


class HandoverSeenV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.handover_seen"
    waybill_no: Waybill
    keeper: Word
    seen: Annotated[list[Seen], Meta(min_length=1, max_length=3)]
    paid_fen: Fen


class CellLockedV1(Body, frozen=True):
    KIND: ClassVar[str] = "cell.locked"
    cell: Cell
    keeper: Word
    reason: Reason


class CellUnlockedV1(Body, frozen=True):
    KIND: ClassVar[str] = "cell.unlocked"
    cell: Cell
    keeper: Word


class DoorAskedV3(Body, frozen=True):
    """To take a parcel elsewhere; for anything else the earlier schemas serve."""

    KIND: ClassVar[str] = "door.asked"
    SCHEMA: ClassVar[int] = 3
    cell: Cell
    auth: Word
    attempt: Attempt
    purpose: Literal["move"]
    actor: Word
    reason: Reason
