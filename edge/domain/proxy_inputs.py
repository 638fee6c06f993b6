"""What is told about proxies: inputs like those of edge.domain.inputs."""

from dataclasses import dataclass
from typing import Final, Literal

from edge.domain.inputs import Fresh, Input
from edge.domain.place_facts import Seen
from edge.domain.proxy_answers import ProxyAnswer
from edge.domain.proxy_facts import Relation
from edge.kernel.ids import AuthId, CredentialId, KeeperId, WaybillNo


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyWanted(Input):
    """The keeper makes a code for who comes today for these parcels; names come masked."""

    keeper: KeeperId
    waybills: tuple[WaybillNo, ...]
    proxy: str
    relation: Relation
    owner: str
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyRevokeAsked(Input):
    """The keeper takes a proxy code back."""

    keeper: KeeperId
    credential: CredentialId


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyAnswered(Input):
    """The keeper's word on a parcel that waits for it, and what she has seen."""

    keeper: KeeperId
    credential: CredentialId
    waybill_no: WaybillNo
    agreed: bool
    seen: frozenset[Seen]
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyOpenAsked(Input):
    """The proxy at the kiosk wants the next door of this showing."""

    visit: AuthId
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class PassScanned(Input):
    """A pass of the county, read by its signature. `flaw` is why it counts for nothing here.

    `waybill_no` is the parcel of this station that it is for, None where there is no such one.
    """

    credential: CredentialId
    waybill_no: WaybillNo | None
    until_ms: int
    flaw: Literal[ProxyAnswer.FORGED, ProxyAnswer.ELSEWHERE] | None
    fresh: Fresh


BY_KEEPER: Final = (ProxyWanted, ProxyRevokeAsked, ProxyAnswered)
