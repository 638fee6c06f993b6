"""Virtual time: days pass in no time, in the same order in every run."""

import asyncio

import pytest

from edge.simulation.ground.virtual_loop import AllAsleepError, StuckError, VirtualLoop


def test_a_month_of_waiting_takes_no_time_and_timers_ring_in_order() -> None:
    loop, rung = VirtualLoop(), []

    async def wait(seconds: float) -> None:
        await asyncio.sleep(seconds)  # virtual time, which is what is tested
        rung.append((seconds, loop.time()))

    async def everybody() -> None:
        await asyncio.gather(*(wait(s) for s in (30 * 86_400.0, 5.0, 86_400.0)))

    loop.run(everybody())
    loop.close()
    assert rung == [(5.0, 5.0), (86_400.0, 86_400.0), (2_592_000.0, 2_592_000.0)]


@pytest.mark.parametrize("years", [0.4, 0.6, 5.0, 100.0])
def test_short_waits_end_however_long_a_world_has_lasted(years: float) -> None:
    loop = VirtualLoop(start_s=years * 365.25 * 86_400.0)

    async def program() -> None:
        for number in range(2_000):
            await asyncio.sleep(0.001 * number / 7)

    loop.run(asyncio.wait_for(program(), 3_600.0))
    loop.close()


def test_what_another_thread_would_do_is_done_here_and_now() -> None:
    loop = VirtualLoop()

    async def program() -> tuple[int, int]:
        return await asyncio.to_thread(lambda: 6 * 7), round(loop.time())

    assert loop.run(program()) == (42, 0)
    loop.close()


def test_a_program_that_waits_for_nothing_is_told_so() -> None:
    loop = VirtualLoop()

    async def program() -> None:
        await loop.create_future()

    with pytest.raises(AllAsleepError):
        loop.run(program())
    loop.close()


def test_a_program_that_turns_in_place_is_told_so() -> None:
    loop = VirtualLoop()

    async def program() -> None:
        while True:  # noqa: ASYNC110 - the mistake that is to be noticed
            await asyncio.sleep(0)

    with pytest.raises(StuckError):
        loop.run(program())
    loop.close()
