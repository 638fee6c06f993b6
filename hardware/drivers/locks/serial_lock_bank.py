"""A lock board on a serial line; boards that share a port share its line and its thread."""

import asyncio
import os
import threading
from collections.abc import Callable, Mapping
from typing import Final

from edge.kernel.errors import ConfigError, PulseNotSent
from firmware_bridge.lock_board.dialects import Dialect
from hardware.byte_channel import is_simulated
from hardware.drivers.locks.bus_board import BusBoard
from hardware.drivers.locks.coil_guard import join_supply, leave_supply
from hardware.drivers.locks.lock_bus import LockBus
from hardware.options import LockBankOptions
from hardware.ports import DeviceHealth, DoorChange, LockBank

# A port has one owner, but the settings name it once for each board that hangs on it.
_LINES: Final[list[LockBus]] = []
_GATE: Final = threading.Lock()


def _device(port: str) -> str:
    """What a port leads to now: one adapter has several names, and two owners would mix frames."""
    if port.startswith("socket:"):
        return port
    return os.path.realpath(port.removeprefix("twin:").removeprefix("file:"))


def _line_of(port: str, baud: int) -> LockBus:
    for line in _LINES:
        if line.port == port or _device(line.port) == _device(port):
            return line
    return LockBus(port, baud)


class SerialLockBank:
    """Implements LockBank."""

    def __init__(self, options: LockBankOptions, dialect: Dialect) -> None:
        self._name = options.name
        self._port = options.port
        self._baud = options.baud
        self._supply = options.supply
        self._board = BusBoard(
            name=options.name,
            dialect=dialect,
            address=options.address,
            channels=options.channels,
            pulse_s=options.pulse_ms / 1_000,
            closed_bit=options.closed_bit,
        )
        self._line: LockBus | None = None

    def start(self, on_change: Callable[[DoorChange], None]) -> None:
        """Begin polling. Raises ConfigError when another board needs the port otherwise."""
        self._board.on_change = on_change
        self._board.coils = join_supply(self._supply)
        try:
            self._line = self._join()
        except ConfigError:
            leave_supply(self._supply)
            raise

    def _join(self) -> LockBus:
        with _GATE:
            line = _line_of(self._port, self._baud)
            if line.baud != self._baud:
                fix = "Give all lock boards on one port the same baud"
                raise ConfigError("station.toml", self._name, f"{self._port} is shared", fix)
            line.join(self._board)
            if line not in _LINES:
                _LINES.append(line)
        return line

    async def release(self, channel: int) -> None:
        """Pulse one lock once.

        Raises PulseNotSent when nothing could be sent, any other DeviceGone when the board did
        not answer and the lock may have moved, DeviceJammed when the board says that it did not
        pulse or when two boards answer as this one. Shares a pulse that waits for its turn.
        """
        if self._line is None:
            raise PulseNotSent(f"{self._name} is not started; nothing was sent")
        if not 1 <= channel <= self._board.channels:
            raise ValueError(f"{self._name} has no channel {channel}")
        await asyncio.wrap_future(self._line.release(self._board, channel))

    def health(self) -> DeviceHealth:
        """Present while the port is open and the board answers."""
        line, board = self._line, self._board
        port = line.keeper.condition if line is not None else None
        answering = port is not None and port.open and board.answering
        silent = "" if answering else "device.silent"
        if board.voices.doubled:
            silent = "device.double_address"
        failure = line.failure if line is not None else None
        note = (port.note if port is not None else "device.missing") or silent
        return DeviceHealth(
            name=self._name,
            present=answering,
            simulated=is_simulated(self._port),
            note="device.failed" if failure is not None else note,
            bad_frames=board.bad_frames,
            reconnects=port.reconnects if port is not None else 0,
            failure=failure,
        )

    def articles(self) -> Mapping[int, bool]:
        """What the article sensors said last; empty without any, or while all is silent."""
        return dict(self._board.articles) if self._board.answering else {}

    async def aclose(self) -> None:
        """Stop polling; unlocks that were not sent yet are refused."""
        line, self._line = self._line, None
        if line is not None:
            await asyncio.to_thread(self._leave, line)
            leave_supply(self._supply)

    def _leave(self, line: LockBus) -> None:
        with _GATE:
            line.leave(self._board)
            if line.keeper.stopping:
                _LINES.remove(line)


def _conforms(driver: SerialLockBank) -> LockBank:
    return driver  # mypy stops here first if the port moves
