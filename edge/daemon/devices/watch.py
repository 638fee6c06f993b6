"""Watches devices: a change of health wakes the screens and is logged once."""

import asyncio
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Final

import structlog

from edge.daemon.station import Station
from hardware.ports import DeviceHealth

log = structlog.get_logger(__name__)
LOOK_EVERY_S: Final = 1.0


class DriverFailedError(RuntimeError):
    """Our bug: a lock board's thread has ended. Only a new process sees its doors again."""


async def watch_devices(
    station: Station,
    look: Callable[[], tuple[DeviceHealth, ...]],
    lock_boards: AbstractSet[str],
) -> None:
    """Compare each device's presence and note once a second.

    Raises DriverFailedError when the driver of one of `lock_boards` failed. No other device is
    worth the doors: its failure is shown, and its thread tries again by itself where it can.
    """
    seen: dict[str, tuple[bool, str]] = {}
    while True:
        for device in look():
            condition = (device.present, device.note)
            if seen.get(device.name) != condition:
                seen[device.name] = condition
                log.info("device", name=device.name, present=device.present, note=device.note)
                station.ring()
            if device.failure is not None and device.name in lock_boards:
                raise DriverFailedError(f"the driver of {device.name} failed") from device.failure
        await asyncio.sleep(LOOK_EVERY_S)
