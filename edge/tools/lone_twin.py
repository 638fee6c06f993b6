"""`cunyi twin lock-board|scanner|printer`: one simulated device on a pty, told by typed lines."""

import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from edge.kernel.errors import ConfigError, Refused
from edge.words import say
from hardware.twins.cabinet import Cabinet
from hardware.twins.cable import Cable
from hardware.twins.faults import Faults
from hardware.twins.lock_board import LockBoardTwin
from hardware.twins.printer import PrinterTwin
from hardware.twins.scanner import ScannerTwin

_LOOK_EVERY_S: Final = 0.1
_READ_MOST: Final = 4_096
_BOARDS: Final = range(2, 51)

Hear = Callable[[str], None]
Look = Callable[[], None]


def run_lock_board(link: Path, channels: int) -> None:
    """A lock board with its cabinet until a signal. A typed number pushes that door shut.

    Raises ConfigError, and at the end LawBroken when two locks were driven at once.
    """
    if channels not in _BOARDS:
        fix = f"Use {_BOARDS[0]} to {_BOARDS[-1]}"
        raise ConfigError("command line", "--channels", f"{channels} locks fit no board", fix)
    cabinet = Cabinet(channels)
    twin = LockBoardTwin(link, cabinet, Faults(channels))
    seen: dict[int, bool] = dict.fromkeys(range(1, channels + 1), False)

    def hear(line: str) -> None:
        try:
            cabinet.push_shut(int(line))
        except ValueError:
            print(f"{line!r} is no door: type a number from 1 to {channels}", flush=True)
        except Refused as refusal:
            print(say(refusal.reason, "en", **refusal.details), flush=True)

    def look() -> None:
        for door in cabinet.doors():
            if door.open is not seen[door.channel]:
                seen[door.channel] = door.open
                print(f"door {door.channel} is {'open' if door.open else 'shut'}", flush=True)

    about = f"lock board on {link}, {channels} locks. Type 3 to push door 3 shut"
    _run(twin.cable, link, about, hear, look)
    cabinet.judge()


def run_scanner(link: Path) -> None:
    """A scanner until a signal. Each typed line is scanned. Raises ConfigError."""
    twin = ScannerTwin(link, Faults(0))

    def hear(line: str) -> None:
        twin.scan(line)
        print(f"scanned {line}", flush=True)

    _run(twin.cable, link, f"scanner on {link}. Type a code to scan it", hear)


def run_printer(link: Path, papers: Path) -> None:
    """A printer until a signal. Each slip becomes papers/slip-001.png. Raises ConfigError."""
    try:
        papers.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        fix = "Choose another folder"
        raise ConfigError(papers, "", f"no folder here ({cause.strerror})", fix) from cause
    twin = PrinterTwin(link, Faults(0))
    names = _free_names(papers)
    done = 0

    def look() -> None:
        nonlocal done
        for slip in twin.slips:
            if slip.number > done:
                done = slip.number
                file = next(names)
                slip.image.save(file)
                print(f"printed {file}", flush=True)

    if twin.note:
        print(say(twin.note, "en"), flush=True)
    about = f"printer on {link}. Slips go to {papers}/"
    _run(twin.cable, link, about, lambda _line: None, look)


def _free_names(papers: Path) -> Iterator[Path]:
    number = 1
    while True:
        file = papers / f"slip-{number:03d}.png"
        if not file.exists():
            yield file
        number += 1


def _run(cable: Cable, link: Path, about: str, hear: Hear, look: Look = lambda: None) -> None:
    with _until_signal() as stop:
        cable.start()
        try:
            print(f"Simulated {about}. Ctrl-C ends it.", flush=True)
            print(f'In station.toml: port = "twin:{link.absolute()}"', flush=True)
            lines = _Lines()
            while not stop.is_set():
                for line in lines.read():
                    hear(line)
                look()
            look()
        finally:
            cable.close()


class _Lines:
    """Lines typed so far. An input that is closed or ends is simply never heard of again."""

    def __init__(self) -> None:
        self._input = sys.stdin.fileno() if sys.stdin is not None else None
        self._pending = b""

    def read(self) -> list[str]:
        """Wait a moment for input; the complete lines that came, without blank ones."""
        watched = [] if self._input is None else [self._input]
        ready, _, _ = select.select(watched, [], [], _LOOK_EVERY_S)
        if not ready or self._input is None:
            return []
        chunk = os.read(self._input, _READ_MOST)
        if not chunk:
            self._input = None
            chunk = b"\n"  # the last line may have no end
        *complete, self._pending = (self._pending + chunk).split(b"\n")
        lines = [line.decode(errors="replace").strip() for line in complete]
        return [line for line in lines if line]


@contextmanager
def _until_signal() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set; the old handlers come back at the end."""
    stop = threading.Event()
    wanted = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in wanted}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
