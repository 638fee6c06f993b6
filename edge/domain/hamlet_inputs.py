"""What the keeper tells and asks about natural villages: inputs like edge.domain.inputs."""

from dataclasses import dataclass

from edge.domain.inputs import Input
from edge.kernel.ids import Hamlet, KeeperId, WaybillNo


@dataclass(frozen=True, slots=True, kw_only=True)
class HamletGiven(Input):
    """A parcel is for this village; an empty one takes a wrong word back."""

    keeper: KeeperId
    waybill_no: WaybillNo
    hamlet: Hamlet


@dataclass(frozen=True, slots=True, kw_only=True)
class HamletListAsked(Input):
    """Print today's parcels of one village, or where none is named a list for each."""

    keeper: KeeperId
    hamlet: Hamlet | None


BY_KEEPER = (HamletGiven, HamletListAsked)
