"""Boards whose frames start with the letters WKLY (57 4B 4C 59). 9600 8N1, board 0 to 31.

`57 4B 4C 59 LEN BOARD CMD [DATA] XOR`; LEN counts the whole frame, XOR is over all before it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hardware.twins.boards.firmware import Ear, Firmware, exclusive_or

if TYPE_CHECKING:  # the terminals know the make, and the make its firmware
    from hardware.twins.boards.terminals import Terminals

_HEAD: Final = b"WKLY"
_FLASH: Final = 0x81
_OPEN: Final = 0x82
_REPORT: Final = 0x85
_HOLD: Final = 0x88
_LET_GO: Final = 0x89
_LENGTHS: Final = {_FLASH: 9, _OPEN: 9, 0x83: 9, 0x84: 8, 0x86: 8, _HOLD: 9, _LET_GO: 9}
"""Whole frame by command; those that open several are as long as their list."""
_SEVERAL: Final = frozenset({0x80, 0x87})
_SHORTEST: Final = 8
_LIST_AT: Final = 9
_OK: Final = 0x00
_FAIL: Final = 0xFF


class Wkly(Firmware):
    """A channel that it does not have is answered with FF."""

    TICKS = True

    def __init__(self, board: "Terminals") -> None:
        super().__init__(board)
        self._ear = Ear(_size)
        self._waiting: list[int] = []
        self.flashed: list[int] = []
        """Channels whose LED was flashed, oldest first."""

    def pause(self) -> None:
        """Nothing goes on after a pause."""
        self._ear.forget()

    def hear(self, chunk: bytes) -> Iterator[bytes]:
        """Obey what is for this board's address."""
        for frame in self._ear.feed(chunk):
            if frame[5] == self.board.make.address:
                yield self._obey(frame[6], frame[7:-1])

    def tick(self) -> Iterator[bytes]:
        """Those that are opened one by one: the next when the last relay is off."""
        board = self.board
        if self._waiting and not any(board.is_on(n) for n in range(1, board.channels + 1)):
            board.pulse(self._waiting.pop(0))
        return iter(())

    def report(self, channel: int) -> bytes | None:
        """`..0A BB 85 LL SS`: a door moved and nobody asked."""
        return self._closed(_REPORT, channel, self.board.feedback(channel))

    def _obey(self, command: int, data: bytes) -> bytes:
        board = self.board
        match command:
            case 0x84:
                states = board.feedbacks()
                return self._closed(command, _OK, len(states), *states)
            case 0x80 | 0x86:
                for channel in data[1:] if command in _SEVERAL else range(1, board.channels + 1):
                    board.pulse(channel)
                return self._closed(command, _OK)
            case 0x87:
                self._waiting.extend(channel for channel in data[1:] if board.has(channel))
                return self._closed(command, _OK)
            case _:
                return self._obey_for_one(command, data[0])

    def _obey_for_one(self, command: int, channel: int) -> bytes:
        board = self.board
        result = _OK if board.has(channel) else _FAIL
        if command == _FLASH:
            self.flashed.append(channel)
            return self._closed(command, result, channel)
        if command == _OPEN:
            board.pulse(channel)
        elif command == _HOLD:
            board.drive(channel, None)
        elif command == _LET_GO:
            board.drop(channel)
        return self._closed(command, result, channel, board.feedback(channel))

    def _closed(self, command: int, *data: int) -> bytes:
        length = _SHORTEST + len(data)
        frame = _HEAD + bytes([length, self.board.address & 0xFF, command, *data])
        return frame + bytes([exclusive_or(frame)])


def _size(pending: bytes) -> int | None:
    if not _HEAD.startswith(pending[: len(_HEAD)]):
        return 0
    if len(pending) < _LIST_AT - 1:
        return None
    length, command = pending[4], pending[6]
    wanted = _LIST_AT + pending[7] if command in _SEVERAL else _LENGTHS.get(command)
    if wanted != length:
        return 0
    if len(pending) < length:
        return None
    return length if exclusive_or(pending[:length]) == 0 else 0
