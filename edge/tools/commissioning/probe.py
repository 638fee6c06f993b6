"""`cunyi devices scan --probe`: which lock board hangs on a serial line? Asked, never told to open.

Each dialect's question about the state of its locks goes out at the speed with which such boards
leave the factory, address by address. An unlock is never sent, whatever answers or does not.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any, Final

from edge.kernel.errors import DeviceGone
from firmware_bridge.assembler import Assembler
from firmware_bridge.lock_board.dialects import DIALECTS, Dialect
from firmware_bridge.lock_board.messages import AllBits, OneBit
from hardware.byte_channel import ByteChannel, open_channel

MOST_ADDRESSES: Final = 32
"""Address switches have five of them, but for a few boards (docs/devices/lock-boards.md)."""
ANSWER_S: Final = 0.15
"""A board answers within some ms; a USB adapter collects bytes for 16 ms more."""
QUIET_S: Final = 0.03
"""So long a silence ends an answer: longer than an adapter collects, shorter than a person waits.

Together: a port on which nothing answers takes about 20 s over all dialects.
"""
Progress = Callable[[str, int], None]
"""Told before each question: the dialect and the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A lock board that has answered; `channels` as far as the length of its answer tells."""

    port: str
    driver: str
    baud: int
    address: int
    channels: int

    def lines(self) -> tuple[str, ...]:
        """Its table of station.toml."""
        return (
            "[[cabinet.boards]]",
            f'driver = "{self.driver}"',
            f'port = "{self.port}"',
            f"baud = {self.baud}",
            f"address = {self.address}",
            f"channels = {self.channels}",
        )

    def as_json(self) -> dict[str, Any]:
        """For other programs."""
        return asdict(self) | {"lines": list(self.lines())}


def probe(port: str, progress: Progress) -> list[Board]:
    """The boards on one line; all of them speak the first dialect that is answered.

    Raises PortGone where the port cannot be opened, is held by another program or goes away.
    """
    for dialect in DIALECTS.values():
        with closing(open_channel(port, dialect.baud)) as channel:
            found = list(_ask_all(port, channel, dialect, progress))
        if found:
            return found
    return []


def _ask_all(
    port: str, channel: ByteChannel, dialect: Dialect, progress: Progress
) -> Iterator[Board]:
    most = max(dialect.channels)
    for address in dialect.addresses[:MOST_ADDRESSES]:
        progress(dialect.name, address)
        channel.read(0.0)  # what somebody else has left on the line
        channel.write(dialect.speak(most).encode(dialect.questions(address, most)[0]))
        answer = _hear(channel)
        channels = _channels_of(dialect, address, answer)
        if channels is not None:
            yield Board(
                port=port,
                driver=dialect.name,
                baud=dialect.baud,
                address=address,
                channels=channels,
            )


def _hear(channel: ByteChannel) -> bytes:
    """All that comes until it is quiet; nothing where nothing comes in time."""
    heard = b""
    until_s = time.monotonic() + ANSWER_S
    while (left_s := until_s - time.monotonic()) > 0:
        chunk = channel.read(QUIET_S if heard else left_s)
        if heard and not chunk:
            break
        heard += chunk
    return heard


def _channels_of(dialect: Dialect, address: int, answer: bytes) -> int | None:
    """How many channels a board must have to answer so; None where this is no board's answer."""
    if not answer:
        return None
    for channels in sorted(dialect.channels, reverse=True):
        codec = dialect.speak(channels)
        codec.encode(dialect.questions(address, channels)[0])  # some know an answer by its question
        assembler = Assembler(codec.look)
        for item in [*assembler.feed(answer), *assembler.quiet()]:
            reply = codec.decode(item) if isinstance(item, bytes) else None
            if isinstance(reply, AllBits) and reply.board == address:
                told = len(reply.bits)  # what it has may be less than what it could have
                return told if told in dialect.channels else channels
            if isinstance(reply, OneBit) and reply.board == address:
                return channels
    return None


def why_not(failure: DeviceGone) -> str:
    """The reason why a port could not be asked, as a word key."""
    return str(getattr(failure, "note", "device.missing"))
