"""What was learned so far, kept in the station's folder, and the log of every door opened."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

import msgspec

from edge.kernel.errors import StoreError
from edge.settings import LockBoardTable
from edge.tools.commissioning.lesson import Lesson, Place

PROGRESS: Final = "commissioning.json"
LOG: Final = "commissioning.log"
BEIJING: Final = timezone(timedelta(hours=8))


@dataclass(kw_only=True)
class Progress:
    """The lessons so far; `cabinet` says of which boards."""

    cabinet: list[str] = field(default_factory=list)
    lessons: list[Lesson] = field(default_factory=list)
    written: bool = False

    def knows(self, place: Place) -> Lesson | None:
        """The lesson of this lock, if it was given."""
        return next((lesson for lesson in self.lessons if lesson.place == place), None)


def describe(boards: Sequence[LockBoardTable]) -> list[str]:
    """What must not change between two sittings."""
    return [f"{b.driver} {b.port} {b.address} {b.channels} {b.closed_bit}" for b in boards]


def read_progress(folder: Path, boards: Sequence[LockBoardTable]) -> Progress:
    """Where an interrupted run goes on; empty for other boards, or after the table was written."""
    fresh = Progress(cabinet=describe(boards))
    try:
        text = (folder / PROGRESS).read_bytes()
    except FileNotFoundError:
        return fresh
    try:
        kept = msgspec.json.decode(text, type=Progress)
    except (msgspec.MsgspecError, ValueError, RecursionError) as cause:
        raise StoreError(
            f"{folder / PROGRESS} cannot be read ({cause}). Remove it to start over"
        ) from cause
    return fresh if kept.written or kept.cabinet != fresh.cabinet else kept


def keep_progress(folder: Path, progress: Progress) -> None:
    """Store it whole or not at all."""
    write_whole(folder / PROGRESS, msgspec.json.format(msgspec.json.encode(progress)))


def write_whole(file: Path, data: bytes) -> None:
    """Replace a file at once, so that a power cut leaves the old or the new one."""
    beside = file.with_name(f".{file.name}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    if file.exists():
        beside.chmod(file.stat().st_mode & 0o777)
    beside.replace(file)
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class OpeningLog:
    """Who opened what and when: one line of JSON each, on disk before the coil is driven."""

    def __init__(self, folder: Path, operator: str) -> None:
        self._file = folder / LOG
        self._operator = operator

    def note(self, what: str, place: Place | None = None, **more: Any) -> None:
        """Append one line and wait until it is on the disk."""
        where = {} if place is None else {"board": place.board, "channel": place.channel}
        line = {"at": now(), "operator": self._operator, "what": what, **where, **more}
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as out:
            out.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            out.flush()
            os.fsync(out.fileno())


def now() -> str:
    """The present second, UTC; a machine without a clock may err."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def now_on_paper() -> str:
    """The present minute as people in China write it."""
    return datetime.now(BEIJING).strftime("%Y-%m-%d %H:%M")
