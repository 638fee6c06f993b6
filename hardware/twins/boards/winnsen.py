"""A board in Winnsen style: 9600 8N1, no checksum, and a rest that the firmware enforces itself.

Unlock `90 06 05 ST LK 03` -> `90 07 85 ST LK RS 03`; status `90 06 12 ST LK 03` ->
`90 07 92 ST RS LK 03`, with result and lock in the other order. ST 1 to 4, LK 1 to 16.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hardware.twins.boards.firmware import Ear, Firmware

if TYPE_CHECKING:  # the terminals know the make, and the make its firmware
    from hardware.twins.boards.terminals import Terminals

_HEAD: Final = b"\x90\x06"
_TAIL: Final = 0x03
_SIZE: Final = 6
_UNLOCK: Final = 0x05
_STATUS: Final = 0x12
_ANSWERS: Final = 0x80
"""Set in the command byte of an answer."""
_FAIL: Final = 0x00
_OK: Final = 0x01
_RESTS: Final = 0x02
_MS: Final = 1_000


class Winnsen(Firmware):
    """A lock that rests is not driven and answers 02. One that is not there answers 00."""

    CHECKED = False

    def __init__(self, board: "Terminals") -> None:
        super().__init__(board)
        self._ear = Ear(_size)
        self._rests_until_s: dict[int, float] = {}

    def pause(self) -> None:
        """Nothing goes on after a pause."""
        self._ear.forget()

    def hear(self, chunk: bytes) -> Iterator[bytes]:
        """Obey what is for this board's address."""
        for frame in self._ear.feed(chunk):
            if frame[3] == self.board.make.address:
                yield self._unlock(frame[4]) if frame[2] == _UNLOCK else self._status(frame[4])

    def _unlock(self, lock: int) -> bytes:
        board, result = self.board, _FAIL
        if board.has(lock):
            now_s = board.now_s()
            result = _RESTS if now_s < self._rests_until_s.get(lock, 0.0) else _OK
            if result == _OK:
                board.pulse(lock)
                self._rests_until_s[lock] = now_s + board.make.cooldown_ms / _MS
        return self._closed(_UNLOCK, lock, result)

    def _status(self, lock: int) -> bytes:
        return self._closed(_STATUS, self.board.feedback(lock), lock)

    def _closed(self, command: int, *body: int) -> bytes:
        return bytes([0x90, 0x07, command | _ANSWERS, self.board.address & 0xFF, *body, _TAIL])


def _size(pending: bytes) -> int | None:
    if not _HEAD.startswith(pending[: len(_HEAD)]):
        return 0
    if len(pending) < _SIZE:
        return None
    sound = pending[_SIZE - 1] == _TAIL and pending[2] in (_UNLOCK, _STATUS)
    return _SIZE if sound else 0
