"""One parcel in the station's care, from the keeper's scan to the person's hands."""

from dataclasses import dataclass
from enum import StrEnum

from edge.domain.facts import Proof
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A parcel as the station knows it. The last four digits are all that is kept of the phone."""

    waybill_no: WaybillNo
    carrier: str
    stage: Stage
    cell: CellId | None
    received_at: Instant
    stored_at: Instant | None = None
    ended_at: Instant | None = None
    ended_by: AuthId | None = None
    phone_tail: PhoneTail | None = None
    credential: CredentialId | None = None
    proof: Proof | None = None
