"""Watches devices: a change of health wakes the screens and is logged once."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from edge.daemon.station import Station
from hardware.ports import DeviceHealth

log = structlog.get_logger(__name__)
LOOK_EVERY_S: Final = 1.0


class DriverFailedError(RuntimeError):
    """Our bug: a driver's thread has ended. Nothing but a new process reads that device again."""


async def watch_devices(station: Station, look: Callable[[], tuple[DeviceHealth, ...]]) -> None:
    """Compare each device's presence and note once a second. Raises DriverFailedError."""
    seen: dict[str, tuple[bool, str]] = {}
    while True:
        for device in look():
            condition = (device.present, device.note)
            if seen.get(device.name) != condition:
                seen[device.name] = condition
                log.info("device", name=device.name, present=device.present, note=device.note)
                station.ring()
            if device.failure is not None:
                raise DriverFailedError(f"the driver of {device.name} failed") from device.failure
        await asyncio.sleep(LOOK_EVERY_S)
