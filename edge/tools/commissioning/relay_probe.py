"""Is there a Modbus relay board? Its door switches are asked for (FC02), which switches nothing."""

from collections.abc import Callable
from typing import Final

from pymodbus.framer import FramerRTU
from pymodbus.pdu.bit_message import ReadDiscreteInputsRequest

MODBUS: Final = "modbus"
BAUD: Final = 9_600
ADDRESSES: Final = range(1, 248)
"""Addresses of single boards (Modbus over serial line 1.02, 2.2); 0 is for all."""
SIZES: Final = (32, 16, 8, 4, 2)
_ASK: Final = 2
_CRC: Final = 2
_BITS_PER_BYTE: Final = 8


def ask_relays(ask: Callable[[bytes], bytes], address: int) -> int | None:
    """How many inputs a board has by its own word, at most 32; None where no board answers.

    One input is asked for first: a board may be silent to a question for more than it has.
    """
    if not _answers(ask, address, 1):
        return None
    return next((size for size in SIZES if _answers(ask, address, size)), 1)


def _answers(ask: Callable[[bytes], bytes], address: int, count: int) -> bool:
    """Whether so many bits come back, wherever in what was heard: an echo may go before."""
    heard = ask(_question(address, count))
    size = -(-count // _BITS_PER_BYTE)
    head = bytes([address, _ASK, size])
    long = len(head) + size
    at = heard.find(head)
    while at >= 0:
        frame = heard[at : at + long + _CRC]
        if len(frame) == long + _CRC and FramerRTU.check_CRC(
            frame[:long], int.from_bytes(frame[long:], "big")
        ):
            return True
        at = heard.find(head, at + 1)
    return False


def _question(address: int, count: int) -> bytes:
    request = ReadDiscreteInputsRequest(address=0, count=count, dev_id=address)
    frame = bytes([address, request.function_code]) + request.encode()
    return frame + FramerRTU.compute_CRC(frame).to_bytes(_CRC, "big")
