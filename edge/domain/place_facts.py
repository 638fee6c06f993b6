"""Where a parcel lies and how it is handed out: facts like those of edge.domain.facts."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from edge.domain.proof import Proof
from edge.kernel.ids import CellId, CredentialId, KeeperId, SlotCode, WaybillNo


class Choice(StrEnum):
    """Where the keeper wants a parcel. LARGER: a cell larger than the one that is too small."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    SHELF = "shelf"
    FLOOR = "floor"
    LARGER = "larger"


class Flag(StrEnum):
    """What is to be minded about a parcel, besides cash that is due."""

    BULKY = "bulky"
    FRESH = "fresh"
    SIGNATURE = "signature"
    VALUABLE = "valuable"


class Seen(StrEnum):
    """What the keeper saw before handing a parcel out."""

    ID = "id"
    PAID = "paid"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChosen:
    """The keeper's wish for the next parcel that is scanned; None is the station's own choice."""

    KIND: ClassVar[str] = "check_in.place_chosen"
    SCHEMA: ClassVar[int] = 1
    keeper: KeeperId
    choice: Choice | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelShelved:
    """It lies on this slot from here on, and in no cell."""

    KIND: ClassVar[str] = "parcel.shelved"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    slot: SlotCode
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelTakenOut:
    """In the keeper's hands again, to lie elsewhere: out of this cell or off this slot.

    Of a cell nobody says that it is empty: that takes a fact of its own.
    """

    KIND: ClassVar[str] = "parcel.taken_out"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    cell: CellId | None
    slot: SlotCode | None
    keeper: KeeperId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelHandedOut:
    """From its slot into the person's hands, by the keeper."""

    KIND: ClassVar[str] = "parcel.handed_out"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    slot: SlotCode
    keeper: KeeperId
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelHandedBack:
    """The keeper took a handing out back: the parcel lies on this slot. Its old code stays dead."""

    KIND: ClassVar[str] = "parcel.handed_back"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    slot: SlotCode
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelCalled:
    """A right code for a parcel that only the keeper hands out. It spends nothing."""

    KIND: ClassVar[str] = "parcel.called"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    credential: CredentialId
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelFlagged:
    """All that is to be minded about this parcel from here on; 0 fen is no cash due."""

    KIND: ClassVar[str] = "parcel.flagged"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    keeper: KeeperId
    flags: tuple[Flag, ...]
    cash_due_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverSeen:
    """What the keeper says to have seen before handing out; no money is booked by it."""

    KIND: ClassVar[str] = "parcel.handover_seen"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    keeper: KeeperId
    seen: tuple[Seen, ...]
    paid_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLocked:
    """A keeper takes a cell off the offer. What lies in it can still be collected."""

    KIND: ClassVar[str] = "cell.locked"
    SCHEMA: ClassVar[int] = 1
    cell: CellId
    keeper: KeeperId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellUnlocked:
    """On offer again, as far as the keeper is concerned."""

    KIND: ClassVar[str] = "cell.unlocked"
    SCHEMA: ClassVar[int] = 1
    cell: CellId
    keeper: KeeperId


PlaceFact = (
    PlaceChosen
    | ParcelShelved
    | ParcelTakenOut
    | ParcelHandedOut
    | ParcelHandedBack
    | ParcelCalled
    | ParcelFlagged
    | HandoverSeen
    | CellLocked
    | CellUnlocked
)
