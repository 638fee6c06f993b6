"""What a parcel's stay has brought about: reminders, days that were granted, why it goes back."""

from dataclasses import dataclass
from enum import StrEnum

from edge.kernel.ids import KeeperId
from edge.kernel.time import Instant


class Cause(StrEnum):
    """Why a parcel goes back to its sender. KEEPER: she put it on the list herself."""

    OVERDUE = "overdue"
    REFUSED = "refused"
    DAMAGED = "damaged"
    KEEPER = "keeper"


class Liable(StrEnum):
    """Whose fault it is, as far as the keeper can tell."""

    SENDER = "sender"
    CARRIER = "carrier"
    STATION = "station"
    UNKNOWN = "unknown"


class Way(StrEnum):
    """How somebody was reminded: by the keeper's list, or by her call."""

    LIST = "list"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One reminder; the station's own has no keeper."""

    at: Instant
    way: Way
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """From that moment on it stays for so many days at least."""

    since: Instant
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """All of it for one parcel.

    `stored_by_ms` and `promised_by_ms` are when these moments had passed for certain, of moments
    at which no clock was trusted; a trusted one tells it later. `damage` is a note, `refused` a
    reason; each is empty where there is none.
    """

    stored_by_ms: int | None = None
    overdue_at: Instant | None = None
    reminders: tuple[Reminder, ...] = ()
    promise: Promise | None = None
    promised_by_ms: int | None = None
    cause: Cause | None = None
    refused: str = ""
    damage: str = ""
    liable: Liable = Liable.UNKNOWN


NOTHING_YET = Keeping()
