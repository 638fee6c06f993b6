"""The "8A/80" board of Guangzhou Shuoming and clones, 2 to 50 channels.

From the sheets 485锁控板通讯协议2024A1 and 485锁控板24路通讯协议2021. All bytes are hexadecimal;
the last byte of a frame is the XOR of all before it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hardware.twins.boards.firmware import Ear, Firmware, bit_map, exclusive_or

if TYPE_CHECKING:  # the terminals know the make, and the make its firmware
    from hardware.twins.boards.terminals import Terminals

_OPEN: Final = 0x8A
_QUERY: Final = 0x80
_OPEN_SEVERAL: Final = 0x90
_REPORT: Final = 0x82
_HOLD: Final = 0x9A
_LET_GO: Final = 0x9B
_TAILS: Final = {_OPEN: 0x11, _QUERY: 0x33, _REPORT: 0x22, _HOLD: 0x11, _LET_GO: 0x11}
"""The byte behind the lock, by the byte in front."""
_STATUS: Final = (0x00, 0x11)
"""The status byte for a feedback bit of 0 and of 1."""
_SHORT: Final = 5
_TIMED: Final = 6
_MOST_SECONDS: Final = 9
_MS: Final = 1_000
_SMALL_BOARD: Final = 24
_SMALL_MAP: Final = 3
_LARGE_MAP: Final = 7


class Shuoming(Firmware):
    """Takes the next command while a coil is still driven, as the real one does.

    An answer to an unlock has the lock's switch as it was when the command came.
    """

    def __init__(self, board: "Terminals") -> None:
        super().__init__(board)
        # Every board up to 24 locks has 3 bytes, small ones too.
        self._map = _SMALL_MAP if board.channels <= _SMALL_BOARD else _LARGE_MAP
        self._ear = Ear(self._size)

    def pause(self) -> None:
        """Nothing goes on after a pause."""
        self._ear.forget()

    def hear(self, chunk: bytes) -> Iterator[bytes]:
        """Obey what is for this board's address."""
        for frame in self._ear.feed(chunk):
            if frame[1] == self.board.make.address:
                yield from self._obey(frame)

    def report(self, channel: int) -> bytes | None:
        """`82 BB LL SS`: a door moved and nobody asked."""
        return self._closed(_REPORT, channel, _STATUS[self.board.feedback(channel)])

    def _size(self, pending: bytes) -> int | None:
        head = pending[0]
        if head == _OPEN_SEVERAL:
            sizes: tuple[int, ...] = (2 + self._map + 1,)
        elif head in _TAILS:
            sizes = (_SHORT, _TIMED) if head == _OPEN else (_SHORT,)
        else:
            return 0
        for size in sizes:
            if len(pending) < size:
                return None
            frame = pending[:size]
            if exclusive_or(frame) == 0 and self._is_sound(frame):
                return size
        return 0

    @staticmethod
    def _is_sound(frame: bytes) -> bool:
        if frame[0] == _OPEN_SEVERAL:
            return True
        seconds = frame[4] if len(frame) == _TIMED else 1
        return frame[3] == _TAILS[frame[0]] and 1 <= seconds <= _MOST_SECONDS

    def _obey(self, frame: bytes) -> Iterator[bytes]:
        board, lock = self.board, frame[2]
        match frame[0]:
            case 0x90:
                bits = int.from_bytes(frame[2:-1], "little")
                for channel in range(1, board.channels + 1):
                    if bits >> (channel - 1) & 1:
                        board.pulse(channel)
            case 0x8A if lock == 0:
                for channel in range(1, board.channels + 1):
                    board.pulse(channel)
            case 0x82:
                # The sheet shows the question alone; the answer is ours.
                yield self._closed(_REPORT, board.make.firmware, _TAILS[_REPORT])
            case 0x80 if lock == 0:
                yield self._closed(_QUERY, *bit_map(board.feedbacks(), self._map), _TAILS[_QUERY])
            case _ if board.has(lock):  # of a lock that it does not have it says nothing
                yield from self._obey_for_one(frame, lock)

    def _obey_for_one(self, frame: bytes, lock: int) -> Iterator[bytes]:
        head, board = frame[0], self.board
        if head == _HOLD:
            board.drive(lock, None)
        elif head == _LET_GO:
            board.drop(lock)
        else:
            if head == _OPEN:
                board.drive(lock, frame[4] * _MS if len(frame) == _TIMED else board.make.pulse_ms)
            yield self._closed(head, lock, _STATUS[board.feedback(lock)])

    def _closed(self, head: int, *body: int) -> bytes:
        frame = bytes([head, self.board.address & 0xFF, *body])
        return frame + bytes([exclusive_or(frame)])
