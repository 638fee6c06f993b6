"""A memory card as a power cut sees it: what was synced is kept, the rest by sector or not at all.

The card is an SQLite VFS. Writes since a file's last sync are kept or lost sector by sector, each
by the toss of a coin, in any order; that is what a card without a lying cache may do.
"""

import random
from pathlib import Path
from typing import Final, cast

import apsw

SECTOR: Final = 512
_NAME: Final = "card"


class PowerLost(apsw.IOError):
    """The cut: every access after it fails."""


class _OnCard:
    """One file: the bytes that are safe, and the writes that no sync has followed yet."""

    def __init__(self, safe: bytes) -> None:
        self.safe = bytearray(safe)
        self.now = bytearray(safe)
        self.unsynced: list[tuple[int, bytes | None]] = []

    def write(self, place: int, data: bytes) -> None:
        _put(self.now, place, data)
        self.unsynced.append((place, data))

    def cut(self, size: int) -> None:
        del self.now[size:]
        self.unsynced.append((size, None))

    def sync(self) -> None:
        self.safe = bytearray(self.now)
        self.unsynced.clear()

    def after_the_cut(self, dice: random.Random) -> bytes:
        left = bytearray(self.safe)
        for place, data in self.unsynced:
            if data is None:
                if dice.random() < 0.5:
                    del left[place:]
                continue
            for start in range(0, len(data), SECTOR):
                if dice.random() < 0.5:
                    _put(left, place + start, data[start : start + SECTOR])
        return bytes(left)


class Card:
    """Files under their bare names; `cut_at` names the access at which the power goes."""

    def __init__(self, *, lying: bool = False) -> None:
        self.files: dict[str, _OnCard] = {}
        self.accesses = 0
        self.cut_at: int | None = None
        self._lying = lying
        self._vfs = _Vfs(self)

    def put(self, file: Path) -> None:
        """Lay a whole, synced file on the card."""
        self.files[file.name] = _OnCard(file.read_bytes())

    def open(self, name: str) -> apsw.Connection:
        """A connection to a file on the card."""
        return apsw.Connection(f"/{name}", vfs=_NAME)

    def touch(self) -> None:
        """One access that changes the card. Raises PowerLost from the cut on."""
        self.accesses += 1
        if self.cut_at is not None and self.accesses >= self.cut_at:
            raise PowerLost("power lost")

    def sync(self, file: _OnCard) -> None:
        """Make a file's writes safe; a lying card only says so."""
        self.touch()
        if not self._lying:
            file.sync()

    def leave(self, folder: Path, dice: random.Random) -> None:
        """Write what the next start will find."""
        for name, file in self.files.items():
            content = file.after_the_cut(dice)
            if content or not name.endswith("-wal"):
                (folder / name).write_bytes(content)


class _Vfs(apsw.VFS):
    def __init__(self, card: Card) -> None:
        self._card = card
        super().__init__(_NAME, "")

    def xOpen(  # noqa: N802 - SQLite's
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> apsw.VFSFile:
        flags[1] = flags[0]
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        file = self._card.files.setdefault(Path(path).name, _OnCard(b""))
        # It has every method that apsw calls; a VFSFile proper would open a real file below.
        return cast("apsw.VFSFile", _Handle(self._card, file))

    def xDelete(self, name: str, _sync: bool) -> None:  # noqa: N802, FBT001 - SQLite's
        self._card.touch()
        self._card.files.pop(Path(name).name, None)

    def xAccess(self, name: str, _flags: int) -> bool:  # noqa: N802 - SQLite's
        return Path(name).name in self._card.files

    def xFullPathname(self, name: str) -> str:  # noqa: N802 - SQLite's
        return f"/{Path(name).name}"


class _Handle:
    def __init__(self, card: Card, file: _OnCard) -> None:
        self._card = card
        self._file = file

    def xRead(self, amount: int, place: int) -> bytes:  # noqa: N802 - SQLite's
        return bytes(self._file.now[place : place + amount])

    def xWrite(self, data: bytes, place: int) -> None:  # noqa: N802 - SQLite's
        self._card.touch()
        self._file.write(place, bytes(data))

    def xTruncate(self, size: int) -> None:  # noqa: N802 - SQLite's
        self._card.touch()
        self._file.cut(size)

    def xSync(self, _flags: int) -> None:  # noqa: N802 - SQLite's
        self._card.sync(self._file)

    def xFileSize(self) -> int:  # noqa: N802 - SQLite's
        return len(self._file.now)

    def xClose(self) -> None:  # noqa: N802 - SQLite's
        """Nothing is lost by closing, and nothing gained."""

    def xLock(self, _level: int) -> None:  # noqa: N802 - SQLite's
        """Nobody else is here."""

    def xUnlock(self, _level: int) -> None:  # noqa: N802 - SQLite's
        """Nobody else is here."""

    def xCheckReservedLock(self) -> bool:  # noqa: N802 - SQLite's
        return False

    def xFileControl(self, _operation: int, _pointer: int) -> bool:  # noqa: N802 - SQLite's
        return False

    def xSectorSize(self) -> int:  # noqa: N802 - SQLite's
        return SECTOR

    def xDeviceCharacteristics(self) -> int:  # noqa: N802 - SQLite's
        return 0


def _put(content: bytearray, place: int, data: bytes) -> None:
    if len(content) < place:
        content.extend(bytes(place - len(content)))
    content[place : place + len(data)] = data
