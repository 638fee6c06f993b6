"""The programs that cunyi stands on."""

import importlib.metadata
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from typing import Final

from edge.kernel.errors import CunyiError
from edge.tools.broker import broker_binary
from edge.tools.doctor.finding import Finding, bad, ok, warn
from edge.tools.this_machine import Machine

OLDEST_PYTHON: Final = (3, 11)
# Two connections that checkpoint at once may damage a file below this (sqlite.org/wal.html).
SQLITE_FLOOR: Final = (3, 51, 3)
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "firefox")


def look_at_software(machine: Machine) -> Iterator[Finding]:
    """What is installed, and whether the station starts with the machine."""
    yield ok("cunyi", version=importlib.metadata.version("cunyi"))
    yield _python()
    yield _sqlite()
    yield _broker_binary()
    yield _browser()
    yield _fonts(machine)
    yield _units(machine)


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < OLDEST_PYTHON:
        return bad("python", "old", version=version)
    return ok("python", version=version)


def _sqlite() -> Finding:
    if sqlite3.sqlite_version_info < SQLITE_FLOOR:
        floor = ".".join(str(part) for part in SQLITE_FLOOR)
        return warn("sqlite", "old", version=sqlite3.sqlite_version, floor=floor)
    return ok("sqlite", version=sqlite3.sqlite_version)


def _broker_binary() -> Finding:
    try:
        return ok("demo-broker", file=str(broker_binary()))
    except CunyiError:
        return warn("demo-broker", "missing")


def _browser() -> Finding:
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    return warn("browser", "missing") if found is None else ok("browser", file=found)


def _fonts(machine: Machine) -> Finding:
    families = machine.hear(["fc-list", ":lang=zh", "family"])
    if families is None:
        return warn("fonts", "unknown")
    first = families.strip().partition("\n")[0]
    return ok("fonts", family=first) if first else warn("fonts", "missing")


def _units(machine: Machine) -> Finding:
    listed = machine.hear(["systemctl", "list-unit-files", "--no-legend", "cunyi-*"])
    if listed is None:
        return ok("units", "no_systemd")
    states = {words[0]: words[1] for words in map(str.split, listed.splitlines()) if len(words) > 1}
    if not states:
        return warn("units", "missing")
    asleep = sorted(unit for unit, state in states.items() if state == "disabled")
    if asleep:
        return warn("units", "disabled", units=" ".join(asleep))
    return ok("units", units=" ".join(sorted(states)))
