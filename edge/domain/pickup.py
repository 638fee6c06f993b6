"""Pickup codes: what opens a door for a villager, and how often one may guess."""

from dataclasses import dataclass

from edge.domain.facts import Proof, Purpose
from edge.kernel.ids import AuthId, CellId, CredentialId, Mac, PhoneTail, WaybillNo
from edge.kernel.time import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A leaky count of wrong tries in thousandths. It leaks by monotonic time of one boot only,
    so neither a power cycle nor a changed clock gives a guesser anything back.
    """

    spent_milli: int
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One live or spent pickup code. `auth` binds it to a door while a pickup is under way."""

    credential: CredentialId
    waybill_no: WaybillNo
    phone_tail: PhoneTail
    code_mac: Mac
    token_mac: Mac
    live: bool
    wrong: Bucket | None = None
    auth: AuthId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """One authorisation: one door, at most two pulses."""

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
