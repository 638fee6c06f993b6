"""`cunyi twin pins`: a small computer's pins, with four doors, buzzer, lamps and a supply."""

from pathlib import Path
from typing import Final

from edge.tools.lone_twins.doors import DoorsAlone
from edge.tools.lone_twins.terminal import Command, LoneTwin, Mistyped, menu_of, table_of, tell
from hardware.twins.cabinet import Cabinet
from hardware.twins.faults import MENU, Device, Faults
from hardware.twins.pins import PinTwin, PinWiring

WIRING: Final = PinWiring(
    locks=(9, 10, 12, 13),
    doors=(16, 19, 20, 21),
    buzzer=18,
    cabinet_lamp=23,
    alarm_lamp=24,
    mains=25,
    low=26,
)


def run_pins(link: Path, broken: tuple[str, ...] = ()) -> None:
    """Pins and all that hangs on them until a signal.

    Raises ConfigError, and at the end LawBroken when two locks were driven at once.
    """
    doors_there = len(WIRING.locks)
    faults = Faults(doors_there)
    cabinet = Cabinet(doors_there, faults)
    twin = PinTwin(link, cabinet, faults, WIRING)
    doors = DoorsAlone(cabinet)
    watch = _Signals(twin)

    def look() -> None:
        doors.look()
        watch.look()

    LoneTwin(
        name="pins",
        link=link,
        plug=twin.cable,
        table=_tables(link),
        faults=faults,
        menu=(*menu_of(Device.PINS), *(kind for kind in MENU if kind.needs_channel)),
        hint=f"Type 3 to push door 3 of {doors_there} shut",
        commands={**doors.commands, **watch.commands},
        plain=doors.push,
        look=look,
    ).run(broken)
    cabinet.judge()


def _tables(link: Path) -> tuple[str, ...]:
    board = table_of(
        "[[cabinet.boards]]",
        link,
        "gpio",
        channels=len(WIRING.locks),
        lock_pins=list(WIRING.locks),
        door_pins=list(WIRING.doors),
    )
    power = table_of("[power]", link, "gpio", mains_pin=WIRING.mains, low_pin=WIRING.low)
    signals = table_of(
        "[signals]",
        link,
        "gpio",
        buzzer_pin=WIRING.buzzer,
        cabinet_pin=WIRING.cabinet_lamp,
        alarm_pin=WIRING.alarm_lamp,
    )
    return (*board, *power, *signals)


class _Signals:
    """Lamps and beeps as they come, and the two contacts of a supply."""

    def __init__(self, twin: PinTwin) -> None:
        self._twin = twin
        self._lit = {"cabinet": False, "alarm": False}
        self._beeps = 0
        self.commands: Final = {
            "mains": Command(form="out|back", about="the mains fail, or return", do=self._mains),
            "battery": Command(form="low|full", about="how full the battery is", do=self._battery),
        }

    def look(self) -> None:
        """Print what is new."""
        lit = {"cabinet": self._twin.cabinet_lit, "alarm": self._twin.alarm_lit}
        for lamp, on in lit.items():
            if on is not self._lit[lamp]:
                tell(f"{lamp} lamp is {'lit' if on else 'dark'}")
        self._lit = lit
        beeps = self._twin.beeps
        if beeps > self._beeps:
            tell(f"beeps: {beeps - self._beeps}")
        self._beeps = beeps

    def _mains(self, rest: str) -> None:
        self._twin.set_mains(there=_choice(rest, yes="back", no="out"))
        tell(f"mains {rest}")

    def _battery(self, rest: str) -> None:
        self._twin.set_battery(low=_choice(rest, yes="low", no="full"))
        tell(f"battery {rest}")


def _choice(text: str, *, yes: str, no: str) -> bool:
    if text not in {yes, no}:
        raise Mistyped(f"type {yes} or {no}, not {text!r}")
    return text == yes
