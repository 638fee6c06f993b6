"""The steel: doors, spring locks, what lies behind them, and the law of the coils.

State follows the clock without a thread: each look first lets happen what was due. So the same
physics runs on real time behind a pty and on a hand-driven clock in a test.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from edge.kernel.errors import CunyiError, Refused
from hardware.twins.faults import Fault, Faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Steel:
    """How this cabinet moves, in ms. Defaults are a common 12 V spring lock with a push spring.

    `swing_out_ms`: a door that springs open swings out first; nobody pushes it shut sooner.
    `weak_needs_ms`: driving time, added up over pulses, that a weak spring needs.
    """

    release_ms: int = 50
    swing_ms: int = 80
    swing_out_ms: int = 700
    weak_needs_ms: int = 500
    bounce_ms: int = 60
    bounce_step_ms: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """A coil was driven: when (ms of the cabinet's clock), which, how long, what it did."""

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
        self._driven_until_s: dict[int, float] = {}
        self._pulses: list[Pulse] = []
        self._violations: list[str] = []

    # -- what the board does and sees

    def energise(self, channel: int, length_ms: int) -> None:
        """Drive one coil. Two at once is against the law: recorded, and raised at `judge`."""
        with self._lock:
            now_s = self._settle()
            others = [n for n, until in self._driven_until_s.items() if until > now_s]
            both = sorted({channel, *others})
            if len(both) > 1:
                self._violations.append(f"two coils driven at once: {both} at {now_s:.3f} s")
            until_s = now_s + length_ms / _MS
            self._driven_until_s[channel] = max(until_s, self._driven_until_s.get(channel, 0.0))
            released = self._pull(channel, length_ms, now_s)
            pulse = Pulse(
                at_ms=round(now_s * _MS), channel=channel, length_ms=length_ms, released=released
            )
            self._pulses.append(pulse)

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

    def push_shut(self, channel: int) -> None:
        """Push a door shut; it latches as soon as it can. Raises Refused when it is shut."""
        with self._lock:
            door = self._open_door(channel)
            # A driven bolt cannot catch, and a door still swinging out must come back first.
            door.shuts_s = max(
                door.changed_s + self._steel.swing_out_ms / _MS,
                self._driven_until_s.get(channel, 0.0),
            )
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
            return tuple(self._violations)

    def judge(self) -> None:
        """Raises LawBroken when the law was ever broken."""
        if self.violations:
            raise LawBroken("; ".join(self.violations))

    # -- physics

    def _pull(self, channel: int, length_ms: int, now_s: float) -> bool:
        """Whether this pulse frees the bolt; then its door begins to swing."""
        if self._faults.is_on(Fault.STUCK_LOCK, channel):
            return False
        crossed = self._faults.is_on(Fault.WRONG_DOOR, channel)
        wired = channel % self.channels + 1 if crossed else channel
        door = self._door(wired)
        if self._faults.is_on(Fault.WEAK_SPRING, channel):
            door.strained_ms += length_ms
            if door.strained_ms < self._steel.weak_needs_ms:
                return False
        elif length_ms < self._steel.release_ms:
            return False
        if not door.open and door.opens_s is None:
            door.opens_s = now_s + (self._steel.release_ms + self._steel.swing_ms) / _MS
        return True

    def _settle(self) -> float:
        """Let happen what is due; returns the present second."""
        now_s = self._clock_s()
        for door in self._doors.values():
            if door.opens_s is not None and door.opens_s <= now_s:
                self._swing_open(door, door.opens_s)
            if door.shuts_s is not None and door.shuts_s <= now_s:
                door.open, door.forced, door.changed_s = False, False, door.shuts_s
                door.shuts_s, door.strained_ms = None, 0
        return now_s

    @staticmethod
    def _swing_open(door: _Door, at_s: float) -> None:
        door.open, door.changed_s = True, at_s
        door.opens_s, door.shuts_s = None, None

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
