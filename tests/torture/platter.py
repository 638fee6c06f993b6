"""A disk as a power cut leaves it: what was synced, and of the rest each sector or not.

Sectors reach the platter in any order, each whole or not at all; a file may have grown over bytes
that never came, and reads as zeros there. How much is lost differs from cut to cut, up to nothing
and to everything.

Names follow the same law: a file that was made, renamed or removed is so after a cut only if its
folder was synced since; else the dice decide. What is mapped into memory (SQLite's -shm, which
nobody needs after a cut) is not looked at.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Final

from tests.torture.recording import Step

SECTOR: Final = 512
_KEPT: Final = (0.0, 0.1, 0.5, 0.5, 0.9, 1.0)
"""How likely a sector is to be kept; which of these holds is drawn for each cut."""
_GREW: Final = 0.5
"""How likely a file is to be as long as a lost write would have made it."""


@dataclass(slots=True)
class _Platter:
    """The bytes of one file: those that are safe, and what no sync has followed yet."""

    safe: bytearray = field(default_factory=bytearray)
    unsynced: list[tuple[int, bytes | None]] = field(default_factory=list)
    taken: int = 0
    """How many changes there were in all, synced or not."""

    def change(self, place: int, data: bytes | None) -> None:
        """Bytes at a place, or with None an end there."""
        self.unsynced.append((place, data))
        self.taken += 1

    def sync(self, up_to: int) -> None:
        """Make the first so many changes safe."""
        count = max(0, up_to - (self.taken - len(self.unsynced)))
        for place, data in self.unsynced[:count]:
            _apply(self.safe, place, data)
        del self.unsynced[:count]

    def after_the_cut(self, dice: random.Random, kept: float) -> bytes:
        """What is left: each unsynced sector by the dice, in the order of the writes."""
        left = bytearray(self.safe)
        for place, data in self.unsynced:
            for start, part in _sectors(place, data):
                if dice.random() < kept:
                    _apply(left, start, part)
                elif part is not None and dice.random() < _GREW:
                    _grow(left, start + len(part))
        return bytes(left)


_Names = dict[str, _Platter]
_Change = tuple[tuple[str, _Platter | None], ...]
_Mark = tuple[_Platter | PurePath, int]


class Disk:
    """A folder on a disk. Takes the steps of a recording and gives images of it."""

    def __init__(self, files: dict[str, bytes], *, lying: bool = False) -> None:
        """`files` are whole and synced. A lying disk only says that it syncs."""
        self._lying = lying
        self._safe: _Names = {name: _Platter(bytearray(data)) for name, data in files.items()}
        self._now: _Names = dict(self._safe)
        self._unsynced: list[tuple[int, _Change]] = []
        self._renamed = 0
        """How many changes of names there were in all, synced or not."""

    @classmethod
    def of_folder(cls, folder: Path, *, lying: bool = False) -> "Disk":
        """The disk with everything that lies in a folder now."""
        found = {str(file.relative_to(folder)): file for file in folder.rglob("*")}
        return cls(
            {name: file.read_bytes() for name, file in found.items() if file.is_file()},
            lying=lying,
        )

    def take(self, step: Step) -> None:
        """A call that has begun."""
        match step.what:
            case "created" | "created_empty":
                if step.file not in self._now:
                    self._rename(((step.file, _Platter()),))
                elif step.what == "created_empty":
                    self._now[step.file].change(0, None)
            case "wrote" if step.file in self._now:
                self._now[step.file].change(step.place, step.data)
            case "cut" if step.file in self._now:
                self._now[step.file].change(step.place, None)
            case "removed":
                self._rename(((step.file, None),))
            case "renamed":
                self._rename(((step.file, None), (step.other, self._now[step.file])))

    def mark(self, step: Step) -> _Mark:
        """How far a sync that begins now will make its file or its folder safe."""
        platter = self._now.get(step.file)
        if platter is not None:
            return platter, platter.taken
        return PurePath(step.file), self._renamed

    def sync(self, mark: _Mark) -> None:
        """A sync has come back. That of a folder makes names safe, that of a file its bytes."""
        what, up_to = mark
        if self._lying:
            return
        if isinstance(what, _Platter):
            what.sync(up_to)
            return
        left: list[tuple[int, _Change]] = []
        for number, change in self._unsynced:
            if number < up_to and any(PurePath(name).parent == what for name, _file in change):
                _give_names(self._safe, change)
            else:
                left.append((number, change))
        self._unsynced = left

    def after_the_cut(self, dice: random.Random) -> dict[str, bytes]:
        """Every file that is there at the next start."""
        names, kept = dict(self._safe), dice.choice(_KEPT)
        for _number, change in self._unsynced:
            if dice.random() < kept:
                _give_names(names, change)
        return {name: platter.after_the_cut(dice, kept) for name, platter in names.items()}

    def uncut(self) -> dict[str, bytes]:
        """Every file as a program that goes on would read it now."""
        everything = random.Random(0)
        return {name: file.after_the_cut(everything, 1.0) for name, file in self._now.items()}

    def _rename(self, change: _Change) -> None:
        _give_names(self._now, change)
        self._unsynced.append((self._renamed, change))
        self._renamed += 1


def moments(disk: Disk, steps: Sequence[Step]) -> Iterator[int]:
    """Let the steps happen; stops before the first, where a call begins, and where a sync ends.

    Gives the number of the recording's line up to which all has happened.
    """
    ends = [(step.ended, False, step) for step in steps if step.ended is not None]
    begins = [(step.began, True, step) for step in steps]
    marks: dict[int, _Mark] = {}
    yield -1
    for line, begins_now, step in sorted(begins + ends, key=lambda one: (one[0], not one[1])):
        if step.what != "synced":
            if not begins_now:
                continue
            disk.take(step)  # of what was sent it takes nothing, but now it is promised
        elif begins_now:
            marks[step.began] = disk.mark(step)
        else:
            disk.sync(marks.pop(step.began))
        yield line


def lay_into(folder: Path, files: dict[str, bytes]) -> None:
    """Write an image as files."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.write_bytes(content)


def _sectors(place: int, data: bytes | None) -> Iterator[tuple[int, bytes | None]]:
    if data is None:
        yield place, None
        return
    start = place
    while start < place + len(data):
        end = min((start // SECTOR + 1) * SECTOR, place + len(data))
        yield start, data[start - place : end - place]
        start = end


def _apply(content: bytearray, place: int, data: bytes | None) -> None:
    _grow(content, place)
    if data is None:
        del content[place:]
    else:
        content[place : place + len(data)] = data


def _grow(content: bytearray, size: int) -> None:
    content.extend(bytes(max(0, size - len(content))))


def _give_names(names: _Names, change: _Change) -> None:
    for name, platter in change:
        if platter is None:
            names.pop(name, None)
        else:
            names[name] = platter
