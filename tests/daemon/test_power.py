"""The supply's word on its way to the station, and a machine that is switched off in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cloud_sync.station.ports import Cursor
from edge.daemon.county.journal_source import StoreJournalSource
from edge.daemon.devices.power_pump import (
    FLUSH_MS,
    SupplyWatch,
    SwitchOffError,
    county_has_all,
    supply_word,
    switch_machine_off,
    switch_off_in_time,
)
from edge.daemon.front import PowerView
from edge.domain.power import WAIT_FOR_DOORS_MS, doors_rest
from edge.kernel.errors import ConfigError
from edge.kernel.ids import Seq
from edge.settings import parse_settings, policy_of
from edge.tools.new_station import NewStation, make_station
from edge.wiring import make_devices
from tests.daemon.devices import HandSupply
from tests.daemon.parts import Rig, station_in, until
from tests.store.journals import new_journal

pytestmark = pytest.mark.anyio


@dataclass
class Machine:
    """A machine that notes when it is switched off, with the newest facts at that moment."""

    rig: Rig
    told_all: bool = True
    fails: bool = False
    offs: list[Seq] = field(default_factory=list)

    async def has_told_all(self) -> bool:
        await asyncio.sleep(0)
        return self.told_all

    async def switch_off(self) -> None:
        await asyncio.sleep(0)
        self.offs.append(self.rig.store.head()[0])
        if self.fails:
            raise SwitchOffError("no")


@asynccontextmanager
async def machine_in(folder: Path) -> AsyncIterator[tuple[Rig, HandSupply, Machine]]:
    async with station_in(new_journal(folder)) as rig:
        supply, machine = HandSupply(), Machine(rig)
        SupplyWatch(rig.station, supply).start()
        work = asyncio.create_task(
            switch_off_in_time(rig.station, machine.has_told_all, machine.switch_off)
        )
        try:
            yield rig, supply, machine
        finally:
            work.cancel()
            await asyncio.wait([work])


async def kinds(rig: Rig) -> list[str]:
    facts = await rig.thread.run(rig.store.facts_between, Seq(0), 1_000, 1_000_000)
    return [fact.split(b'"kind":"')[1].split(b'"')[0].decode() for fact in facts]


async def test_each_word_of_the_supply_reaches_station_and_screens(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        supply = HandSupply()
        watch = SupplyWatch(rig.station, supply)
        watch.start()
        assert watch.view() == PowerView(mains=None, battery_percent=None)
        supply.tell(mains=True, percent=100)
        await until(lambda: watch.view().mains is True)
        seen = rig.station.version
        supply.tell(mains=False, percent=93)
        await until(lambda: rig.station.state.supply.lost_at is not None)
        assert watch.view() == PowerView(mains=False, battery_percent=93)
        assert rig.station.version > seen
        supply.present = False
        assert watch.view() == PowerView(mains=None, battery_percent=None)
        supply.tell(mains=True, percent=93)
        await until(lambda: rig.station.state.supply.lost_at is None)
        assert (await kinds(rig))[-2:] == ["power.lost", "power.restored"]


async def test_a_word_after_the_end_of_the_loop_is_no_error(tmp_path: Path) -> None:
    supply = HandSupply()

    def life() -> None:
        async def live() -> None:
            async with station_in(new_journal(tmp_path)) as rig:
                SupplyWatch(rig.station, supply).start()

        asyncio.run(live())

    await asyncio.to_thread(life)
    supply.tell(mains=False)


@pytest.mark.parametrize(
    ("view", "word"),
    [
        (PowerView(mains=True, battery_percent=None), "mains"),
        (PowerView(mains=True, battery_percent=100), "mains.100"),
        (PowerView(mains=False, battery_percent=0), "battery.0"),
        (PowerView(mains=False, battery_percent=None), "battery"),
        (PowerView(mains=None, battery_percent=50), "power.unsure"),
    ],
)
async def test_the_county_hears_how_the_station_is_fed(view: PowerView, word: str) -> None:
    assert supply_word(view) == word


async def test_a_machine_goes_off_once_with_stopping_as_its_last_fact(tmp_path: Path) -> None:
    async with machine_in(tmp_path) as (rig, supply, machine):
        supply.tell(mains=False, percent=9, low=True)
        await until(lambda: bool(machine.offs))
        assert (await kinds(rig))[-3:] == ["power.lost", "power.battery_low", "station.stopping"]
        assert machine.offs == [rig.store.head()[0]]
        supply.tell(mains=False, percent=8, low=True)
        rig.station.ring()
        await until(lambda: doors_rest(rig.station.state, rig.station.now()))
        assert len(machine.offs) == 1


async def test_somebody_at_an_open_door_is_waited_for(tmp_path: Path) -> None:
    async with machine_in(tmp_path) as (rig, supply, machine):
        await rig.begin_check_in()
        await rig.scan()
        await rig.move(1, is_open=True)
        supply.tell(mains=False, low=True)
        await until(lambda: rig.station.state.supply.low_at is not None)
        rig.clock.mono_ms += WAIT_FOR_DOORS_MS - 1
        rig.station.ring()
        await asyncio.sleep(0)
        assert machine.offs == []
        await rig.move(1, is_open=False)
        await until(lambda: bool(machine.offs))
        assert "parcel.stored" in await kinds(rig)


async def test_the_county_is_waited_for_but_not_for_ever(tmp_path: Path) -> None:
    async with machine_in(tmp_path) as (rig, supply, machine):
        machine.told_all = False
        before = rig.store.head()[0]
        supply.tell(mains=False, low=True)
        await until(lambda: rig.store.head()[0] == before + 3)
        assert machine.offs == []

        def off_when_the_time_is_over() -> bool:
            # Again and again: the wait may begin only now.
            rig.clock.mono_ms += FLUSH_MS
            rig.station.ring()
            return bool(machine.offs)

        await until(off_when_the_time_is_over)


async def test_mains_that_come_back_meanwhile_keep_the_machine_on(tmp_path: Path) -> None:
    async with machine_in(tmp_path) as (rig, supply, machine):
        machine.told_all = False
        before = rig.store.head()[0]
        supply.tell(mains=False, low=True)
        await until(lambda: rig.store.head()[0] == before + 3)
        supply.tell(mains=True)
        await until(lambda: rig.station.state.supply.lost_at is None)
        machine.told_all = True
        rig.clock.mono_ms += 60_000
        supply.tell(mains=False, low=True)  # and then for good
        await until(lambda: bool(machine.offs))
        assert (await kinds(rig)).count("station.stopping") == 2
        assert len(machine.offs) == 1


async def test_a_system_that_does_not_switch_off_leaves_the_station_up_until_the_mains_are_back(
    tmp_path: Path,
) -> None:
    async with machine_in(tmp_path) as (rig, supply, machine):
        machine.fails = True
        supply.tell(mains=False, low=True)
        await until(lambda: bool(machine.offs))
        supply.tell(mains=True)
        await until(lambda: rig.station.state.supply.lost_at is None)
        await rig.begin_check_in()
        assert await rig.check_in() == 1


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("/bin/sh", "-c", "echo 不行 >&2; exit 1"), "不行"),
        (("/nowhere/systemctl", "poweroff"), "No such file"),
    ],
)
async def test_a_system_that_will_not_says_why(command: tuple[str, ...], told: str) -> None:
    with pytest.raises(SwitchOffError, match=told):
        await switch_machine_off(command)


async def test_the_county_has_all_once_it_acknowledged_the_newest_fact(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        journal = StoreJournalSource(rig.store, rig.thread)
        assert not await county_has_all(journal)
        await journal.save_cursor(Cursor(county_gen="g", applied_seq=1, durable_seq=0))
        assert await county_has_all(journal)
        await rig.shut_all()
        assert not await county_has_all(journal)


async def test_a_system_that_will_is_asked_in_its_own_words(tmp_path: Path) -> None:
    off = tmp_path / "off"
    await switch_machine_off(("/bin/sh", "-c", f"echo off > {off}"))
    assert off.read_text(encoding="utf-8") == "off\n"


async def test_what_station_toml_says_of_power_reaches_rules_and_driver(tmp_path: Path) -> None:
    text = station_toml(tmp_path) + "[rules]\nhold_check_in_on_battery = false\n"
    wanted = '[power]\ndriver = "gpio"\nport = "gpio"\nmains_pin = 5\npoweroff = true\n'
    settings = parse_settings(text + wanted, "here")
    assert settings.power is not None
    assert settings.power.poweroff
    assert not policy_of(settings).hold_check_in_on_battery
    assert make_devices(tmp_path, settings).power is not None


async def test_a_pin_for_the_battery_alone_is_refused(tmp_path: Path) -> None:
    wanted = '[power]\ndriver = "gpio"\nport = "gpio"\nlow_pin = 6\n'
    with pytest.raises(ConfigError, match="mains_pin"):
        parse_settings(station_toml(tmp_path) + wanted, "here")


def station_toml(folder: Path) -> str:
    """A new station's settings, on twins."""
    wanted = NewStation(
        county="shangyou",
        station="pingshang",
        name="坪上村驿",
        broker="mqtt://127.0.0.1:1883",
        web_port=8601,
        twins=folder,
    )
    return make_station(folder / "made", wanted).read_text(encoding="utf-8") + "\n"
