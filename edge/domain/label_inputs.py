"""The keeper wants a label once more: inputs like those of edge.domain.inputs."""

from dataclasses import dataclass

from edge.domain.advice import BagAdvice
from edge.domain.inputs import Input
from edge.kernel.ids import KeeperId, SealNo, WaybillNo


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfLabelAsked(Input):
    """Print the label of a parcel on a slot again."""

    keeper: KeeperId
    waybill_no: WaybillNo


@dataclass(frozen=True, slots=True, kw_only=True)
class BagLabelAsked(Input):
    """Print the label of a bag again; `advice` is what the manifests say of it."""

    keeper: KeeperId
    seal: SealNo
    advice: BagAdvice | None


BY_KEEPER = (ShelfLabelAsked, BagLabelAsked)
