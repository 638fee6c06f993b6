"""How one lock board is made, set and wired."""

from dataclasses import dataclass
from typing import Self

from hardware.twins.boards.firmware import Firmware
from hardware.twins.boards.shuoming import Shuoming


@dataclass(frozen=True, slots=True)
class Wiring:
    """Where a board's cables go, channel 1 first: `locks` names the door whose lock a channel
    drives, `sensors` the door whose switch and article sensor it sees. 0: nothing is there, and
    an open input reads as a door that is not shut.
    """

    locks: tuple[int, ...]
    sensors: tuple[int, ...]

    @classmethod
    def straight(cls, channels: int, doors: int, first_door: int = 1) -> Self:
        """Channel 1 is `first_door`, the next the next, as far as there are doors."""
        wired = range(first_door, first_door + channels)
        there = tuple(door if door <= doors else 0 for door in wired)
        return cls(there, there)

    def swap_locks(self, one: int, other: int) -> Self:
        """The lock cables of two channels changed places."""
        return type(self)(_swapped(self.locks, one, other), self.sensors)

    def swap_sensors(self, one: int, other: int) -> Self:
        """The switch cables of two channels changed places."""
        return type(self)(self.locks, _swapped(self.sensors, one, other))

    def swap(self, one: int, other: int) -> Self:
        """Both cables of two channels changed places."""
        return self.swap_locks(one, other).swap_sensors(one, other)


def _swapped(doors: tuple[int, ...], one: int, other: int) -> tuple[int, ...]:
    moved = list(doors)
    moved[one - 1], moved[other - 1] = moved[other - 1], moved[one - 1]
    return tuple(moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardMake:
    """What differs between boards. `baud` None sends at once instead of at that pace.

    `channels` None: as many as the cabinet has doors. `wiring` None: straight, on a bench after
    the doors of the boards before it. `link`: the name of another board's cable to hang on;
    empty for a cable of its own. A cable's first board sets its `baud` and `noise_seed`.
    `supply`: what feeds its coils.
    `pause_ms`: a gap in which 48 bytes fit at 9600; whatever is incomplete then is noise.
    `cooldown_ms`: firmware that lets a lock rest so long after a pulse (Winnsen style).
    `answers_unlock`: some CU16 firmware does not. `echo`: the adapter hands back what is sent.
    After a reboot it is dead for `boot_ms`, then says for `scan_ms` that all doors are shut,
    because it has not read its inputs yet.
    """

    dialect: type[Firmware] = Shuoming
    channels: int | None = None
    wiring: Wiring | None = None
    link: str = ""
    supply: str = "main"
    address: int = 1
    closed_bit: int = 1
    pulse_ms: int = 300
    cooldown_ms: int = 0
    answers_unlock: bool = True
    unsolicited: bool = False
    firmware: int = 0x10
    echo: bool = False
    baud: int | None = None
    reply_ms: int = 5
    late_ms: int = 1_500
    pause_ms: int = 50
    boot_ms: int = 1_000
    scan_ms: int = 500
    noise_seed: int = 1
