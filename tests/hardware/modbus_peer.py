"""A Modbus relay board as a script with frames of its own, and a bank opened on it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from typing import Final

from hardware.catalogue import lock_board_kind
from hardware.options import LockBankOptions
from hardware.ports import DoorChange, DoorReading, LockBank
from tests.hardware.driver_peer import PATIENCE_S, Peer, wait_until

READ_INPUTS: Final = 0x02
WRITE_COIL: Final = 0x05
_SUPPLY: Final = count(1)


def crc(body: bytes) -> bytes:
    """CRC16 of Modbus, bit by bit, low byte first."""
    value = 0xFFFF
    for byte in body:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value.to_bytes(2, "little")


def framed(*body: int) -> bytes:
    """A frame with its CRC."""
    return bytes(body) + crc(bytes(body))


class ScriptedRelays:
    """Answers like a relay board with 8 inputs; every part of it can be changed in a test.

    `deaf`: writes that it takes and does not answer, by the first byte of their value.
    """

    def __init__(self, unit: int = 1) -> None:
        self.unit = unit
        self.bits = 0xFF
        self.silent = False
        self.echoes = False
        self.refuses = False
        self.deaf: set[int] = set()
        self.before_reply = b""
        self.writes: list[bytes] = []

    def __call__(self, frame: bytes) -> bytes:
        """What comes back for one request."""
        echo = frame if self.echoes else b""
        if frame[0] != self.unit:
            return b""
        if frame[1] == WRITE_COIL:
            self.writes.append(frame)
        return echo if self.silent else echo + self.before_reply + self._reply(frame)

    def _reply(self, frame: bytes) -> bytes:
        if frame[1] == READ_INPUTS:
            return framed(self.unit, READ_INPUTS, 1, self.bits)
        if frame[4] in self.deaf:
            return b""
        if self.refuses and frame[4:6] != b"\x00\x00":
            return framed(self.unit, WRITE_COIL | 0x80, 2)
        return frame

    def on_writes(self) -> list[bytes]:
        """The writes that drive a coil."""
        return [frame for frame in tuple(self.writes) if frame[4:6] != b"\x00\x00"]

    def off_writes(self) -> list[bytes]:
        """The writes that end driving."""
        return [frame for frame in tuple(self.writes) if frame[4:6] == b"\x00\x00"]


def polls(peer: Peer) -> int:
    """How often the inputs were read."""
    return sum(frame[1] == READ_INPUTS for _, frame in tuple(peer.heard))


class OpenedRelays:
    """A started bank of relays and what it reported."""

    def __init__(self, port: str, driver: str, **options: int | str) -> None:
        plain = LockBankOptions(
            name="lock-board-1",
            port=port,
            baud=9_600,
            address=1,
            channels=8,
            pulse_ms=50,
            closed_bit=1,
            supply=f"test-{next(_SUPPLY)}",
        )
        self.bank: LockBank = lock_board_kind(driver).make(replace(plain, **options))  # type: ignore[arg-type] # by their names
        self.changes: list[DoorChange] = []
        self.bank.start(self.changes.append)

    def readings(self) -> dict[int, DoorReading]:
        return {change.channel: change.reading for change in tuple(self.changes)}

    def of(self, channel: int) -> list[DoorReading]:
        return [change.reading for change in tuple(self.changes) if change.channel == channel]

    async def until(self, what: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        await asyncio.to_thread(wait_until, what, patience_s)

    async def ready(self) -> None:
        await self.until(lambda: len(self.changes) >= 8)


@asynccontextmanager
async def relays(port: str, driver: str, **options: int | str) -> AsyncIterator[OpenedRelays]:
    opened = OpenedRelays(port, driver, **options)
    try:
        yield opened
    finally:
        await opened.bank.aclose()
