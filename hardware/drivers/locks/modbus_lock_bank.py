"""A Modbus relay board as a lock board; boards that share a port share its line and its thread."""

import asyncio
from collections.abc import Callable, Mapping

from edge.kernel.errors import ConfigError, PulseNotSent
from hardware.byte_channel import is_simulated
from hardware.drivers.locks.line_owners import join_line, leave_line
from hardware.drivers.locks.modbus_line import ModbusBoard, ModbusLine
from hardware.options import LockBankOptions
from hardware.ports import DeviceHealth, DoorChange, LockBank


class ModbusLockBank:
    """Implements LockBank. `timed`: the board ends a pulse itself (Waveshare's flash)."""

    def __init__(self, options: LockBankOptions, *, timed: bool) -> None:
        self._name = options.name
        self._port = options.port
        self._baud = options.baud
        self._board = ModbusBoard.of(options, timed=timed)
        self._line: ModbusLine | None = None

    def start(self, on_change: Callable[[DoorChange], None]) -> None:
        """Begin polling. Raises ConfigError when another board needs the port otherwise."""
        self._board.join(on_change)
        try:
            self._line = join_line(ModbusLine, self._board, self._port, self._baud)
        except ConfigError:
            self._board.leave()
            raise

    async def release(self, channel: int) -> None:
        """Pulse one lock once.

        Raises PulseNotSent when nothing could be sent, any other DeviceGone when the board did
        not answer and the lock may have moved, DeviceJammed when it refused or holds a coil.
        Shares a pulse that still waits for its turn.
        """
        line, board = self._line, self._board
        if line is None:
            raise PulseNotSent(f"{self._name} is not started; nothing was sent")
        if not 1 <= channel <= board.channels:
            raise ValueError(f"{self._name} has no channel {channel}")
        if board.held:
            raise board.holds(channel)
        await asyncio.wrap_future(line.release(board, channel))

    def health(self) -> DeviceHealth:
        """Present while the port is open and the board answers."""
        line, board = self._line, self._board
        port = line.keeper.condition if line is not None else None
        answering = port is not None and port.open and board.answering
        silent = "" if answering else "device.silent"
        note = (port.note if port is not None else "device.missing") or silent
        failure = line.failure if line is not None else None
        if failure is not None:
            note = "device.failed"
        elif board.held:
            note = "device.coil_held"
        return DeviceHealth(
            name=self._name,
            present=answering,
            simulated=is_simulated(self._port),
            note=note,
            bad_frames=board.bad_frames,
            reconnects=port.reconnects if port is not None else 0,
            failure=failure,
        )

    def articles(self) -> Mapping[int, bool]:
        """Nothing: these boards have no article sensors."""
        return {}

    async def aclose(self) -> None:
        """Stop polling; pulses that were not sent yet are refused, and all coils switched off."""
        line, self._line = self._line, None
        if line is not None:
            await asyncio.to_thread(leave_line, line, self._board)
            self._board.leave()


def _conforms(driver: ModbusLockBank) -> LockBank:
    return driver  # mypy stops here first if the port moves
