"""The store's thread without a thread: every call runs at once, unless the power is gone."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from edge.daemon.store_thread import StoreCalls

_P = ParamSpec("_P")
_R = TypeVar("_R")


class InlineStore:
    """Fits StoreCalls. `passes` says before and after each call whether there is power still.

    Where there is none the call is never answered, as in a process that has ended.
    """

    def __init__(self, passes: Callable[[str], bool], after_each: Callable[[], None]) -> None:
        self._passes = passes
        self._after_each = after_each

    def begin(
        self, call: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs
    ) -> "asyncio.Future[_R]":
        """Call it now."""
        answer: asyncio.Future[_R] = asyncio.get_running_loop().create_future()
        if not self._passes("store"):
            return answer
        try:
            result = call(*args, **kwargs)
        except BaseException as failure:  # noqa: BLE001 - it is raised where it is waited for
            answer.set_exception(failure)
            return answer
        self._after_each()
        if self._passes("stored"):
            answer.set_result(result)
        return answer

    async def run(self, call: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Call it now; the answer comes as it would from the thread."""
        return await self.begin(call, *args, **kwargs)


def _fits(store: InlineStore) -> StoreCalls:
    return store
