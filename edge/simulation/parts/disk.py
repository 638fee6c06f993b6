"""What a power cut leaves on a card: what was synced, and of the rest each sector or not.

A store call is not watched while it runs. Which bytes it wrote, and in which order it synced them,
follows from the files before and after it, by the way SQLite writes in WAL mode: the frames of a
commit go into the log and are synced; a checkpoint syncs the log, writes pages into the database
and syncs that before the log may be cut short or overwritten.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from edge.simulation.ground.chance import Dice
from edge.store.connection import DATABASE

SECTOR: Final = 512
LOG: Final = f"{DATABASE}-wal"
OFF: Final = 0
NORMAL: Final = 1
FULL: Final = 2
"""As SQLite numbers its settings of `synchronous`."""
_LOG_HEADER: Final = 32
_FRAME_HEADER: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """Both files of a store at one moment."""

    database: bytes
    log: bytes

    def lay_into(self, folder: Path) -> None:
        """Put these files in the place of those in a folder."""
        (folder / DATABASE).write_bytes(self.database)
        (folder / LOG).write_bytes(self.log)


def image_of(folder: Path) -> Image:
    """The files as they are now."""
    log = folder / LOG
    return Image(
        database=(folder / DATABASE).read_bytes(), log=log.read_bytes() if log.exists() else b""
    )


class Write(NamedTuple):
    """Bytes into a file."""

    file: str
    place: int
    data: bytes


class Resize(NamedTuple):
    """A file becomes shorter, or longer by zeros."""

    file: str
    size: int


class Sync(NamedTuple):
    """Everything written into a file so far is safe from here on."""

    file: str


Access = Write | Resize | Sync


def accesses(before: Image, after: Image, level: int) -> Iterator[Access]:
    """What one statement did to the files, in SQLite's order, at a setting of `synchronous`."""
    if after.log and after.log != before.log:
        yield from _appended(before.log, after.log, level)
    if after.database != before.database:
        if level > OFF:
            yield Sync(LOG)
        yield from _pages(before.database, after.database)
        if level > OFF:
            yield Sync(DATABASE)
    if len(after.log) < len(before.log):
        yield Resize(LOG, len(after.log))


def _appended(before: bytes, after: bytes, level: int) -> Iterator[Access]:
    """New frames; a commit ends with the frame that tells how large the database is."""
    if after[:_LOG_HEADER] != before[:_LOG_HEADER]:
        yield Write(LOG, 0, after[:_LOG_HEADER])
        if level > OFF:
            yield Sync(LOG)
    size = _FRAME_HEADER + struct.unpack_from(">I", after, 8)[0]
    for place in range(_LOG_HEADER, len(after), size):
        frame = after[place : place + size]
        if frame == before[place : place + size]:
            continue
        yield Write(LOG, place, frame[:_FRAME_HEADER])
        yield Write(LOG, place + _FRAME_HEADER, frame[_FRAME_HEADER:])
        commits = struct.unpack_from(">I", frame, 4)[0] != 0
        if commits and level >= FULL:
            yield Sync(LOG)


def _pages(before: bytes, after: bytes) -> Iterator[Access]:
    size = struct.unpack_from(">H", after, 16)[0]
    size = 65_536 if size == 1 else size  # the format's word for a page of 64 KiB
    for place in range(0, len(after), size):
        page = after[place : place + size]
        if page != before[place : place + size]:
            yield Write(DATABASE, place, page)
    if len(after) < len(before):
        yield Resize(DATABASE, len(after))


class _File:
    """Bytes that are safe, and what no sync has followed yet."""

    def __init__(self, safe: bytes) -> None:
        self._safe = bytearray(safe)
        self._open: list[Write | Resize] = []

    def take(self, access: Access) -> None:
        if not isinstance(access, Sync):
            self._open.append(access)
            return
        self._safe = bytearray(self.left(lambda: True))
        self._open.clear()

    def left(self, kept: Callable[[], bool]) -> bytes:
        """What a cut leaves, where `kept` tells of each sector whether it had arrived."""
        left = bytearray(self._safe)
        for access in self._open:
            if isinstance(access, Write):
                for place, piece in _sectors(access.place, access.data):
                    if kept():
                        _put(left, place, piece)
            elif kept():
                _resize(left, access.size)
        return bytes(left)


class Disk:
    """A card under a store; all that is on it at first is safe."""

    def __init__(self, image: Image, level: int) -> None:
        self._image, self._level = image, level
        self._files = {DATABASE: _File(image.database), LOG: _File(image.log)}

    def follow(self, images: Sequence[Image]) -> None:
        """Statements have been carried out, one from each image to the next."""
        for image in images:
            for access in accesses(self._image, image, self._level):
                self._files[access.file].take(access)
            self._image = image

    def cut(self, images: Sequence[Image], dice: Dice) -> Image:
        """What is left when the power goes somewhere in these statements."""
        under_way: list[Access] = []
        now = self._image
        for image in images:
            under_way += accesses(now, image, self._level)
            now = image
        # All is written and the last sync is not over: there a card spends most of the time.
        count = len(under_way)
        done = dice.number(0, count) if dice.chance(0.5) else max(0, count - dice.number(0, 1))
        for access in under_way[:done]:
            self._files[access.file].take(access)
        kept = _mood(dice)
        return Image(database=self._files[DATABASE].left(kept), log=self._files[LOG].left(kept))


def _mood(dice: Dice) -> Callable[[], bool]:
    """How a card's cache had been written back: by chance, from the first on, or from the last."""
    share = dice.one_of((0.0, 0.05, 0.5, 0.5, 0.5, 0.95, 1.0))
    turn = dice.number(0, 40)
    left = iter(range(1_000_000_000))
    match dice.number(0, 4):
        case 0:
            return lambda: next(left) < turn
        case 1:
            return lambda: next(left) >= turn
        case _:
            return lambda: dice.chance(share)


def _sectors(place: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    """Cut where the card's own sectors end."""
    end = place + len(data)
    while place < end:
        stop = min(end, place - place % SECTOR + SECTOR)
        yield place, data[place - end : stop - end or None]
        place = stop


def _put(content: bytearray, place: int, data: bytes) -> None:
    _resize(content, max(len(content), place))
    content[place : place + len(data)] = data


def _resize(content: bytearray, size: int) -> None:
    del content[size:]
    content.extend(bytes(size - len(content)))
