"""What every lock bank must do, shown with the serial driver over a board twin with its steel."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from edge.kernel.errors import DeviceGone
from hardware.catalogue import lock_board_kind
from hardware.options import LockBankOptions
from hardware.ports import DoorChange, DoorReading, LockBank
from hardware.twins.bench import Bench, BenchMake
from hardware.twins.faults import Device, Fault
from hardware.twins.lock_board import BoardMake
from tests.hardware.driver_peer import wait_until

pytestmark = pytest.mark.anyio
OPEN, SHUT, UNKNOWN = DoorReading.OPEN, DoorReading.SHUT, DoorReading.UNKNOWN


class Station:
    """A bench, a bank on it, and what the bank reported."""

    def __init__(self, bench: Bench, bank: LockBank) -> None:
        self.bench = bench
        self.bank = bank
        self.changes: list[DoorChange] = []
        bank.start(self.changes.append)

    def of(self, channel: int) -> list[DoorReading]:
        return [change.reading for change in tuple(self.changes) if change.channel == channel]

    async def until(self, what: Callable[[], bool]) -> None:
        await asyncio.to_thread(wait_until, what)

    async def ready(self) -> None:
        await self.until(lambda: len(self.changes) == self.bench.cabinet.channels)


@asynccontextmanager
async def station(
    folder: Path, channels: int = 24, board: BoardMake | None = None
) -> AsyncIterator[Station]:
    board = board or BoardMake()
    with Bench(folder, channels, BenchMake(board=board)) as bench:
        bank = lock_board_kind("8a80").make(
            LockBankOptions(
                name="lock-board-1",
                port=bench.port(Device.LOCK_BOARD),
                baud=9_600,
                address=board.address,
                channels=channels,
                pulse_ms=board.pulse_ms,
                closed_bit=board.closed_bit,
            )
        )
        it = Station(bench, bank)
        await it.ready()
        yield it
        await bank.aclose()


@pytest.mark.parametrize("channels", [2, 8, 12, 18, 24, 50])
async def test_a_released_door_opens_and_is_seen_open_and_shut_again(
    tmp_path: Path, channels: int
) -> None:
    async with station(tmp_path, channels) as it:
        await it.bank.release(channels)
        await it.until(lambda: it.of(channels) == [SHUT, OPEN])
        it.bench.cabinet.push_shut(channels)
        await it.until(lambda: it.of(channels) == [SHUT, OPEN, SHUT])
        assert [pulse.channel for pulse in it.bench.cabinet.pulses] == [channels]
        assert len(it.changes) == channels + 2


async def test_the_other_polarity_on_another_address_with_reports_of_its_own(
    tmp_path: Path,
) -> None:
    board = BoardMake(closed_bit=0, address=32, unsolicited=True)
    async with station(tmp_path, board=board) as it:
        await it.bank.release(3)
        await it.until(lambda: it.of(3) == [SHUT, OPEN])
        it.bench.cabinet.force_open(9)
        await it.until(lambda: it.of(9) == [SHUT, OPEN])


async def test_a_real_line_speed_is_no_trouble(tmp_path: Path) -> None:
    async with station(tmp_path, board=BoardMake(baud=9_600)) as it:
        await asyncio.gather(it.bank.release(1), it.bank.release(2))
        await it.until(lambda: it.of(1) == it.of(2) == [SHUT, OPEN])
        assert it.bank.health().bad_frames == 0


async def test_many_releases_at_once_never_drive_two_coils(tmp_path: Path) -> None:
    async with station(tmp_path, board=BoardMake(pulse_ms=100)) as it:
        await asyncio.gather(*(it.bank.release(channel) for channel in range(1, 21)))
        assert [pulse.channel for pulse in it.bench.cabinet.pulses] == list(range(1, 21))
        assert it.bench.violations == ()


async def test_a_bouncing_switch_is_one_change(tmp_path: Path) -> None:
    async with station(tmp_path) as it:
        it.bench.faults.switch(Fault.SENSOR_BOUNCE, on=True)
        for channel in (5, 6, 7):
            await it.bank.release(channel)
        await it.until(lambda: it.of(5) == it.of(6) == it.of(7) == [SHUT, OPEN])
        for channel in (5, 6, 7):
            it.bench.cabinet.push_shut(channel)
        await it.until(lambda: it.of(5) == it.of(6) == it.of(7) == [SHUT, OPEN, SHUT])


@pytest.mark.parametrize(
    "fault", [Fault.BOARD_SILENT, Fault.BOARD_GARBLED, Fault.BOARD_HALF_FRAME, Fault.BOARD_LATE]
)
async def test_whatever_becomes_of_the_answer_a_lock_is_pulsed_once(
    tmp_path: Path, fault: Fault
) -> None:
    async with station(tmp_path) as it:
        it.bench.faults.switch(fault, on=True)
        with pytest.raises(DeviceGone):
            await it.bank.release(7)
        it.bench.faults.mend_all()
        await it.until(lambda: it.of(7)[-1] is OPEN)
        assert [pulse.channel for pulse in it.bench.cabinet.pulses] == [7]


async def test_doubled_answers_do_no_harm(tmp_path: Path) -> None:
    async with station(tmp_path) as it:
        it.bench.faults.switch(Fault.BOARD_DOUBLE, on=True)
        for channel in (1, 2):
            await it.bank.release(channel)
        await it.until(lambda: it.of(1) == it.of(2) == [SHUT, OPEN])
        assert len(it.bench.cabinet.pulses) == 2


async def test_a_board_with_anothers_address_is_silent_to_us(tmp_path: Path) -> None:
    async with station(tmp_path) as it:
        it.bench.faults.switch(Fault.BOARD_WRONG_ADDRESS, on=True)
        await it.until(lambda: it.of(1)[-1] is UNKNOWN)
        assert not it.bank.health().present
        assert it.bank.health().bad_frames >= 1


async def test_a_cable_that_is_pulled_and_put_back_leads_to_fresh_readings(tmp_path: Path) -> None:
    async with station(tmp_path) as it:
        it.bench.faults.switch(Fault.BOARD_UNPLUGGED, on=True)
        await it.until(lambda: it.of(4) == [SHUT, UNKNOWN])
        it.bench.cabinet.force_open(4)
        it.bench.faults.mend_all()
        await it.until(lambda: it.of(4) == [SHUT, UNKNOWN, OPEN])
        assert it.bench.cabinet.pulses == ()
