"""That something changed, told from any thread to whoever waits on the event loop."""

import asyncio


class News:
    """A number that only grows. Made on the event loop; `tell` may be called from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self.version = 0

    def tell(self) -> None:
        """Something changed."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._turn)

    async def after(self, seen: int, timeout_s: float) -> int:
        """Wait until `version` is above `seen`, or the time-out; returns the version."""
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
