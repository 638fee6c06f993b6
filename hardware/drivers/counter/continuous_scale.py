"""A scale that sends its weight all the time; nothing is ever said to it."""

import time
from collections.abc import Callable
from typing import Final

from firmware_bridge.scale.continuous import SILENT_S, LineEar
from firmware_bridge.scale.reading import NoLoad, Reading, Trouble
from hardware.byte_channel import ByteChannel
from hardware.drivers.counter.scale_teller import ScaleTeller
from hardware.drivers.port_thread import PortThread
from hardware.options import PortOptions
from hardware.ports import DeviceHealth, Scale, Weight

_LOOK_S: Final = 0.5


class ContinuousScale:
    """Implements Scale."""

    def __init__(self, options: PortOptions) -> None:
        self._thread = PortThread(options)

    def start(self, on_weight: Callable[[Weight], None]) -> None:
        """Begin reading; the driver's thread calls `on_weight`."""

        def serve(channel: ByteChannel) -> None:
            self._listen(channel, ScaleTeller(self._thread, on_weight))

        self._thread.begin(serve)

    def health(self) -> DeviceHealth:
        """Present while lines come; the note says why there is no weight."""
        return self._thread.health()

    async def aclose(self) -> None:
        """Stop reading and give the port back."""
        await self._thread.end()

    def _listen(self, channel: ByteChannel, teller: ScaleTeller) -> None:
        ear, heard_s, damaged = LineEar(), time.monotonic(), False
        while not self._thread.stopping:
            data = channel.read(_LOOK_S)
            for reading in ear.feed(data):
                if _is_damaged(reading):
                    self._thread.bad_frames += 1
                    damaged = True
                else:
                    teller.take(reading)
                    heard_s, damaged = time.monotonic(), False
            if time.monotonic() - heard_s > SILENT_S:
                self._thread.silent(noisy=damaged)
                teller.lost()


def _is_damaged(reading: Reading) -> bool:
    return isinstance(reading, NoLoad) and reading.trouble is Trouble.UNREADABLE


def _conforms(driver: ContinuousScale) -> Scale:
    return driver  # mypy stops here first if the port moves
