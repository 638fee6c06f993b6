"""What is good on each serial line, and whether bytes hold a sound frame: by the vendors' sheets,
never by the decoders under test.
"""

from collections.abc import Callable, Iterator
from functools import reduce
from operator import xor
from typing import Final

from tests.bridge.lock_board_frames import (
    cu16_framed,
    cu16_status,
    dongcheng,
    dongcheng_status,
    winnsen,
    with_xor,
    wkly,
)
from tests.bridge.test_card_reader import whole
from tests.golden import read_golden

SHUT: Final = [True] * 24
"""The feedback of doors that are all shut, where a set bit means shut."""

LOCK_BOARDS: Final[dict[str, list[bytes]]] = {
    "8a80": [
        with_xor(0x80, 1, 0xFF, 0xFF, 0xFF, 0x33),
        with_xor(0x8A, 1, 7, 0),
        with_xor(0x82, 1, 7, 0x11),
    ],
    "cu16": [cu16_status(1, SHUT[:16], SHUT[:16]), cu16_framed(0x16, 0x31)],
    "wkly": [wkly(1, 0x84, 0, 24, *([1] * 24)), wkly(1, 0x82, 0, 7, 0), wkly(1, 0x85, 3, 1)],
    "dongcheng": [dongcheng_status(1, 0, SHUT, SHUT), dongcheng(1, 0, 0, 1), dongcheng(1, 9, 3)],
    "winnsen": [winnsen(0x92, 1, 0, 7), winnsen(0x85, 1, 7, 1), winnsen(0x85, 1, 7, 2)],
}
"""What a board with address 1 says while every door is shut."""

OTHER_LINES: Final[dict[str, list[bytes]]] = {
    name: [frame for key, frame in read_golden(file).items() if not key.startswith(asked)]
    for name, file, asked in (
        ("ssi", "scanner_ssi", ("host", "param")),
        ("toledo8217", "scale_toledo8217", "ask"),
        ("continuous", "scale_continuous", "ask"),
        ("megatec", "ups_megatec", "ask"),
        ("receipt", "receipt_printer_status", "ask"),
        ("label", "label_printer", ("ask", "label")),
        ("triggers", "scanner_triggers", "none"),
    )
} | {
    "sdt": [*read_golden("sdt_card_reader").values(), whole()],
    "line": [b"YT7700123456789\r\n", b"SF1234567890123\r", b"CY1:ABCDEFGHIJKLMNOPQRSTUVWXYZ\n"],
}


def _slices(data: bytes, head: bytes, sizes: Callable[[bytes], int]) -> Iterator[bytes]:
    start = data.find(head)
    while start >= 0:
        size = sizes(data[start:])
        if size and start + size <= len(data):
            yield data[start : start + size]
        start = data.find(head, start + 1)


def _xored(frame: bytes) -> bool:
    return reduce(xor, frame) == 0


def _length_at(at: int) -> Callable[[bytes], int]:
    return lambda rest: rest[at] if len(rest) > at else 0


def _fixed(size: int) -> Callable[[bytes], int]:
    return lambda _rest: size


def _summed(frame: bytes) -> bool:
    return frame[-2] == 0x03 and sum(frame[:-1]) % 256 == frame[-1]


def _ended(frame: bytes) -> bool:
    return frame[-1:] == b"\x03"


def _ended_and_xored(frame: bytes) -> bool:
    return _ended(frame) and _xored(frame[:-1])


_LAWS: Final[
    dict[str, tuple[Callable[[bytes], bool], list[tuple[bytes, Callable[[bytes], int]]]]]
] = {
    "8a80": (_xored, [(b"\x80", _fixed(7)), (b"\x8a", _fixed(5)), (b"\x82", _fixed(5))]),
    "cu16": (_summed, [(b"\x02", _fixed(5)), (b"\x02", _fixed(9))]),
    "wkly": (_xored, [(b"WKLY", _length_at(4))]),
    "dongcheng": (_ended_and_xored, [(b"\x02", _length_at(1))]),
    "winnsen": (_ended, [(b"\x90", _length_at(1))]),
}
"""For each board whether a frame is sound, and how each kind begins and how long it is."""


def sound_frames(board: str, data: bytes) -> Iterator[bytes]:
    """Every part of these bytes that is a frame of such a board with its check right."""
    is_sound, kinds = _LAWS[board]
    for head, size in kinds:
        yield from filter(is_sound, _slices(data, head, size))


def ssi_sound(data: bytes) -> Iterator[bytes]:
    """Every part that is a packet of a scanner whose sum comes to nothing in 16 bits."""
    for start in range(len(data)):
        end = start + data[start]
        packet = data[start:end]
        check = int.from_bytes(data[end : end + 2], "big")
        whole = len(packet) >= 4 and packet[2] == 0 and end + 2 <= len(data)
        if whole and (sum(packet) + check) % 65_536 == 0:
            yield packet
