"""What went wrong with parcels and bags, until somebody has settled it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from edge.domain.keeping import Liable
from edge.kernel.time import Instant

MOST_TROUBLES: Final = 200
"""Remembered; of more the oldest is forgotten. The journal keeps all."""


class TroubleKind(StrEnum):
    """What is wrong; the last four are of whole bags."""

    DAMAGED = "damaged"
    REFUSED = "refused"
    MISROUTED = "misrouted"
    SHORT = "short"
    OVER = "over"
    BAG_DAMAGED = "bag_damaged"
    BAG_MISROUTED = "bag_misrouted"
    BAG_SHORT = "bag_short"
    BAG_OVER = "bag_over"


class TroubleState(StrEnum):
    """Whether somebody still has to see to it."""

    OPEN = "open"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One of them; `subject` is a waybill number or a bag's seal."""

    kind: TroubleKind
    subject: str
    at: Instant
    note: str = ""
    liable: Liable = Liable.UNKNOWN
    state: TroubleState = TroubleState.OPEN
