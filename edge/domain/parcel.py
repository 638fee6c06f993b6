"""One parcel in the station's care, from the keeper's scan to the person's hands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from edge.domain.facts import Proof
from edge.domain.policy import CarrierRule
from edge.kernel.ids import AuthId, CellId, CredentialId, PhoneTail, WaybillNo
from edge.kernel.time import Instant


class Stage(StrEnum):
    """Where a parcel is in its life.

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
IN_CARE: Final = (Stage.RECEIVED, *IN_CELL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A parcel as the station knows it. The last four digits are all that is kept of the phone.

    `former` is the code before the present one, remembered so that an old slip is told apart
    from a stranger's. `collected_at` and `ended_by` outlive a put back that may have been none.
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
