"""Bodies of what addressees agreed to. Shipped ones never change."""

from typing import ClassVar, Literal

from cloud_sync.wire.bodies.body import Body, Waybill, Word
from cloud_sync.wire.bodies.trips import Consent


class ConsentWantedV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.consent_wanted"
    waybill_no: Waybill
    said: Consent


class ConsentNotedV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.consent_noted"
    waybill_no: Waybill
    wish: Literal["cell", "shelf", "home", "nowhere"]
    how: Literal["phone", "in_person", "message"]
    giver: Literal["addressee", "family"]
    keeper: Word


class ContactTriedV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.contact_tried"
    waybill_no: Waybill
    result: Literal["no_answer", "wrong_number"]
    keeper: Word
