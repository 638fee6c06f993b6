"""Pickup codes and authorisations: what opens a door, for whom, and how often one may guess."""

from dataclasses import dataclass
from typing import Final

from edge.domain.facts import Proof, Purpose
from edge.kernel.ids import AuthId, CellId, CredentialId, Mac, PhoneTail, WaybillNo
from edge.kernel.time import Instant

DAY_MS: Final = 86_400_000
"""A wrong try counts against code, phone tail and station for one day of running time."""
OVER_A_PARCEL: Final = (
    Purpose.PICKUP,
    Purpose.RELEASE,
    Purpose.TAKE_BACK,
    Purpose.MOVE,
    Purpose.RETURN,
)
"""Purposes that take the parcel out of its cell."""
UNATTENDED: Final = (Purpose.PICKUP, Purpose.PUT_BACK, Purpose.REMOTE)
"""Purposes for which no keeper stands before the open door."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongTry:
    """Units that a wrong try took from the station, and when by the station's running time."""

    ran_ms: int
    units: int


def of_the_day(tries: tuple[int, ...], now_ms: int) -> tuple[int, ...]:
    """Those that still count. Running time never goes back, so the first one is the oldest."""
    if not tries or now_ms - tries[0] < DAY_MS:
        return tries
    return tuple(ran_ms for ran_ms in tries if now_ms - ran_ms < DAY_MS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One live or spent pickup code. `auth` binds it to a door while a pickup is under way.

    `wrong` are the moments of the wrong tries that it lost, by the station's running time.
    """

    credential: CredentialId
    waybill_no: WaybillNo
    phone_tail: PhoneTail
    code_mac: Mac
    token_mac: Mac
    live: bool
    wrong: tuple[int, ...] = ()
    auth: AuthId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A right code that was shown for a parcel which only the keeper hands out."""

    credential: CredentialId
    proof: Proof
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """One authorisation: one door, at most two pulses.

    `watched` is lost with the sight of the door, by a restart or a silent sensor: what happens
    then settles the parcel as far as it can, but never frees a cell.
    """

    auth: AuthId
    cell: CellId
    purpose: Purpose
    attempt: int
    actor: str
    asked_at: Instant
    waybill_no: WaybillNo | None = None
    credential: CredentialId | None = None
    proof: Proof | None = None
    opened: bool = False
    watched: bool = True
