"""What the keeper tells about asking addressees: inputs like those of edge.domain.inputs."""

from dataclasses import dataclass

from edge.domain.consent_facts import Giver, How, NoContact, Wish
from edge.domain.inputs import Fresh, Input
from edge.kernel.ids import KeeperId, WaybillNo


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(Input):
    """What the addressee, or the family, agreed to."""

    keeper: KeeperId
    waybill_no: WaybillNo
    wish: Wish
    how: How
    giver: Giver
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFailed(Input):
    """The keeper reached nobody."""

    keeper: KeeperId
    waybill_no: WaybillNo
    result: NoContact
