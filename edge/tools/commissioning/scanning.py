"""`cunyi devices scan` as a person or a program sees it."""

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.kernel.errors import DeviceGone
from edge.settings import read_settings
from edge.store.connection import FolderLock
from edge.tools.commissioning.asking import worded
from edge.tools.commissioning.known_devices import Role
from edge.tools.commissioning.probe import (
    FLASH,
    Board,
    Step,
    left_out,
    longest_s,
    probe,
    why_not,
)
from edge.tools.commissioning.scan import Plugged, scan
from edge.tools.this_machine import Machine

_STEP_WIDTH: Final = 50
"""Wide enough to cover the step before, and narrow enough to stay one line of a terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    """`ports` names the lines to ask; where empty, every adapter that nothing else is set on.

    `all_addresses`: the high ones too, which few boards have.
    """

    folder: Path | None = None
    as_json: bool = False
    probe: bool = False
    ports: tuple[str, ...] = ()
    all_addresses: bool = False
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
        rest = left_out() if options.probe and not options.all_addresses else {}
        found = {
            "devices": [one.as_json() for one in plugged],
            "lock_boards": [board.as_json() for board in boards],
            "not_asked": unasked,
            "addresses_not_asked": {name: _span(some) for name, some in rest.items()},
        }
        print(json.dumps(found, ensure_ascii=False, indent=2))
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
    if not plugged and not options.ports:
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

    def told(key: str, **blanks: str | int) -> None:
        if not options.as_json:
            print(worded(key, options.language, **blanks), flush=True)

    if not ports:
        told("scan.no_serial")
    for port in ports:
        told("scan.takes", port=port, seconds=longest_s(all_addresses=options.all_addresses))
        try:
            found = _probe(port, options)
        except DeviceGone as failure:
            unasked[port] = why_not(failure)
            told("scan.not_asked", port=port, reason=unasked[port])
            continue
        boards += found
        if not found:
            told("scan.no_board", port=port)
        for board in found:
            told("scan.board", **_told_of(board))
            for line in () if options.as_json else _lines(board, options.language):
                print(f"    {line}")
    if len(unasked) < len(ports) and not options.all_addresses:
        rest = ", ".join(f"{name} {_span(some)}" for name, some in left_out().items())
        told("scan.left_out", rest=rest, seconds=longest_s(all_addresses=True))
    return boards, unasked


def _probe(port: str, options: ScanOptions) -> list[Board]:
    """Each question is named on stderr, over the one before."""

    def progress(step: Step) -> None:
        text = worded("scan.asking", options.language, **step._asdict())
        print(f"\r{text:<{_STEP_WIDTH}}", end="", file=sys.stderr, flush=True)

    try:
        return probe(port, progress, all_addresses=options.all_addresses)
    finally:
        print(file=sys.stderr)


def _told_of(board: Board) -> dict[str, str | int]:
    return {name: value for name, value in board.as_json().items() if name != "lines"}


def _lines(board: Board, language: str) -> Iterator[str]:
    yield from board.lines()
    if board.driver == FLASH:
        yield f"# {worded('scan.flash', language)}"


def _span(addresses: range) -> str:
    return f"{addresses[0]}-{addresses[-1]}"
