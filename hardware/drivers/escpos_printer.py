"""An ESC/POS receipt printer on a serial line, a socket, a device file, or a twin's pty.

All talk with the printer happens in one thread of its own; `health` sends it to look now and
then, so that a printer which is switched off shows before somebody needs it.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

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
from hardware.ports import Block, DeviceHealth, PaperState, Printer

log = structlog.get_logger(__name__)

ANSWER_S: Final = 0.5
"""A printer answers DLE EOT within some ms, also while it prints; many clones never do."""
LOOK_EVERY_S: Final = 5.0
PIECE_BYTES: Final = 1_024
PIECE_S: Final = 10.0
"""A printer whose buffer is full takes no more until it has printed some: 1 kB is 3 s of dots."""
FINISH_S: Final = 6.0
"""The longest slip takes 3 s to print."""
_NOTES: Final = {
    PaperState.OUT: "printer.paper_out",
    PaperState.COVER_OPEN: "printer.cover_open",
}


class EscposPrinter:
    """Implements Printer."""

    def __init__(self, *, name: str, port: str, baud: int, dots: int) -> None:
        self._name = name
        self._port = port
        self._dots = dots
        self._keeper = PortKeeper(name, port, baud)
        self._channel: ByteChannel | None = None
        self._paper = PaperState.UNKNOWN
        self._bad_answers = 0
        self._answers_in_turn = True
        self._looked_s = float("-inf")
        self._looking: Future[PaperState] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def print_document(self, blocks: tuple[Block, ...]) -> None:
        """Print and cut. Raises DeviceGone (part may be out) or DeviceJammed (paper, cover)."""
        await self._in_thread(lambda: self._print(blocks))

    async def paper(self) -> PaperState:
        """Ask about cover and paper. UNKNOWN without an answer, or without a printer."""
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
        """Finish what is being printed, then give the port back."""
        self._keeper.stop()
        await asyncio.to_thread(self._thread.shutdown, wait=True)
        self._keeper.close()

    async def _in_thread(self, call: "Callable[[], _R]") -> "_R":
        if self._keeper.stopping:
            raise DeviceGone(f"{self._name} is closed")
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)
