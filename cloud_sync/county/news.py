"""That something changed, told from any thread to whoever waits on the event loop."""

import asyncio


class News:
    """A number that only grows. `tell` may be called from any thread, `after` on one event loop."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Event()
        self.version = 0

    def tell(self) -> None:
        """Something changed."""
        if self._loop is None or self._loop.is_closed():
            self.version += 1  # nobody listens yet, or any more
        else:
            self._loop.call_soon_threadsafe(self._turn)

    async def after(self, seen: int, timeout_s: float) -> int:
        """Wait until `version` is above `seen`, or the time-out; returns the version."""
        self._loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout_s):
                while self.version <= seen:
                    await self._changed.wait()
        except TimeoutError:
            pass
        return self.version

    def _turn(self) -> None:
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()
