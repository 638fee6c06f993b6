"""A supply with a battery that tells of itself on one or two pins of this machine."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Final

from gpiozero import DigitalInputDevice

from edge.kernel.errors import ConfigError
from hardware.drivers.pins import Pins, PinThread, pin_name
from hardware.options import PowerOptions
from hardware.ports import DeviceHealth, Power, PowerReading

LOOK_S: Final = 0.05
LASTS_S: Final = 0.2
"""A reading must last so long: supplies switch over in some tens of ms, and contacts bounce."""
UNKNOWN: Final = PowerReading(mains=None)


class PowerWatch:
    """Which reading is believed. Times are seconds of the caller's clock."""

    def __init__(self) -> None:
        self._believed: PowerReading | None = None
        self._doubted: tuple[PowerReading, float] | None = None

    def see(self, reading: PowerReading, now_s: float) -> bool:
        """Whether this is believed now and was not before; the first one is at once."""
        if reading == self._believed:
            self._doubted = None
        elif self._believed in (None, UNKNOWN):
            return self._believe(reading)
        elif self._doubted is None or self._doubted[0] != reading:
            self._doubted = (reading, now_s + LASTS_S)
        elif now_s >= self._doubted[1]:
            return self._believe(reading)
        return False

    def lose_sight(self) -> bool:
        """Nothing can be read; whether that is new."""
        return self._believed != UNKNOWN and self._believe(UNKNOWN)

    def _believe(self, reading: PowerReading) -> bool:
        self._believed, self._doubted = reading, None
        return True


class GpioPower:
    """Implements Power. Raises ConfigError when no pin is named."""

    def __init__(self, options: PowerOptions, pins: Pins) -> None:
        self._mains_pin = options.mains_pin
        self._low_pin = options.low_pin
        if self._mains_pin is None and self._low_pin is None:
            fix = "Name mains_pin, low_pin or both"
            raise ConfigError("station.toml", options.name, "no pin is wired", fix)
        self._watch = PowerWatch()
        self._thread = PinThread(options.name, options.port, pins)

    def start(self, on_change: Callable[[PowerReading], None]) -> None:
        """Begin watching."""
        self._on_change = on_change
        self._thread.begin(self._serve, self._gone)

    def health(self) -> DeviceHealth:
        """Present while the pins are ours."""
        return self._thread.health()

    async def aclose(self) -> None:
        """Stop watching and give the pins back."""
        await self._thread.end()

    def _serve(self, factory: Any) -> None:
        with ExitStack() as pins:

            def take(number: int | None) -> Any:
                if number is None:
                    return None
                # Pulled down: a wire that fell off reads as a power cut, which is seen at once.
                device = DigitalInputDevice(pin_name(number), pull_up=False, pin_factory=factory)
                return pins.enter_context(device)

            mains, low = take(self._mains_pin), take(self._low_pin)
            self._thread.opened()
            while not self._thread.stopping:
                reading = PowerReading(
                    mains=None if mains is None else bool(mains.value),
                    low=low is not None and bool(low.value),
                )
                if self._watch.see(reading, time.monotonic()):
                    self._on_change(reading)
                self._thread.rest(LOOK_S)

    def _gone(self) -> None:
        if self._thread.failure is None and self._watch.lose_sight():
            self._on_change(UNKNOWN)


def _conforms(driver: GpioPower) -> Power:
    return driver  # mypy stops here first if the port moves
