"""What an addressee agreed to, and who tried to ask: facts like those of edge.domain.facts."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from edge.domain.advice import Consent
from edge.kernel.ids import KeeperId, WaybillNo


class Wish(StrEnum):
    """Where the addressee wants a parcel. HOME: the keeper brings it to the door.

    NOWHERE: they agree to none of these, or no longer do.
    """

    CELL = "cell"
    SHELF = "shelf"
    HOME = "home"
    NOWHERE = "nowhere"


class How(StrEnum):
    """The way on which the answer came."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    MESSAGE = "message"


class Giver(StrEnum):
    """Whose word it is."""

    ADDRESSEE = "addressee"
    FAMILY = "family"


class NoContact(StrEnum):
    """Why nobody could be asked."""

    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWanted:
    """The addressee has to be asked before this parcel may lie in a cell or have a code.

    `said` is what was known when it came in: no, or nothing.
    """

    KIND: ClassVar[str] = "parcel.consent_wanted"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    said: Consent


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentNoted:
    """What was agreed to from here on, and by whom; an earlier word no longer counts."""

    KIND: ClassVar[str] = "parcel.consent_noted"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    wish: Wish
    how: How
    giver: Giver
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactTried:
    """The keeper tried to ask, and reached nobody."""

    KIND: ClassVar[str] = "parcel.contact_tried"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    result: NoContact
    keeper: KeeperId


ConsentFact = ConsentWanted | ConsentNoted | ContactTried
