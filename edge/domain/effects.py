"""Wishes that follow a decision, in the imperative. Carried out once the facts are on disk."""

from dataclasses import dataclass

from edge.domain.county_word import CountyWord
from edge.kernel.ids import AuthId, CellId, PhoneTail, SlotCode, WaybillNo
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
class Say:
    """Speak a clip by id, e.g. at a door left open. Lost without harm."""

    clip: str
    cell: CellId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beep:
    """Sound the alarm at a cell, e.g. at a door left open for too long. Lost without harm."""

    cell: CellId


Durable = QueueSlip | KeepCountyWords | MarkNoticeRead
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
    slot: SlotCode | None = None
    fen: int | None = None
