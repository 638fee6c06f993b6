"""A lock board on a serial line; boards that share a port share its line and its thread."""

import asyncio
from collections.abc import Callable, Mapping

from edge.kernel.errors import ConfigError, PulseNotSent
from firmware_bridge.lock_board.dialects import Dialect
from hardware.byte_channel import is_simulated
from hardware.drivers.locks.bus_board import BusBoard
from hardware.drivers.locks.line_owners import join_line, leave_line
from hardware.drivers.locks.lock_bus import LockBus
from hardware.options import LockBankOptions
from hardware.ports import DeviceHealth, DoorChange, LockBank


class SerialLockBank:
    """Implements LockBank."""

    def __init__(self, options: LockBankOptions, dialect: Dialect) -> None:
        self._name = options.name
        self._port = options.port
        self._baud = options.baud
        self._board = BusBoard.of(options, dialect)
        self._line: LockBus | None = None

    def start(self, on_change: Callable[[DoorChange], None]) -> None:
        """Begin polling. Raises ConfigError when another board needs the port otherwise."""
        self._board.join(on_change)
        try:
            self._line = join_line(LockBus, self._board, self._port, self._baud)
        except ConfigError:
            self._board.leave()
            raise

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
            await asyncio.to_thread(leave_line, line, self._board)
            self._board.leave()


def _conforms(driver: SerialLockBank) -> LockBank:
    return driver  # mypy stops here first if the port moves
