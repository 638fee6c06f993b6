"""Wishes that follow a decision, in the imperative. Carried out once the facts are on disk."""

from dataclasses import dataclass

from edge.domain.county_word import CountyWord
from edge.domain.dock import Disputed
from edge.domain.trip_facts import HandoverSigned
from edge.kernel.ids import (
    NOWHERE,
    AuthId,
    CellId,
    CredentialId,
    Hamlet,
    PhoneTail,
    Place,
    SealNo,
    SlotCode,
    TripId,
    WaybillNo,
)
from edge.kernel.time import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDoor:
    """Pulse one lock once. Not durable: after a crash nothing is pulsed again by itself."""

    cell: CellId
    auth: AuthId
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSlip:
    """Print a pickup slip. Durable: queued, sealed, in the transaction of the facts."""

    waybill_no: WaybillNo
    carrier: str
    phone_tail: PhoneTail
    cell: CellId | None
    digits: str
    token: str
    slot: SlotCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueProxySlip:
    """Print a slip for a proxy. Durable: queued, sealed, in the transaction of the facts."""

    credential: CredentialId
    proxy: str
    owner: str
    phone_tail: PhoneTail
    count: int
    until_ms: int
    digits: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepCountyWords:
    """Store what the county told, and how far. Durable: in the transaction of the facts.

    Then whatever it told below `sweep` is forgotten, except revocations.
    """

    words: tuple[CountyWord, ...]
    sweep: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkNoticeRead:
    """Nobody need be reminded of this notice. Durable: in the transaction of the facts."""

    notice: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueHandoverSlip:
    """Print a handover slip for the keeper and one for the courier. Durable: queued in the
    transaction of the facts. `misrouted` names a seal, its place and its next hop.
    """

    signed: HandoverSigned
    operator: str
    next_hops: tuple[tuple[SealNo, Place], ...]
    misrouted: tuple[tuple[SealNo, Place, Place], ...]
    disputed: Disputed | None
    at: Instant
    returns: tuple[WaybillNo, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueLine:
    """One parcel of a printed list; `to_return`: it goes back with the next van."""

    waybill_no: WaybillNo
    carrier: str
    phone_tail: PhoneTail | None
    cell: CellId | None
    slot: SlotCode | None
    day: int
    to_return: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueOverdueList:
    """Print for the keeper what has stayed for too long; `left` more stand on her page alone.

    Durable: queued in the transaction of the facts.
    """

    lines: tuple[OverdueLine, ...]
    left: int
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class HamletLine:
    """One parcel of a village's printed list."""

    carrier: str
    waybill_no: WaybillNo
    phone_tail: PhoneTail | None
    cell: CellId | None
    slot: SlotCode | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueHamletList:
    """Print today's parcels of one village; `left` more stand on the keeper's page alone.

    Durable: queued in the transaction of the facts.
    """

    hamlet: Hamlet
    parcels: int
    lines: tuple[HamletLine, ...]
    left: int
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueShelfLabel:
    """Print the label of a parcel that lies on a slot, on the label printer.

    Durable: queued in the transaction of the facts. It takes the place of a label of this parcel
    that is not out yet; `again`: one may be out.
    """

    waybill_no: WaybillNo
    carrier: str
    phone_tail: PhoneTail | None
    slot: SlotCode
    at: Instant
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueBagLabel:
    """Print the label of a bag that goes on from here, on the label printer.

    `parcels` is None where no manifest says how many. Durable and `again` as for a shelf's.
    """

    seal: SealNo
    to: Place
    next_hop: Place
    trip: TripId
    parcels: int | None
    at: Instant
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Speak a clip by id, e.g. at a door left open. Lost without harm."""

    clip: str
    cell: CellId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beep:
    """Sound the alarm at a cell, e.g. at a door left open for too long. Lost without harm."""

    cell: CellId


Durable = (
    QueueSlip
    | QueueProxySlip
    | KeepCountyWords
    | MarkNoticeRead
    | QueueHandoverSlip
    | QueueOverdueList
    | QueueHamletList
    | QueueShelfLabel
    | QueueBagLabel
)
"""Stored with the facts that they follow from: all of it or nothing."""
Effect = OpenDoor | Durable | Say | Beep


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to whoever asked: a word key of edge.words with its blanks. Not journalled."""

    key: str
    ok: bool
    cell: CellId | None = None
    waybill_no: WaybillNo | None = None
    auth: AuthId | None = None
    tries_left: int | None = None
    at: Instant | None = None
    """When that was of which the answer tells."""
    seal: SealNo | None = None
    to: Place = NOWHERE
    """Where a bag or a parcel belongs,"""
    next_hop: Place = NOWHERE
    """... and where it goes first."""
    count: int | None = None
    slot: SlotCode | None = None
    fen: int | None = None
