"""Bodies of who collects for whom. Shipped ones never change."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from cloud_sync.wire.bodies.body import Body, Cell, Mac, Ms, Proof, Tail, Waybill, Word

MaskedName = Annotated[str, Meta(pattern=r"^(\S\*\*)?$(?!\n)")]
"""The first letter of a name and two stars: no full name is kept for ever. Empty: not asked."""
Relation = Literal["family", "neighbour", "other"]


class ProxyCodeIssuedV1(Body, frozen=True):
    KIND: ClassVar[str] = "proxy.code_issued"
    credential: Word
    phone_tail: Tail
    code_mac: Mac
    token_mac: Mac
    until_ms: Ms
    keeper: Word


class ProxyAuthorisedV1(Body, frozen=True):
    KIND: ClassVar[str] = "proxy.authorised"
    credential: Word
    waybill_no: Waybill
    proxy: MaskedName
    relation: Relation
    owner: MaskedName


class ProxyCodeRevokedV1(Body, frozen=True):
    KIND: ClassVar[str] = "proxy.code_revoked"
    credential: Word
    reason: Literal["keeper", "replaced", "day_over"]


class ProxyCodeShownV1(Body, frozen=True):
    KIND: ClassVar[str] = "proxy.code_shown"
    credential: Word
    visit: Word
    proof: Proof


class ProxyAcceptedV1(Body, frozen=True):
    KIND: ClassVar[str] = "proxy.accepted"
    credential: Word
    waybill_no: Waybill
    cell: Cell
    auth: Word
    proof: Proof


class ProxyAgreedV1(Body, frozen=True):
    KIND: ClassVar[str] = "proxy.agreed"
    credential: Word
    waybill_no: Waybill
    keeper: Word


class ProxyDeclinedV1(Body, frozen=True):
    KIND: ClassVar[str] = "proxy.declined"
    credential: Word
    waybill_no: Waybill
    keeper: Word


class ProxyReleasedV1(Body, frozen=True):
    KIND: ClassVar[str] = "proxy.released"
    waybill_no: Waybill
    proxy: MaskedName
    relation: Relation
    owner: MaskedName
    keeper: Word


class ProxyPassTakenV1(Body, frozen=True):
    KIND: ClassVar[str] = "proxy.pass_taken"
    credential: Word
    waybill_no: Waybill
    phone_tail: Tail
    until_ms: Ms


class ProxyPassRevokedV1(Body, frozen=True):
    KIND: ClassVar[str] = "proxy.pass_revoked"
    credential: Word
    until_ms: Ms
