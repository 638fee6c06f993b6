"""The bench as one value: everything that the page draws and a script may look at."""

import time
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final

from edge.kernel.village_time import village_time
from edge.tools.workbench.desk import Desk
from edge.tools.workbench.words import Words
from edge.words import say
from hardware.twins.bench import Bench
from hardware.twins.cabinet import DoorView, Pulse
from hardware.twins.faults import FaultKind
from hardware.twins.printers.print_head import Slip

FIRST_MEDIUM: Final = 13
FIRST_LARGE: Final = 21
"""Sizes as the template of a new station has them: 1-12 small, 13-20 medium, 21-24 large."""
DOTS_PER_MM: Final = 8
DOORS: Final = "door"
"""The group of the faults that a single door has."""
_MS: Final = 1_000
_SCANS_SHOWN: Final = 4
PULSES_SHOWN: Final = 200
"""The newest; a page shows a few, a script compares them with the journal."""


def bench_view(desk: Desk, language: str) -> dict[str, Any]:
    """Doors, papers (newest first), pulses (newest first), faults, scans, and the counter."""
    bench = desk.bench

    def words(key: str, **blanks: str | int) -> str:
        return say(key, language, **blanks)

    held = bench.cabinet.held
    troubles = _troubles(bench, held, words)
    broken = len(bench.faults.active())
    newest = bench.cabinet.pulses[-PULSES_SHOWN:]
    faults = [_fault(kind, bench, words) for kind in bench.menu]
    return {
        "doors": [
            _door(door, troubles[door.channel], words, held=door.channel in held)
            for door in bench.cabinet.doors()
        ],
        "papers": [_paper(slip, words) for slip in reversed(bench.printer.slips)],
        "pulses": [_pulse(pulse, words) for pulse in reversed(newest)],
        "faults": faults,
        "groups": _groups(faults, words),
        "faults_on": broken,
        "faults_text": words("bench.faults_on" if broken else "bench.all_fine", count=broken),
        "samples": list(desk.samples()),
        "scanned": list(reversed(bench.scanner.scanned[-_SCANS_SHOWN:])),
        "violations": list(bench.violations),
        "note": words(bench.printer.note) if bench.printer.note else "",
        "unknown_bytes": bench.printer.unknown_bytes,
        **desk.counter.view(words, language),
    }


def number_text(channel: int) -> str:
    """A door's number as it is painted on it."""
    return f"{channel:02d}"


def _size(channel: int) -> str:
    if channel >= FIRST_LARGE:
        return "large"
    return "medium" if channel >= FIRST_MEDIUM else "small"


def _troubles(bench: Bench, held: Collection[int], words: Words) -> Mapping[int, list[str]]:
    """What is wrong with each door, in words; a coil under current that should rest comes first."""
    troubles: dict[int, list[str]] = defaultdict(list)
    for channel in held:
        troubles[channel].append(words("bench.held"))
    for kind in bench.menu:
        for channel in range(1, bench.cabinet.channels + 1):
            if kind.needs_channel and bench.faults.is_on(kind.fault, channel):
                troubles[channel].append(words(kind.word))
    return troubles


def _door(door: DoorView, troubles: Collection[str], words: Words, *, held: bool) -> dict[str, Any]:
    state = "bench.shut" if not door.open else "bench.forced" if door.forced else "bench.open"
    return {
        "channel": door.channel,
        "number": number_text(door.channel),
        "size": _size(door.channel),
        "open": door.open,
        "forced": door.forced,
        "inside": "、".join(door.inside) or None,
        "state_text": words(state),
        "troubles": list(troubles),
        "held": held,
        "name": words("bench.door", door=number_text(door.channel)),
    }


def _paper(slip: Slip, words: Words) -> dict[str, Any]:
    width, length = slip.image.width // DOTS_PER_MM, slip.image.height // DOTS_PER_MM
    return {
        "paper": slip.number,
        "png": f"/papers/{slip.number}.png",
        "text": list(slip.text),
        "torn": words("bench.torn") if slip.torn else "",
        "name": words("bench.slip", paper=slip.number),
        "size": words("bench.slip_size", paper=slip.number, width=width, length=length),
    }


def _pulse(pulse: Pulse, words: Words) -> dict[str, Any]:
    # The cabinet counts on the monotonic clock, as other programs of this machine do.
    wall_s = time.time() - time.monotonic() + pulse.at_ms / _MS
    clock = village_time(round(wall_s) * _MS)
    return {
        "at_ms": pulse.at_ms,
        "channel": pulse.channel,
        "length_ms": pulse.length_ms,
        "released": pulse.released,
        "text": words(
            "bench.pulse",
            time=clock.strftime("%H:%M:%S"),
            door=number_text(pulse.channel),
            length=pulse.length_ms,
        ),
    }


def _groups(faults: Collection[dict[str, Any]], words: Words) -> dict[str, dict[str, Any]]:
    """How much is broken in each group of the menu: the devices, and the faults of one door."""
    broken: dict[str, int] = defaultdict(int)
    for fault in faults:
        name = DOORS if fault["needs_channel"] else fault["device"]
        broken[name] += len(fault["channels"]) or fault["on"]
    return {
        name: {"broken": count, "broken_text": words("bench.broken_here", count=count)}
        for name, count in broken.items()
    }


def _fault(kind: FaultKind, bench: Bench, words: Words) -> dict[str, Any]:
    active = [one for one in bench.faults.active() if one.fault is kind.fault]
    channels = sorted(one.channel for one in active if one.channel is not None)
    doors = "、".join(number_text(channel) for channel in channels)
    return {
        "name": kind.fault.value,
        "device": kind.device.value,
        "needs_channel": kind.needs_channel,
        "text": words(kind.word),
        "on": bool(active),
        "channels": channels,
        "where": words("bench.broken_doors", doors=doors),
    }
