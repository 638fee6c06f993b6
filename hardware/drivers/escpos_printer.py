"""An ESC/POS receipt printer on a serial line, a socket, a device file, or a twin's pty.

All talk with the printer happens in one thread of its own; `health` sends it to look now and
then, so that a printer which is switched off shows before somebody needs it.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

import structlog

from edge.kernel.errors import DeviceGone, DeviceJammed
from firmware_bridge.receipt_printer import (
    ASK_PAPER_IN_TURN,
    Condition,
    Topic,
    ask,
    read_answer,
    read_in_turn,
)
from hardware.byte_channel import ByteChannel, PortGone, is_simulated
from hardware.drivers.port_keeper import PortKeeper
from hardware.options import PrinterOptions
from hardware.ports import Block, DeviceHealth, PaperState, Printer

log = structlog.get_logger(__name__)
_R = TypeVar("_R")

ANSWER_S: Final = 0.5
"""A printer answers DLE EOT within some ms, also while it prints; many clones never do."""
LOOK_EVERY_S: Final = 5.0
STUCK_S: Final = 10.0
"""A printer whose buffer is full takes no more until it has printed some: 1 kB is 3 s of dots."""
LOOK_UP_S: Final = 0.2
"""How often a write that waits for room looks whether the station is stopping."""
FINISH_S: Final = 6.0
"""The longest slip takes 3 s to print."""
_MOST_STRAYS: Final = 64
_NOTES: Final = {
    PaperState.OUT: "printer.paper_out",
    PaperState.COVER_OPEN: "printer.cover_open",
}


class EscposPrinter:
    """Implements Printer."""

    def __init__(self, options: PrinterOptions) -> None:
        self._name = options.name
        self._port = options.port
        self._dots = options.dots
        self._keeper = PortKeeper(options.name, options.port, options.baud)
        self._channel: ByteChannel | None = None
        self._paper = PaperState.UNKNOWN
        self._bad_answers = 0
        self._answers_in_turn = True
        self._taken = False
        self._looked_s = float("-inf")
        self._looking: Future[PaperState] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=self._name)

    async def print_document(self, blocks: tuple[Block, ...]) -> None:
        """Print and cut. Raises DeviceGone (part may be out) or DeviceJammed (paper, cover)."""
        if self._keeper.stopping:
            raise DeviceGone(f"{self._name} is closed")
        await self._in_thread(lambda: self._print(blocks))

    async def paper(self) -> PaperState:
        """Ask about cover and paper. UNKNOWN without an answer, or without a printer."""
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
            name=self._name,
            present=port.open,
            simulated=is_simulated(self._port),
            note=port.note or _NOTES.get(self._paper, ""),
            bad_frames=self._bad_answers,
            reconnects=port.reconnects,
        )

    async def aclose(self) -> None:
        """Break off what is being printed, part of which may be out; give the port back."""
        self._keeper.stop()
        await asyncio.to_thread(self._thread.shutdown, wait=True, cancel_futures=True)
        self._keeper.close()

    async def _in_thread(self, call: Callable[[], _R]) -> _R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _look(self) -> PaperState:
        """Open the port if need be and ask; never raises."""
        try:
            channel = self._open()
            self._paper = PaperState.UNKNOWN if channel is None else self._ask_state(channel)
        except PortGone as cause:
            self._lose(cause)
        return self._paper

    def _print(self, blocks: tuple[Block, ...]) -> None:
        # Imported late: a station that prints nothing does without the picture libraries.
        from hardware.drivers.receipt_layout import lay_out

        answering = self._look() is not PaperState.UNKNOWN
        self._refuse_trouble()
        channel = self._channel
        if channel is None:
            raise DeviceGone(f"{self._name} is not there; nothing was printed")
        data = lay_out(blocks, self._dots)
        try:
            self._hand_over(channel, data)
            if answering:
                self._wait_until_taken(channel)
        except PortGone as cause:
            self._lose(cause)
            raise

    def _hand_over(self, channel: ByteChannel, data: bytes) -> None:
        left = memoryview(data)
        moved_s = time.monotonic()
        while left:
            self._refuse_when_closing()
            taken = channel.write_some(left, LOOK_UP_S)
            left = left[taken:]
            now_s = time.monotonic()
            moved_s = now_s if taken else moved_s
            if now_s - moved_s > STUCK_S:
                raise PortGone(f"{self._name} takes no more; {len(left)} bytes are left")

    def _wait_until_taken(self, channel: ByteChannel) -> None:
        """Wait until the printer says that it took all. Raises DeviceJammed when it stopped."""
        if self._answers_in_turn:
            self._throw_away(channel)
            self._taken = False
            channel.write(ASK_PAPER_IN_TURN)
        until_s = time.monotonic() + FINISH_S
        while self._answers_in_turn and time.monotonic() < until_s:
            self._refuse_when_closing()
            self._read(channel, ANSWER_S)
            if self._taken:
                break
            self._paper = self._ask_state(channel)
            self._refuse_trouble()
        else:
            # A clone without GS r 1: from now on its own word about paper must do.
            self._answers_in_turn = False
        self._paper = self._ask_state(channel)
        self._refuse_trouble()

    def _refuse_trouble(self) -> None:
        if self._paper in _NOTES:
            raise DeviceJammed(f"{self._name} says {self._paper}")

    def _refuse_when_closing(self) -> None:
        if self._keeper.stopping:
            raise DeviceGone(f"{self._name} was closed; part of the document may be out")

    def _ask_state(self, channel: ByteChannel) -> PaperState:
        paper = self._ask(channel, Topic.PAPER)
        if paper is None:
            return PaperState.UNKNOWN
        cause = self._ask(channel, Topic.OFFLINE_CAUSE) or Condition()
        if cause.cover_open:
            return PaperState.COVER_OPEN
        if paper.paper_out or cause.paper_out:
            return PaperState.OUT
        return PaperState.LOW if paper.paper_low else PaperState.OK

    def _ask(self, channel: ByteChannel, topic: Topic) -> Condition | None:
        """One answer, or None. Answers carry no name, so late ones are thrown away first."""
        self._throw_away(channel)
        channel.write(ask(topic))
        until_s = time.monotonic() + ANSWER_S
        while not self._keeper.stopping and (wait_s := until_s - time.monotonic()) > 0:
            for byte in self._read(channel, wait_s):
                condition = read_answer(topic, byte)
                if condition is not None:
                    return condition
                self._bad_answers += read_in_turn(byte) is None
        return None

    def _throw_away(self, channel: ByteChannel) -> None:
        for _ in range(_MOST_STRAYS):  # a line that babbles without end must not hold us
            if not self._read(channel, 0):
                return

    def _read(self, channel: ByteChannel, timeout_s: float) -> bytes:
        data = channel.read(timeout_s)
        if any(read_in_turn(byte) is not None for byte in data):
            self._taken = True
        return data

    def _open(self) -> ByteChannel | None:
        if self._channel is None:
            self._channel = self._keeper.open()
        return self._channel

    def _lose(self, cause: PortGone) -> None:
        self._channel = None
        self._paper = PaperState.UNKNOWN
        self._keeper.lost(cause)


def _conforms(driver: EscposPrinter) -> Printer:
    return driver  # mypy stops here first if the port moves
