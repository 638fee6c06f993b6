"""The golden frames of Modbus relay boards: their checks, and what the driver makes of them."""

from pathlib import Path

import pytest

from edge.kernel.errors import DeviceJammed
from hardware.ports import DoorReading
from tests.golden import read_golden
from tests.hardware.driver_peer import Peer
from tests.hardware.modbus_peer import crc, relays

pytestmark = pytest.mark.anyio
GOLDEN = read_golden("modbus_relays")
INPUTS = {8: "reply.inputs.8.set", 16: "reply.inputs.16.but_9"}


def board(frame: bytes) -> bytes:
    """Tells of its inputs, and repeats what it is told."""
    for channels, reply in INPUTS.items():
        if frame == GOLDEN[f"request.inputs.{channels}"]:
            return GOLDEN[reply]
    return frame


def test_every_check_is_the_crc_of_the_rest() -> None:
    assert all(frame[-2:] == crc(frame[:-2]) for frame in GOLDEN.values())


@pytest.mark.parametrize(
    ("reply", "channels", "doors"),
    [("8.set", 8, []), ("8.but_1", 8, [1]), ("16.but_9", 16, [9])],
)
async def test_the_input_that_differs_is_the_open_door(
    tmp_path: Path, reply: str, channels: int, doors: list[int]
) -> None:
    def telling(frame: bytes) -> bytes:
        asked = frame == GOLDEN[f"request.inputs.{channels}"]
        return GOLDEN[f"reply.inputs.{reply}"] if asked else frame

    with Peer(tmp_path / "board", telling) as peer:
        async with relays(peer.port, "modbus_flash", channels=channels) as it:
            await it.until(lambda: len(it.changes) == channels)
    assert [n for n, reading in it.readings().items() if reading is DoorReading.OPEN] == doors


@pytest.mark.parametrize("door", [1, 9])
async def test_a_door_behind_the_first_eight_is_flashed_and_switched_as_the_first_is(
    tmp_path: Path, door: int
) -> None:
    with Peer(tmp_path / "board", board) as peer:
        async with relays(peer.port, "modbus_flash", channels=16, pulse_ms=200) as it:
            await it.until(lambda: len(it.changes) == 16)
            await it.bank.release(door)
        flashed = [frame for _, frame in peer.heard]
    with Peer(tmp_path / "coils", board) as peer:
        async with relays(peer.port, "modbus_coils", channels=16) as it:
            await it.until(lambda: len(it.changes) == 16)
            await it.bank.release(door)
        switched = [frame for _, frame in peer.heard]
    assert flashed.count(GOLDEN[f"request.flash.{door}.200ms"]) == 1
    assert switched.count(GOLDEN[f"request.on.{door}"]) == 1
    behind = switched[switched.index(GOLDEN[f"request.on.{door}"]) :]
    assert GOLDEN[f"request.off.{door}"] in behind


@pytest.mark.parametrize("refusal", ["reply.refused.address", "reply.refused.value"])
async def test_a_board_that_answers_by_exception_has_refused(tmp_path: Path, refusal: str) -> None:
    def unwilling(frame: bytes) -> bytes:
        return GOLDEN[refusal] if frame == GOLDEN["request.flash.1.200ms"] else board(frame)

    with Peer(tmp_path / "board", unwilling) as peer:
        async with relays(peer.port, "modbus_flash", pulse_ms=200) as it:
            await it.until(lambda: len(it.changes) == 8)
            with pytest.raises(DeviceJammed, match="refused"):
                await it.bank.release(1)
