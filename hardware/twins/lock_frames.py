"""The bytes of the "8A/80" lock board, as its firmware handles them.

Written from the vendor's sheet and apart from our own codec, so that the two cannot share a
mistake. All bytes are hexadecimal; the last byte of a frame is the XOR of all before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Final

OPEN_ONE: Final = 0x8A
QUERY: Final = 0x80
OPEN_SEVERAL: Final = 0x90
REPORT: Final = 0x82
_OPEN_TAIL: Final = 0x11
_QUERY_TAIL: Final = 0x33
_FIRMWARE_TAIL: Final = 0x22
_HEADS: Final = frozenset({OPEN_ONE, QUERY, OPEN_SEVERAL, REPORT})
_SHORT: Final = 5
_MOST_SECONDS: Final = 9
_SMALL_BOARD: Final = 24


@dataclass(frozen=True, slots=True)
class Unlock:
    """Drive one lock; `seconds` is None for the board's own pulse. Lock 0 is all locks."""

    board: int
    lock: int
    seconds: int | None


@dataclass(frozen=True, slots=True)
class UnlockSeveral:
    """Drive several locks in one command."""

    board: int
    locks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """Ask for the state of one lock, or of all where `lock` is 0."""

    board: int
    lock: int


@dataclass(frozen=True, slots=True)
class AskFirmware:
    """Ask for the version of the firmware."""

    board: int


Request = Unlock | UnlockSeveral | Query | AskFirmware


def check_byte(body: bytes | bytearray) -> int:
    """XOR of all bytes."""
    return reduce(xor, body, 0)


def closed_frame(*body: int) -> bytes:
    """The bytes with their check byte behind them."""
    return bytes([*body, check_byte(bytes(body))])


def bitmap_bytes(channels: int) -> int:
    """Bytes in a bit map: 3 for every board up to 24 locks, small ones too, else 7."""
    return 3 if channels <= _SMALL_BOARD else 7


class Ear:
    """Finds requests in what the wire brings. Bytes before a header are skipped one by one."""

    def __init__(self, channels: int) -> None:
        self._pending = bytearray()
        self._several = 2 + bitmap_bytes(channels) + 1

    def forget(self) -> None:
        """A pause on the wire: what is incomplete will never be completed."""
        self._pending.clear()

    def feed(self, chunk: bytes) -> Iterator[Request]:
        """Each complete request, in order."""
        self._pending += chunk
        while self._pending:
            if self._pending[0] not in _HEADS:
                del self._pending[0]
                continue
            size = self._size()
            if size is None:
                return
            request = _read(bytes(self._pending[:size])) if size else None
            del self._pending[: size if request else 1]
            if request is not None:
                yield request

    def _size(self) -> int | None:
        """Bytes of the frame at the front: None to wait for more, 0 where it is no frame."""
        head, have = self._pending[0], len(self._pending)
        sizes = {OPEN_ONE: (_SHORT, _SHORT + 1), OPEN_SEVERAL: (self._several,)}
        for size in sizes.get(head, (_SHORT,)):
            if have < size:
                return None
            if check_byte(self._pending[:size]) == 0:
                return size
        return 0


def _read(frame: bytes) -> Request | None:
    head, board = frame[0], frame[1]
    if head == OPEN_SEVERAL:
        bits = frame[2:-1]
        locks = [
            i * 8 + bit + 1 for i, byte in enumerate(bits) for bit in range(8) if byte >> bit & 1
        ]
        return UnlockSeveral(board, tuple(locks))
    lock, tail = frame[2], frame[3]
    if head == OPEN_ONE and tail == _OPEN_TAIL:
        seconds = frame[4] if len(frame) > _SHORT else None
        return (
            Unlock(board, lock, seconds)
            if seconds is None or 1 <= seconds <= _MOST_SECONDS
            else None
        )
    if head == QUERY and tail == _QUERY_TAIL:
        return Query(board, lock)
    if head == REPORT and tail == _FIRMWARE_TAIL:
        return AskFirmware(board)
    return None


def unlock_reply(board: int, lock: int, status: int) -> bytes:
    """`8A BB LL SS`: the lock's switch as it is when the command has been taken."""
    return closed_frame(OPEN_ONE, board, lock, status)


def query_one_reply(board: int, lock: int, status: int) -> bytes:
    """`80 BB LL SS`."""
    return closed_frame(QUERY, board, lock, status)


def query_all_reply(board: int, bits: int, channels: int) -> bytes:
    """`80 BB S1 S2 S3 33`, seven S for 50 locks; bit 0 of S1 is lock 1."""
    return closed_frame(QUERY, board, *bits.to_bytes(bitmap_bytes(channels), "little"), _QUERY_TAIL)


def report(board: int, lock: int, status: int) -> bytes:
    """`82 BB LL SS`: a door moved and nobody asked."""
    return closed_frame(REPORT, board, lock, status)


def firmware_reply(board: int, version: int) -> bytes:
    """`82 BB VV 22`; the sheet shows the question alone, the answer is ours."""
    return closed_frame(REPORT, board, version, _FIRMWARE_TAIL)
