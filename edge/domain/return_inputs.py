"""What a keeper says of long stays, refusals, damage and returns; inputs like the others."""

from dataclasses import dataclass
from typing import Final

from edge.domain.inputs import Fresh, Input
from edge.domain.keeping import Liable
from edge.domain.troubles import TroubleKind, TroubleState
from edge.kernel.ids import KeeperId, WaybillNo


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalTold(Input):
    """The recipient does not want the parcel."""

    keeper: KeeperId
    waybill_no: WaybillNo
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DamageTold(Input):
    """The parcel is damaged."""

    keeper: KeeperId
    waybill_no: WaybillNo
    note: str
    liable: Liable
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderTold(Input):
    """The keeper has called the recipient."""

    keeper: KeeperId
    waybill_no: WaybillNo


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionAsked(Input):
    """The keeper lets a parcel stay for so many days more."""

    keeper: KeeperId
    waybill_no: WaybillNo
    days: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAsked(Input):
    """The keeper puts a parcel on the list of returns."""

    keeper: KeeperId
    waybill_no: WaybillNo


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnUndoAsked(Input):
    """The keeper takes a parcel off the list, or out of the return bag, for so many days."""

    keeper: KeeperId
    waybill_no: WaybillNo
    days: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BaggingAsked(Input):
    """The keeper takes a parcel from its place into the return bag."""

    keeper: KeeperId
    waybill_no: WaybillNo
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadingAsked(Input):
    """Everything that is in the return bag goes with the courier who is here."""

    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleTold(Input):
    """The keeper says more about something that is wrong, or that it is settled."""

    keeper: KeeperId
    trouble: TroubleKind
    subject: str
    note: str
    liable: Liable
    state: TroubleState


BY_KEEPER: Final = (
    RefusalTold,
    DamageTold,
    ReminderTold,
    ExtensionAsked,
    ReturnAsked,
    ReturnUndoAsked,
    BaggingAsked,
    LoadingAsked,
    TroubleTold,
)
"""Wishes of the keeper who is signed in."""
