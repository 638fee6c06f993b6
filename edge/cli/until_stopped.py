"""Runs a daemon until Ctrl-C or SIGTERM."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any, Final

from edge.kernel.errors import CunyiError

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def run_until_stopped(run: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Run until a signal. Of several failures the first expected one is raised."""

    async def until_signal() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def end() -> None:
            stop.set()
            for number in STOP_SIGNALS:  # the second one is not waited for
                loop.remove_signal_handler(number)

        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, end)
        await run(stop)

    try:
        asyncio.run(until_signal())
    except BaseExceptionGroup as group:
        # The loop's chores stand or fall together; the first expected cause is what to tell.
        expected, _rest = group.split(CunyiError)
        if expected is None:
            raise
        raise _first(expected) from group


def _first(group: BaseExceptionGroup[CunyiError]) -> CunyiError:
    found = group.exceptions[0]
    return _first(found) if isinstance(found, BaseExceptionGroup) else found
