"""What hands do at the devices on the counter, and what is seen and heard there."""

import threading
from io import BytesIO
from typing import Any, Final, TypeVar

from PIL import Image

from edge.kernel.errors import Refused
from edge.tools.said import sentences
from edge.tools.workbench.words import Words
from firmware_bridge.card_reader import number_is_sound
from hardware.twins.bench import Bench
from hardware.twins.counter.card_reader import CardReaderTwin, LaidCard
from hardware.twins.faults import UNPLUGGED, Device

NAMES: Final = ("王小明", "李小花", "张大山")
_REGION: Final = "990000"
"""No county has it, so no number that begins with it is anybody's."""
_BORN: Final = "19800101"
_SERIALS: Final = 1_000
_CHECK_DIGITS: Final = "0123456789X"
_CLIPS_LOOKED_AT: Final = 60
_SAID_SHOWN: Final = 5
_LABELS_SHOWN: Final = 50
_DOTS_A_MM: Final = 8
_FULL: Final = 100
_GRAMS: Final = 1_000
_Twin = TypeVar("_Twin")


class Counter:
    """One person's place in front of the counter. Thread-safe. Devices that are not there raise
    Refused.
    """

    def __init__(self, bench: Bench, first: int) -> None:
        self.bench: Final = bench
        self._lock = threading.Lock()
        self._number = first
        self._card: LaidCard | None = None

    # -- hands

    def weigh(self, grams: int) -> None:
        """From now on this lies on the scale; 0 takes all off."""
        _there(self.bench.scale).put(grams)

    def lay_card(self, name: str, number: str) -> None:
        """Lay a card on the reader. Raises Refused for a number that no card can have."""
        reader: CardReaderTwin = _there(self.bench.card_reader)
        if not number_is_sound(number):
            raise Refused("bench.card_number_is_wrong")
        with self._lock:
            self._card = LaidCard(name=name, number=number)
            self._number += 1
            reader.lay(self._card)

    def lift_card(self) -> None:
        """Take the card away. Raises Refused where there is none."""
        reader = _there(self.bench.card_reader)
        with self._lock:
            if self._card is None:
                raise Refused("bench.no_card_there")
            self._card = None
            reader.lift()

    def fill_battery(self, percent: int) -> None:
        """Put in a battery that is so full."""
        _there(self.bench.power).fill(percent / _FULL)

    def label(self, number: int) -> Image.Image:
        """The picture of a label. Raises Refused where there is none."""
        for there, image in _there(self.bench.label_printer).numbered:
            if there == number:
                return image.convert("L")
        raise Refused("bench.no_such_paper")

    # -- eyes and ears

    def view(self, words: Words, language: str) -> dict[str, Any]:
        """What the counter looks like; None for a device that is not there."""
        return {
            "power": self._power(words),
            "speaker": self._speaker(language),
            "signals": self._signals(words),
            "scale": self._scale(words),
            "card": self._reader(words),
            "labels": self._labels(words),
        }

    def _power(self, words: Words) -> dict[str, Any] | None:
        power = self.bench.power
        if power is None:
            return None
        percent = round(power.charge * _FULL)
        return {
            "mains": power.mains,
            "percent": percent,
            "state_text": words("bench.mains_there" if power.mains else "bench.mains_gone"),
            "battery_text": words("bench.battery", percent=percent),
        }

    def _speaker(self, language: str) -> dict[str, Any] | None:
        if self.bench.speaker is None:
            return None
        newest = self.bench.speaker.heard[-_CLIPS_LOOKED_AT:]
        said = sentences(newest, language)
        return {
            "said": said[: -_SAID_SHOWN - 1 : -1],
            "count": len(self.bench.speaker.heard),
            "noise": self.bench.speaker.noise_bytes,
        }

    def _signals(self, words: Words) -> dict[str, Any] | None:
        pins = self.bench.pins
        if pins is None:
            return None
        lit = {"cabinet": pins.cabinet_lit, "alarm": pins.alarm_lit}
        return {
            **lit,
            "lamps": [
                {
                    "lamp": lamp,
                    "lit": on,
                    "name": words(f"bench.lamp.{lamp}"),
                    "state_text": words("bench.lit" if on else "bench.dark"),
                }
                for lamp, on in lit.items()
            ],
            "beeps": pins.beeps,
            "beeps_text": words("bench.beeps", count=pins.beeps),
        }

    def _scale(self, words: Words) -> dict[str, Any] | None:
        if self.bench.scale is None:
            return None
        shown = self.bench.scale.shown()
        sign = "-" if shown.grams < 0 else ""
        kilograms, grams = divmod(abs(shown.grams), _GRAMS)
        key = "stable" if shown.stable else "moving"
        return {
            "grams": shown.grams,
            "stable": shown.stable,
            "overload": shown.overload,
            "display": "------" if shown.overload else f"{sign}{kilograms}.{grams:03d} kg",
            "state_text": words(f"bench.scale.{'overload' if shown.overload else key}"),
        }

    def _reader(self, words: Words) -> dict[str, Any] | None:
        reader = self.bench.card_reader
        if reader is None:
            return None
        with self._lock:
            card, number = self._card, self._number
        unplugged = self.bench.faults.is_on(UNPLUGGED[Device.CARD_READER])
        key = "unplugged" if unplugged else "laid" if card else "empty"
        return {
            "laid": None if card is None else {"name": card.name, "number": card.number},
            "sample": {"name": NAMES[number % len(NAMES)], "number": made_up_number(number)},
            "reads": reader.reads,
            "state_text": words(f"bench.card.{key}"),
            "reads_text": words("bench.card.reads", count=reader.reads),
        }

    def _labels(self, words: Words) -> list[dict[str, Any]]:
        if self.bench.label_printer is None:
            return []
        newest = self.bench.label_printer.numbered[: -_LABELS_SHOWN - 1 : -1]
        return [
            {
                "label": number,
                "png": f"/labels/{number}.png",
                "name": words("bench.label", paper=number),
                "size": words(
                    "bench.label_size",
                    paper=number,
                    width=image.width // _DOTS_A_MM,
                    length=image.height // _DOTS_A_MM,
                ),
            }
            for number, image in newest
        ]


def made_up_number(serial: int) -> str:
    """A citizen number with a right check digit that nobody has."""
    head = f"{_REGION}{_BORN}{serial % _SERIALS:03d}"
    return next(head + digit for digit in _CHECK_DIGITS if number_is_sound(head + digit))


def png_of(image: Image.Image) -> bytes:
    """A picture as a browser takes it, one dot one pixel."""
    png = BytesIO()
    image.save(png, "PNG")
    return png.getvalue()


def _there(twin: _Twin | None) -> _Twin:
    if twin is None:
        raise Refused("bench.no_such_device")
    return twin
