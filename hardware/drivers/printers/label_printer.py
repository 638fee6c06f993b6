"""A TSPL label printer on a serial line, USB, a socket, a device file, or a twin's pty.

TSPL has no question that is answered in its turn. So a label counts as out when the printer, with
all bytes on the wire, says that it does not print (any more). A clone that never answers is
believed blindly.
"""

import time
from typing import Final

from firmware_bridge.label_printer import ASK, LabelCondition, read_answer
from hardware.byte_channel import ByteChannel, PortGone
from hardware.drivers.printers.printer_line import PrinterLine, Report
from hardware.options import PrinterOptions
from hardware.ports import Block, DeviceHealth, PaperState, Printer

SETTLE_S: Final = 0.3
"""A printer that has all of a label says within this time that it prints."""
POLL_S: Final = 0.05
FINISH_S: Final = 10.0
"""The longest label is 200 mm, the slowest printer does 50 mm in a second."""
_KERNEL_BYTES: Final = 4_096
"""What the kernel of a serial line may still hold when it has taken all."""
_BITS_A_BYTE: Final = 10


class LabelPrinter:
    """Implements Printer; a document is one label."""

    def __init__(self, options: PrinterOptions) -> None:
        self._options = options
        self._line = PrinterLine(options, self._ask_report)
        self._printing = False
        self._answered_before = False

    async def print_document(self, blocks: tuple[Block, ...]) -> None:
        """Print one label. Raises DeviceGone (it may be out) or DeviceJammed.

        Raises LabelTooFull, a ValueError, for what no shrinking fits on the label; then nothing
        has been sent.
        """
        await self._line.print(lambda: self._lay_out(blocks), self._send)

    async def paper(self) -> PaperState:
        """Ask. UNKNOWN without an answer or a printer, and when it is stuck; health says why."""
        return await self._line.paper()

    def health(self) -> DeviceHealth:
        """The last known condition; starts a fresh look when the last one is some seconds old."""
        return self._line.health()

    async def aclose(self) -> None:
        """Break off what is being sent; give the port back."""
        await self._line.aclose()

    def _lay_out(self, blocks: tuple[Block, ...]) -> bytes:
        from hardware.drivers.printers.label_layout import lay_out

        return lay_out(blocks, self._options.dots, self._options.dots_down, self._options.gap_mm)

    def _send(self, channel: ByteChannel, data: bytes) -> None:
        from hardware.drivers.printers.label_layout import longest_picture

        answering = self._line.report.paper is not PaperState.UNKNOWN
        if self._line.doubtful:
            # It may still count dots of a BITMAP that was cut off. Empty lines end that, and are
            # nothing between commands; what they draw is wiped by CLS.
            rest = longest_picture(self._options.dots)
            self._line.hand_over(channel, b"\r\n" * (rest // 2 + 1))
        self._line.doubtful = True
        self._line.hand_over(channel, data)
        if answering:
            self._wait_until_printed(channel, len(data))
        self._line.doubtful = False

    def _wait_until_printed(self, channel: ByteChannel, size: int) -> None:
        all_there_s = time.monotonic() + self._on_the_wire_s(size) + SETTLE_S
        until_s = all_there_s + FINISH_S
        has_printed = False
        while (now_s := time.monotonic()) < until_s:
            self._line.refuse_when_closing()
            self._line.refresh(channel)
            if not self._printing and (has_printed or now_s > all_there_s):
                return
            has_printed = has_printed or self._printing
            channel.read(POLL_S)
        raise PortGone(f"{self._options.name} says that it prints, and does not end")

    def _on_the_wire_s(self, size: int) -> float:
        is_serial = self._options.port.startswith("/dev/")
        return min(size, _KERNEL_BYTES) * _BITS_A_BYTE / self._options.baud if is_serial else 0.0

    def _ask_report(self, channel: ByteChannel) -> Report | None:
        condition = self._line.ask(channel, ASK, self._understand)
        sure, self._answered_before = self._answered_before, condition is not None
        if condition is None:
            return None
        self._printing = condition.printing
        paper, trouble = _state(condition)
        return Report(paper=paper, trouble=trouble, sure=sure)

    def _understand(self, data: bytes) -> LabelCondition | None:
        for byte in data:
            if (condition := read_answer(byte)) is not None:
                return condition
            self._line.bad_answers += 1
        return None


def _state(condition: LabelCondition) -> tuple[PaperState, str]:
    if condition.head_open:  # first: a clone with an open lid sets jam and no label as well
        return PaperState.COVER_OPEN, "printer.cover_open"
    if condition.no_label:
        return PaperState.OUT, "printer.label_out"
    if condition.no_ribbon:
        return PaperState.OUT, "printer.ribbon_out"
    if condition.jammed:
        return PaperState.UNKNOWN, "printer.label_jam"
    if condition.paused:
        return PaperState.UNKNOWN, "printer.paused"
    return (PaperState.UNKNOWN, "device.jammed") if condition.other else (PaperState.OK, "")


def _conforms(driver: LabelPrinter) -> Printer:
    return driver  # mypy stops here first if the port moves
