"""What a station asks of its hardware, in the station's words. Drivers and twins fit these.

Channels are numbered from 1 as on the lock board. A driver does not inherit from a port; one
function in its module lets mypy prove that it fits. All methods are called from the event loop
and never block it; drivers keep a thread of their own per bus.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a station that prints no picture does without the library
    from PIL import Image


class DoorReading(StrEnum):
    """What a door sensor says. UNKNOWN: the board has not answered for three polls in a row."""

    OPEN = "open"
    SHUT = "shut"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorChange:
    """One door's reading changed (debounced), or was read for the first time."""

    channel: int
    reading: DoorReading


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceHealth:
    """How a device is doing. `note` is a word key; counters only grow.

    `failure` is a bug of ours that stopped the driver. A lock board's ends the process; another
    device stays away, and is served anew after a while where it has a port of its own.
    """

    name: str
    present: bool
    simulated: bool
    note: str = ""
    bad_frames: int = 0
    reconnects: int = 0
    failure: Exception | None = None


class Device(Protocol):
    """What all devices have in common."""

    def health(self) -> DeviceHealth:
        """The present condition; never blocks."""

    async def aclose(self) -> None:
        """Give the port back."""


class LockBank(Protocol):
    """One lock board with its doors."""

    def start(self, on_change: Callable[[DoorChange], None]) -> None:
        """Begin polling; the driver's thread calls `on_change`, first for every channel."""

    async def release(self, channel: int) -> None:
        """Pulse one lock once. Never repeated by the driver.

        Whoever asks while a pulse of this lock still waits for its turn shares that one pulse.
        Returning means that the board took the command, not that the door has opened. Raises
        PulseNotSent when nothing left us, any other DeviceGone when the lock may have moved all
        the same, DeviceJammed when the lock cannot be pulsed now.
        """

    def health(self) -> DeviceHealth:
        """The present condition; never blocks."""

    def articles(self) -> Mapping[int, bool]:
        """What the article sensors say, by channel: True where something lies inside.

        Empty where the board has none or does not answer.
        """

    async def aclose(self) -> None:
        """Stop polling and give the port back."""


class Scanner(Protocol):
    """A barcode scanner."""

    def start(self, on_code: Callable[[str], None]) -> None:
        """Begin reading; `on_code` gets each complete, printable code from the driver's thread."""

    def health(self) -> DeviceHealth:
        """The present condition; never blocks."""

    async def aclose(self) -> None:
        """Stop reading and give the port back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """A stable weight in grams; `net` when a tare has been taken off. Negative: under the tare."""

    grams: int
    net: bool


class Scale(Protocol):
    """A scale on the counter. Only what lies still is told."""

    def start(self, on_weight: Callable[[Weight], None]) -> None:
        """Begin reading; the driver's thread calls `on_weight` once for each new stable weight."""

    def health(self) -> DeviceHealth:
        """The present condition; never blocks."""

    async def aclose(self) -> None:
        """Stop reading and give the port back."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class IdCard:
    """What sending in one's real name needs of an identity card, and nothing more.

    Never logged; the text of an object shows no part of it. The photo is not kept.
    """

    name: str
    number: str


class CardReader(Protocol):
    """A reader of identity cards."""

    def start(self, on_card: Callable[[IdCard], None] | None) -> None:
        """Begin looking for cards; the driver's thread calls `on_card` once for each laid on.

        None: nobody wants cards. The reader is only asked whether it is there; no card is read.
        """

    def health(self) -> DeviceHealth:
        """The present condition; never blocks."""

    async def aclose(self) -> None:
        """Stop looking and give the port back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerReading:
    """How the station is fed. None where the device cannot tell.

    `mains`: the grid is there. `battery_percent`: 0 to 100. `low`: the battery is nearly empty
    by the supply's own word, and the station should end in order now.
    """

    mains: bool | None
    battery_percent: int | None = None
    low: bool = False


class Power(Protocol):
    """A supply with a battery."""

    def start(self, on_change: Callable[[PowerReading], None]) -> None:
        """Begin watching; the driver's thread calls `on_change`, first with what is so now."""

    def health(self) -> DeviceHealth:
        """The present condition; never blocks."""

    async def aclose(self) -> None:
        """Stop watching and give the port back."""


class Voice(Protocol):
    """A loudspeaker that plays recorded clips."""

    def say(self, clips: tuple[str, ...]) -> None:
        """Queue clips by id, played one after the other as one sentence; never blocks.

        A clip that is not there is skipped and counted as a bad frame. What waits longer than
        some seconds is dropped: late words confuse.
        """

    def tune(self, dialect: str, volume: int) -> None:
        """From the next sentence on: this dialect's recordings first, and 0 to 100 loud.

        What a dialect has no recording of is played as usual; so is all of an unknown one.
        """

    def health(self) -> DeviceHealth:
        """The present condition; never blocks."""

    async def aclose(self) -> None:
        """Fall silent and give the loudspeaker back."""


class Lamp(StrEnum):
    """What can be lit."""

    CABINET = "cabinet"
    ALARM = "alarm"


class Signals(Protocol):
    """A buzzer and lamps."""

    def beep(self, times: int) -> None:
        """So many short beeps, after those that are under way; never blocks."""

    def light(self, lamp: Lamp, *, on: bool) -> None:
        """Light a lamp or put it out; a lamp that is not there is no error. Never blocks."""

    def health(self) -> DeviceHealth:
        """The present condition; never blocks."""

    async def aclose(self) -> None:
        """Everything off, and the pins given back."""


class PaperState(StrEnum):
    """What the printer says about paper; UNKNOWN where it never answers."""

    OK = "ok"
    LOW = "low"
    OUT = "out"
    COVER_OPEN = "cover_open"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A line or paragraph, wrapped to the paper. `scale` multiplies width and height: 1 to 4 on
    receipts, 1 to 8 on labels.

    `whole`: made smaller until it fits on one line, and broken only where that could not be read.
    `inverted`: white on black, which tells things apart where there is no colour.
    """

    text: str
    scale: int = 1
    centred: bool = False
    bold: bool = False
    whole: bool = False
    inverted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Qr:
    """A QR code, centred; `module_dots` printer dots per module."""

    data: str
    module_dots: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Lines with a QR code at their right; on receipts, which are narrow, above it."""

    lines: tuple[Text, ...]
    code: Qr


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A barcode (Code 128), centred; a QR code instead where its bars would be too fine to read."""

    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A one-bit picture, centred."""

    image: "Image.Image"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A line across the paper."""


Block = Text | Qr | Beside | Bars | Picture | Rule
"""One piece of a document; a document is a tuple of blocks, printed top to bottom, then cut."""


class Printer(Protocol):
    """A receipt printer."""

    async def print_document(self, blocks: tuple[Block, ...]) -> None:
        """Print and cut. Raises DeviceGone (part may be out) or DeviceJammed (paper, cover)."""

    async def paper(self) -> PaperState:
        """Ask about paper. UNKNOWN when the printer does not answer within its time-out."""

    def health(self) -> DeviceHealth:
        """The present condition; never blocks."""

    async def aclose(self) -> None:
        """Give the port back."""
