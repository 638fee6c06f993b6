"""A slow line in front of a broker: every byte counted, paced and held back, as on a village's air.

One line for all connections through it. Each way has its own pace, as in a mobile network; a byte
leaves when the line is free and arrives half a round trip later. What the air loses TCP sends
anew, later and later, and all that follows on its connection waits. Pace, delay and loss may be
changed at any moment, for what is sent from then on.
"""

import asyncio
import contextlib
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from edge.tools.children import free_ports

_CHUNK = 2_048
_MOST_UNDER_WAY = 64
"""Chunks that wait on the line: a modem's buffer of 128 kB, then the sender has to wait."""
_SENT_ANEW_AFTER_S = 0.2
"""Linux's least wait before TCP sends again; it doubles each time."""


@dataclass(slots=True)
class Way:
    """One direction of the line. `lost` is the share of the chunks that the air swallows."""

    bytes_per_s: float
    delay_s: float
    lost: float = 0.0
    dice: random.Random = field(default_factory=lambda: random.Random(0))
    carried: int = 0
    sent_anew: int = 0
    free_at: float = 0.0

    def arrival(self, now: float, size: int) -> float:
        """When bytes that are sent now arrive; the line is taken up to their end."""
        self.carried += size
        self.free_at = max(now, self.free_at) + size / self.bytes_per_s
        waited, wait = 0.0, _SENT_ANEW_AFTER_S
        while self.dice.random() < self.lost:
            self.free_at += size / self.bytes_per_s
            self.sent_anew += 1
            waited, wait = waited + wait, wait * 2
        return self.free_at + self.delay_s + waited


class SlowLine:
    """A TCP proxy on loopback. `up` is towards the broker."""

    def __init__(self, broker_port: int, kbit_per_s: float, round_trip_s: float) -> None:
        self.port = free_ports(1)[0]
        rate = kbit_per_s * 1_000 / 8
        self.up = Way(rate, round_trip_s / 2)
        self.down = Way(rate, round_trip_s / 2)
        self._broker_port = broker_port
        self._loop = asyncio.new_event_loop()
        self._ready, self._over = threading.Event(), asyncio.Event()
        self._carries = asyncio.Event()
        self._carries.set()
        self._thread = threading.Thread(target=self._run, name="slow-line")
        self._talks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Take connections from here on."""
        self._thread.start()
        assert self._ready.wait(10)

    def close(self) -> None:
        """Cut every connection and end."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def fall_silent(self) -> None:
        """Bring nothing any more, and say nothing of it: connections stay, new ones are taken."""
        self._loop.call_soon_threadsafe(self._carries.clear)

    def speak_again(self) -> None:
        """Bring what waits, and go on."""
        self._loop.call_soon_threadsafe(self._carries.set)

    def cut(self) -> None:
        """Break every connection; what is under way is lost."""
        self._loop.call_soon_threadsafe(self._cut)

    def _cut(self) -> None:
        for talk in self._talks:
            talk.cancel()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._meet, "127.0.0.1", self.port)
        self._ready.set()
        await self._over.wait()
        server.close()
        self._cut()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _meet(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        task.add_done_callback(self._talks.discard)
        try:
            far_in, far_out = await asyncio.open_connection("127.0.0.1", self._broker_port)
        except OSError:
            near_out.close()
            return
        ways = [
            asyncio.create_task(_carry(self.up, self._carries, near_in, far_out)),
            asyncio.create_task(_carry(self.down, self._carries, far_in, near_out)),
        ]
        try:
            with contextlib.suppress(asyncio.CancelledError):  # cut: an end, not a failure
                await asyncio.wait(ways, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            for end in (near_out, far_out):
                end.transport.abort()


async def _carry(
    way: Way, carries: asyncio.Event, source: asyncio.StreamReader, sink: asyncio.StreamWriter
) -> None:
    loop = asyncio.get_running_loop()
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_MOST_UNDER_WAY)

    async def deliver() -> None:
        while True:
            arrives_at, chunk = await under_way.get()
            await asyncio.sleep(arrives_at - loop.time())
            await carries.wait()
            if not chunk:
                sink.write_eof()
                return
            sink.write(chunk)
            await sink.drain()

    delivering = asyncio.create_task(deliver())
    try:
        with contextlib.suppress(OSError):
            while chunk := await source.read(_CHUNK):
                await under_way.put((way.arrival(loop.time(), len(chunk)), chunk))
        await under_way.put((way.arrival(loop.time(), 0), b""))
        await delivering
    finally:
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)


@contextmanager
def slow_line(broker_port: int, kbit_per_s: float, round_trip_s: float) -> Iterator[SlowLine]:
    """A line that is up, ended afterwards."""
    line = SlowLine(broker_port, kbit_per_s, round_trip_s)
    line.start()
    try:
        yield line
    finally:
        line.close()
