"""`cunyi devices scan` as a person or a program sees it."""

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from edge.kernel.errors import DeviceGone
from edge.settings import read_settings
from edge.store.connection import FolderLock
from edge.tools.commissioning.asking import worded
from edge.tools.commissioning.known_devices import Role
from edge.tools.commissioning.probe import Board, probe, why_not
from edge.tools.commissioning.scan import Plugged, scan
from edge.tools.this_machine import Machine


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    """`ports` names the lines to ask; where empty, every adapter that nothing else is set on."""

    folder: Path | None = None
    as_json: bool = False
    probe: bool = False
    ports: tuple[str, ...] = ()
    language: str = "en"


def run_scan(options: ScanOptions, machine: Machine | None = None) -> int:
    """Print what is there; 1 when that is nothing.

    Raises StoreError when the daemon runs on the folder and lines were to be asked.
    """
    plugged = scan(machine or Machine())
    boards: list[Board] = []
    unasked: dict[str, str] = {}
    if not options.as_json:
        _show(plugged, options)
    if options.probe:
        with _held(options.folder):
            ports = options.ports or _lines_to_ask(plugged, options.folder)
            boards, unasked = _ask(ports, options)
    if options.as_json:
        devices = [one.as_json() for one in plugged]
        found = {"devices": devices, "lock_boards": [board.as_json() for board in boards]}
        print(json.dumps(found | {"not_asked": unasked}, ensure_ascii=False, indent=2))
    return 0 if plugged or boards else 1


def _show(plugged: Sequence[Plugged], options: ScanOptions) -> None:
    language = options.language
    for one in plugged:
        role = f"scan.role.{one.role}"
        print(
            worded("scan.found", language, role=role, name=one.name, usb=one.usb, device=one.device)
        )
        for line in one.lines():
            print(f"    {line}")
        for wanted, key in ((one.unverified, "unverified"), (one.by_socket, "by_socket")):
            if wanted:
                print(f"    # {worded(f'scan.{key}', language)}")
    if not plugged:
        print(worded("scan.nothing", language))
    elif not options.probe and any(one.role is Role.ADAPTER for one in plugged):
        print(worded("scan.probe_hint", language))


@contextlib.contextmanager
def _held(folder: Path | None) -> Iterator[None]:
    """The station's folder, so that no daemon starts while we talk on its lines."""
    lock = None if folder is None else FolderLock.take(folder)
    try:
        yield
    finally:
        if lock is not None:
            lock.release()


def _lines_to_ask(plugged: Sequence[Plugged], folder: Path | None) -> tuple[str, ...]:
    """Serial adapters; not those on which the settings have something that is no lock board."""
    spared: set[str] = set()
    if folder is not None:
        ports = read_settings(folder).ports()
        spared = {port for name, port in ports.items() if not name.startswith("lock-board")}
    return tuple(one.port for one in plugged if one.role is Role.ADAPTER and one.port not in spared)


def _ask(ports: Sequence[str], options: ScanOptions) -> tuple[list[Board], dict[str, str]]:
    boards: list[Board] = []
    unasked: dict[str, str] = {}
    language = options.language

    def told(key: str, **blanks: str | int) -> None:
        if not options.as_json:
            print(worded(key, language, **blanks), flush=True)

    if not ports:
        told("scan.no_serial")
    for port in ports:

        def progress(dialect: str, address: int, port: str = port) -> None:
            text = worded("scan.asking", language, port=port, dialect=dialect, address=address)
            print(f"\r{text} ", end="", file=sys.stderr, flush=True)

        try:
            found = probe(port, progress)
        except DeviceGone as failure:
            unasked[port] = why_not(failure)
            told("scan.not_asked", port=port, reason=unasked[port])
            continue
        finally:
            print(file=sys.stderr)
        boards += found
        if not found:
            told("scan.no_board", port=port)
        for board in found:
            told(
                "scan.board",
                port=board.port,
                driver=board.driver,
                address=board.address,
                channels=board.channels,
            )
            for line in board.lines() if not options.as_json else ():
                print(f"    {line}")
    return boards, unasked
