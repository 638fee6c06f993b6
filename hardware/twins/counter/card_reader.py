"""A reader of identity cards: lay a card on, lift it; it answers find, select and read.

Once a card has been read the common module does not find it again until it was lifted
(`finds_again` is the other kind). Its law: a card is selected before it is read.
"""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hardware.twins.cable import Cable
from hardware.twins.faults import Device, Fault, Faults
from hardware.twins.line_troubles import LineTroubles

_PREAMBLE: Final = b"\xaa\xaa\xaa\x96\x69"
_COMMAND_BYTES: Final = 10
_BITS_A_BYTE: Final = 10
_WIDTHS: Final = (15, 1, 2, 8, 35, 18, 15, 8, 8, 18)
"""Characters of name, sex, nation, birth, address, number, issuer, from, until, spare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidCard:
    """What is printed on a card."""

    name: str
    number: str
    address: str = "浙江省某县某镇某村1号"

    def text(self) -> bytes:
        """The 256 bytes of text that the chip holds."""
        fields = (
            self.name,
            "1",
            "01",
            self.number[6:14],
            self.address,
            self.number,
            "某县公安局",
            "20200101",
            "20400101",
            "",
        )
        padded = (one.ljust(width)[:width] for one, width in zip(fields, _WIDTHS, strict=True))
        return "".join(padded).encode("utf-16-le")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardReaderMake:
    """What differs between readers. `baud` None sends at once instead of at that pace."""

    finds_again: bool = False
    self_test_fails: bool = False
    read_s: float = 0.05
    baud: int | None = None


class CardReaderTwin:
    """One module at the far end of a cable."""

    def __init__(self, link: Path, faults: Faults, make: CardReaderMake | None = None) -> None:
        self._make = make or CardReaderMake()
        self._faults = faults
        self._lock = threading.Lock()
        self._heard = b""
        self._card: LaidCard | None = None
        self._selected = False
        self._spent = False
        self._violations: list[str] = []
        self._reads = 0
        self._finds = 0
        byte_s = _BITS_A_BYTE / self._make.baud if self._make.baud else 0.0
        troubles = LineTroubles(faults, Device.CARD_READER)
        self.cable: Final = Cable(link, self._hear, byte_s=byte_s, troubles=troubles)

    @property
    def violations(self) -> tuple[str, ...]:
        """Every breach of the law so far."""
        with self._lock:
            return tuple(self._violations)

    @property
    def reads(self) -> int:
        """How often a card was read out whole."""
        with self._lock:
            return self._reads

    @property
    def finds(self) -> int:
        """How often it was asked to find a card."""
        with self._lock:
            return self._finds

    def lay(self, card: LaidCard) -> None:
        """Lay a card on the reader, in the place of one that lies there."""
        with self._lock:
            self._card = card
            self._selected = self._spent = False

    def lift(self) -> None:
        """Take the card away."""
        with self._lock:
            self._card = None
            self._selected = self._spent = False

    def send_raw(self, data: bytes) -> None:
        """Noise on the line: these bytes and nothing else."""
        self.cable.say(data)

    def _hear(self, chunk: bytes) -> None:
        self._heard = (self._heard + chunk)[-256:]
        while (at := self._heard.find(_PREAMBLE)) >= 0:
            command = self._heard[at : at + _COMMAND_BYTES]
            if len(command) < _COMMAND_BYTES:
                return
            self._heard = self._heard[at + _COMMAND_BYTES :]
            self._obey(command)

    def _obey(self, command: bytes) -> None:
        if _xor(command[5:]) != 0:
            self._say(0x10)
            return
        with self._lock:
            status, data, after_s = self._outcome(command[7:9])
        self._say(status, data, after_s)

    def _outcome(self, what: bytes) -> tuple[int, bytes, float]:
        """Status byte, data and how long it takes."""
        card = self._card
        if self._make.self_test_fails:
            return 0x60, b"", 0.0
        match what:
            case b"\x20\x01":
                self._finds += 1
                there = card is not None and (self._make.finds_again or not self._spent)
                return (0x9F, bytes(4), 0.0) if there else (0x80, b"", 0.0)
            case b"\x20\x02":
                self._selected = card is not None
                return (0x90, bytes(8), 0.0) if self._selected else (0x81, b"", 0.0)
            case b"\x30\x01":
                return self._read_out(card)
        return 0x21, b"", 0.0

    def _read_out(self, card: LaidCard | None) -> tuple[int, bytes, float]:
        if card is None:
            return 0x41, b"", self._make.read_s
        if not self._selected:
            self._violations.append("read before select")
            return 0x41, b"", self._make.read_s
        self._selected = False
        if self._faults.is_on(Fault.CARD_UNREADABLE):
            return 0x41, b"", self._make.read_s
        self._spent = True
        self._reads += 1
        photo = bytes(n * 7 % 256 for n in range(1_024))
        sizes = b"\x01\x00\x04\x00"
        return 0x90, sizes + card.text() + photo, self._make.read_s

    def _say(self, status: int, data: bytes = b"", after_s: float = 0.0) -> None:
        body = b"\x00\x00" + bytes([status]) + data
        counted = (len(body) + 1).to_bytes(2, "big") + body
        self.cable.say(_PREAMBLE + counted + bytes([_xor(counted)]), after_s)


def _xor(data: bytes) -> int:
    check = 0
    for byte in data:
        check ^= byte
    return check
