"""Modbus RTU relay boards: relays as coils, door switches as discrete inputs.

`ADDR FC .. CRC CRC`; the CRC has the polynomial A001, starts at FFFF, and its low byte goes first.
Address 0 is for all, and nobody answers to it.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from hardware.twins.boards.firmware import Ear, Firmware, bit_map

if TYPE_CHECKING:  # the terminals know the make, and the make its firmware
    from hardware.twins.boards.terminals import Terminals

_READ_COILS: Final = 0x01
_READ_INPUTS: Final = 0x02
_WRITE_COIL: Final = 0x05
_WRITE_REGISTER: Final = 0x06
_WRITE_COILS: Final = 0x0F
_FAILED: Final = 0x80
"""Set in the function code of an exception reply."""
_NO_SUCH_FUNCTION: Final = 1
_NO_SUCH_ADDRESS: Final = 2
_NO_SUCH_VALUE: Final = 3
_ON: Final = 0xFF00
_OFF: Final = 0x0000
_EVERYONE: Final = 0
_SHORT: Final = 8
_COUNT_AT: Final = 6
_LONGEST: Final = 256
_POLYNOMIAL: Final = 0xA001

_ALL: Final = 0x00FF
_FLASH_ON: Final = 0x0200
_FLASH_OFF: Final = 0x0400
_FLASH_UNIT_MS: Final = 100
_LONGEST_FLASH: Final = 0x7FFF
_MS: Final = 1_000


class _CannotError(Exception):
    """An exception reply of the board; its argument is the code."""


class ModbusRelays(Firmware):
    """Plain relays: what is switched on stays on until it is switched off."""

    def __init__(self, board: "Terminals") -> None:
        super().__init__(board)
        self._ear = Ear(_size)
        self._do: dict[int, Callable[[int, int, bytes], bytes]] = {
            _READ_COILS: self._read_coils,
            _READ_INPUTS: self._read_inputs,
            _WRITE_COIL: self._write_coil,
            _WRITE_REGISTER: self._write_register,
            _WRITE_COILS: self._write_coils,
        }

    def pause(self) -> None:
        """Nothing goes on after a pause."""
        self._ear.forget()

    def hear(self, chunk: bytes) -> Iterator[bytes]:
        """Obey what is for this board's address or for all."""
        for frame in self._ear.feed(chunk):
            if frame[0] in (self.board.make.address, _EVERYONE):
                answer = self._obey(frame[1], frame[2:-2])
                if frame[0] != _EVERYONE:
                    yield _closed(bytes([self.board.address & 0xFF]) + answer)

    def _obey(self, function: int, body: bytes) -> bytes:
        do = self._do.get(function)
        if do is None:
            return bytes([function | _FAILED, _NO_SUCH_FUNCTION])
        at, value = int.from_bytes(body[:2], "big"), int.from_bytes(body[2:4], "big")
        try:
            return bytes([function]) + do(at, value, body)
        except _CannotError as cannot:
            return bytes([function | _FAILED, cannot.args[0]])

    # -- functions: address, value and the whole body; what follows the function code in the answer

    def _read_coils(self, at: int, count: int, _body: bytes) -> bytes:
        return self._bits(at, count, self.board.is_on)

    def _read_inputs(self, at: int, count: int, _body: bytes) -> bytes:
        return self._bits(at, count, self.board.feedback)

    def _write_coil(self, at: int, value: int, body: bytes) -> bytes:
        if value not in (_ON, _OFF):
            raise _CannotError(_NO_SUCH_VALUE)
        self._check(at, 1)
        self._switch(at + 1, on=value == _ON)
        return body

    def _write_register(self, _at: int, _value: int, _body: bytes) -> bytes:
        raise _CannotError(_NO_SUCH_FUNCTION)

    def _write_coils(self, at: int, count: int, body: bytes) -> bytes:
        if body[4] != -(-count // 8):
            raise _CannotError(_NO_SUCH_VALUE)
        self._check(at, count)
        bits = int.from_bytes(body[5:], "little")
        for place in range(count):
            self._switch(at + place + 1, on=bool(bits >> place & 1))
        return body[:4]

    def _bits(self, at: int, count: int, look: Callable[[int], int]) -> bytes:
        self._check(at, count)
        size = -(-count // 8)
        channels = range(at + 1, at + count + 1)
        return bytes([size]) + bit_map([int(look(channel)) for channel in channels], size)

    def _check(self, at: int, count: int) -> None:
        if count < 1:
            raise _CannotError(_NO_SUCH_VALUE)
        if at < 0 or at + count > self.board.channels:
            raise _CannotError(_NO_SUCH_ADDRESS)

    def _switch(self, channel: int, *, on: bool) -> None:
        if on:
            self.board.drive(channel, None)
        else:
            self.board.drop(channel)


class WaveshareRelays(ModbusRelays):
    """Waveshare: FC05 at 0200+channel switches on for a time, at 0400+channel off for a time.

    Units are 100 ms. At 00FF all relays are meant. After "off for a time" the relay is on, and
    stays on: of no use with a lock.
    """

    TICKS = True

    def __init__(self, board: "Terminals") -> None:
        super().__init__(board)
        self._later: dict[int, float] = {}

    def tick(self) -> Iterator[bytes]:
        """Switch on what was off for its time."""
        now_s = self.board.now_s()
        for channel in [n for n, at_s in self._later.items() if at_s <= now_s]:
            del self._later[channel]
            self.board.drive(channel, None)
        return iter(())

    def _write_coil(self, at: int, value: int, body: bytes) -> bytes:
        if at == _ALL and value in (_ON, _OFF):
            for channel in range(1, self.board.channels + 1):
                self._switch(channel, on=value == _ON)
            return body
        channel, kind = (at & 0xFF) + 1, at & 0xFF00
        if kind not in (_FLASH_ON, _FLASH_OFF):
            return super()._write_coil(at, value, body)
        self._check(channel - 1, 1)
        if not 1 <= value <= _LONGEST_FLASH:
            raise _CannotError(_NO_SUCH_VALUE)
        if kind == _FLASH_ON:
            self.board.drive(channel, value * _FLASH_UNIT_MS)
        else:
            self.board.drop(channel)
            self._later[channel] = self.board.now_s() + value * _FLASH_UNIT_MS / _MS
        return body

    def _switch(self, channel: int, *, on: bool) -> None:
        self._later.pop(channel, None)
        super()._switch(channel, on=on)


class EletechsupRelays(ModbusRelays):
    """N4ROD/R4D8 family: FC06, the register is the channel from 1. Unverified.

    0100 on, 0200 off, 0300 over, 0500 the board's pulse, 06SS on for SS seconds.
    """

    def _write_register(self, at: int, value: int, body: bytes) -> bytes:
        self._check(at - 1, 1)
        board = self.board
        match value >> 8, value & 0xFF:
            case 1, 0:
                board.drive(at, None)
            case 2, 0:
                board.drop(at)
            case 3, 0:
                self._switch(at, on=not board.is_on(at))
            case 5, 0:
                board.pulse(at)
            case 6, seconds if seconds:
                board.drive(at, seconds * _MS)
            case _:
                raise _CannotError(_NO_SUCH_VALUE)
        return body


def _crc(data: bytes) -> bytes:
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ _POLYNOMIAL * (crc & 1)
    return crc.to_bytes(2, "little")


def _closed(body: bytes) -> bytes:
    return body + _crc(body)


def _size(pending: bytes) -> int | None:
    """Without the pauses of a real line: the length follows from the function code."""
    if len(pending) < _SHORT:
        return None
    size = _COUNT_AT + 3 + pending[_COUNT_AT] if pending[1] == _WRITE_COILS else _SHORT
    if size > _LONGEST:
        return 0
    if len(pending) < size:
        return None
    return size if _crc(pending[: size - 2]) == pending[size - 2 : size] else 0
