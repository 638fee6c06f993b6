"""Who may collect for whom, and what came of it: facts like those of edge.domain.facts.

Names are masked before they come in (edge.kernel.masking): a fact is kept for ever.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from edge.domain.proof import Proof
from edge.kernel.ids import AuthId, CellId, CredentialId, KeeperId, Mac, PhoneTail, WaybillNo


class Relation(StrEnum):
    """What a proxy is to the addressee."""

    FAMILY = "family"
    NEIGHBOUR = "neighbour"
    OTHER = "other"


class ProxyEnd(StrEnum):
    """Why a proxy code died before all was collected by it."""

    KEEPER = "keeper"
    REPLACED = "replaced"
    DAY_OVER = "day_over"
    COUNTY = "county"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyCodeIssued:
    """A code for one proxy. What it is for is told by the ProxyAuthorised beside it."""

    KIND: ClassVar[str] = "proxy.code_issued"
    SCHEMA: ClassVar[int] = 1
    credential: CredentialId
    phone_tail: PhoneTail
    code_mac: Mac
    token_mac: Mac
    until_ms: int
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyAuthorised:
    """One parcel that the code is for, who comes for it, and for whom."""

    KIND: ClassVar[str] = "proxy.authorised"
    SCHEMA: ClassVar[int] = 1
    credential: CredentialId
    waybill_no: WaybillNo
    proxy: str
    relation: Relation
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyCodeRevoked:
    """It opens nothing any more."""

    KIND: ClassVar[str] = "proxy.code_revoked"
    SCHEMA: ClassVar[int] = 1
    credential: CredentialId
    reason: ProxyEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyCodeShown:
    """The right code at the kiosk: `visit` may open what is for the proxy, a door at a time.

    What only the keeper hands out waits for her word from here on.
    """

    KIND: ClassVar[str] = "proxy.code_shown"
    SCHEMA: ClassVar[int] = 1
    credential: CredentialId
    visit: AuthId
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyAccepted:
    """A door opens at the kiosk for the proxy."""

    KIND: ClassVar[str] = "proxy.accepted"
    SCHEMA: ClassVar[int] = 1
    credential: CredentialId
    waybill_no: WaybillNo
    cell: CellId
    auth: AuthId
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyAgreed:
    """The keeper let the proxy have a parcel that no kiosk opens for one."""

    KIND: ClassVar[str] = "proxy.agreed"
    SCHEMA: ClassVar[int] = 1
    credential: CredentialId
    waybill_no: WaybillNo
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyDeclined:
    """The keeper did not; this code opens that parcel no more."""

    KIND: ClassVar[str] = "proxy.declined"
    SCHEMA: ClassVar[int] = 1
    credential: CredentialId
    waybill_no: WaybillNo
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyReleased:
    """Handed out to a proxy without a code: the keeper had phone digits and addressee named."""

    KIND: ClassVar[str] = "proxy.released"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    proxy: str
    relation: Relation
    owner: str
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyPassTaken:
    """A pass that the county signed was shown for the first time; it opens its parcel's door once.

    `credential` is its one-time number. Who made it is known to the county alone.
    """

    KIND: ClassVar[str] = "proxy.pass_taken"
    SCHEMA: ClassVar[int] = 1
    credential: CredentialId
    waybill_no: WaybillNo
    phone_tail: PhoneTail
    until_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyPassRevoked:
    """The county took a pass back, shown here or not: it opens nothing any more."""

    KIND: ClassVar[str] = "proxy.pass_revoked"
    SCHEMA: ClassVar[int] = 1
    credential: CredentialId
    until_ms: int


ProxyFact = (
    ProxyCodeIssued
    | ProxyAuthorised
    | ProxyCodeRevoked
    | ProxyCodeShown
    | ProxyAccepted
    | ProxyAgreed
    | ProxyDeclined
    | ProxyReleased
    | ProxyPassTaken
    | ProxyPassRevoked
)
