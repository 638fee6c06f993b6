"""The store's thread: one call after another, and no call is undone because nobody waits."""

import asyncio
import threading

import pytest

from edge.daemon.store_thread import StoreThread
from tests.daemon.parts import until

pytestmark = pytest.mark.anyio


async def test_calls_run_one_after_another_in_one_thread_that_is_not_the_loops() -> None:
    thread = StoreThread()
    seen: list[tuple[int, str]] = []

    def call(number: int) -> int:
        seen.append((number, threading.current_thread().name))
        return number * 2

    answers = await asyncio.gather(*(thread.run(call, number) for number in range(20)))
    thread.close()
    assert answers == [number * 2 for number in range(20)]
    assert seen == [(number, "store") for number in range(20)]


async def test_an_error_is_raised_where_the_call_is_waited_for_and_the_thread_goes_on() -> None:
    thread = StoreThread()
    with pytest.raises(ZeroDivisionError):
        await thread.run(lambda: 1 // 0)
    assert await thread.run(lambda: 7) == 7
    thread.close()


async def test_a_call_that_nobody_waits_for_any_more_is_carried_out_all_the_same() -> None:
    thread = StoreThread()
    go, done = threading.Event(), threading.Event()

    def slow() -> None:
        go.wait()
        done.set()

    waiting = asyncio.create_task(thread.run(slow))
    await asyncio.sleep(0)
    waiting.cancel()
    go.set()
    await until(done.is_set)
    assert waiting.cancelled()
    assert await thread.run(lambda: 1) == 1
    thread.close()


async def test_closing_waits_for_what_is_under_way() -> None:
    thread = StoreThread()
    go = threading.Event()
    done: list[int] = []

    def slow() -> None:
        go.wait()
        done.append(1)

    waiting = asyncio.create_task(thread.run(slow))
    await asyncio.sleep(0)
    threading.Timer(0.02, go.set).start()
    thread.close()
    assert done == [1]
    await waiting


def test_a_loop_that_has_ended_does_not_stop_the_thread() -> None:
    thread = StoreThread()
    go = threading.Event()

    async def ask_and_leave() -> None:
        asyncio.get_running_loop().create_task(thread.run(go.wait)).add_done_callback(
            lambda task: task.cancelled()
        )
        await asyncio.sleep(0)

    asyncio.run(ask_and_leave())
    go.set()
    assert asyncio.run(thread.run(lambda: 5)) == 5
    thread.close()
