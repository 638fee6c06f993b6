"""A UPS of the Megatec family on a serial line, asked every two seconds."""

import time
from collections.abc import Callable

from firmware_bridge.ups import (
    ASK_STATUS,
    EVERY_S,
    PATIENCE_S,
    Status,
    StatusEar,
    StatusWatch,
    Supply,
)
from hardware.byte_channel import ByteChannel
from hardware.drivers.port_thread import PortThread, hear, let_pass, put
from hardware.options import PowerOptions
from hardware.ports import DeviceHealth, Power, PowerReading


class MegatecPower:
    """Implements Power. `every_s` is for tests that have no time."""

    def __init__(self, options: PowerOptions, every_s: float = EVERY_S) -> None:
        self._thread = PortThread(options)
        self._every_s = every_s
        self._damaged = False

    def start(self, on_change: Callable[[PowerReading], None]) -> None:
        """Begin watching; the driver's thread calls `on_change`.

        The first call comes with the first answer when all is well, after two equal ones when it
        is not, and with `mains` None after three cycles without one.
        """
        watch = StatusWatch()

        def tell(supply: Supply | None) -> None:
            if supply is not None:
                on_change(
                    PowerReading(
                        mains=supply.mains,
                        battery_percent=supply.battery_percent,
                        low=supply.low,
                    )
                )

        def serve(channel: ByteChannel) -> None:
            while not self._thread.stopping:
                began_s = time.monotonic()
                tell(self._cycle(channel, watch))
                let_pass(channel, began_s + self._every_s, self._thread)

        self._thread.begin(serve, gone=lambda: tell(watch.lost()))

    def health(self) -> DeviceHealth:
        """Present while it answers."""
        return self._thread.health()

    async def aclose(self) -> None:
        """Stop watching and give the port back."""
        await self._thread.end()

    def _cycle(self, channel: ByteChannel, watch: StatusWatch) -> Supply | None:
        status = self._ask(channel)
        if status is not None:
            self._thread.answered()
            return watch.take(status)
        if not self._thread.stopping and self._thread.missed(noisy=self._damaged):
            return watch.lost()
        return None

    def _ask(self, channel: ByteChannel) -> Status | None:
        """The answer, or None when none came in time. An echo of the question is no answer."""
        ear = StatusEar()
        self._damaged = False
        put(channel, ASK_STATUS)
        for chunk in hear(channel, PATIENCE_S, self._thread):
            for status in ear.feed(chunk):
                if status is not None:
                    return status
                self._damaged = True
        return None


def _conforms(driver: MegatecPower) -> Power:
    return driver  # mypy stops here first if the port moves
