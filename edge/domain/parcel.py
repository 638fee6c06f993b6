"""One parcel in the station's care, from the keeper's scan to the person's hands."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from edge.domain.agreement import NOBODY_ASKS, Agreement
from edge.domain.consent_facts import Wish
from edge.domain.facts import Proof
from edge.domain.keeping import NOTHING_YET, Keeping
from edge.domain.place_facts import Flag
from edge.kernel.ids import (
    NO_HAMLET,
    AuthId,
    CellId,
    CredentialId,
    Hamlet,
    PhoneTail,
    SlotCode,
    WaybillNo,
)
from edge.kernel.time import Instant


class Stage(StrEnum):
    """Where a parcel is in its life.

    RECEIVED: in the keeper's hands, perhaps on the way into the cell that is kept for it.
    KEEPER_ASSIST: in the cell as far as anyone knows, but only the keeper hands it out.
    MISSING: the keeper looked and it was not there.
    BAGGED: in the return bag, until a courier signs for it; then it is RETURNED.
    """

    RECEIVED = "received"
    STORED = "stored"
    KEEPER_ASSIST = "keeper_assist"
    PICKED_UP = "picked_up"
    UNDONE = "undone"
    MISSING = "missing"
    BAGGED = "bagged"
    RETURNED = "returned"


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
    keeping: Keeping = NOTHING_YET
    agreement: Agreement = NOBODY_ASKS
    hamlet: Hamlet = NO_HAMLET

    @property
    def in_hand(self) -> bool:
        """Whether it waits in the keeper's hands for any place at all."""
        return self.stage is Stage.RECEIVED and self.cell is None

    @property
    def to_sign_for(self) -> bool:
        """Whether whoever gets it has to sign."""
        return Flag.SIGNATURE in self.flags or Flag.VALUABLE in self.flags

    @property
    def for_keeper_only(self) -> bool:
        """Whether the keeper has to look at it with whoever comes for it."""
        return bool(self.keeping.damage or self.keeping.refused)

    @property
    def delicate(self) -> bool:
        """Whether a yes to the station is none to a cell: what spoils or is worth much (rule of
        2019 on parcel lockers).
        """
        return Flag.FRESH in self.flags or Flag.VALUABLE in self.flags

    @property
    def unagreed(self) -> bool:
        """Whether nobody agreed that it lies in a cell; of what is delicate, in so many words."""
        named = self.agreement.wish is Wish.CELL
        return not self.agreement.to_a_cell or (self.delicate and not named)

    @property
    def barred_from_cells(self) -> bool:
        """Whether it may be put into no cell: unagreed, or damaged and so to be shown."""
        return self.unagreed or bool(self.keeping.damage)


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
