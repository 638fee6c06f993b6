"""A recipient's phone number: read from a manifest, told in full to whoever carries a notice."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

_NOISE: Final = re.compile(r"[\s()]|^(?:\+86|0086)-?")
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE: Final = re.compile(r"0[0-9]{2,3}-?[0-9]{7,8}")
# A call centre's number with an extension, or one that the carrier has made unreadable.
_EXTENDED: Final = re.compile(
    r"((?:1[3-9][0-9]{9})|(?:0[0-9]{2,3}-?[0-9]{7,8}))[-#转,]([0-9]{1,6})"
)
_STARRED: Final = re.compile(r"1[0-9]{2}\*{4}[0-9]{4}")
_TAIL: Final = 4


class PhoneKind(StrEnum):
    """MASKED: it reaches its owner only by way of the carrier, if at all; the keeper calls."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    MASKED = "masked"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that shows nothing but its end when it is printed or logged."""

    kind: PhoneKind
    tail: str
    _digits: str = field(repr=False)

    def __str__(self) -> str:
        """The end alone."""
        return f"…{self.tail}"

    @property
    def can_be_told(self) -> bool:
        """Whether a notice to this number reaches its owner."""
        return self.kind is not PhoneKind.MASKED

    def reveal(self) -> str:
        """All of it: for the seal, and for whoever carries the notice."""
        return self._digits


def read_phone(text: str) -> Phone | None:
    """The number in a text, or None where there is none.

    Of an extension of four digits these are the tail: carriers print them as the owner's.
    """
    clear = _NOISE.sub("", text)
    if _MOBILE.fullmatch(clear):
        return Phone(PhoneKind.MOBILE, clear[-_TAIL:], clear)
    if _LANDLINE.fullmatch(clear):
        return Phone(PhoneKind.LANDLINE, clear[-_TAIL:], clear.replace("-", ""))
    if found := _EXTENDED.fullmatch(clear):
        number, extension = found.groups()
        tail = extension if len(extension) == _TAIL else number[-_TAIL:]
        return Phone(PhoneKind.MASKED, tail, f"{number.replace('-', '')}-{extension}")
    if _STARRED.fullmatch(clear):
        return Phone(PhoneKind.MASKED, clear[-_TAIL:], clear)
    return None
