"""Between the loop and the hardware: pulses go out once, reports and scans come in."""

import asyncio
from pathlib import Path

import pytest

from edge.daemon.chance import TOKEN, SystemChance
from edge.daemon.devices.actuate import Actuator, Lock
from edge.daemon.devices.pumps import (
    LONGEST_TICK_S,
    RESTING_S,
    pump_doors,
    pump_scanner,
    pump_time,
)
from edge.daemon.devices.scans import ScanReader
from edge.daemon.devices.speech import Speech
from edge.daemon.devices.watch import DriverFailedError, watch_devices
from edge.daemon.station import Station
from edge.domain.door import Door
from edge.domain.effects import OpenDoor, Say
from edge.domain.inputs import TokenScanned, WaybillScanned
from edge.domain.state import State
from edge.domain.trip_inputs import SealScanned
from edge.kernel.errors import DeviceGone, DeviceJammed, PulseNotSent
from edge.kernel.ids import AuthId, CellId, Seq
from edge.store.database import Store
from edge.store.key import StationKey
from edge.words import WORDS
from hardware.ports import DeviceHealth, DoorReading
from tests.daemon.devices import HandScanner, StubbornBank
from tests.daemon.parts import WAYBILL, Counter, Rig, station_in, until
from tests.domain.van import BAG, Van
from tests.store.journals import moment, new_journal

pytestmark = pytest.mark.anyio


def kinds(store: Store) -> list[str]:
    return [row.kind for row in store.rows_after(store.epoch, Seq(0), 1_000)]


def actuator_of(rig: Rig, bank: StubbornBank) -> Actuator:
    locks = {CellId(cell): Lock(bank, channel=cell + 10) for cell in range(1, 5)}
    return Actuator(rig.station, locks, Speech(None, None))


async def test_a_wish_is_one_pulse_on_the_right_channel(tmp_path: Path) -> None:
    bank = StubbornBank()
    async with station_in(new_journal(tmp_path)) as rig:
        actuator = actuator_of(rig, bank)
        actuator.act(OpenDoor(cell=CellId(3), auth=AuthId("a-1"), attempt=1))
        actuator.act(Say(clip="door_open", cell=CellId(3)))
        await until(lambda: bank.pulses == [13])


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (PulseNotSent("unplugged"), "board_gone"),
        (DeviceGone("no answer"), "board_unsure"),
        (DeviceJammed("no"), "board_refused"),
    ],
)
async def test_a_pulse_that_failed_is_journalled_and_never_tried_again_by_itself(
    tmp_path: Path, failure: Exception, reason: str
) -> None:
    bank = StubbornBank()
    bank.fails = failure
    async with station_in(new_journal(tmp_path)) as rig:
        await rig.begin_check_in()
        rig.station.carry_out_with(actuator_of(rig, bank).act)
        await rig.scan()
        await until(lambda: kinds(rig.store)[-1] == "door.silent")
        assert reason in WORDS
        facts = [envelope for envelope, _digest in rig.store.replay()]
        assert facts[-1].body["reason"] == reason
        assert len(bank.pulses) == 1


async def test_a_bug_in_a_release_ends_the_daemon(tmp_path: Path) -> None:
    bank = StubbornBank()
    bank.fails = ZeroDivisionError("of ours")
    async with station_in(new_journal(tmp_path)) as rig:
        actuator = actuator_of(rig, bank)
        running = asyncio.create_task(actuator.run())
        actuator.act(OpenDoor(cell=CellId(3), auth=AuthId("a-1"), attempt=1))
        with pytest.raises(ZeroDivisionError, match="of ours"):
            await asyncio.wait_for(running, 5)


async def test_at_the_end_no_pulse_is_left_under_way(tmp_path: Path) -> None:
    bank = StubbornBank()
    bank.go.clear()
    async with station_in(new_journal(tmp_path)) as rig:
        actuator = actuator_of(rig, bank)
        running = asyncio.create_task(actuator.run())
        actuator.act(OpenDoor(cell=CellId(3), auth=AuthId("a-1"), attempt=1))
        await until(lambda: bank.pulses == [13])
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert bank.given_up == [13]


async def test_doors_and_cells_are_told_apart_by_the_boards_channels(tmp_path: Path) -> None:
    bank = StubbornBank()
    async with station_in(new_journal(tmp_path)) as rig:
        pump_doors(rig.station, bank, {1: CellId(3), 2: CellId(4)})
        bank.move(1, DoorReading.SHUT)
        bank.move(9, DoorReading.OPEN)  # no door of ours
        await until(lambda: rig.station.state.doors[CellId(3)].door is Door.SHUT)
        bank.move(1, DoorReading.UNKNOWN)
        await until(lambda: rig.station.state.doors[CellId(3)].door is Door.UNKNOWN)
        assert kinds(rig.store)[-2:] == ["door.shut", "door.unseen"]


async def test_a_scan_is_answered_on_the_screens_whatever_it_was(tmp_path: Path) -> None:
    scanner = HandScanner()
    async with station_in(new_journal(tmp_path)) as rig:
        await rig.begin_check_in()
        pump_scanner(rig.station, scanner, ScanReader(rig.store.key, lambda: rig.station.state))
        scanner.scan("???")
        await until(lambda: (said := rig.station.announcement()) is not None and said.serial == 1)
        said = rig.station.announcement()
        assert said is not None
        assert said.reply.key == "unreadable"
        scanner.scan(WAYBILL)
        await until(lambda: len(rig.opened_doors) == 1)
        said = rig.station.announcement()
        assert said is not None
        assert (said.serial, said.reply.ok) == (2, True)
        assert "cunyi_unreadable_scans_total 1.0" in rig.station.metrics.text().decode()


def test_a_clear_token_goes_no_further_than_its_keyed_hash(tmp_path: Path) -> None:
    StationKey.create(tmp_path)
    key = StationKey.read(tmp_path)
    reader = ScanReader(key, State)
    fresh = Counter().fresh()
    token = SystemChance(key).fresh().secrets[0].token
    for text in (token, f" {token.lower()}\r"):
        make = reader.read(text)
        assert make is not None
        told = make(moment(1), fresh)
        assert isinstance(told, TokenScanned)
        assert told.token_mac == key.mac_token(token)
        assert token not in repr(told)


def test_a_waybill_is_read_as_one_and_other_text_as_nothing(tmp_path: Path) -> None:
    StationKey.create(tmp_path)
    reader = ScanReader(StationKey.read(tmp_path), State)
    make = reader.read("yt7700123000001\n")
    assert make is not None
    told = make(moment(1), Counter().fresh())
    assert isinstance(told, WaybillScanned)
    assert told.waybill_no == WAYBILL
    assert reader.read("CY1:short") is None
    assert reader.read("") is None


def test_without_a_county_a_code_at_the_van_is_a_seal_of_which_nothing_is_known(
    tmp_path: Path,
) -> None:
    StationKey.create(tmp_path)
    van = Van()
    van.arrives()
    make = ScanReader(StationKey.read(tmp_path), lambda: van.state).read("fq0000001")
    assert make is not None
    told = make(moment(1), Counter().fresh())
    assert told == SealScanned(at=moment(1), seal=BAG, advice=None, is_waybill=False)


def test_chance_draws_what_its_names_promise(tmp_path: Path) -> None:
    StationKey.create(tmp_path)
    key = StationKey.read(tmp_path)
    chance = SystemChance(key)
    drawn = [secret for _ in range(50) for secret in chance.fresh().secrets]
    assert len({secret.token for secret in drawn}) == len(drawn)
    assert all(TOKEN.fullmatch(secret.token) for secret in drawn)
    assert all(len(secret.digits) == 8 and secret.digits.isdecimal() for secret in drawn)
    assert all(secret.code_mac == key.mac_code(secret.digits) for secret in drawn)
    assert len({chance.fresh().auth for _ in range(50)}) == 50


async def test_time_is_told_when_a_deadline_is_due(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        await rig.begin_check_in()
        ticking = asyncio.create_task(pump_time(rig.station))
        await rig.scan()  # the door stays silent
        rig.clock.mono_ms += 3_000
        rig.station.ring()
        await until(lambda: kinds(rig.store)[-1] == "door.silent")
        ticking.cancel()


async def test_where_no_deadline_waits_only_a_change_ends_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    really_changed = Station.changed

    async def changed(station: Station, seen: int, timeout_s: float) -> int:
        waits.append(timeout_s)
        return await really_changed(station, seen, timeout_s)

    async with station_in(new_journal(tmp_path)) as rig:
        monkeypatch.setattr(Station, "changed", changed)
        ticking = asyncio.create_task(pump_time(rig.station))
        await until(lambda: waits == [LONGEST_TICK_S])  # whether this boot lasts is not known yet
        rig.clock.mono_ms += rig.station.policy.steady_ms
        rig.station.ring()
        await until(lambda: waits[-1] == RESTING_S)
        await rig.begin_check_in()
        await rig.scan()
        await until(lambda: waits[-1] <= LONGEST_TICK_S)
        ticking.cancel()


async def test_a_change_of_a_devices_health_wakes_the_screens_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.daemon.devices.watch.LOOK_EVERY_S", 0.002)
    health = DeviceHealth(name="printer", present=True, simulated=True)
    looks = 0

    def look() -> tuple[DeviceHealth, ...]:
        nonlocal looks
        looks += 1
        return (health,)

    async with station_in(new_journal(tmp_path)) as rig:
        watching = asyncio.create_task(watch_devices(rig.station, look, {"lock-board-1"}))
        await until(lambda: looks > 3)
        seen = rig.station.version
        health = DeviceHealth(name="printer", present=False, simulated=True, note="missing")
        looks = 0
        await until(lambda: looks > 5)
        assert rig.station.version == seen + 1
        watching.cancel()


def failed(name: str, bug: Exception) -> DeviceHealth:
    return DeviceHealth(name=name, present=False, simulated=True, note="device.failed", failure=bug)


async def test_a_lock_board_whose_thread_failed_ends_the_daemon_with_its_cause(
    tmp_path: Path,
) -> None:
    bug = ZeroDivisionError("of ours")
    health = failed("lock-board-2", bug)
    async with station_in(new_journal(tmp_path)) as rig:
        with pytest.raises(DriverFailedError, match="lock-board-2") as caught:
            await watch_devices(rig.station, lambda: (health,), {"lock-board-1", "lock-board-2"})
    assert caught.value.__cause__ is bug


@pytest.mark.parametrize("name", ["scanner", "scale", "voice", "card-reader", "power", "signals"])
async def test_another_device_that_failed_wakes_the_screens_and_does_not_take_the_doors_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("edge.daemon.devices.watch.LOOK_EVERY_S", 0.002)
    health = failed(name, ZeroDivisionError("of ours"))
    looks = 0

    def look() -> tuple[DeviceHealth, ...]:
        nonlocal looks
        looks += 1
        return (health,)

    async with station_in(new_journal(tmp_path)) as rig:
        seen = rig.station.version
        watching = asyncio.create_task(watch_devices(rig.station, look, {"lock-board-1"}))
        await until(lambda: looks > 5)
        assert not watching.done()
        assert rig.station.version == seen + 1
        watching.cancel()
