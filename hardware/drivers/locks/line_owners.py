"""Who has which device: a line has one owner, whatever drivers and names its boards come under."""

import os
import threading
from typing import Any, Final, TypeVar

from edge.kernel.errors import ConfigError
from hardware.drivers.locks.board_line import BoardLine
from hardware.drivers.locks.lock_board import LockBoard

_Line = TypeVar("_Line", bound=BoardLine[Any, Any])
_Board = TypeVar("_Board", bound=LockBoard)
# A port has one owner, but the settings name it once for each board that hangs on it.
_LINES: Final[list[BoardLine[Any, Any]]] = []
_GATE: Final = threading.Lock()


def join_line(kind: type[_Line], board: LockBoard, port: str, baud: int) -> _Line:
    """Put the board on the line of that device, made when it is the first there.

    Raises ConfigError when other boards need the device otherwise.
    """
    with _GATE:
        line = _line_on(port) or kind(port, baud)
        if not isinstance(line, kind):
            problem = f"{port} has lock boards that speak otherwise"
            fix = "Give lock boards of each kind an adapter of its own"
            raise ConfigError("station.toml", board.name, problem, fix)
        if line.baud != baud:
            fix = "Give all lock boards on one port the same baud"
            raise ConfigError("station.toml", board.name, f"{port} is shared", fix)
        line.join(board)
        if line not in _LINES:
            _LINES.append(line)
    return line


def leave_line(line: BoardLine[_Board, Any], board: _Board) -> None:
    """The end of what `join_line` began; blocks."""
    with _GATE:
        line.leave(board)
        if line.keeper.stopping:
            _LINES.remove(line)


def _line_on(port: str) -> BoardLine[Any, Any] | None:
    for line in _LINES:
        if line.port == port or _device(line.port) == _device(port):
            return line
    return None


def _device(port: str) -> str:
    """What a port leads to now: one adapter has several names, and two owners would mix frames."""
    if port.startswith("socket:"):
        return port
    return os.path.realpath(port.removeprefix("twin:").removeprefix("file:"))
