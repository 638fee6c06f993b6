"""Two at once, somebody who has gone, and an effect that is none of the hardware's."""

import asyncio
from pathlib import Path

import pytest

from edge.daemon.devices.actuate import Actuator, Lock
from edge.daemon.devices.speech import Speech
from edge.daemon.keepers import Keepers
from edge.daemon.store_thread import StoreThread
from edge.domain.inputs import CheckInSwitched
from edge.kernel.errors import Refused
from edge.kernel.ids import CellId, KeeperId
from tests.daemon.devices import StubbornBank
from tests.daemon.parts import KEEPER, HandClock, opened, station_in, until
from tests.store.journals import new_journal, slip

pytestmark = pytest.mark.anyio


async def test_of_two_who_would_be_the_first_keeper_at_once_one_is(tmp_path: Path) -> None:
    async with opened(new_journal(tmp_path)) as (store, thread):
        keepers = Keepers(store, thread, HandClock())
        ended = await asyncio.gather(
            keepers.add_first(KeeperId("李店主"), "270953"),
            keepers.add_first(KeeperId("王店主"), "845213"),
            return_exceptions=True,
        )
        (refused,) = [end for end in ended if isinstance(end, Refused)]
        assert refused.reason == "keeper_exists"
        assert store.keeper_count() == 1
        await keepers.check(KeeperId("李店主" if ended[0] is None else "王店主"), "270953")


async def test_who_has_gone_before_the_refusal_stops_nobody(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:

        def not_signed_in() -> "asyncio.Task[object]":
            told = rig.station.tell(
                lambda at, _fresh: CheckInSwitched(at=at, keeper=KEEPER, on=True)
            )
            return asyncio.create_task(told)

        gone = not_signed_in()
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(Refused, match="not_signed_in"):
            await not_signed_in()
        await until(gone.cancelled)


async def test_what_is_stored_with_its_facts_is_nothing_for_the_locks(tmp_path: Path) -> None:
    bank = StubbornBank()
    async with station_in(new_journal(tmp_path)) as rig:
        actuator = Actuator(rig.station, {CellId(1): Lock(bank, 11)}, Speech(None, None))
        actuator.act(slip())
        await asyncio.sleep(0)
        assert bank.pulses == []


async def test_a_call_may_fail_after_everybody_has_gone() -> None:
    thread = StoreThread()
    go = asyncio.Event()
    loop = asyncio.get_running_loop()

    def fail() -> None:
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result()
        raise ZeroDivisionError

    waiting = asyncio.create_task(thread.run(fail))
    await asyncio.sleep(0)
    waiting.cancel()
    go.set()
    await until(waiting.cancelled)
    assert await thread.run(lambda: 7) == 7
    thread.close()
