"""A cabinet whose wiring a test chooses, behind scripted banks, and the person in front of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from edge.kernel.errors import CunyiError, PulseNotSent
from edge.settings import Settings
from edge.tools.commissioning.asking import Stopped, worded
from edge.tools.commissioning.lesson import Place
from hardware.ports import DeviceHealth, DoorChange, DoorReading, LockBank


class TwoPulsesForOneEnterError(AssertionError):
    """The law of this cabinet: no coil is driven but by an Enter of its own."""


@dataclass
class Wires:
    """What hangs where: the doors that a lock frees, the sensor of each door, bits turned over."""

    doors_of: dict[Place, tuple[int, ...]]
    sensor_of: dict[int, Place | None]
    turned: frozenset[int] = frozenset()
    stays: frozenset[int] = frozenset()
    """Doors whose sensor never comes back."""


def straight(*channels: int) -> Wires:
    """Boards with so many channels, one door each, numbered on."""
    places = [Place(b, c) for b, many in enumerate(channels, 1) for c in range(1, many + 1)]
    doors = dict(enumerate(places, start=1))
    return Wires(doors_of={place: (door,) for door, place in doors.items()}, sensor_of={**doors})


@dataclass
class Steel:
    """The doors. `enters` counts what the person has pressed, `tries` what the coils were told."""

    wires: Wires
    open: set[int] = field(default_factory=set)
    pulses: list[Place] = field(default_factory=list)
    enters: int = 0
    tries: int = 0
    goes_away: Place | None = None
    """A sensor whose board is away for a moment whenever a coil is driven."""
    failures: dict[Place, list[Exception]] = field(default_factory=dict)
    listeners: dict[int, Callable[[DoorChange], None]] = field(default_factory=dict)

    def drive(self, place: Place) -> None:
        self.tries += 1
        if self.tries > self.enters:
            raise TwoPulsesForOneEnterError(place)
        if failures := self.failures.get(place):
            raise failures.pop(0)
        self.pulses.append(place)
        if (away := self.goes_away) is not None:
            for reading in (DoorReading.UNKNOWN, DoorReading.SHUT):
                self.listeners[away.board](DoorChange(channel=away.channel, reading=reading))
        for door in self.wires.doors_of.get(place, ()):
            self.open.add(door)
            self.tell(door, shut=False)

    def shut_all(self) -> None:
        for door in sorted(self.open):
            self.open.remove(door)
            if door not in self.wires.stays:
                self.tell(door, shut=True)

    def tell(self, door: int, *, shut: bool) -> None:
        sensor = self.wires.sensor_of.get(door)
        if sensor is not None:
            self.listeners[sensor.board](self._change(sensor, shut=shut))

    def all_of(self, board: int, channels: int) -> None:
        for channel in range(1, channels + 1):
            self.listeners[board](self._change(Place(board, channel), shut=True))

    def _change(self, place: Place, *, shut: bool) -> DoorChange:
        looks_shut = shut is not (place.board in self.wires.turned)
        reading = DoorReading.SHUT if looks_shut else DoorReading.OPEN
        return DoorChange(channel=place.channel, reading=reading)


class ScriptedBank:
    """Implements LockBank on the steel."""

    def __init__(self, steel: Steel, board: int, channels: int) -> None:
        self._steel = steel
        self._board = board
        self._channels = channels

    def start(self, on_change: Callable[[DoorChange], None]) -> None:
        self._steel.listeners[self._board] = on_change
        self._steel.all_of(self._board, self._channels)

    async def release(self, channel: int) -> None:
        self._steel.drive(Place(self._board, channel))

    def health(self) -> DeviceHealth:
        return DeviceHealth(name=f"lock-board-{self._board}", present=True, simulated=True)

    def articles(self) -> Mapping[int, bool]:
        return {}

    async def aclose(self) -> None:
        return None


def banks_on(steel: Steel) -> Callable[[object, Settings], list[LockBank]]:
    """Makes a scripted bank for each board of the settings."""

    def make(_folder: object, settings: Settings) -> list[LockBank]:
        boards = settings.cabinet.boards
        return [ScriptedBank(steel, n, board.channels) for n, board in enumerate(boards, 1)]

    return make


Answer = Callable[[Mapping[str, str | int]], str]


class Keeper:
    """Implements Person: presses Enter, looks at the steel, pushes doors shut.

    `answers` replaces the natural answer to a question by its key; it may raise.
    """

    language = "en"

    def __init__(self, steel: Steel, answers: Mapping[str, Answer] | None = None) -> None:
        self.steel = steel
        self.answers = dict(answers or {})
        self.heard: list[str] = []
        self.asked: list[str] = []

    def tell(self, key: str, **blanks: str | int) -> None:
        self.heard.append(worded(key, self.language, **blanks))

    def ask(self, key: str, **blanks: str | int) -> str:
        self.asked.append(worded(key, self.language, **blanks))
        if key in self.answers:
            answer = self.answers[key](blanks)
            if key == "commission.press" and answer == "":
                self.steel.enters += 1
            return answer
        return self._naturally(key)

    def _naturally(self, key: str) -> str:
        if key == "commission.press":
            self.steel.enters += 1
        elif key == "commission.which":
            seen = sorted(self.steel.open)
            return "n" if not seen else "t" if len(seen) > 1 else str(seen[0])
        elif key in {"commission.shut", "commission.shut_both"}:
            self.steel.shut_all()
        return _SAID.get(key, "")


_SAID = {
    "commission.not_shut": "g",
    "commission.operator": "李师傅",
    "commission.same_door": "y",
    "commission.write": "y",
}


def leaves_after(locks: int, how: type[BaseException] = Stopped) -> Answer:
    """Presses Enter so many times, then goes."""
    left = [locks]

    def answer(_blanks: Mapping[str, str | int]) -> str:
        if not left[0]:
            raise how("enough")
        left[0] -= 1
        return ""

    return answer


def not_sent() -> CunyiError:
    return PulseNotSent("lock-board-1 does not answer; nothing was sent")
