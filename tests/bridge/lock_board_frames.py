"""Frames as lock boards send them, built from the sheets and not by the codecs under test."""

from collections.abc import Sequence


def with_xor(*body: int) -> bytes:
    """A body and the exclusive or of its bytes."""
    check = 0
    for byte in body:
        check ^= byte
    return bytes([*body, check])


def packed(bits: Sequence[bool], width: int) -> bytes:
    """Bits into bytes, the first one lowest."""
    return sum(bit << n for n, bit in enumerate(bits)).to_bytes(width, "little")


def cu16_framed(address: int, command: int, *data: int) -> bytes:
    """Any frame of a CU16 board."""
    body = bytes([0x02, address, command, *data, 0x03])
    return body + bytes([sum(body) % 256])


def cu16_status(board: int, locks: Sequence[bool], articles: Sequence[bool] = ()) -> bytes:
    """All hooks and article sensors of one board."""
    return cu16_framed(board * 16, 0x35, *packed(locks, 2), *packed(articles, 2))


def wkly(board: int, command: int, *data: int) -> bytes:
    """Any frame of a WKLY board."""
    return with_xor(0x57, 0x4B, 0x4C, 0x59, 8 + len(data), board, command, *data)


def dongcheng(board: int, sequence: int, third: int, *data: int) -> bytes:
    """Any frame of a Dongcheng board; `third` is a command, or a result on the way back."""
    body = with_xor(0x02, 8 + len(data), board, sequence, third, len(data), *data)
    return body + b"\x03"


def dongcheng_status(
    board: int, sequence: int, doors: Sequence[bool], articles: Sequence[bool]
) -> bytes:
    """The answer about all cells, with no tamper and no shock."""
    width = -(-len(doors) // 8)
    return dongcheng(
        board, sequence, 0, *packed(articles, width), *packed(doors, width), 0, 0, 0, 0
    )


def winnsen(command: int, *data: int) -> bytes:
    """Any frame of a Winnsen-style board."""
    return bytes([0x90, 4 + len(data), command, *data, 0x03])
