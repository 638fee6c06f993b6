"""Hangzhou Dongcheng parcel-locker board: 115200 8N1, sequence numbers, article sensors.

`02 LEN BOARD SEQ CMD DLEN DATA.. BCC 03`; LEN counts all bytes, BCC is the XOR of all before it.
In an answer the byte of the command is a status, 0 for well done.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hardware.twins.boards.firmware import Ear, Firmware, bit_map, exclusive_or

if TYPE_CHECKING:  # the terminals know the make, and the make its firmware
    from hardware.twins.boards.terminals import Terminals

_HEAD: Final = 0x02
_TAIL: Final = 0x03
_SHORTEST: Final = 8
_LONGEST: Final = 100
_OK: Final = 0
_CANNOT: Final = 1
"""The sheet knows 0 alone; any other is a refusal."""
_ASSET_SIZE: Final = 30
_MOST_CELLS: Final = 40
_QUIET: Final = bytes(4)
"""Tamper, shock and two more bytes, all at rest."""


class Dongcheng(Firmware):
    """A cell that it does not have and a command that it does not know are refused."""

    def __init__(self, board: "Terminals") -> None:
        super().__init__(board)
        self._ear = Ear(_size)
        self._asset = b"\xff" * _ASSET_SIZE

    def pause(self) -> None:
        """Nothing goes on after a pause."""
        self._ear.forget()

    def hear(self, chunk: bytes) -> Iterator[bytes]:
        """Obey what is for this board's address; the sequence number goes back."""
        for frame in self._ear.feed(chunk):
            if frame[2] == self.board.make.address:
                status, data = self._obey(frame[4:5], frame[6:-2])
                yield self._closed(frame[3], status, data)

    def _obey(self, command: bytes, data: bytes) -> tuple[int, bytes]:
        board = self.board
        match command:
            case b"O" if data and board.has(data[0]):
                board.pulse(data[0])
                return _OK, bytes([board.has_article(data[0])])
            case b"D":
                size = -(-min(board.channels, _MOST_CELLS) // 8)
                articles, doors = board.articles(), board.feedbacks()
                cells = slice(_MOST_CELLS)
                maps = bit_map(articles[cells], size) + bit_map(doors[cells], size)
                return _OK, maps + _QUIET
            case b"G":
                return _OK, self._asset
            case b"S" if len(data) == _ASSET_SIZE:
                self._asset = data
                return _OK, b""
            case _:
                return _CANNOT, b""

    def _closed(self, sequence: int, status: int, data: bytes) -> bytes:
        length = _SHORTEST + len(data)
        head = [_HEAD, length, self.board.address & 0xFF, sequence, status, len(data)]
        frame = bytes(head) + data
        return frame + bytes([exclusive_or(frame), _TAIL])


def _size(pending: bytes) -> int | None:
    if pending[0] != _HEAD:
        return 0
    if len(pending) < _SHORTEST:
        return None
    length = pending[1]
    if not _SHORTEST <= length <= _LONGEST or pending[5] != length - _SHORTEST:
        return 0
    if len(pending) < length:
        return None
    frame = pending[:length]
    return length if frame[-1] == _TAIL and exclusive_or(frame[:-1]) == 0 else 0
