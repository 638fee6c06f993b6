"""One parcel in the station's care, from the keeper's scan to the person's hands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from edge.domain.facts import Proof
from edge.domain.place_facts import Flag
from edge.domain.policy import CarrierRule
from edge.kernel.ids import AuthId, CellId, CredentialId, PhoneTail, SlotCode, WaybillNo
from edge.kernel.time import Instant


class Stage(StrEnum):
    """Where a parcel is in its life.

    RECEIVED: in the keeper's hands, perhaps on the way into the cell that is kept for it.
    KEEPER_ASSIST: in the cell as far as anyone knows, but only the keeper hands it out.
    MISSING: the keeper looked and it was not there.
    """

    RECEIVED = "received"
    STORED = "stored"
    KEEPER_ASSIST = "keeper_assist"
    PICKED_UP = "picked_up"
    UNDONE = "undone"
    MISSING = "missing"


IN_CELL: Final = (Stage.STORED, Stage.KEEPER_ASSIST)
"""In a place: a cell, or a slot of a shelf or the floor."""
IN_CARE: Final = (Stage.RECEIVED, *IN_CELL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A parcel as the station knows it. The last four digits are all that is kept of the phone.

    `former` is the code before the present one, remembered so that an old slip is told apart
    from a stranger's. `collected_at` and `ended_by` outlive a put back that may have been none.
    `cell` and `slot` tell where it lies, or lay last; at most one of them is set.
    """

    waybill_no: WaybillNo
    carrier: str
    stage: Stage
    cell: CellId | None
    received_at: Instant
    stored_at: Instant | None = None
    ended_at: Instant | None = None
    ended_by: AuthId | None = None
    collected_at: Instant | None = None
    phone_tail: PhoneTail | None = None
    credential: CredentialId | None = None
    former: CredentialId | None = None
    proof: Proof | None = None
    slot: SlotCode | None = None
    flags: tuple[Flag, ...] = ()
    cash_due_fen: int = 0

    @property
    def in_hand(self) -> bool:
        """Whether it waits in the keeper's hands for any place at all."""
        return self.stage is Stage.RECEIVED and self.cell is None

    @property
    def to_sign_for(self) -> bool:
        """Whether whoever gets it has to sign."""
        return Flag.SIGNATURE in self.flags or Flag.VALUABLE in self.flags


# 7 to 30 characters (devices/waybills.md). A web address or a pickup token has a colon or a dot, a
# word has no digits; a dash joins the piece number of a shipment, which is a parcel of its own.
_WAYBILL: Final = re.compile(r"(?=(?:[^0-9]*[0-9]){4})[A-Z0-9][A-Z0-9-]{5,28}[A-Z0-9]")


def read_waybill(text: str) -> WaybillNo | None:
    """The waybill number that a scanned or typed text stands for, in capitals, or None."""
    compact = text.strip()
    if not compact.isascii():
        return None
    found = compact.upper().rstrip("-")
    return WaybillNo(found) if _WAYBILL.fullmatch(found) else None


def carrier_of(waybill_no: WaybillNo, rules: Iterable[CarrierRule]) -> str:
    """The brand whose pattern fits first, a hint; empty when none does."""
    for rule in rules:
        if re.fullmatch(rule.pattern, waybill_no):
            return rule.carrier
    return ""
