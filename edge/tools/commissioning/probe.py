"""`cunyi devices scan --probe`: which lock board hangs on a serial line? Asked, never told to open.

Each dialect's question about the state of its locks goes out at the speed with which such boards
leave the factory, address by address, and last the question for the inputs of a Modbus relay board.
An unlock is never sent, whatever answers or does not.
"""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple

from edge.kernel.errors import DeviceGone
from edge.tools.commissioning.relay_probe import ADDRESSES, BAUD, MODBUS, ask_relays
from firmware_bridge.assembler import Assembler
from firmware_bridge.lock_board.dialects import DIALECTS, Dialect
from firmware_bridge.lock_board.messages import AllBits, OneBit
from hardware.byte_channel import ByteChannel, open_channel

MOST_ADDRESSES: Final = 32
"""Address switches have five of them, but for a few boards: those only when a person wants it."""
ANSWER_S: Final = 0.15
"""A board answers within some ms; a USB adapter collects bytes for 16 ms more."""
QUIET_S: Final = 0.03
"""So long a silence ends an answer: longer than an adapter collects."""
FLASH: Final = "modbus_flash"


class Step(NamedTuple):
    """The question that comes next: to whom, and how far we are on this port."""

    dialect: str
    address: int
    number: int
    all: int


Progress = Callable[[Step], None]


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


def asked(*, all_addresses: bool) -> dict[str, range]:
    """The addresses that are asked on a line, by dialect and in this order."""
    every = {row.name: row.addresses for row in DIALECTS.values()} | {MODBUS: ADDRESSES}
    most = None if all_addresses else MOST_ADDRESSES
    return {name: addresses[:most] for name, addresses in every.items()}


def left_out() -> dict[str, range]:
    """The addresses that are asked only when a person wants all."""
    every = asked(all_addresses=True)
    rest = {name: addresses[MOST_ADDRESSES:] for name, addresses in every.items()}
    return {name: addresses for name, addresses in rest.items() if addresses}


def longest_s(*, all_addresses: bool) -> int:
    """How long a line takes on which nothing answers."""
    return round(sum(map(len, asked(all_addresses=all_addresses).values())) * ANSWER_S)


def probe(port: str, progress: Progress, *, all_addresses: bool = False) -> list[Board]:
    """The boards on one line; all of them speak the first dialect that is answered.

    `progress` is told before each question. Raises PortGone where the port cannot be opened, is
    held by another program or goes away.
    """
    addresses = asked(all_addresses=all_addresses)
    every, done = sum(map(len, addresses.values())), 0
    for name, some in addresses.items():
        dialect = DIALECTS.get(name)
        found = []
        with closing(open_channel(port, BAUD if dialect is None else dialect.baud)) as channel:
            for number, address in enumerate(some, start=done + 1):
                progress(Step(name, address, number, every))
                if dialect is None:
                    board = _relays(port, channel, address)
                else:
                    board = _board(port, channel, dialect, address)
                if board is not None:
                    found.append(board)
        if found:
            return found
        done += len(some)
    return []


def _board(port: str, channel: ByteChannel, dialect: Dialect, address: int) -> Board | None:
    most = max(dialect.channels)
    question = dialect.speak(most).encode(dialect.questions(address, most)[0])
    channels = _channels_of(dialect, address, _ask(channel, question))
    if channels is None:
        return None
    name, baud = dialect.name, dialect.baud
    return Board(port=port, driver=name, baud=baud, address=address, channels=channels)


def _relays(port: str, channel: ByteChannel, address: int) -> Board | None:
    """A relay board. Of its two drivers the one that such a board refuses where it is not meant."""
    channels = ask_relays(lambda question: _ask(channel, question), address)
    if channels is None:
        return None
    return Board(port=port, driver=FLASH, baud=BAUD, address=address, channels=channels)


def _ask(channel: ByteChannel, question: bytes) -> bytes:
    """All that comes until it is quiet; nothing where nothing comes in time."""
    channel.read(0.0)  # what somebody else has left on the line
    channel.write(question)
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
