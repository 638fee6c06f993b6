"""The UPS driver on a twin with a battery."""

from pathlib import Path

import pytest

from hardware.catalogue import POWERS
from hardware.options import PowerOptions
from hardware.ports import PowerReading
from hardware.twins.faults import Fault
from hardware.twins.house.ups import UpsMake
from tests.hardware.counter_bench import Stand, ups_stand

pytestmark = pytest.mark.anyio
WELL = PowerReading(mains=True)


def mains(it: Stand) -> list[bool | None]:
    return [reading.mains for reading in tuple(it.told)]


async def test_mains_gone_and_back_are_told_with_the_battery(tmp_path: Path) -> None:
    async with ups_stand(tmp_path) as it:
        await it.until(lambda: it.told == [WELL])
        it.faults.switch(Fault.MAINS_OUT, on=True)
        await it.until(lambda: mains(it)[-1] is False)
        assert it.told[-1].battery_percent in range(85, 100)
        it.faults.mend_all()
        await it.until(lambda: mains(it)[-1] is True)
        assert (it.told[0], it.told[-1]) == (WELL, WELL)


async def test_a_battery_that_empties_is_low_before_the_unit_falls_silent(tmp_path: Path) -> None:
    async with ups_stand(tmp_path, UpsMake(empties_s=2.0)) as it:
        await it.until(lambda: it.told == [WELL])
        it.faults.switch(Fault.MAINS_OUT, on=True)
        await it.until(lambda: any(reading.low for reading in it.told))
        await it.until(lambda: it.told[-1] == PowerReading(mains=None))
        percents = [reading.battery_percent for reading in it.told[1:-1]]
        assert percents == sorted(percents, reverse=True)
        assert len(percents) >= 5
        assert not it.present


async def test_one_that_starts_on_battery_says_so_first(tmp_path: Path) -> None:
    async with ups_stand(tmp_path, UpsMake(charge=0.5)) as it:
        it.faults.switch(Fault.MAINS_OUT, on=True)
        await it.until(lambda: mains(it)[-1:] == [False])
        assert it.told[-1].battery_percent in range(40, 55)


async def test_a_unit_that_lies_is_believed_but_its_battery_tells(tmp_path: Path) -> None:
    async with ups_stand(tmp_path, UpsMake(empties_s=3.0)) as it:
        await it.until(lambda: it.told == [WELL])
        it.faults.switch(Fault.UPS_LIES, on=True)
        it.faults.switch(Fault.MAINS_OUT, on=True)
        await it.until(lambda: any(reading.low for reading in it.told))
        assert False not in mains(it)


@pytest.mark.parametrize(
    "make", [UpsMake(per_cell=True, standby=False), UpsMake(blocks=2), UpsMake(baud=2_400)]
)
async def test_units_that_show_a_cell_two_blocks_or_talk_slowly_are_understood(
    tmp_path: Path, make: UpsMake
) -> None:
    async with ups_stand(tmp_path, make) as it:
        await it.until(lambda: it.told == [WELL])
        it.faults.switch(Fault.MAINS_OUT, on=True)
        await it.until(lambda: mains(it)[-1] is False)
        assert it.told[-1].battery_percent in range(85, 101)
        assert it.driver.health().bad_frames == 0


async def test_a_unit_that_goes_is_told_once_as_unknown(tmp_path: Path) -> None:
    async with ups_stand(tmp_path) as it:
        await it.until(lambda: it.told == [WELL])
        it.faults.switch(Fault.UPS_UNPLUGGED, on=True)
        await it.until(lambda: mains(it)[-1] is None)
        it.faults.mend_all()
        await it.until(lambda: mains(it)[-1] is True)
        assert it.told == [WELL, PowerReading(mains=None), WELL]


async def test_one_that_was_never_there_is_told_as_unknown_too(tmp_path: Path) -> None:
    told: list[PowerReading] = []
    options = PowerOptions(name="power", port=f"twin:{tmp_path}/none", baud=2_400)
    driver = POWERS["megatec"](options)
    driver.start(told.append)
    async with ups_stand(tmp_path) as other:
        await other.until(lambda: told == [PowerReading(mains=None)])
    await driver.aclose()
    assert not driver.health().present
