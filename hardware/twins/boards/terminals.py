"""The screw terminals of a lock board: relays to the locks, inputs from the switches."""

import time
from collections.abc import Callable
from typing import Final

from hardware.twins.boards.make import BoardMake, Wiring
from hardware.twins.cabinet import Cabinet
from hardware.twins.faults import Fault, Faults

_MS: Final = 1_000
_FOR_GOOD: Final = float("inf")


class Terminals:
    """What a firmware can reach. Channels count from 1; one that is not there does nothing.

    Raises ValueError for a wiring that names doors which the cabinet does not have.
    """

    def __init__(
        self,
        cabinet: Cabinet,
        faults: Faults,
        make: BoardMake,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.make: Final = make
        self.channels: Final = make.channels or cabinet.channels
        self.now_s: Final = clock_s
        self._wiring = make.wiring or Wiring.straight(self.channels, cabinet.channels)
        if not set(self._wiring.locks + self._wiring.sensors) <= set(range(cabinet.channels + 1)):
            raise ValueError("a wiring names doors that are not there")
        self._cabinet = cabinet
        self._faults = faults
        self._on_until_s: dict[int, float] = {}
        self._boots_until_s = self._scans_until_s = clock_s()

    @property
    def address(self) -> int:
        """The address that it signs with; it hears to `make.address`."""
        return self.make.address + self._faults.is_on(Fault.BOARD_WRONG_ADDRESS)

    def has(self, channel: int) -> bool:
        """Whether the board has such a channel."""
        return 1 <= channel <= self.channels

    def drive(self, channel: int, length_ms: int | None) -> None:
        """Switch a relay on, for so long or until it is dropped."""
        if not self.has(channel):
            return
        until_s = self.now_s() + (_FOR_GOOD if length_ms is None else length_ms / _MS)
        before_s = self._on_until_s.get(channel, 0.0)
        # A time given to a relay that was on for good ends it; else the later end holds.
        self._on_until_s[channel] = until_s if before_s == _FOR_GOOD else max(until_s, before_s)
        if door := self._door(self._wiring.locks, channel):
            self._cabinet.energise(door, length_ms, self.make.supply)

    def pulse(self, channel: int) -> None:
        """Switch a relay on for the board's own time."""
        self.drive(channel, self.make.pulse_ms)

    def drop(self, channel: int) -> None:
        """Switch a relay off."""
        if self._on_until_s.pop(channel, 0.0) and (door := self._door(self._wiring.locks, channel)):
            self._cabinet.de_energise(door)

    def is_on(self, channel: int) -> bool:
        """Whether the board means this relay to be on. A welded contact it does not know."""
        return self._on_until_s.get(channel, 0.0) > self.now_s()

    def is_shut(self, channel: int) -> bool:
        """What the channel's switch says, true or not."""
        if self.now_s() < self._scans_until_s:
            return True
        door = self._door(self._wiring.sensors, channel)
        return bool(door) and self._cabinet.sensor_shut(door)

    def feedback(self, channel: int) -> int:
        """The bit that this board shows for the channel's door."""
        return self.make.closed_bit if self.is_shut(channel) else 1 - self.make.closed_bit

    def feedbacks(self) -> list[int]:
        """The bits of all channels."""
        return [self.feedback(channel) for channel in range(1, self.channels + 1)]

    def has_article(self, channel: int) -> bool:
        """What the article sensor behind the channel's door says."""
        if self.now_s() < self._scans_until_s:
            return False
        door = self._door(self._wiring.sensors, channel)
        return bool(door) and self._cabinet.article(door)

    def articles(self) -> list[int]:
        """The article bits of all channels."""
        return [int(self.has_article(channel)) for channel in range(1, self.channels + 1)]

    def reboot(self) -> None:
        """All relays fall off; nothing works for a while."""
        for channel in tuple(self._on_until_s):
            self.drop(channel)
        self._boots_until_s = self.now_s() + self.make.boot_ms / _MS
        self._scans_until_s = self._boots_until_s + self.make.scan_ms / _MS

    @property
    def is_booting(self) -> bool:
        """Whether the board is dead to the world."""
        return self.now_s() < self._boots_until_s

    @staticmethod
    def _door(doors: tuple[int, ...], channel: int) -> int:
        return doors[channel - 1] if 1 <= channel <= len(doors) else 0
