"""The pins of a small computer behind a link: relays and door switches, a buzzer, lamps, a supply.

Behind the link is a Unix socket, and each line on it is one change:

    to the pins     out 17 0        pin 17 drives, low at first
                    set 17 1        pin 17 drives high
                    in 22 up        pin 22 listens, with that pull (up, down, floating)
                    free 17         pin 17 floats again
    from the pins   ok 17           pin 17 drives for you now
                    pin 22 1        pin 22 is high; the answer to `in`, and each change after it
                    busy 17         another program has pin 17

As in the kernel a pin has one owner, and when a program ends, however it ends, its pins float. The
relays are wired so that a floating pin drives nothing.
"""

import select
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from edge.kernel.errors import ConfigError
from hardware.twins.cabinet import Cabinet
from hardware.twins.faults import Broken, Fault, Faults

_TICK_S: Final = 0.005
_READ_MOST: Final = 4_096
_LONGEST_LINE: Final = 64
_MS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PinWiring:
    """What hangs on which pin; `locks` and `doors` channel 1 first. None: nothing there.

    `shut_level`: what the switch of a shut door does to its pin. `supply`: what feeds the coils.
    """

    locks: tuple[int, ...] = ()
    doors: tuple[int, ...] = ()
    shut_level: int = 0
    supply: str = "main"
    buzzer: int | None = None
    cabinet_lamp: int | None = None
    alarm_lamp: int | None = None
    mains: int | None = None
    low: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PinChange:
    """A driven pin changed: when (ms of the monotonic clock), which, and to what."""

    at_ms: int
    pin: int
    high: bool


@dataclass(slots=True, eq=False)
class _Program:
    """Somebody who has the pins open. `told`: the level last said of each pin it listens to."""

    line: socket.socket
    pending: bytes = b""
    drives: set[int] = field(default_factory=set)
    told: dict[int, int] = field(default_factory=dict)
    pulls: dict[int, str] = field(default_factory=dict)

    def say(self, *words: object) -> None:
        """One line; lost when nobody reads."""
        with suppress(OSError):
            self.line.send(" ".join(map(str, words)).encode() + b"\n")


class PinTwin:
    """The pins of one machine and all that is wired to them. Thread-safe."""

    def __init__(
        self, link: Path, cabinet: Cabinet, faults: Faults, wiring: PinWiring | None = None
    ) -> None:
        self._cabinet = cabinet
        self._wiring = wiring or PinWiring()
        self._lock = threading.RLock()
        self._high: set[int] = set()
        self._fed: set[int] = set()
        self._beeps = 0
        self._changes: list[PinChange] = []
        self._mains = True
        self._low = False
        self._faults = faults
        self._welded: dict[int | None, bool] = {}
        self.cable: Final = PinPlug(link, self._hear, self._left, self._tick)
        faults.listen(self._break)

    # -- what a person does and sees

    def set_mains(self, *, there: bool) -> None:
        """Cut the mains or put them back."""
        with self._lock:
            self._mains = there

    def set_battery(self, *, low: bool) -> None:
        """The battery runs low, or is charged again."""
        with self._lock:
            self._low = low

    def is_high(self, pin: int | None) -> bool:
        """Whether this pin is driven high now."""
        with self._lock:
            return pin in self._high

    @property
    def cabinet_lit(self) -> bool:
        """Whether the lamp of the cabinet burns."""
        return self._is_fed(self._wiring.cabinet_lamp)

    @property
    def alarm_lit(self) -> bool:
        """Whether the alarm lamp burns."""
        return self._is_fed(self._wiring.alarm_lamp)

    @property
    def buzzing(self) -> bool:
        """Whether the buzzer sounds now."""
        return self._is_fed(self._wiring.buzzer)

    @property
    def changes(self) -> tuple[PinChange, ...]:
        """Every change of a driven pin so far, oldest first."""
        with self._lock:
            return tuple(self._changes)

    @property
    def beeps(self) -> int:
        """How often the buzzer has begun to sound."""
        with self._lock:
            return self._beeps

    # -- what programs do

    def _hear(self, program: _Program, words: list[str]) -> None:
        with self._lock:
            match words:
                case ["out", number, level] if number.isdecimal():
                    self._claim(program, int(number), high=level == "1")
                case ["set", number, level] if number.isdecimal():
                    if int(number) in program.drives:
                        self._drive(int(number), high=level == "1")
                case ["in", number, pull] if number.isdecimal():
                    self._float(program, int(number))
                    program.pulls[int(number)] = pull
                    self._tell(program, int(number))
                case ["free", number] if number.isdecimal():
                    self._float(program, int(number))
                case _:
                    pass  # not our language: a kernel would not even hear it

    def _claim(self, program: _Program, pin: int, *, high: bool) -> None:
        if any(pin in other.drives for other in self.cable.programs if other is not program):
            program.say("busy", pin)
            return
        self._float(program, pin)
        program.drives.add(pin)
        self._drive(pin, high=high)
        program.say("ok", pin)

    def _float(self, program: _Program, pin: int) -> None:
        program.told.pop(pin, None)
        program.pulls.pop(pin, None)
        if pin in program.drives:
            program.drives.remove(pin)
            self._drive(pin, high=False)

    def _left(self, program: _Program) -> None:
        with self._lock:
            for pin in tuple(program.drives):
                self._float(program, pin)

    def _tick(self) -> None:
        with self._lock:
            for program in self.cable.programs:
                for pin in program.told:
                    if program.told[pin] != self._level(pin, program.pulls[pin]):
                        self._tell(program, pin)

    def _tell(self, program: _Program, pin: int) -> None:
        program.told[pin] = self._level(pin, program.pulls[pin])
        program.say("pin", pin, program.told[pin])

    # -- what is wired

    def _drive(self, pin: int, *, high: bool) -> None:
        if high is (pin in self._high):
            return
        self._high ^= {pin}
        change = PinChange(at_ms=round(time.monotonic() * _MS), pin=pin, high=high)
        self._changes.append(change)
        if high:
            self._beeps += pin == self._wiring.buzzer and pin not in self._fed
            self._fed.add(pin)
        elif not self._faults.is_on(Fault.PINS_STUCK_RELAY):
            self._fed.discard(pin)
        if pin in self._wiring.locks:
            channel = self._wiring.locks.index(pin) + 1
            if high:
                self._cabinet.energise(channel, None, self._wiring.supply)
            else:
                self._cabinet.de_energise(channel)

    def _level(self, pin: int, pull: str) -> int:
        if pin in self._wiring.doors:
            shut = self._cabinet.sensor_shut(self._wiring.doors.index(pin) + 1)
            return self._wiring.shut_level if shut else 1 - self._wiring.shut_level
        if pin is not None and pin in self._contacts():
            return int(self._welded.get(pin, self._contacts()[pin]))
        return int(pull == "up")

    def _contacts(self) -> dict[int | None, bool]:
        """The two contacts of a supply and how they are, while none is welded."""
        return {self._wiring.mains: self._mains, self._wiring.low: self._low}

    def _is_fed(self, pin: int | None) -> bool:
        with self._lock:
            return pin in self._fed

    def _break(self, broken: Broken, on: bool) -> None:  # noqa: FBT001 - a listener of Faults
        if broken.fault is Fault.PINS_UNPLUGGED:
            self.cable.plug(wanted=not on)
        with self._lock:
            if broken.fault is Fault.PINS_STUCK_RELAY and not on:
                self._fed &= self._high
            if broken.fault is Fault.PINS_WELDED_SWITCH:
                self._welded = self._contacts() if on else {}


class PinPlug:
    """The socket behind the link, with the methods of a Cable; one thread serves all programs."""

    def __init__(
        self,
        link: Path,
        hear: Callable[[_Program, list[str]], None],
        left: Callable[[_Program], None],
        tick: Callable[[], None],
    ) -> None:
        self._link = link
        self._hear, self._left, self._tick = hear, left, tick
        self.programs: list[_Program] = []
        self._changed = threading.Condition()
        self._wanted = False
        self._ending = False
        self._door: socket.socket | None = None
        self._folder: Path | None = None
        self._thread = threading.Thread(target=self._run, name=f"twin-{link.name}", daemon=True)

    @property
    def plugged(self) -> bool:
        """Whether the pins are there."""
        with self._changed:
            return self._door is not None

    def start(self) -> None:
        """Plug in; the link is there when this returns. Raises ConfigError where none can be."""
        if self._link.exists() and not self._link.is_symlink():
            fix = "Choose a path where nothing is yet"
            raise ConfigError(self._link, "", "there is something else than a link", fix)
        try:
            self._link.parent.mkdir(parents=True, exist_ok=True)
            self._plug_in()
        except OSError as cause:
            self._unplug()
            problem = f"no link can be made here ({cause.strerror})"
            raise ConfigError(self._link, "", problem, "Choose another path") from cause
        self._wanted = True
        self._thread.start()

    def plug(self, *, wanted: bool) -> None:
        """Pull the plug or put it back; done when this returns."""
        with self._changed:
            self._wanted = wanted
            self._changed.wait_for(lambda: (self._door is not None) is wanted or self._ending, 5.0)

    def close(self) -> None:
        """Unplug for good and remove the link."""
        self._ending = True
        if self._thread.is_alive():
            self._thread.join()
        self._unplug()

    def _run(self) -> None:
        while not self._ending:
            if self._wanted is not (self._door is not None):
                (self._plug_in if self._wanted else self._unplug)()
            self._listen()
            self._tick()

    def _listen(self) -> None:
        door = self._door
        watched = [door] if door is not None else []
        lines = {program.line: program for program in self.programs}
        ready, _, _ = select.select([*watched, *lines], [], [], _TICK_S)
        for line in ready:
            if line is door:
                caller, _ = line.accept()
                caller.settimeout(0.0)
                self.programs.append(_Program(caller))
            else:
                self._read(lines[line])

    def _read(self, program: _Program) -> None:
        data = b""
        with suppress(OSError):
            data = program.line.recv(_READ_MOST)
        *lines, program.pending = (program.pending + data).split(b"\n")
        for line in lines:
            self._hear(program, line.decode("ascii", "replace").split())
        if not data or len(program.pending) > _LONGEST_LINE:
            self._drop(program)

    def _drop(self, program: _Program) -> None:
        self._left(program)
        self.programs.remove(program)
        program.line.close()

    def _plug_in(self) -> None:
        # A path in a folder of tests is soon longer than the 107 bytes that a socket may have.
        self._folder = Path(tempfile.mkdtemp(prefix="cunyi-pins-"))
        path = self._folder / "pins"
        door = socket.socket(socket.AF_UNIX)
        try:
            door.bind(str(path))
            door.listen()
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(path)
        except OSError:
            door.close()
            raise
        with self._changed:
            self._door = door
            self._changed.notify_all()

    def _unplug(self) -> None:
        for program in tuple(self.programs):
            self._drop(program)
        with self._changed:
            door, self._door = self._door, None
            if door is not None:
                door.close()
                self._link.unlink(missing_ok=True)
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
            self._changed.notify_all()
