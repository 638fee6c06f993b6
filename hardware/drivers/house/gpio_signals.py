"""A buzzer and lamps on the pins of this machine."""

import threading
import time
from contextlib import ExitStack
from typing import Any, Final

from gpiozero import OutputDevice

from hardware.drivers.pins import Pins, PinThread, pin_name
from hardware.options import SignalsOptions
from hardware.ports import DeviceHealth, Lamp, Signals

BEEP_S: Final = 0.1
"""How long a beep lasts, and the silence behind it."""
MOST_BEEPS: Final = 50
"""Ten seconds of beeps; what is asked for beyond that is dropped, as it says nothing more."""
LOOK_S: Final = 1.0
"""How soon pins that went away are missed while nothing is to do."""


class GpioSignals:
    """Implements Signals."""

    def __init__(self, options: SignalsOptions, pins: Pins) -> None:
        self._buzzer_pin = options.buzzer_pin
        self._lamp_pins = {Lamp.CABINET: options.cabinet_pin, Lamp.ALARM: options.alarm_pin}
        self._lit: set[Lamp] = set()
        self._beeps = 0
        self._gate = threading.Lock()
        self._thread = PinThread(options.name, options.port, pins)
        self._thread.begin(self._serve, lambda: None)

    def beep(self, times: int) -> None:
        """So many short beeps, after those that are under way."""
        with self._gate:
            self._beeps = min(self._beeps + times, MOST_BEEPS)
        self._thread.wake()

    def light(self, lamp: Lamp, *, on: bool) -> None:
        """Light a lamp or put it out; what is lit stays lit over a loss of the pins."""
        with self._gate:
            self._lit = self._lit | {lamp} if on else self._lit - {lamp}
        self._thread.wake()

    def health(self) -> DeviceHealth:
        """Present while all pins are ours."""
        return self._thread.health()

    async def aclose(self) -> None:
        """Everything off, and the pins given back."""
        await self._thread.end()

    def _serve(self, factory: Any) -> None:
        with ExitStack() as pins:

            def take(number: int) -> Any:
                device = OutputDevice(pin_name(number), initial_value=False, pin_factory=factory)
                return pins.enter_context(device)

            lamps = {lamp: take(pin) for lamp, pin in self._lamp_pins.items() if pin is not None}
            buzzer = take(self._buzzer_pin) if self._buzzer_pin is not None else None
            self._thread.opened()
            while not self._thread.stopping:
                if self._next_beep() and buzzer is not None:
                    buzzer.on()
                    self._hold(lamps, BEEP_S)
                    buzzer.off()
                    self._hold(lamps, BEEP_S)
                else:
                    self._show(lamps)
                    self._thread.rest(LOOK_S)

    def _next_beep(self) -> bool:
        with self._gate:
            due = self._beeps > 0
            self._beeps -= due
            return due

    def _hold(self, lamps: dict[Lamp, Any], seconds: float) -> None:
        until_s = time.monotonic() + seconds
        while (left_s := until_s - time.monotonic()) > 0 and not self._thread.stopping:
            self._show(lamps)
            self._thread.rest(left_s)

    def _show(self, lamps: dict[Lamp, Any]) -> None:
        for lamp, device in lamps.items():
            if bool(device.value) is not (lamp in self._lit):  # reading shows whether it is there
                device.value = lamp in self._lit


def _conforms(driver: GpioSignals) -> Signals:
    return driver  # mypy stops here first if the port moves
