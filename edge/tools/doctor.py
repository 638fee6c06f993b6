"""`cunyi doctor`: looks over a machine and a station's folder, one line a finding, with the fix."""

import grp
import importlib.metadata
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx

from edge.daemon.clock import BUILD_FLOOR_MS
from edge.kernel.errors import ConfigError, CunyiError, StoreError
from edge.settings import Settings, read_settings
from edge.store.connection import FolderHeldError, FolderLock
from edge.tools.broker import broker_binary
from edge.tools.children import port_is_free
from edge.tools.journal import verify

OLDEST_PYTHON: Final = (3, 11)
# Two connections that checkpoint at once may damage a file below this (sqlite.org/wal.html).
SQLITE_FLOOR: Final = (3, 51, 3)
LITTLE_SPACE: Final = 500 * 2**20
TOO_LITTLE_SPACE: Final = 50 * 2**20
"""A busy station writes some 30 MB a day before the county has it all."""
TEN_YEARS_MS: Final = 10 * 365 * 86_400_000
ANSWER_WITHIN_S: Final = 2.0


class Grade(StrEnum):
    """How bad it is: BAD stops the station or loses data, WARN will be missed one day."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at. `fix` says what to do, empty where all is well."""

    grade: Grade
    what: str
    found: str
    fix: str = ""

    def line(self) -> str:
        """The finding as one line for a person."""
        text = f"{self.grade:<4}  {self.what}: {self.found}"
        return f"{text}. {self.fix}" if self.fix else text

    @property
    def exit_code(self) -> int:
        """1 where something must be done."""
        return 1 if self.grade is Grade.BAD else 0


def examine(folder: Path | None) -> Iterator[Finding]:
    """Findings of this machine and, where a folder is given, of the station in it."""
    for look in (_cunyi, _python, _sqlite, _broker_binary, _browser, _fonts, _clock):
        yield look()
    yield _space(folder or Path.cwd())
    if folder is None:
        yield _serial_group()
        return
    yield from _folder(folder)
    try:
        settings = read_settings(folder)
    except ConfigError as failure:
        yield _bad("settings", f"{failure.file}: {failure.key} {failure.problem}", failure.fix)
        return
    yield _ok("settings", f"{settings.station.id} of {settings.station.county}")
    yield from _ports(settings)
    yield from _journal(folder)
    yield from _station(folder, settings)
    yield _broker(settings)


def _ok(what: str, found: str) -> Finding:
    return Finding(grade=Grade.OK, what=what, found=found)


def _warn(what: str, found: str, fix: str) -> Finding:
    return Finding(grade=Grade.WARN, what=what, found=found, fix=fix)


def _bad(what: str, found: str, fix: str) -> Finding:
    return Finding(grade=Grade.BAD, what=what, found=found, fix=fix)


# -- the machine


def _cunyi() -> Finding:
    return _ok("cunyi", importlib.metadata.version("cunyi"))


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < OLDEST_PYTHON:
        return _bad("python", version, "Install Python 3.11 or newer")
    return _ok("python", version)


def _sqlite() -> Finding:
    if sqlite3.sqlite_version_info < SQLITE_FLOOR:
        return _warn(
            "sqlite",
            f"{sqlite3.sqlite_version}, below 3.51.3; a station's one connection is safe with it",
            "Never open journal.db with another program while the station runs",
        )
    return _ok("sqlite", sqlite3.sqlite_version)


def _broker_binary() -> Finding:
    try:
        return _ok("demo broker", str(broker_binary()))
    except CunyiError as failure:
        return _warn("demo broker", str(failure), "Only the demo and the tests need it")


def _browser() -> Finding:
    for name in ("chromium", "chromium-browser", "google-chrome", "firefox"):
        if (found := shutil.which(name)) is not None:
            return _ok("browser", found)
    return _warn("browser", "none found", "For screens on this machine: apt-get install chromium")


def _fonts() -> Finding:
    fix = "For Chinese on screens and simulated slips: apt-get install fonts-noto-cjk"
    if shutil.which("fc-list") is None:
        return _warn("fonts", "fontconfig is missing", fix)
    heard = subprocess.run(
        ["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False
    )
    families = heard.stdout.splitlines()
    return _ok("fonts", families[0]) if families else _warn("fonts", "none has Chinese", fix)


def _clock() -> Finding:
    now_ms = time.time_ns() // 1_000_000
    shown = time.strftime("%Y-%m-%d %H:%M", time.gmtime(now_ms / 1_000)) + " UTC"
    if not BUILD_FLOOR_MS <= now_ms <= BUILD_FLOOR_MS + TEN_YEARS_MS:
        fix = "Set it, or fit a clock with a battery (DS3231); codes work all the same"
        return _warn("clock", f"{shown} cannot be", fix)
    return _ok("clock", shown)


def _space(place: Path) -> Finding:
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    found = f"{free // 2**20} MB free at {place}"
    if free < TOO_LITTLE_SPACE:
        return _bad("disk", found, "Make room: without it no door opens")
    return _warn("disk", found, "Make room soon") if free < LITTLE_SPACE else _ok("disk", found)


def _serial_group() -> Finding:
    try:
        members = grp.getgrnam("dialout")
    except KeyError:
        return _ok("serial ports", "this system has no group dialout")
    if os.geteuid() == 0 or members.gr_gid in {os.getegid(), *os.getgroups()}:
        return _ok("serial ports", "this user may open them")
    return _warn("serial ports", "this user is not in group dialout", _DIALOUT)


_DIALOUT: Final = "Run: sudo usermod -aG dialout $USER, then log in again"

# -- the station's folder


def _folder(folder: Path) -> Iterator[Finding]:
    if not folder.is_dir():
        yield _bad("folder", f"{folder} is not there", f"Run: cunyi station init {folder}")
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield _bad("folder", f"{folder} may not be written by this user", "Change its owner")
        return
    open_files = [
        file.name
        for file in (folder / "station.key", folder / "journal.db")
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077
    ]
    if open_files:
        files = " ".join(str(folder / name) for name in open_files)
        yield _warn("folder", f"others can read {', '.join(open_files)}", f"Run: chmod 600 {files}")
    else:
        yield _ok("folder", f"{folder} is ours alone")


def _ports(settings: Settings) -> Iterator[Finding]:
    for name, port in settings.ports().items():
        yield _port(name.replace("-", " "), port)


def _port(what: str, port: str) -> Finding:
    if port.startswith("socket://"):
        return _ok(what, f"{port} (asked only by the station itself)")
    simulated = port.startswith("twin:")
    path = Path(port.removeprefix("twin:").removeprefix("file:"))
    if not path.exists():
        fix = "Start the workbench" if simulated else "Plug it in, or correct its port"
        return _warn(what, f"{path} is not there; the station starts without it", fix)
    if not os.access(path, os.R_OK | os.W_OK):
        return _bad(what, f"{path} may not be opened by this user", _DIALOUT)
    return _ok(what, f"{path}{' (simulated)' if simulated else ''}")


def _journal(folder: Path) -> Iterator[Finding]:
    try:
        report = verify(folder)
    except StoreError as failure:
        yield _bad("journal", str(failure), "")
        return
    for problem in report.problems:
        yield _bad("journal", problem, "Keep the folder as it is and ask for help")
    if not report.problems:
        yield _ok("journal", f"{report.facts} facts, epoch {report.epoch}, whole")


def _station(folder: Path, settings: Settings) -> Iterator[Finding]:
    host = f"[{settings.web.host}]" if ":" in settings.web.host else settings.web.host
    address = f"{host}:{settings.web.port}"
    holder = _holder(folder)
    if holder is None:
        if port_is_free(settings.web.port):
            yield _ok("station", f"does not run; {address} is free for it")
        else:
            fix = "Stop that program, or choose another port in station.toml"
            yield _bad("station", f"does not run, and {address} is taken", fix)
        return
    metrics = _get(f"http://{address}/metrics")
    if metrics is None:
        fix = f"Look at its log; restart it: kill {holder}"
        yield _bad("station", f"process {holder} runs but {address} does not answer", fix)
        return
    yield _ok("station", f"process {holder} answers at {address}")
    waiting = _number(metrics, "cunyi_facts_waiting")
    if _number(metrics, "cunyi_link_up") == 1:
        yield _ok("county", f"answers; {waiting:.0f} facts on their way")
    else:
        fix = "Nothing is lost: they are sent when it does. Check network and broker"
        yield _warn("county", f"does not answer; {waiting:.0f} facts wait here", fix)


def _holder(folder: Path) -> str | None:
    try:
        FolderLock.take(folder).release()
    except FolderHeldError as held:
        return held.holder
    except StoreError:
        return None
    return None


def _broker(settings: Settings) -> Finding:
    address = urlsplit(settings.link.broker)
    try:
        target = (address.hostname or "", address.port or 1883)
        socket.create_connection(target, timeout=ANSWER_WITHIN_S).close()
    except OSError as failure:
        reason = failure.strerror or str(failure)
        fix = "Nothing is lost: facts wait here. Check network and [link] broker"
        return _warn("broker", f"{settings.link.broker} cannot be reached ({reason})", fix)
    return _ok("broker", f"{settings.link.broker} takes connections")


def _get(address: str) -> str | None:
    try:
        answer = httpx.get(address, timeout=ANSWER_WITHIN_S)
    except httpx.HTTPError:
        return None
    return answer.text if answer.is_success else None


def _number(metrics: str, name: str) -> float:
    for line in metrics.splitlines():
        words = line.split()
        if words and words[0] == name:
            return float(words[-1])
    return 0.0
