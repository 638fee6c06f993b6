"""The steel: doors, spring locks, what lies behind them, and the law of the coils.

State follows the clock without a thread: each look first lets happen what was due. So the same
physics runs on real time behind a pty and on a hand-driven clock in a test.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from edge.kernel.errors import CunyiError, Refused
from hardware.twins.coils import Coils
from hardware.twins.faults import Fault, Faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Steel:
    """How this cabinet moves, in ms. Defaults are a common 12 V spring lock with a push spring.

    `swing_out_ms`: a door that springs open swings out first; nobody pushes it shut sooner.
    `weak_needs_ms`: driving time, added up over pulses, that a weak spring needs.
    `slow_close_ms`: how long a stiff door creeps. `touch_ms`: how long a door that was pushed too
    early looks shut before it springs open again.
    """

    release_ms: int = 50
    swing_ms: int = 80
    swing_out_ms: int = 700
    weak_needs_ms: int = 500
    slow_close_ms: int = 4_000
    touch_ms: int = 120
    bounce_ms: int = 60
    bounce_step_ms: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """A coil was driven: when (ms of the cabinet's clock), which, how long, what it did.

    `channel` is the door that the lock sits on. `length_ms` is 0 while a drive without an end
    lasts, and where the relay is dead and no current flowed.
    """

    at_ms: int
    channel: int
    length_ms: int
    released: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorView:
    """A door as a person in front of it sees it."""

    channel: int
    open: bool
    inside: tuple[str, ...]
    forced: bool


@dataclass(slots=True)
class _Door:
    open: bool = False
    forced: bool = False
    changed_s: float = float("-inf")
    opens_s: float | None = None
    shuts_s: float | None = None
    jammed: bool = False
    strained_ms: int = 0
    inside: list[str] = field(default_factory=list)


class LawBroken(CunyiError, AssertionError):
    """The software did to the steel what must never happen; every case is in the message."""


_MS: Final = 1_000


class Cabinet:
    """N doors. Thread-safe. Channels count from 1."""

    def __init__(
        self,
        channels: int,
        faults: Faults | None = None,
        steel: Steel | None = None,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.channels: Final = channels
        self._faults = faults or Faults(channels)
        self._steel = steel or Steel()
        self._clock_s = clock_s
        self._lock = threading.RLock()
        self._doors = {n: _Door() for n in range(1, channels + 1)}
        self._coils = Coils(channels)
        self._busy: set[int] = set()
        self._last_pulse: dict[int, int] = {}
        self._pulses: list[Pulse] = []

    # -- what the board does and sees

    def energise(self, channel: int, length_ms: int | None, supply: str = "main") -> None:
        """Drive the coil of one door's lock, for so long or until `de_energise`.

        The law: one coil at a time on one supply, none for more than a second, none for more than
        a tenth of a minute. A breach is recorded, and raised at `judge`.
        """
        with self._lock:
            now_s = self._settle()
            self._door(channel)
            if self._faults.is_on(Fault.DEAD_RELAY, channel):
                self._record(channel, 0, now_s, released=False)
                return
            if length_ms is None and self._coils.is_on_for_good(channel):
                return
            sticks = self._faults.is_on(Fault.STUCK_RELAY, channel)
            self._coils.drive(channel, length_ms, supply, now_s, sticks=sticks)
            released = self._pull(channel, length_ms, now_s)
            self._record(channel, length_ms or 0, now_s, released=released)

    def de_energise(self, channel: int) -> None:
        """End a drive early. A bolt that was not pulled long enough falls back."""
        with self._lock:
            now_s = self._settle()
            if not self._coils.is_commanded(channel, now_s):
                return
            self._coils.drop(channel, now_s)
            number = self._last_pulse[channel]
            pulse = self._pulses[number]
            length_ms = round(now_s * _MS) - pulse.at_ms
            released = self._cut(channel, pulse, length_ms, now_s)
            self._pulses[number] = replace(pulse, length_ms=length_ms, released=released)

    def article(self, channel: int) -> bool:
        """What the article sensor behind the door says: whether something lies there."""
        with self._lock:
            return bool(self._door(channel).inside)

    def sensor_shut(self, channel: int) -> bool:
        """What the door's switch says now, true or not."""
        if self._faults.is_on(Fault.SENSOR_STUCK_OPEN, channel):
            return False
        if self._faults.is_on(Fault.SENSOR_STUCK_SHUT, channel):
            return True
        with self._lock:
            now_s = self._settle()
            door = self._door(channel)
            age_ms = (now_s - door.changed_s) * _MS
            if self._faults.is_on(Fault.SENSOR_BOUNCE) and age_ms < self._steel.bounce_ms:
                return int(age_ms / self._steel.bounce_step_ms) % 2 == int(not door.open)
            return not door.open

    # -- what a person does

    def force_open(self, channel: int) -> None:
        """Pry a door open without its lock. Raises Refused when it is open."""
        with self._lock:
            now_s = self._settle()
            door = self._door(channel)
            if door.open:
                raise Refused("bench.door_is_open", door=f"{channel:02d}")
            door.forced = True
            self._swing_open(door, now_s)

    def put_in(self, channel: int, thing: str) -> None:
        """Lay a thing into an open cell. Raises Refused when the door is shut."""
        with self._lock:
            self._open_door(channel).inside.append(thing)

    def take_out(self, channel: int) -> tuple[str, ...]:
        """Take out all. Raises Refused when the door is shut or the cell is empty."""
        with self._lock:
            door = self._open_door(channel)
            if not door.inside:
                raise Refused("bench.nothing_inside", door=f"{channel:02d}")
            taken = tuple(door.inside)
            door.inside.clear()
            return taken

    def push_shut(self, channel: int, *, patient: bool = True) -> None:
        """Push a door shut; it latches as soon as it can. Raises Refused when it is shut.

        Who is not patient does not wait for the door to swing out and the coil to rest: then it
        looks shut for a moment and springs open again.
        """
        with self._lock:
            door, now_s = self._open_door(channel), self._clock_s()
            # A driven bolt cannot catch, and a door still swinging out must come back first.
            swung_s = door.changed_s + self._steel.swing_out_ms / _MS
            self._busy.add(channel)
            if not patient and max(swung_s, self._coils.free_s(channel)) > now_s:
                door.open, door.changed_s = False, now_s
                door.opens_s = now_s + self._steel.touch_ms / _MS
                return
            slow = self._faults.is_on(Fault.SLOW_CLOSE, channel)
            creeps_s = self._steel.slow_close_ms / _MS if slow else 0.0
            door.shuts_s = max(now_s, swung_s) + creeps_s
            self._settle()

    # -- what can be looked at

    def is_open(self, channel: int) -> bool:
        """Whether the door stands open, whatever its sensor says."""
        with self._lock:
            self._settle()
            return self._door(channel).open

    def inside(self, channel: int) -> tuple[str, ...]:
        """What lies in the cell."""
        with self._lock:
            return tuple(self._door(channel).inside)

    def doors(self) -> tuple[DoorView, ...]:
        """All doors, in channel order."""
        with self._lock:
            self._settle()
            return tuple(
                DoorView(channel=n, open=d.open, inside=tuple(d.inside), forced=d.forced)
                for n, d in self._doors.items()
            )

    @property
    def pulses(self) -> tuple[Pulse, ...]:
        """Every pulse so far, oldest first."""
        with self._lock:
            return tuple(self._pulses)

    @property
    def violations(self) -> tuple[str, ...]:
        """Every breach of the law so far, oldest first."""
        with self._lock:
            self._settle()
            return tuple(self._coils.violations)

    @property
    def held(self) -> tuple[int, ...]:
        """Doors whose coil is under current longer than any pulse: welded relays, and bugs."""
        with self._lock:
            return self._coils.held(self._settle())

    def judge(self) -> None:
        """Raises LawBroken when the law was ever broken."""
        if self.violations:
            raise LawBroken("; ".join(self.violations))

    # -- physics

    def _pull(self, channel: int, length_ms: int | None, now_s: float) -> bool:
        """Whether this pulse frees the bolt; then its door begins to swing."""
        self._busy.add(channel)
        if self._faults.is_on(Fault.STUCK_LOCK, channel):
            return False
        if self._faults.is_on(Fault.WEAK_SPRING, channel):
            door = self._doors[self._moved_by(channel)[0]]
            door.strained_ms += length_ms or 0
            if door.strained_ms < self._steel.weak_needs_ms:
                return False
        elif length_ms is not None and length_ms < self._steel.release_ms:
            return False
        self._free(channel, now_s + self._steel.release_ms / _MS)
        return True

    def _cut(self, channel: int, pulse: Pulse, length_ms: int, now_s: float) -> bool:
        """Whether the bolt is free after a drive that ended now, not when it was meant to."""
        moved = [self._doors[n] for n in self._moved_by(channel)]
        if self._faults.is_on(Fault.WEAK_SPRING, channel) and not pulse.released:
            moved[0].strained_ms += length_ms - pulse.length_ms
            if moved[0].strained_ms >= self._steel.weak_needs_ms:
                self._free(channel, now_s)
                return True
        if length_ms < self._steel.release_ms and pulse.released:
            for door in moved:
                door.opens_s = None
            return False
        return pulse.released

    def _free(self, channel: int, at_s: float) -> None:
        for number in self._moved_by(channel):
            self._busy.add(number)
            door = self._doors[number]
            if not door.open and door.opens_s is None:
                door.opens_s = at_s + self._steel.swing_ms / _MS

    def _moved_by(self, channel: int) -> tuple[int, ...]:
        """The doors that this lock's coil opens: its own, unless the wires go elsewhere."""
        crossed = self._faults.is_on(Fault.WRONG_DOOR, channel)
        wired = channel % self.channels + 1 if crossed else channel
        if self._faults.is_on(Fault.TWO_DOORS, channel):
            return wired, wired % self.channels + 1
        return (wired,)

    def _record(self, channel: int, length_ms: int, now_s: float, *, released: bool) -> None:
        self._last_pulse[channel] = len(self._pulses)
        pulse = Pulse(
            at_ms=round(now_s * _MS), channel=channel, length_ms=length_ms, released=released
        )
        self._pulses.append(pulse)

    def _settle(self) -> float:
        """Let happen what is due; returns the present second."""
        now_s = self._clock_s()
        for channel in tuple(self._busy):
            live = self._coils.watch(channel, now_s, self._sticks)
            self._move(channel, now_s)
            door = self._doors[channel]
            if not live and door.opens_s is None and door.shuts_s is None:
                self._busy.discard(channel)
        return now_s

    def _move(self, channel: int, now_s: float) -> None:
        door = self._doors[channel]
        if door.opens_s is not None and door.opens_s <= now_s:
            if self._faults.is_on(Fault.DOOR_JAMMED, channel):
                door.jammed = True  # the bolt is free; it swings once nothing is in its way
            else:
                self._swing_open(door, now_s if door.jammed else door.opens_s)
        if door.shuts_s is not None:
            at_s = max(door.shuts_s, self._coils.free_s(channel))
            if at_s <= now_s:
                door.open, door.forced, door.changed_s = False, False, at_s
                door.shuts_s, door.strained_ms = None, 0

    def _sticks(self, channel: int) -> bool:
        return self._faults.is_on(Fault.STUCK_RELAY, channel)

    @staticmethod
    def _swing_open(door: _Door, at_s: float) -> None:
        door.open, door.changed_s = True, at_s
        door.opens_s, door.shuts_s, door.jammed = None, None, False

    def _door(self, channel: int) -> _Door:
        if channel not in self._doors:
            raise Refused("bench.no_such_door", door=f"{channel:02d}")
        return self._doors[channel]

    def _open_door(self, channel: int) -> _Door:
        self._settle()
        door = self._door(channel)
        if not door.open:
            raise Refused("bench.door_is_shut", door=f"{channel:02d}")
        return door
