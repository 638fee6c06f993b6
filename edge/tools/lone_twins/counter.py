"""`cunyi twin scale`, `card-reader`, `ups` and `speaker`: what stands on the counter."""

import time
from pathlib import Path
from typing import Final

from edge.kernel.errors import ConfigError
from edge.tools.lone_twins.kinds import ScaleKind
from edge.tools.lone_twins.terminal import (
    Command,
    LoneTwin,
    Mistyped,
    menu_of,
    number,
    table_of,
    tell,
)
from edge.tools.said import sentences
from firmware_bridge.card_reader import number_is_sound
from hardware.twins.counter.card_reader import CardReaderMake, CardReaderTwin, LaidCard
from hardware.twins.counter.scale import ScaleMake, ScaleTwin, Talk
from hardware.twins.faults import Device, Fault, Faults
from hardware.twins.house.speaker import SpeakerTwin
from hardware.twins.house.ups import UpsMake, UpsTwin

_FULL: Final = 100
_STEP: Final = 10
"""A battery is told in tenths."""
_PAUSE_S: Final = 0.5
_MOST_GRAMS: Final = 1_000_000


def run_scale(link: Path, kind: ScaleKind, broken: tuple[str, ...] = ()) -> None:
    """A scale until a signal; a typed number puts so many grams on. Raises ConfigError."""
    faults = Faults(0)
    scale = _Scale(ScaleTwin(link, faults, ScaleMake(talk=Talk(kind))))
    LoneTwin(
        name=f"{kind} scale",
        link=link,
        plug=scale.twin.cable,
        table=table_of("[scale]", link, kind),
        faults=faults,
        menu=menu_of(Device.SCALE),
        hint="Type 1250 to put 1250 g on, 0 to take all off",
        commands={"tare": Command(about="press the tare key", do=lambda _: scale.twin.tare())},
        plain=scale.put,
        look=scale.look,
    ).run(broken)


class _Scale:
    def __init__(self, twin: ScaleTwin) -> None:
        self.twin = twin
        self._shown = ""

    def put(self, line: str) -> None:
        grams = number(line, "type the grams that lie on it, 0 to take all off")
        if not 0 <= grams <= _MOST_GRAMS:
            raise Mistyped(f"{line!r}: type 0 to {_MOST_GRAMS} g")
        self.twin.put(grams)

    def look(self) -> None:
        """A weight is told once it has come to rest."""
        shown = self.twin.shown()
        if not (shown.stable or shown.overload):
            return
        weight = f"{shown.grams} g{' net' if shown.net else ''}"
        text = "overload" if shown.overload else weight
        if text != self._shown:
            self._shown = text
            tell(f"shows {text}")


def run_card_reader(
    link: Path, *, finds_again: bool, baud: int | None, broken: tuple[str, ...] = ()
) -> None:
    """A reader of identity cards until a signal. Raises ConfigError."""
    faults = Faults(0)
    make = CardReaderMake(finds_again=finds_again, baud=baud)
    reader = _CardReader(CardReaderTwin(link, faults, make))
    LoneTwin(
        name="identity card reader",
        link=link,
        plug=reader.twin.cable,
        table=table_of("[card_reader]", link, "sdt"),
        faults=faults,
        menu=menu_of(Device.CARD_READER),
        hint="Type `lay 990000198001010012 王小明` to lay that made-up card on",
        commands={
            "lay": Command(form="NUMBER NAME", about="lay a made-up card on", do=reader.lay),
            "lift": Command(about="take the card away", do=reader.lift),
        },
        look=reader.look,
    ).run(broken)


class _CardReader:
    def __init__(self, twin: CardReaderTwin) -> None:
        self.twin = twin
        self._reads = 0

    def lay(self, rest: str) -> None:
        citizen, _, name = rest.partition(" ")
        if not number_is_sound(citizen) or not name.strip():
            raise Mistyped("type: lay NUMBER NAME, with 18 digits of which the last fits the rest")
        self.twin.lay(LaidCard(name=name.strip(), number=citizen))
        tell("a card lies on the reader")

    def lift(self, _: str) -> None:
        self.twin.lift()
        tell("no card lies on the reader")

    def look(self) -> None:
        """A card is told when it has been read out; nothing of it is."""
        if self.twin.reads > self._reads:
            self._reads = self.twin.reads
            tell("the card was read")


def run_ups(link: Path, empties_s: float, percent: int, broken: tuple[str, ...] = ()) -> None:
    """A small UPS until a signal; `out` and `back` are the mains. Raises ConfigError."""
    faults = Faults(0)
    make = UpsMake(empties_s=empties_s, charge=percent / _FULL)
    ups = _Ups(UpsTwin(link, faults, make), faults)
    LoneTwin(
        name="UPS",
        link=link,
        plug=ups.twin.cable,
        table=table_of("[power]", link, "megatec"),
        faults=faults,
        menu=menu_of(Device.UPS),
        hint="Type `out` to cut the mains, `back` to bring them back",
        commands={
            "out": Command(about="cut the mains", do=lambda _: ups.feed(there=False)),
            "back": Command(about="bring the mains back", do=lambda _: ups.feed(there=True)),
            "battery": Command(form="15", about="set the battery to 15 %", do=ups.fill),
        },
        look=ups.look,
    ).run(broken)


class _Ups:
    def __init__(self, twin: UpsTwin, faults: Faults) -> None:
        self.twin = twin
        self._faults = faults
        self._told = round(twin.charge * _FULL)
        self._asked = False

    def feed(self, *, there: bool) -> None:
        """Plug the mains in, or pull them."""
        self._faults.switch(Fault.MAINS_OUT, on=not there)
        tell(f"mains {'back' if there else 'out'}, battery at {self._told} %")

    def fill(self, rest: str) -> None:
        wanted = "type a percentage from 0 to 100"
        percent = number(rest, wanted)
        if not 0 <= percent <= _FULL:
            raise Mistyped(f"{rest!r}: {wanted}")
        self.twin.fill(percent / _FULL)
        self._tell(percent)

    def look(self) -> None:
        """Each tenth of the battery, and that somebody has begun to ask."""
        if not self._asked and self.twin.asked:
            self._asked = True
            tell("somebody asks for its status")
        percent = round(self.twin.charge * _FULL)
        if abs(percent - self._told) >= _STEP:
            self._tell(percent)

    def _tell(self, percent: int) -> None:
        self._told = percent
        tell(f"battery at {percent} %")


def run_speaker(link: Path, clips: Path, broken: tuple[str, ...] = ()) -> None:
    """A loudspeaker until a signal; prints what it says. Raises ConfigError."""
    if not any(clips.glob("*.wav")):
        raise ConfigError(clips, "", "there are no recordings here", "Choose a folder with *.wav")
    faults = Faults(0)
    speaker = _Speaker(SpeakerTwin(link, faults, clips))
    LoneTwin(
        name="loudspeaker",
        link=link,
        plug=speaker.twin.cable,
        table=table_of("[voice]", link, "clips"),
        faults=faults,
        menu=menu_of(Device.SPEAKER),
        look=speaker.look,
    ).run(broken)


class _Speaker:
    def __init__(self, twin: SpeakerTwin) -> None:
        self.twin = twin
        self._told = self._seen = 0
        self._since_s = 0.0

    def look(self) -> None:
        """A sentence has ended when nothing more was said for a while."""
        heard = self.twin.heard
        if len(heard) > self._seen:
            self._seen, self._since_s = len(heard), time.monotonic()
        elif self._seen > self._told and time.monotonic() - self._since_s > _PAUSE_S:
            fresh, self._told = heard[self._told : self._seen], self._seen
            for sentence in sentences(fresh, "zh"):
                tell(f"said {sentence}")
