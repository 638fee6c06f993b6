"""The county's time, from a WELCOME to the clock and to the journal."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from cloud_sync.station.talks.clock_talk import ASK_AGAIN_MS, ClockTalk
from cloud_sync.wire.messages import Welcome
from edge.daemon.clock import BUILD_FLOOR_MS, COUNTY_BEHIND, SystemClock
from edge.daemon.county.timekeeper import Timekeeper, keep_time
from edge.daemon.metrics import StationMetrics
from edge.daemon.recovery import recover_state
from edge.daemon.station import Station
from edge.kernel.ids import CountyId, StationId
from edge.store.database import Store
from tests.daemon.parts import POLICY, Counter, opened, until
from tests.sync.house import House, MemoryJournal

pytestmark = pytest.mark.anyio
COUNTY_MS = BUILD_FLOOR_MS + 40 * 86_400_000


def _welcome(house: House, *, nonce: str = "", verdict: str = "ok") -> Welcome:
    return Welcome(
        nonce=nonce or house.pipe.hello().nonce,
        session=f"s-{house.now_ms}",
        county_gen="1-ab",
        verdict=verdict,
        applied=house.journal.place(0),
        durable_seq=0,
        county_time_ms=COUNTY_MS,
    )


async def _until_told(verdict: str = "ok", *, twice: bool = False) -> list[tuple[int, int, int]]:
    """What a WELCOME 70 ms after the HELLO tells; the HELLO may have been lost once."""
    told: list[tuple[int, int, int]] = []

    def tell(county_ms: int, asked_ms: int, heard_ms: int, session: str) -> bool:
        assert session
        told.append((county_ms, asked_ms, heard_ms))
        return True

    def asked_at(nonce: str) -> int | None:
        return house.session.hello_sent_ms(nonce)

    talk = ClockTalk(
        tell,
        clock_ms=lambda: house.now_ms,
        asked_at=asked_at,
        ask_again=lambda: house.session.greet_anew(),  # noqa: PLW0108 - the house is made below
    )
    house = House(MemoryJournal(), talks=(talk,))
    running = asyncio.create_task(house.session.run())
    await house.settle()
    house.pipe.rise()
    await house.settle()
    if twice:
        first = house.pipe.hello().nonce
        await house.pass_ms(10_000)
        assert house.pipe.hello().nonce == first, "the same question once more"
    house.now_ms += 70
    house.pipe.deliver(_welcome(house, nonce="of-somebody-else"))
    house.pipe.deliver(_welcome(house, verdict=verdict))
    await house.settle()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    return told


async def test_a_welcome_tells_the_time_between_the_question_and_its_answer() -> None:
    assert await _until_told() == [(COUNTY_MS, 5_000, 5_070)]


async def test_a_question_that_was_repeated_counts_from_the_first_time() -> None:
    assert await _until_told(twice=True) == [(COUNTY_MS, 5_000, 15_070)]


async def test_a_county_that_does_not_take_us_tells_no_time() -> None:
    assert await _until_told("fork") == []


async def test_a_time_that_was_not_believed_is_asked_for_again_over_a_quiet_link() -> None:
    sessions: list[str] = []

    def tell(county_ms: int, asked_ms: int, heard_ms: int, session: str) -> bool:
        assert (county_ms, asked_ms) == (COUNTY_MS, heard_ms)
        sessions.append(session)
        return len(sessions) > 1

    talk = ClockTalk(
        tell,
        clock_ms=lambda: house.now_ms,
        asked_at=lambda nonce: house.session.hello_sent_ms(nonce),  # noqa: PLW0108 - the same
        ask_again=lambda: house.session.greet_anew(),  # noqa: PLW0108 - the house is made below
    )
    house = House(MemoryJournal(), talks=(talk,))
    running = asyncio.create_task(house.session.run())
    await house.settle()
    house.pipe.rise()
    await house.settle()
    first = house.pipe.hello().nonce
    house.pipe.deliver(_welcome(house))
    await house.settle()
    due = [talk.due_ms, house.now_ms + ASK_AGAIN_MS]
    await house.pass_ms(ASK_AGAIN_MS)
    again = house.pipe.hello().nonce
    assert again != first
    house.pipe.deliver(_welcome(house))
    await house.settle()
    due.append(talk.due_ms)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert len(set(sessions)) == 2
    assert due == [due[1], due[1], None]


async def test_the_fact_about_the_time_has_the_bracket_already_and_comes_once(
    tmp_path: Path,
) -> None:
    Store.create(tmp_path, CountyId("shangyou"), StationId("pingshang"))
    async with opened(tmp_path) as (store, thread):
        clock = SystemClock(boot=store.boot, floor_ms=0)
        station = Station(
            store=store,
            store_thread=thread,
            policy=POLICY,
            state=await thread.run(recover_state, store, POLICY),
            clock=clock,
            chance=Counter(),
            metrics=StationMetrics(),
        )
        await station.boot("0.1.0")
        running = asyncio.create_task(station.run())
        keeper = Timekeeper(station, clock)
        county_ms = clock.now().wall_lo_ms
        heard_ms = clock.mono_ms()
        keeper(county_ms, heard_ms, heard_ms, "a")
        await until(lambda: station.state.synced is not None)
        keeper(county_ms, heard_ms, heard_ms, "b")
        keeper(county_ms - 86_400_000, heard_ms, heard_ms, "c")  # not believed, so no fact
        await until(lambda: clock.county_at(0) is None)
        running.cancel()
        await asyncio.wait([running])
        facts = [fact for fact, _hash in store.replay() if fact.kind == "clock.synced"]
    (fact,) = facts
    assert fact.wall_hi is not None
    assert abs(fact.body["county_ms"] - county_ms) < 5_000
    assert fact.body["error_ms"] < 1_000
    assert clock.doubt == COUNTY_BEHIND


async def test_how_late_it_is_outlives_a_stop_without_a_single_fact(tmp_path: Path) -> None:
    Store.create(tmp_path, CountyId("shangyou"), StationId("pingshang"))
    async with opened(tmp_path) as (store, thread):
        clock = SystemClock(boot=store.boot, floor_ms=COUNTY_MS, wall_ns=lambda: 0)
        for every_s in (0.001, 3_600.0):
            keeping = asyncio.create_task(keep_time(store, thread, clock, every_s))
            await asyncio.sleep(0.02)
            keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeping
    async with opened(tmp_path) as (store, _thread):
        assert store.wall_floor_ms >= COUNTY_MS
