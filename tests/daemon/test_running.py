"""A running station as its pages and the sync session see it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cloud_sync.station.ports import Cursor
from edge.daemon.clock import BUILD_FLOOR_MS, SystemClock
from edge.daemon.county.journal_source import StoreJournalSource
from edge.daemon.couriers import Couriers
from edge.daemon.devices.actuate import Lock
from edge.daemon.devices.articles import read_articles
from edge.daemon.devices.print_worker import PrintWorker
from edge.daemon.front import Front, LinkView
from edge.daemon.keepers import Keepers
from edge.daemon.running import RunningStation
from edge.kernel.errors import Refused
from edge.kernel.hashing import GENESIS
from edge.kernel.ids import CellId, KeeperId, StationId
from edge.web.snapshot import look_at
from tests.daemon.devices import HandScanner, PaperPrinter, StubbornBank
from tests.daemon.parts import KEEPER, WAYBILL, Rig, station_in
from tests.store.journals import new_journal

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def front_in(
    folder: Path, clock_note: Callable[[], str] = str
) -> AsyncIterator[tuple[Front, RunningStation, Rig]]:
    async with station_in(new_journal(folder)) as rig:
        printer, bank = PaperPrinter(), StubbornBank()
        bank.inside = {1: False, 2: True}
        running = RunningStation(
            station_id=StationId("pingshang"),
            station_name="坪上村驿",
            software="0.1.0",
            simulated=True,
            station=rig.station,
            keepers=Keepers(rig.store, rig.thread, rig.clock),
            couriers=Couriers(rig.store, rig.thread, rig.clock),
            print_worker=PrintWorker(
                station=rig.station,
                station_name="坪上村驿",
                store=rig.store,
                store_thread=rig.thread,
                printer=printer,
            ),
            key=rig.store.key,
            devices=(bank, HandScanner(), printer),
            articles=lambda: read_articles({CellId(n): Lock(bank, 3 - n) for n in (1, 2)}),
            clock_note=clock_note,
        )
        yield running, running, rig


async def test_a_code_typed_by_hand_goes_the_scanners_way(tmp_path: Path) -> None:
    async with front_in(tmp_path) as (front, _running, rig):
        said = await front.scanned("???")
        assert said is not None
        assert (said.ok, said.key) == (False, "unreadable")
        await rig.begin_check_in()
        said = await front.scanned(WAYBILL.lower())
        assert said is not None
        assert said.ok
        assert len(rig.opened_doors) == 1
        assert front.state is rig.station.state


async def test_devices_are_told_in_the_order_bank_scanner_printer(tmp_path: Path) -> None:
    async with front_in(tmp_path) as (front, _running, _rig):
        assert [device.name for device in front.devices()] == [
            "lock-board-1",
            "scanner",
            "printer",
        ]
        metrics = front.metrics().decode()
    assert 'cunyi_device_present{device="printer"} 1.0' in metrics
    assert 'cunyi_facts_total{kind="station.started"} 1.0' in metrics


async def test_the_county_hears_among_the_devices_that_its_time_is_not_believed(
    tmp_path: Path,
) -> None:
    clock = SystemClock(boot=1, floor_ms=BUILD_FLOOR_MS, wall_ns=lambda: 0)
    async with front_in(tmp_path, lambda: clock.doubt) as (_front, running, _rig):
        assert "clock" not in running.device_states()
        for hours, note in ((-2, "clock.county_behind"), (0, "")):
            now = clock.now()
            clock.learn(now.wall_lo_ms + hours * 3_600_000, now.mono_ms, now.mono_ms)
            assert running.device_states().get("clock", "") == note


async def test_a_screen_sees_what_the_article_sensors_say(tmp_path: Path) -> None:
    async with front_in(tmp_path) as (front, _running, _rig):
        assert look_at(front).articles == {CellId(1): True, CellId(2): False}


def test_a_board_whose_inputs_are_all_alike_may_have_no_sensors_and_is_not_believed() -> None:
    wired, bare, dumb = StubbornBank(), StubbornBank(), StubbornBank()
    wired.inside = {1: True, 2: False, 3: False}
    bare.inside = {1: True, 2: True, 3: False}  # nothing hangs on its third channel
    locks = {CellId(n): Lock(wired, n) for n in (1, 2)}
    locks |= {CellId(n + 2): Lock(bare, n) for n in (1, 2)}
    locks[CellId(5)] = Lock(dumb, 1)
    assert read_articles(locks) == {CellId(1): True, CellId(2): False}


async def test_a_change_of_the_link_wakes_the_screens_and_the_same_again_does_not(
    tmp_path: Path,
) -> None:
    async with front_in(tmp_path) as (front, running, _rig):
        seen = front.version
        for _ in range(2):
            running.link_changed(LinkView(online=True, waiting=3))
        assert front.version == seen + 1
        assert front.link() == LinkView(online=True, waiting=3)
        metrics = front.metrics().decode()
    assert "cunyi_facts_waiting 3.0" in metrics
    assert "cunyi_link_up 1.0" in metrics


async def test_the_first_keeper_wakes_the_screens_and_can_prove_who_they_are(
    tmp_path: Path,
) -> None:
    async with front_in(tmp_path) as (front, _running, _rig):
        assert not await front.keeper_exists()
        waiting = asyncio.create_task(front.changed(front.version, 5))
        await asyncio.sleep(0)
        await front.add_first_keeper(KEEPER, "270953")
        await waiting
        await front.check_pin(KEEPER, "270953")
        with pytest.raises(Refused, match="pin_wrong"):
            await front.check_pin(KeeperId("somebody"), "270953")


async def test_a_typed_code_is_hashed_with_the_stations_key(tmp_path: Path) -> None:
    async with front_in(tmp_path) as (front, _running, rig):
        assert front.code_mac("44719026") == rig.store.key.mac_code("44719026")


async def test_the_sync_session_reads_the_journal_through_the_stores_thread(
    tmp_path: Path,
) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        await rig.shut_all()
        source = StoreJournalSource(rig.store, rig.thread)
        head = await source.head()
        assert (head.epoch, head.seq) == (1, 5)
        assert await source.hash_at(5) == bytes.fromhex(head.hash)
        assert await source.hash_at(0) == GENESIS
        assert await source.hash_at(6) is None
        assert len(await source.facts_after(2, 100, 10_000)) == 3
        await source.save_cursor(Cursor(county_gen="g", applied_seq=5, durable_seq=4))
        assert await source.cursor() == Cursor(county_gen="g", applied_seq=5, durable_seq=4)
