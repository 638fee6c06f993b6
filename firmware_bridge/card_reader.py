"""Readers of second-generation identity cards (SDT modules): find, select, read.

docs/devices/card-readers.md has the bytes. Of a card only name and number leave this module;
no object of it shows any part of them, and the photo is never looked at.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final

from firmware_bridge.assembler import Fault, More, Verdict, Whole
from firmware_bridge.checksum import bcc

EVERY_S: Final = 0.3
HEAD: Final = bytes.fromhex("AA AA AA 96 69")
LONGEST: Final = 1_295
_LENGTH_END: Final = 7
_LEAST_LENGTH: Final = 4
"""Three status bytes and the check byte."""
_STATUS_AT: Final = 9
_TEXT_AT: Final = 14
_FOUND: Final = 0x9F
_DONE: Final = 0x90
_NO_CARD: Final = 0x80
_NAME: Final = slice(_TEXT_AT, _TEXT_AT + 30)
_NUMBER: Final = slice(_TEXT_AT + 122, _TEXT_AT + 158)
_PHOTO_BYTES: Final = 1_024
_TEXT_BYTES: Final = 256
_SIZES: Final = _TEXT_BYTES.to_bytes(2, "big") + _PHOTO_BYTES.to_bytes(2, "big")
_NUMBER_LAW: Final = re.compile(r"[1-9][0-9]{16}[0-9X]")
_CHECK_DIGITS: Final = "0123456789X"
_UNPRINTED: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Not Co and Cn: rare names use the private characters of the cards' own typeface."""
LIFTED_AFTER: Final = 2
"""So many answers of "no card" in a row; a single one may be a card that slipped."""
TRIES: Final = 3
"""A card that cannot be read so often is left alone until it is lifted."""


class Ask(Enum):
    """What a reader is asked; the value is the command, its check byte included."""

    FIND = bytes.fromhex("AA AA AA 96 69 00 03 20 01 22")
    SELECT = bytes.fromhex("AA AA AA 96 69 00 03 20 02 21")
    READ = bytes.fromhex("AA AA AA 96 69 00 03 30 01 32")


PATIENCE_S: Final = {Ask.FIND: 1.0, Ask.SELECT: 1.0, Ask.READ: 2.0}
"""Reading a card takes about 1 s, its 1295 bytes another 112 ms at 115200."""


def look(pending: bytes, *, final: bool) -> Verdict:  # noqa: ARG001 - the law of an Assembler
    """The law of an answer, for an Assembler: head, length, and an XOR from the length on."""
    if not HEAD.startswith(pending[: len(HEAD)]):
        return Fault.NOISE
    if len(pending) < _LENGTH_END:
        return More()
    length = int.from_bytes(pending[len(HEAD) : _LENGTH_END], "big")
    size = _LENGTH_END + length
    if length < _LEAST_LENGTH or size > LONGEST:
        return Fault.NOISE
    if len(pending) < size:
        return More()
    return Fault.DAMAGED if bcc(pending[len(HEAD) : size]) else Whole(size)


class CardFlaw(StrEnum):
    """Why a card or an answer is of no use."""

    ANSWER = "answer"
    UNREADABLE = "unreadable"
    CONTENT = "content"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CardText:
    """Name and number of a card. Its own text shows no part of them."""

    name: str
    number: str


def number_is_sound(number: str) -> bool:
    """Whether it is an 18-digit citizen number with the right check digit (ISO 7064 MOD 11-2)."""
    if _NUMBER_LAW.fullmatch(number) is None:
        return False
    remainder = 0
    for digit in number[:-1]:
        remainder = (remainder + int(digit)) * 2 % 11
    return _CHECK_DIGITS[(12 - remainder) % 11] == number[-1]


def read_card(frame: bytes) -> CardText | None:
    """Name and number from the answer to READ, or None when it holds no sound card."""
    if len(frame) != LONGEST or frame[_STATUS_AT + 1 : _TEXT_AT] != _SIZES:
        return None
    try:
        name = frame[_NAME].decode("utf-16-le").rstrip(" \0")
        number = frame[_NUMBER].decode("utf-16-le")
    except UnicodeDecodeError:
        return None
    if not name.strip() or any(unicodedata.category(one) in _UNPRINTED for one in name):
        return None
    return CardText(name=name, number=number) if number_is_sound(number) else None


class CardWatch:
    """What to ask next, and what each answer means. A card that stays is told once.

    Unless it `reads`, it asks for nothing but whether a card lies there.
    """

    def __init__(self, *, reads: bool = True) -> None:
        self._reads = reads
        self.ask = Ask.FIND
        self._done_with = False
        self._absent = 0
        self._failures = 0

    @property
    def troubled(self) -> bool:
        """Whether the card that lies there could not be read."""
        return self._failures > 0

    def answered(self, frame: bytes) -> CardText | CardFlaw | None:
        """An answer to the last question came."""
        asked, self.ask = self.ask, Ask.FIND
        status = frame[_STATUS_AT]
        match asked:
            case Ask.FIND:
                return self._sought(status)
            case Ask.SELECT if status == _DONE:
                self.ask = Ask.READ
                return None
            case Ask.READ if status == _DONE:
                return self._read(frame)
        return self._failed()

    def unanswered(self) -> None:
        """No whole answer came in time: begin anew."""
        self.ask = Ask.FIND

    def _sought(self, status: int) -> CardFlaw | None:
        if status == _FOUND:
            self._absent = 0
            if self._reads and not self._done_with:
                self.ask = Ask.SELECT
            return None
        if status != _NO_CARD:
            return CardFlaw.ANSWER
        self._absent += 1
        if self._absent >= LIFTED_AFTER:
            self._done_with, self._failures = False, 0
        return None

    def _read(self, frame: bytes) -> CardText | CardFlaw:
        card = read_card(frame)
        self._done_with = True
        if card is None:
            self._failures = TRIES
            return CardFlaw.CONTENT
        self._failures = 0
        return card

    def _failed(self) -> CardFlaw:
        self._failures += 1
        self._done_with = self._failures >= TRIES
        return CardFlaw.UNREADABLE
