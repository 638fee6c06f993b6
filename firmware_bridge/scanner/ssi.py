"""Packets of Zebra's Simple Serial Interface (SSI) and of the many scanners that copy it.

    LEN OP SRC STATUS data... CHECK_HIGH CHECK_LOW

LEN counts all but the check; the check is the two's complement of the sum of all before it, so
that sum and check come to 0 in 16 bits. SRC is 00 for the scanner and 04 for us.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

HOST: Final = 0x04
SCANNER: Final = 0x00
RETRANSMIT: Final = 0x01
"""Bit of STATUS: sent before, and not acknowledged."""
_HEAD: Final = 4
_SOURCE: Final = 2
_CHECK: Final = 2
LONGEST: Final = 255 + _CHECK


class Op(IntEnum):
    """What a packet is. Others exist; a scanner's others are acknowledged and ignored."""

    PARAM_SEND = 0xC6
    ACK = 0xD0
    NAK = 0xD1
    START_DECODE = 0xE4
    STOP_DECODE = 0xE5
    SCAN_ENABLE = 0xE9
    SCAN_DISABLE = 0xEA
    DECODE_DATA = 0xF3


NAK_RESEND: Final = 0x01
"""Why of a NAK: the check was wrong, send it again."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet with a good check."""

    op: int
    status: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Garbled:
    """Bytes that are no packet. `resend`: a packet was among them, and nothing has come since."""

    resend: bool


def encode(op: Op, data: bytes = b"", *, again: bool = False) -> bytes:
    """A packet of ours."""
    status = RETRANSMIT if again else 0
    message = bytes([_HEAD + len(data), op, HOST, status]) + data
    return message + _check(message)


def _check(message: bytes) -> bytes:
    return (-sum(message) & 0xFFFF).to_bytes(_CHECK, "big")


class SsiAssembler:
    """Cuts bytes into packets of the scanner. Holds at most LONGEST bytes and a chunk."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._garbage = False
        self._broken = False

    @property
    def begun(self) -> bool:
        """Whether something has begun and not ended."""
        return bool(self._pending) or self._garbage

    def feed(self, chunk: bytes) -> Iterator[Packet | Garbled]:
        """Take bytes in; yields what ended. Iterate to the end before the next call."""
        self._pending += chunk
        yield from self._cut(no_more=False)

    def silence(self) -> Iterator[Packet | Garbled]:
        """The rest of what has begun will not come: yields what is hidden in it."""
        yield from self._cut(no_more=True)
        if self._garbage:
            yield self._told(resend=self._broken)

    def _cut(self, *, no_more: bool) -> Iterator[Packet | Garbled]:
        """Garbage is told once, however long: before the packet that follows it, or at silence."""
        start, data = 0, self._pending
        while start < len(data):
            size = self._size_at(start)
            if size and start + size > len(data) and not no_more:
                break
            if size and self._is_good(start, size):
                if self._garbage:
                    yield self._told(resend=False)
                yield self._packet(start, size)
                start += size
                continue
            self._garbage = True
            self._broken = self._broken or (size > 0 and start + _SOURCE < len(data))
            start += 1
        del data[:start]

    def _told(self, *, resend: bool) -> Garbled:
        self._garbage = self._broken = False
        return Garbled(resend)

    def _size_at(self, start: int) -> int:
        """Bytes of the packet that may begin here; 0 when none does."""
        data = self._pending
        source = data[start + _SOURCE] if start + _SOURCE < len(data) else SCANNER
        return data[start] + _CHECK if data[start] >= _HEAD and source == SCANNER else 0

    def _is_good(self, start: int, size: int) -> bool:
        end = start + size - _CHECK
        check = self._pending[end : end + _CHECK]
        return _check(bytes(self._pending[start:end])) == check

    def _packet(self, start: int, size: int) -> Packet:
        data = self._pending
        return Packet(
            op=data[start + 1],
            status=data[start + 3],
            data=bytes(data[start + _HEAD : start + size - _CHECK]),
        )
