"""The machine itself: its clock, memory, heat and supply."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from edge.daemon.clock import BUILD_FLOOR_MS
from edge.tools.doctor.finding import Finding, bad, ok, warn
from edge.tools.this_machine import Machine

TEN_YEARS_MS: Final = 10 * 365 * 86_400_000
LITTLE_MEMORY_MB: Final = 100
"""The station takes up to 90 MB (its budget); a browser beside it ten times that."""
TOO_LITTLE_MEMORY_MB: Final = 30
HOT_C: Final = 80
"""A Raspberry Pi slows down from 80 degrees on, by its maker's word."""
_MILLI: Final = 1_000
_THROTTLED: Final = "/sys/devices/platform/soc/soc:firmware/get_throttled"
UNDER_VOLTAGE: Final = 1 << 0 | 1 << 16
"""Now, or at any time since the machine was switched on (vcgencmd get_throttled)."""


def look_at_body(machine: Machine) -> Iterator[Finding]:
    """What makes a machine slow, forgetful or wrong about the time."""
    yield _clock()
    yield _clock_in_step(machine)
    yield _clock_with_battery(machine)
    yield from _memory(machine)
    yield from _heat(machine)
    yield from _supply(machine)


def _clock() -> Finding:
    now_ms = time.time_ns() // 1_000_000
    shown = datetime.fromtimestamp(now_ms / _MILLI, UTC).strftime("%Y-%m-%d %H:%M UTC")
    if not BUILD_FLOOR_MS <= now_ms <= BUILD_FLOOR_MS + TEN_YEARS_MS:
        return warn("clock", "cannot_be", time=shown)
    return ok("clock", time=shown)


def _clock_in_step(machine: Machine) -> Finding:
    in_step = machine.clock_in_step()
    if in_step is None:
        return ok("clock-in-step", "unknown")
    return ok("clock-in-step") if in_step else warn("clock-in-step", "alone")


def _clock_with_battery(machine: Machine) -> Finding:
    clocks = machine.seen("/sys/class/rtc/rtc*")
    if not clocks:
        return warn("rtc", "missing")
    name = machine.text(f"/sys/class/rtc/{clocks[0].name}/name") or clocks[0].name
    return ok("rtc", name=name)


def _memory(machine: Machine) -> Iterator[Finding]:
    sizes = {
        words[0].rstrip(":"): int(words[1]) // 1_024
        for words in map(str.split, machine.text("/proc/meminfo").splitlines())
        if len(words) > 1 and words[1].isdigit()
    }
    free_mb = sizes.get("MemAvailable")
    if free_mb is None:
        return
    sizes_mb: dict[str, Any] = {"free": free_mb, "all": sizes.get("MemTotal", 0)}
    if free_mb < TOO_LITTLE_MEMORY_MB:
        yield bad("memory", "too_little", **sizes_mb)
    elif free_mb < LITTLE_MEMORY_MB:
        yield warn("memory", "little", **sizes_mb)
    else:
        yield ok("memory", **sizes_mb)


def _heat(machine: Machine) -> Iterator[Finding]:
    zones = [
        machine.text(f"/sys/class/thermal/{zone.name}/temp")
        for zone in machine.seen("/sys/class/thermal/thermal_zone*")
    ]
    degrees = [int(text) // _MILLI for text in zones if text.lstrip("-").isdigit()]
    if degrees:
        hottest = max(degrees)
        yield (
            warn("heat", "hot", degrees=hottest)
            if hottest >= HOT_C
            else ok("heat", degrees=hottest)
        )


def _supply(machine: Machine) -> Iterator[Finding]:
    """Only a Raspberry Pi tells of it."""
    heard = machine.hear(["vcgencmd", "get_throttled"]) or machine.text(_THROTTLED)
    try:
        flags = int(heard.rpartition("=")[2], 16)
    except ValueError:
        return
    if flags & UNDER_VOLTAGE:
        yield warn("supply", "weak", flags=f"{flags:#x}")
    elif flags:
        yield warn("supply", "slowed", flags=f"{flags:#x}")
    else:
        yield ok("supply")
