"""KERONG KR-CU16: 16 locks with hook feedback and an article sensor each. 19200 8N1.

`02 ADDR CMD [DATA] 03 SUM`, SUM the low byte of the sum of all before it. The high nibble of
ADDR is the board, the low one the lock 0 to 15; board F is all boards.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hardware.twins.boards.firmware import Ear, Firmware, bit_map

if TYPE_CHECKING:  # the terminals know the make, and the make its firmware
    from hardware.twins.boards.terminals import Terminals

_HEAD: Final = 0x02
_TAIL: Final = 0x03
_LOCKS: Final = 16
_EVERY_BOARD: Final = 0xF
_STATUS_IS: Final = 0x35
_ALL_STATUS_IS: Final = 0x36
_UNLOCK_TIME_IS: Final = 0x38
_DATA_OF: Final = {0x30: 0, 0x31: 0, 0x32: 0, 0x33: 0, 0x37: 2, 0x39: 1}
"""Data bytes by command. The baud command 40 is left out: a pty has no speed."""
_UNIT_MS: Final = 10


class KerongCu16(Firmware):
    """The answer to an unlock, where a firmware gives one, is the status frame: unverified."""

    TICKS = True

    def __init__(self, board: "Terminals") -> None:
        super().__init__(board)
        self._ear = Ear(_size)
        self._pulse_ms = board.make.pulse_ms
        self._later: list[tuple[float, int]] = []

    def pause(self) -> None:
        """Nothing goes on after a pause."""
        self._ear.forget()

    def hear(self, chunk: bytes) -> Iterator[bytes]:
        """Obey what is for this board or for all."""
        for frame in self._ear.feed(chunk):
            if frame[1] >> 4 in (self.board.make.address, _EVERY_BOARD):
                yield from self._obey(frame)

    def tick(self) -> Iterator[bytes]:
        """Unlock what was to be unlocked later."""
        due = [lock for at_s, lock in self._later if at_s <= self.board.now_s()]
        self._later = [(at_s, lock) for at_s, lock in self._later if lock not in due]
        for lock in due:
            self.board.drive(lock, self._pulse_ms)
        return iter(())

    def _obey(self, frame: bytes) -> Iterator[bytes]:
        board, lock, data = self.board, (frame[1] & 0x0F) + 1, frame[3:-2]
        match frame[2]:
            case 0x30:
                yield self._status(_STATUS_IS)
            case 0x32:
                yield self._status(_ALL_STATUS_IS)
            case 0x31:
                board.drive(lock, self._pulse_ms)
                if board.make.answers_unlock:
                    yield self._status(_STATUS_IS)
            case 0x33:
                for channel in range(1, board.channels + 1):
                    board.drive(channel, self._pulse_ms)
            case 0x37:
                self._pulse_ms = int.from_bytes(data, "big") * _UNIT_MS
                yield self._closed(_UNLOCK_TIME_IS, data)
            case _:
                self._later.append((board.now_s() + data[0], lock))

    def _status(self, command: int) -> bytes:
        hooks, articles = self.board.feedbacks(), self.board.articles()
        return self._closed(command, bit_map(hooks[:_LOCKS], 2) + bit_map(articles[:_LOCKS], 2))

    def _closed(self, command: int, data: bytes) -> bytes:
        frame = bytes([_HEAD, (self.board.address & 0x0F) << 4, command, *data, _TAIL])
        return frame + bytes([sum(frame) & 0xFF])


def _size(pending: bytes) -> int | None:
    if pending[0] != _HEAD:
        return 0
    if len(pending) < 3:  # noqa: PLR2004 - head, address, command
        return None
    if pending[2] not in _DATA_OF:
        return 0
    size = 5 + _DATA_OF[pending[2]]
    if len(pending) < size:
        return None
    frame = pending[:size]
    return size if frame[-2] == _TAIL and sum(frame[:-1]) & 0xFF == frame[-1] else 0
