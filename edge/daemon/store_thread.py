"""The one thread that may touch the store: a slow card stalls it, never the pages."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")


class StoreThread:
    """Runs store calls one after another."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    async def run(self, call: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Call in the store's thread and wait. Cancelling the wait does not undo the call."""
        loop = asyncio.get_running_loop()
        return await asyncio.shield(loop.run_in_executor(self._pool, lambda: call(*args, **kwargs)))

    def close(self) -> None:
        """Wait for what is under way, then end the thread."""
        self._pool.shutdown(wait=True)
