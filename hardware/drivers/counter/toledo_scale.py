"""A scale that speaks Toledo 8217: asked four times a second, told once it lies still."""

import time
from collections.abc import Callable
from typing import Final

from firmware_bridge.assembler import Assembler, FrameError
from firmware_bridge.scale import toledo
from firmware_bridge.scale.reading import Reading
from hardware.byte_channel import ByteChannel
from hardware.drivers.counter.scale_teller import ScaleTeller
from hardware.drivers.port_thread import PortThread, hear, let_pass, put
from hardware.options import PortOptions
from hardware.ports import DeviceHealth, Scale, Weight

FRAMING: Final = "7E1"


class ToledoScale:
    """Implements Scale."""

    def __init__(self, options: PortOptions) -> None:
        self._thread = PortThread(options, FRAMING)
        self._damaged = False

    def start(self, on_weight: Callable[[Weight], None]) -> None:
        """Begin reading; the driver's thread calls `on_weight`."""

        def serve(channel: ByteChannel) -> None:
            teller = ScaleTeller(self._thread, on_weight)
            while not self._thread.stopping:
                self._cycle(channel, teller)

        self._thread.begin(serve)

    def health(self) -> DeviceHealth:
        """Present while it answers; the note says why there is no weight."""
        return self._thread.health()

    async def aclose(self) -> None:
        """Stop reading and give the port back."""
        await self._thread.end()

    def _cycle(self, channel: ByteChannel, teller: ScaleTeller) -> None:
        began_s = time.monotonic()
        reading = self._ask(channel)
        if reading is not None:
            teller.take(reading)
        elif not self._thread.stopping and self._thread.missed(noisy=self._damaged):
            teller.lost()
        let_pass(channel, began_s + toledo.EVERY_S, self._thread)

    def _ask(self, channel: ByteChannel) -> Reading | None:
        """The answer, or None when no whole one came in time."""
        answers = Assembler(toledo.look)
        self._damaged = False
        put(channel, toledo.ASK_WEIGHT)
        for chunk in hear(channel, toledo.PATIENCE_S, self._thread):
            for item in answers.feed(chunk):
                if not isinstance(item, FrameError):
                    return toledo.read(item)
                self._damaged = True
        return None


def _conforms(driver: ToledoScale) -> Scale:
    return driver  # mypy stops here first if the port moves
