"""The one thread that may touch the store: a slow card stalls it, never the pages."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import Any, ParamSpec, Protocol, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")
_Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]


class StoreCalls(Protocol):
    """Where store calls are made, one after another: a thread, or a simulator's own line."""

    def begin(
        self, call: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs
    ) -> "asyncio.Future[_R]":
        """Have it called. Cancelling the answer does not undo the call."""

    async def run(self, call: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Call and wait. Cancelling the wait does not undo the call."""


class StoreThread:
    """Runs store calls one after another.

    A thread of our own instead of an executor: one hop less each way, and each decision makes one.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        # A daemon thread: a card that hangs for ever must not keep the process from ending.
        self._thread = threading.Thread(target=self._work, name="store", daemon=True)
        self._thread.start()

    def begin(
        self, call: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs
    ) -> "asyncio.Future[_R]":
        """Have it called in the store's thread. Cancelling the answer does not undo the call."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_R] = loop.create_future()
        self._jobs.put((loop, answer, partial(call, *args, **kwargs)))
        return answer

    async def run(self, call: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Call in the store's thread and wait. Cancelling the wait does not undo the call."""
        return await self.begin(call, *args, **kwargs)

    def close(self) -> None:
        """Wait for what is under way, then end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            loop, answer, call = job
            try:
                tell = partial(_answer, answer, call())
            except BaseException as failure:  # noqa: BLE001 - it is raised where it is waited for
                tell = partial(_fail, answer, failure)
            with suppress(RuntimeError):  # the loop has ended: nobody waits any more
                loop.call_soon_threadsafe(tell)


def _answer(answer: "asyncio.Future[_R]", result: _R) -> None:
    if not answer.done():
        answer.set_result(result)


def _fail(answer: "asyncio.Future[Any]", failure: BaseException) -> None:
    if not answer.done():
        answer.set_exception(failure)


def _conforms(thread: StoreThread) -> StoreCalls:
    return thread
