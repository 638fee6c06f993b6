"""Modbus relay boards against pymodbus's own server, and the decoder against noise."""

import asyncio
import os
import random
import time
import tty
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from pymodbus import FramerType
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from edge.kernel.errors import DeviceGone, DeviceJammed
from hardware.drivers.locks.modbus_wire import ModbusWire, Written
from hardware.drivers.locks.serial_line import SerialLine
from hardware.ports import DoorReading
from tests.hardware.modbus_peer import OpenedRelays, relays

UNIT = 1
CHANNELS = 8


class WiredBoard:
    """A device of the server: the door of a coil that is switched on springs open."""

    def __init__(self) -> None:
        self.shut = [True] * CHANNELS
        self.writes: list[tuple[int, bool, float]] = []
        self.device = SimDevice(
            UNIT,
            simdata=(
                [SimData(0, values=[False] * 16, datatype=DataType.BITS)],
                [SimData(0, values=[True] * 16, datatype=DataType.BITS)],
                [SimData(0, values=0, datatype=DataType.REGISTERS)],
                [SimData(0, values=0, datatype=DataType.REGISTERS)],
            ),
            action=self.act,
        )

    async def act(
        self,
        function: int,
        _start: int,
        address: int,
        _count: int,
        registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        """The wires between coils and inputs."""
        if function == 5 and values is not None:
            if address >= CHANNELS:
                return ExcCodes.ILLEGAL_ADDRESS
            self.writes.append((address, bool(values[0]), time.monotonic()))
            if values[0]:
                self.shut[address] = False
        if function == 2:
            registers[0] = sum(shut << n for n, shut in enumerate(self.shut))
        return None

    def pulses(self) -> list[tuple[int, bool]]:
        """What was written after all coils had been switched off at the start."""
        return [(address, on) for address, on, _ in self.writes[CHANNELS:]]


@asynccontextmanager
async def tcp_server(board: WiredBoard) -> AsyncIterator[str]:
    server = ModbusTcpServer(board.device, framer=FramerType.RTU, address=("127.0.0.1", 0))
    await server.serve_forever(background=True)
    port = server.transport.sockets[0].getsockname()[1]  # type: ignore[attr-defined] # asyncio's
    try:
        yield f"socket://127.0.0.1:{port}"
    finally:
        await server.shutdown()  # type: ignore[no-untyped-call] # the library's own words


@asynccontextmanager
async def serial_server(board: WiredBoard, folder: Path) -> AsyncIterator[str]:
    """Two ptys and a cable between them: the server holds one end, the driver opens the other."""
    ours, ours_end = os.openpty()
    theirs, theirs_end = os.openpty()
    for end in (ours_end, theirs_end):
        tty.setraw(end)
    (folder / "board").symlink_to(os.ttyname(ours_end))
    server = ModbusSerialServer(
        board.device, framer=FramerType.RTU, port=os.ttyname(theirs_end), baudrate=9_600
    )
    await server.serve_forever(background=True)
    loop = asyncio.get_running_loop()
    loop.add_reader(ours, lambda: os.write(theirs, os.read(ours, 4_096)))
    loop.add_reader(theirs, lambda: os.write(ours, os.read(theirs, 4_096)))
    try:
        yield f"twin:{folder / 'board'}"
    finally:
        loop.remove_reader(ours)
        loop.remove_reader(theirs)
        await server.shutdown()  # type: ignore[no-untyped-call] # the library's own words
        for end in (ours, ours_end, theirs, theirs_end):
            os.close(end)


async def open_and_shut(it: OpenedRelays, board: WiredBoard) -> None:
    await it.until(lambda: len(it.changes) == CHANNELS)
    assert set(it.readings().values()) == {DoorReading.SHUT}
    await it.bank.release(3)
    await it.until(lambda: it.of(3) == [DoorReading.SHUT, DoorReading.OPEN])
    board.shut[2] = True
    await it.until(lambda: it.of(3)[-1] is DoorReading.SHUT)


@pytest.mark.anyio
async def test_a_door_of_pymodbus_opens_over_tcp_with_one_on_and_one_off() -> None:
    board = WiredBoard()
    async with tcp_server(board) as port:
        async with relays(port, "modbus_coils", pulse_ms=100) as it:
            await open_and_shut(it, board)
            assert board.pulses() == [(2, True), (2, False)]
            assert it.bank.health().bad_frames == 0
        assert board.pulses()[2:] == [(n, False) for n in range(CHANNELS)]
    on, off = (at for _, _, at in board.writes[CHANNELS : CHANNELS + 2])
    assert off - on >= 0.1 - 0.01


@pytest.mark.anyio
async def test_a_door_of_pymodbus_opens_over_a_serial_line(tmp_path: Path) -> None:
    board = WiredBoard()
    async with serial_server(board, tmp_path) as port, relays(port, "modbus_coils") as it:
        await open_and_shut(it, board)
        assert board.pulses() == [(2, True), (2, False)]


@pytest.mark.anyio
async def test_a_plain_board_refuses_the_timed_flash_of_another_make() -> None:
    board = WiredBoard()
    async with tcp_server(board) as port, relays(port, "modbus_flash") as it:
        await it.until(lambda: len(it.changes) == CHANNELS)
        with pytest.raises(DeviceJammed, match="is it another board"):
            await it.bank.release(3)
    assert board.pulses() == []


@pytest.mark.anyio
async def test_a_server_that_goes_away_is_missed_and_comes_back() -> None:
    board = WiredBoard()
    async with tcp_server(board) as port:
        it = OpenedRelays(port, "modbus_coils")
        await it.until(lambda: it.bank.health().present)
    await it.until(lambda: not it.bank.health().present)
    with pytest.raises(DeviceGone):
        await it.bank.release(1)
    assert it.bank.health().note == "device.missing"
    await it.bank.aclose()


class _Noise:
    """A channel that says random bytes in odd chunks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self.ended = False
        self.written: list[bytes] = []

    def read(self, timeout_s: float) -> bytes:
        if timeout_s <= 0:
            return b""
        chunk = next(self._chunks, b"")
        self.ended = not chunk
        return chunk

    def write(self, data: bytes, timeout_s: float = 1.0) -> None:
        del timeout_s
        self.written.append(data)

    def write_some(self, data: bytes | memoryview, timeout_s: float) -> int:
        del timeout_s
        return len(data)

    def wake(self) -> None:
        """Nobody waits here."""

    def close(self) -> None:
        """Nothing is open here."""


@contextmanager
def noisy_wire(size: int) -> Iterator[tuple[ModbusWire, _Noise]]:
    dice = random.Random(20_240_501)

    def chunks() -> Iterator[bytes]:
        left = size
        while left > 0:
            length = min(left, dice.randint(1, 97))
            left -= length
            yield dice.randbytes(length)

    noise = _Noise(chunks())
    yield ModbusWire(SerialLine(noise, 921_600), 921_600, lambda: noise.ended), noise


def test_a_million_random_bytes_are_no_answer_and_no_exception() -> None:
    with noisy_wire(1_000_000) as (wire, noise):
        false = 0
        while not noise.ended:
            false += wire.read_inputs(UNIT, CHANNELS) is not None
            false += wire.write_coil(UNIT, 0, 0xFF00) is not Written.SILENT
    # 2 ** -40 a byte for a reading and 2 ** -32 for a refusal; an on taken is 2 ** -64.
    assert false == 0
    assert wire.bad_frames >= 1_000
    assert max(len(frame) for frame in noise.written) == 8


@pytest.mark.anyio
async def test_the_server_speaks_to_its_own_client_as_it_does_to_us() -> None:
    board = WiredBoard()
    async with tcp_server(board) as url:
        client = AsyncModbusTcpClient(
            "127.0.0.1", port=int(url.rpartition(":")[2]), framer=FramerType.RTU
        )
        await client.connect()
        board.shut[4] = False
        theirs = await client.read_discrete_inputs(0, count=CHANNELS, device_id=UNIT)
        client.close()
        async with relays(url, "modbus_coils") as it:
            await it.until(lambda: len(it.changes) == CHANNELS)
            ours = [it.readings()[n] is DoorReading.SHUT for n in range(1, CHANNELS + 1)]
    assert ours == theirs.bits[:CHANNELS]
