"""Wishes that follow a decision, in the imperative. Carried out once the facts are on disk."""

from dataclasses import dataclass

from edge.domain.county_word import CountyWord
from edge.domain.dock import Disputed
from edge.domain.trip_facts import HandoverSigned
from edge.kernel.ids import (
    NOWHERE,
    AuthId,
    CellId,
    PhoneTail,
    Place,
    SealNo,
    SlotCode,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Speak a clip by id, e.g. at a door left open. Lost without harm."""

    clip: str
    cell: CellId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beep:
    """Sound the alarm at a cell, e.g. at a door left open for too long. Lost without harm."""

    cell: CellId


Durable = QueueSlip | KeepCountyWords | MarkNoticeRead | QueueHandoverSlip
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
