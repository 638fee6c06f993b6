"""Modbus RTU through pymodbus on an open port: one question, one answer, nothing by itself.

The frames, the checksum and the matching of answers are pymodbus's. The bytes travel over our own
channel, because the clients of the library open ports again by themselves in the middle of a
request, keep no silence between frames, cannot be woken, and take the echo of a half-duplex
adapter for the answer to a write, which has the same bytes.
"""

import logging
import struct
import time
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, Final

from pymodbus.client import ModbusBaseSyncClient
from pymodbus.exceptions import ModbusException
from pymodbus.framer import FramerRTU, FramerType
from pymodbus.pdu import DecodePDU, ModbusPDU
from pymodbus.pdu.bit_message import ReadDiscreteInputsRequest, ReadDiscreteInputsResponse
from pymodbus.transport import CommParams, CommType

from hardware.drivers.locks.serial_line import SerialLine

TIMEOUT_S: Final = 1.0
ON: Final = 0xFF00
OFF: Final = 0x0000
_BITS_PER_BYTE: Final = 8
_BITS_A_CHARACTER: Final = 11
_SLOWEST_FIXED: Final = 19_200
"""Above this speed the silence between frames is 1.75 ms (Modbus over serial line, 2.5.1.1)."""
_SEND_BITS: Final = 10
_MOST_HEARD: Final = 512
"""No answer of ours is longer than 13 bytes; what goes on for longer is noise."""
_FOR_EVER: Final = 2**31


class Written(Enum):
    """What a board said to a write."""

    DONE = auto()
    REFUSED = auto()
    SILENT = auto()


def gap_chars(baud: int) -> float:
    """The silence before a frame in characters of 10 bits: 3.5 of 11 bits, and 1 ms more."""
    quiet_s = 3.5 * _BITS_A_CHARACTER / baud if baud <= _SLOWEST_FIXED else 1.75e-3
    return (quiet_s + 1e-3) * baud / _SEND_BITS


class CoilWrite(ModbusPDU):
    """FC05 with any value: the library knows on and off only, a timed flash is a number.

    The answer has the same bytes as the question.
    """

    function_code = 5
    rtu_frame_size = 8

    def __init__(self, address: int = 0, value: int = 0, dev_id: int = 0) -> None:
        super().__init__(dev_id=dev_id, address=address)
        self.value = value

    def encode(self) -> bytes:
        """Address and value."""
        return struct.pack(">HH", self.address, self.value)

    def decode(self, data: bytes) -> None:
        """Address and value."""
        self.address, self.value = struct.unpack(">HH", data[:4])


class _Framer(FramerRTU):
    """Drops one byte after the other until a frame fits: the library drops all it has."""

    def decode(self, data: bytes) -> tuple[int, int, int, bytes]:
        for start in range(len(data) - self.MIN_SIZE + 1):
            rest = data[start:]
            kind = self.decoder.lookupPduClass(rest)
            size = kind.calculateRtuFrameSize(rest) if kind else 0
            if not self.MIN_SIZE <= size <= len(rest):
                continue
            if self.check_CRC(rest[: size - 2], int.from_bytes(rest[size - 2 : size], "big")):
                return start + size, rest[0], 0, rest[1 : size - 2]
        return 0, 0, 0, self.EMPTY


class _Client(ModbusBaseSyncClient):
    """A pymodbus client whose port is our channel. Never repeats, never opens, never closes."""

    def __init__(self, line: SerialLine, baud: int, give_up: Callable[[], bool]) -> None:
        params = CommParams(
            comm_name="line", comm_type=CommType.SERIAL, timeout_connect=TIMEOUT_S, baudrate=baud
        )
        super().__init__(FramerType.RTU, 0, params, None, None, None)
        decoder = DecodePDU(is_server=False)
        # Only what we ask for can be an answer: anything else is a stranger's or noise.
        decoder.pdu_table = {
            2: (ReadDiscreteInputsRequest, ReadDiscreteInputsResponse),
            5: (CoilWrite, CoilWrite),
        }
        self.framer = self.transaction.framer = _Framer(decoder)
        self.set_max_no_responses(_FOR_EVER)
        self._line = line
        self._gap_chars = gap_chars(baud)
        self._give_up = give_up
        self._echo = b""
        self.sent_s = 0.0
        self.within_s = TIMEOUT_S
        self.echoes = False
        self.sent = b""
        self.heard = b""

    def connect(self) -> bool:
        """The port is open, or we were not here."""
        return True

    def send(self, request: bytes, addr: Any = None) -> int:
        """Write one frame after the silence that boards need. Raises PortGone."""
        del addr
        self._line.read(0.0)  # an answer that came too late is the answer to nothing now
        self.sent, self.heard = request, b""
        self._echo = request if self.echoes else b""
        self._line.send(request, self._gap_chars)
        self.sent_s = time.monotonic()
        return len(request)

    def recv(self, size: int | None) -> bytes:
        """What has come, b"" when nothing does in time. Raises PortGone."""
        del size
        until_s = self.sent_s + self.within_s
        while (wait_s := until_s - time.monotonic()) > 0 and not self._give_up():
            data = self._line.read(wait_s)
            self.heard += data
            if len(self.heard) > _MOST_HEARD:
                break
            if data := self._without_echo(data):
                return data
        return b""

    def _without_echo(self, data: bytes) -> bytes:
        if not self._echo or not self._echo.startswith(data[: len(self._echo)]):
            self._echo = b""
            return data
        size = min(len(data), len(self._echo))
        self._echo = self._echo[size:]
        return data[size:]


class ModbusWire:
    """The boards on one open port. Used by one thread; every method raises PortGone.

    `give_up` ends the wait for an answer early. `bad_frames` counts questions to which something
    else than an answer came. `knows_echo`: a board has answered a question whose answer cannot be
    mistaken for its echo; before that, what seems to confirm a write may be our own bytes.
    """

    def __init__(self, line: SerialLine, baud: int, give_up: Callable[[], bool]) -> None:
        # Its complaints about every lost answer are our health note.
        logging.getLogger("pymodbus").setLevel(logging.CRITICAL)
        self._line = line
        self._client = _Client(line, baud, give_up)
        self.bad_frames = 0
        self.knows_echo = False

    def read_inputs(self, unit: int, count: int) -> tuple[bool, ...] | None:
        """FC02: the first `count` discrete inputs of a board, None without a good answer."""
        self._client.within_s = TIMEOUT_S
        reply = self._ask(ReadDiscreteInputsRequest(address=0, count=count, dev_id=unit))
        client = self._client
        client.echoes = client.echoes or client.heard.startswith(client.sent)
        length = -(-count // _BITS_PER_BYTE) * _BITS_PER_BYTE
        if isinstance(reply, ReadDiscreteInputsResponse) and len(reply.bits) == length:
            self.knows_echo = True
            return tuple(bool(bit) for bit in reply.bits[:count])
        self._not_understood()
        return None

    def write_coil(
        self, unit: int, address: int, value: int, within_s: float = TIMEOUT_S
    ) -> Written:
        """FC05, written once. DONE only when the board repeats it in that time.

        Word for word, except for the length of a flash: it is nobody's standard.
        """
        self._client.within_s = within_s
        reply = self._ask(CoilWrite(address=address, value=value, dev_id=unit))
        wanted = {value} if value in (ON, OFF) else range(1 << 16)
        if isinstance(reply, CoilWrite) and reply.address == address and reply.value in wanted:
            return Written.DONE
        if (
            reply is not None
            and reply.isError()
            and reply.function_code & 0x7F == CoilWrite.function_code
        ):
            return Written.REFUSED
        self._not_understood()
        return Written.SILENT

    @property
    def echoes(self) -> bool:
        """Whether our own bytes come back to us, as far as is known."""
        return self._client.echoes

    @property
    def sent_s(self) -> float:
        """The monotonic second at which the last question was written."""
        return self._client.sent_s

    def rest(self, until_s: float) -> None:
        """Wait until then or until woken; what is said meanwhile is nobody's answer."""
        self._line.read(max(0.0, until_s - time.monotonic()))

    def _ask(self, request: ModbusPDU) -> ModbusPDU | None:
        try:
            return self._client.execute(no_response_expected=False, request=request)
        except ModbusException:  # no answer in time, or none that can be read
            return None

    def _not_understood(self) -> None:
        self.bad_frames += self._client.heard not in (b"", self._client.sent)
