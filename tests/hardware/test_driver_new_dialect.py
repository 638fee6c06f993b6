"""A lock board that nobody has met yet: one codec and one row of the table, and nothing else."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from edge.kernel.errors import ConfigError
from edge.settings import parse_settings
from edge.tools.commissioning import probe as probing
from edge.wiring import make_devices
from firmware_bridge.assembler import Fault, More, Verdict, Whole
from firmware_bridge.lock_board.dialects import DIALECTS, Dialect
from firmware_bridge.lock_board.messages import AllBits, AskAll, Reply, Request, Unlock, Unlocked
from hardware.ports import DoorChange, DoorReading
from tests.hardware.driver_peer import Peer, wait_until

LENGTH = 6
HEAD, TAIL = b"<", b">"


@dataclass(frozen=True, slots=True)
class Bamboo:
    """`<`, board, letter, two bytes, `>`: O opens (lock, 0), S asks; o and s answer."""

    channels: int

    def look(self, pending: bytes, *, final: bool) -> Verdict:  # noqa: ARG002 - one length
        if pending[:1] != HEAD:
            return Fault.NOISE
        if len(pending) < LENGTH:
            return More()
        return Whole(LENGTH) if pending[LENGTH - 1 : LENGTH] == TAIL else Fault.DAMAGED

    def encode(self, request: Request) -> bytes:
        lock = request.channel if isinstance(request, Unlock) else 0
        letter = b"S" if isinstance(request, AskAll) else b"O"
        return HEAD + bytes([request.board]) + letter + bytes([lock, 0]) + TAIL

    def decode(self, frame: bytes) -> Reply | None:
        board, letter, first, second = frame[1:5]
        if letter == ord("s"):
            word = first + 256 * second
            return AllBits(board, tuple(bool(word >> n & 1) for n in range(self.channels)))
        return Unlocked(board, first) if letter == ord("o") else None


ROW = Dialect(
    name="bamboo",
    baud=38_400,
    addresses=range(40, 60),
    channels=(10,),
    closed_bit=0,
    pulse_ms=50,
    gap_chars=4.8,
    answers_unlock=True,
    one_by_one=False,
    articles=False,
    source="this test",
    speak=Bamboo,
)
STATION = """
[station]
id = "tao-yuan"
county = "county-1"
name = "x"
[link]
broker = "mqtt://127.0.0.1:1883"
[[cabinet.boards]]
driver = "bamboo"
port = "{port}"
address = {address}
channels = 10
pulse_ms = 50
[[scanners]]
port = "/dev/ttyACM0"
[printer]
port = "/dev/usb/lp0"
"""


@dataclass
class BambooBoard:
    """A set bit is an open door."""

    open: set[int] = field(default_factory=lambda: {10})
    pulsed: list[int] = field(default_factory=list)

    def __call__(self, frame: bytes) -> bytes:
        if frame[:2] != b"<\x2a":
            return b""
        if frame[2:3] == b"S":
            word = sum(1 << n - 1 for n in self.open)
            return HEAD + b"\x2as" + word.to_bytes(2, "little") + TAIL
        self.pulsed.append(frame[3])
        self.open.add(frame[3])
        return HEAD + b"\x2ao" + frame[3:5] + TAIL


@pytest.fixture(autouse=True)
def _row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DIALECTS, "bamboo", ROW)


@pytest.mark.anyio
async def test_a_new_dialect_needs_one_codec_and_one_row_from_the_settings_to_the_door(
    tmp_path: Path,
) -> None:
    """By name alone: the wiring gets the settings, and nothing here knows options or drivers."""
    board, changes = BambooBoard(), list[DoorChange]()
    with Peer(tmp_path / "board", board) as peer:
        settings = parse_settings(STATION.format(port=peer.port, address=42), "station.toml")
        (table,) = settings.cabinet.boards
        assert (table.baud, table.closed_bit) == (38_400, 0)
        (bank,) = make_devices(tmp_path, settings).banks  # ports open with `start`
        bank.start(changes.append)
        wait_until(lambda: len(changes) == 10)
        assert [one.channel for one in changes if one.reading is DoorReading.OPEN] == [10]
        await bank.release(3)
        wait_until(lambda: changes[-1] == DoorChange(channel=3, reading=DoorReading.OPEN))
        await bank.aclose()
    assert board.pulsed == [3]


def test_a_new_dialect_is_found_on_the_line_without_an_unlock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing, "ANSWER_S", 0.04)
    monkeypatch.setattr(probing, "MOST_ADDRESSES", 3)
    board = BambooBoard()
    with Peer(tmp_path / "board", board) as peer:
        (found,) = probing.probe(peer.port, lambda _step: None)
    assert (found.driver, found.baud, found.address, found.channels) == ("bamboo", 38_400, 42, 10)
    assert board.pulsed == []


def test_the_settings_hold_a_new_dialect_to_its_row() -> None:
    with pytest.raises(ConfigError, match="a bamboo board has 40 to 59"):
        parse_settings(STATION.format(port="/dev/ttyUSB0", address=60), "station.toml")
