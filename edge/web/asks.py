"""What may be asked of the station over HTTP: strict, bounded, printable."""

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from edge.domain.answers import Answer
from edge.domain.effects import Reply
from edge.domain.parcel import read_waybill
from edge.kernel.ids import AuthId, CellId, KeeperId, PhoneTail, WaybillNo
from edge.web.wording import answer_text, headline, next_step
from edge.words import say

LONGEST_SCAN: Final = 512
"""More than any waybill or token; a QR code of advertising ends here."""
MOST_CELLS: Final = 999
"""As in station.toml."""
UNAGREED: Final = (Answer.TO_CONTACT, Answer.NOT_IN_CELL, Answer.LIES_IN_CELL)
"""Answers that grant a wish, but not as the keeper expects it: nobody agreed to that cell."""
_PRINTED: Final = (Answer.SLIP_QUEUED, Answer.LISTS_QUEUED, Answer.LABEL_QUEUED)
"""Answers that paper is to follow."""
MOST_FEN: Final = 10_000_000
"""As on the wire: 100,000 yuan."""


def _waybill(text: str) -> str:
    waybill_no = read_waybill(text)
    if waybill_no is None:
        raise ValueError("not a waybill number")
    return waybill_no


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("control characters")
    return text


def _spoken(name: str) -> str:
    if not _printable(name).strip():
        raise ValueError("an empty name")
    return name


Digits4 = Annotated[PhoneTail, Field(pattern=r"^[0-9]{4}$")]
Cell = Annotated[CellId, Field(ge=1, le=MOST_CELLS)]
Auth = Annotated[AuthId, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Waybill = Annotated[WaybillNo, Field(min_length=1, max_length=64), AfterValidator(_waybill)]
Scan = Annotated[str, Field(min_length=1, max_length=LONGEST_SCAN), AfterValidator(_printable)]
Name = Annotated[KeeperId, Field(min_length=1, max_length=20), AfterValidator(_printable)]
PersonName = Annotated[str, Field(min_length=1, max_length=20, repr=False), AfterValidator(_spoken)]
MaybeName = Annotated[str, Field(max_length=20, repr=False), AfterValidator(_printable)]
Pin = Annotated[str, Field(min_length=1, max_length=64, repr=False)]
Reason = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_printable)]


class Ask(BaseModel):
    """Unknown fields are errors, and a number is no text."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class CodeAsk(Ask):
    """What a villager types: the phone's last four digits, then eight digits of the slip."""

    phone_tail: Digits4
    digits: Annotated[str, Field(pattern=r"^[0-9]{8}$", repr=False)]


class ScanAsk(Ask):
    """A code as a scanner would read it; `sure` of a number whose check digit says otherwise."""

    text: Scan
    sure: bool = False


class StuckAsk(Ask):
    """The door of this authorisation did not open, or was not seen to."""

    cell: Cell
    auth: Auth


class PutBackAsk(Ask):
    """The person wants the door of this authorisation again."""

    auth: Auth


class SignInAsk(Ask):
    """A keeper and a PIN."""

    keeper: Name
    pin: Pin


class CheckInAsk(Ask):
    """Turn check-in on or off."""

    on: bool


class WaybillAsk(Ask):
    """One parcel."""

    waybill_no: Waybill


class StandAsk(Ask):
    """Who came for the addressee, and which phone digits and name they told the keeper."""

    name: PersonName
    relation: Literal["family", "neighbour", "other"]
    owner: PersonName
    phone_tail: Digits4


class ReleaseAsk(WaybillAsk):
    """One parcel, what the keeper has seen of who gets it, and who that is where it is a proxy."""

    seen: Annotated[list[Literal["id", "paid", "signed"]], Field(max_length=3)] = []
    proxy: StandAsk | None = None


class PlaceAsk(Ask):
    """Where a parcel is to lie: the one that is named, or the next where none is."""

    waybill_no: Waybill | None
    choice: Literal["small", "medium", "large", "shelf", "floor", "larger"] | None

    @model_validator(mode="after")
    def _larger_than_something(self) -> Self:
        if self.waybill_no is None and self.choice == "larger":
            raise ValueError("nothing is too small yet")
        return self


class FlagsAsk(WaybillAsk):
    """All that is to be minded about a parcel."""

    flags: Annotated[list[Literal["bulky", "fresh", "signature", "valuable"]], Field(max_length=4)]
    cash_due_fen: Annotated[int, Field(ge=0, le=MOST_FEN)]


class PhoneTailAsk(WaybillAsk):
    """One parcel and the last four digits of its recipient's phone."""

    phone_tail: Digits4


class OpenCellAsk(Ask):
    """Why a cell is opened by hand."""

    reason: Reason

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.reason.strip():
            raise ValueError("an empty reason")
        return self


class LockCellAsk(OpenCellAsk):
    """Why a cell is taken off the offer."""


class InspectedAsk(Ask):
    """What the keeper found in a cell; null is nothing."""

    holds: Waybill | None


class AnswerBody(BaseModel):
    """The answer to a wish: `key` for machines, `text` for people, in the page's language.

    A refused one also has a `headline` and a `next_step` for the kiosk's big letters. `waits`: the
    wish is granted, but its slip waits for the printer, or the parcel for its addressee's word.
    """

    ok: bool
    key: str
    text: str
    headline: str = ""
    next_step: str = ""
    cell: int | None = None
    waybill_no: str | None = None
    auth: str | None = None
    slot: str | None = None
    waits: bool = False
    tries_left: int | None = None


def answer(reply: Reply | None, language: str, why_it_waits: str = "") -> AnswerBody:
    """A reply on its way out; an input without one is simply done.

    `why_it_waits`: the sentence, by its key, for a slip or label that cannot be printed now.
    """
    if reply is None:
        return AnswerBody(ok=True, key="", text="")
    unprinted = reply.key in _PRINTED and bool(why_it_waits)
    return AnswerBody(
        ok=reply.ok,
        key=reply.key,
        text=say(why_it_waits, language) if unprinted else answer_text(reply, language),
        waits=unprinted or reply.key in UNAGREED,
        headline="" if reply.ok else headline(reply, language),
        next_step="" if reply.ok else next_step(reply, language),
        cell=reply.cell,
        waybill_no=reply.waybill_no,
        auth=reply.auth,
        slot=reply.slot,
        tries_left=reply.tries_left,
    )
