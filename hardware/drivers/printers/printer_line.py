"""The way to one printer: its port, the one thread in which all talk happens, its last report.

`health` sends the thread to look now and then, so that a printer which is switched off shows
before somebody needs it.

python-escpos could carry the bytes too, and does not: its Serial and Network wait for ever for a
printer that takes no more or for 60 s for one that is not there, none of its transports can be
woken when the station stops, a write that was cut short does not say how much went out, and a
port that is missing is asked about with assert. Ours (hardware.byte_channel, hardware.usb_port)
do; from python-escpos come pictures as raster and the constants of the commands.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

from edge.kernel.errors import DeviceGone, DeviceJammed
from hardware.byte_channel import ByteChannel, PortGone, is_simulated
from hardware.drivers.port_keeper import PortKeeper
from hardware.options import PrinterOptions
from hardware.ports import DeviceHealth, PaperState

_R = TypeVar("_R")

ANSWER_S: Final = 0.5
"""A printer answers a real-time question within some ms; many clones never do."""
LOOK_EVERY_S: Final = 5.0
STUCK_S: Final = 10.0
"""A printer whose buffer is full takes no more until it has printed some: 1 kB is 3 s of dots."""
LOOK_UP_S: Final = 0.2
"""How often a write that waits for room looks whether the station is stopping."""
SILENT: Final = "device.silent"
_MOST_STRAYS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a printer says of itself. Word keys: `trouble` stops it, `hint` does not.

    `sure`: it answered more than one question, so it is a printer that answers and no stray byte.
    """

    paper: PaperState
    trouble: str = ""
    hint: str = ""
    sure: bool = False


_NOTHING: Final = Report(paper=PaperState.UNKNOWN)


class PrinterLine:
    """`ask` finds out how the printer behind an open channel is, None when it does not answer.

    `greeting` goes out first through each freshly opened port. `overhear` gets what is thrown away.
    """

    def __init__(
        self,
        options: PrinterOptions,
        ask: Callable[[ByteChannel], Report | None],
        greeting: bytes = b"",
        overhear: Callable[[bytes], None] = lambda _data: None,
    ) -> None:
        self.name = options.name
        self.report = _NOTHING
        self.bad_answers = 0
        self.doubtful = True
        """Whether the printer may wait for the rest of a command that was broken off."""
        self.owed = 0
        """How many questions that are answered in their turn have no answer yet."""
        self._port = options.port
        self._keeper = PortKeeper(options.name, options.port, options.baud)
        self._ask = ask
        self._greeting = greeting
        self._overhear = overhear
        self._channel: ByteChannel | None = None
        self._answers = False
        self._looked_s = float("-inf")
        self._looking: Future[PaperState] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=options.name)

    # -- from the event loop

    async def print(self, lay_out: Callable[[], bytes], send: Callable[..., None]) -> None:
        """In the thread: lay the document out, look, then `send(channel, data)`.

        Raises DeviceGone or DeviceJammed, and whatever `lay_out` raises, before a byte is sent.
        """
        if self._keeper.stopping:
            raise DeviceGone(f"{self.name} is closed")
        await self._in_thread(lambda: self._print(lay_out, send))

    async def paper(self) -> PaperState:
        """Ask. UNKNOWN without an answer, or without a printer."""
        if self._keeper.stopping:
            return PaperState.UNKNOWN
        return await self._in_thread(self._look)

    def health(self) -> DeviceHealth:
        """The last known condition; starts a fresh look when the last one is some seconds old."""
        now_s = time.monotonic()
        idle = self._looking is None or self._looking.done()
        if idle and not self._keeper.stopping and now_s - self._looked_s > LOOK_EVERY_S:
            self._looked_s = now_s
            self._looking = self._thread.submit(self._look)
        port = self._keeper.condition
        return DeviceHealth(
            name=self.name,
            present=port.open,
            simulated=is_simulated(self._port),
            note=port.note or self.report.trouble or self.report.hint,
            bad_frames=self.bad_answers,
            reconnects=port.reconnects,
        )

    async def aclose(self) -> None:
        """Break off what is being printed, part of which may be out; give the port back."""
        self._keeper.stop()
        await asyncio.to_thread(self._thread.shutdown, wait=True, cancel_futures=True)
        self._keeper.close()

    async def _in_thread(self, call: Callable[[], _R]) -> _R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    # -- in the thread

    def refresh(self, channel: ByteChannel) -> None:
        """Ask again. Raises PortGone, DeviceGone when it fell silent, DeviceJammed in trouble."""
        report = self._ask(channel)
        if report is None and self._answers:
            # Its port is still there, e.g. an adapter's: the printer behind it was switched off.
            self.report = Report(paper=PaperState.UNKNOWN, trouble=SILENT)
            self.owed = 0
            raise DeviceGone(f"{self.name} answers no more; part of the document may be out")
        self.report = report or _NOTHING
        self._answers = self._answers or self.report.sure
        if self.report.trouble:
            raise DeviceJammed(f"{self.name} says {self.report.trouble}")

    def hand_over(self, channel: ByteChannel, data: bytes) -> None:
        """Write all, as fast as the printer takes it. Raises PortGone or DeviceGone."""
        left = memoryview(data)
        moved_s = time.monotonic()
        while left:
            self.refuse_when_closing()
            taken = channel.write_some(left, LOOK_UP_S)
            left = left[taken:]
            now_s = time.monotonic()
            moved_s = now_s if taken else moved_s
            if now_s - moved_s > STUCK_S:
                raise PortGone(f"{self.name} takes no more; {len(left)} bytes are left")

    def ask(
        self, channel: ByteChannel, question: bytes, understand: Callable[[bytes], _R | None]
    ) -> _R | None:
        """One answer, or None. Answers carry no name, so late ones are thrown away first."""
        self.throw_away(channel)
        channel.write(question)
        until_s = time.monotonic() + ANSWER_S
        while not self._keeper.stopping and (wait_s := until_s - time.monotonic()) > 0:
            if (answer := understand(channel.read(wait_s))) is not None:
                return answer
        return None

    def throw_away(self, channel: ByteChannel) -> None:
        """Forget what has come in."""
        for _ in range(_MOST_STRAYS):  # a line that babbles without end must not hold us
            if not (data := channel.read(0)):
                return
            self._overhear(data)

    def refuse_when_closing(self) -> None:
        """Raises DeviceGone when the station is stopping."""
        if self._keeper.stopping:
            raise DeviceGone(f"{self.name} was closed; part of the document may be out")

    def _look(self) -> PaperState:
        """Open the port if need be and ask; never raises."""
        try:
            channel = self._open()
            if channel is not None:
                self.refresh(channel)
        except PortGone as cause:
            self._lose(cause)
        except (DeviceGone, DeviceJammed):
            pass  # it is in the report
        return self.report.paper

    def _print(self, lay_out: Callable[[], bytes], send: Callable[..., None]) -> None:
        data = lay_out()
        try:
            channel = self._open()
            if channel is None:
                raise DeviceGone(f"{self.name} is not there; nothing was printed")
            self.refresh(channel)
            send(channel, data)
        except PortGone as cause:
            self._lose(cause)
            raise

    def _open(self) -> ByteChannel | None:
        if self._channel is None and (channel := self._keeper.open()) is not None:
            self._channel = channel
            self._answers, self.doubtful, self.owed = False, True, 0
            channel.write(self._greeting)
        return self._channel

    def _lose(self, cause: PortGone) -> None:
        self._channel = None
        self.report = _NOTHING
        self._keeper.lost(cause)
