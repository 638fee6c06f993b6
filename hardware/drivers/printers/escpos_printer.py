"""An ESC/POS receipt printer on a serial line, USB, a socket, a device file, or a twin's pty.

What python-escpos gives and what not: see hardware.drivers.printers.printer_line.
"""

import time
from typing import Final

from firmware_bridge.receipt_printer import (
    ASK_PAPER_IN_TURN,
    Condition,
    Topic,
    ask,
    read_answer,
    read_in_turn,
)
from hardware.byte_channel import ByteChannel
from hardware.drivers.printers.printer_line import ANSWER_S, PrinterLine, Report
from hardware.options import PrinterOptions
from hardware.ports import Block, DeviceHealth, PaperState, Printer

PRINTS_S: Final = 3.0
"""The longest slip takes so long to print."""
FINISH_S: Final = 2 * PRINTS_S
_GREETING: Final = bytes(8)
"""Whoever had the port before may have been cut off in the head of a picture, and our questions
would be read as its size. So many NULs make it a picture of no height; else they do nothing."""
_LOW: Final = "printer.paper_low"
_TROUBLES: Final = {
    PaperState.OUT: "printer.paper_out",
    PaperState.COVER_OPEN: "printer.cover_open",
}


class EscposPrinter:
    """Implements Printer."""

    def __init__(self, options: PrinterOptions) -> None:
        self._dots = options.dots
        self._line = PrinterLine(options, self._ask_report, _GREETING, self._hear_in_turn)
        self._answers_in_turn = True

    async def print_document(self, blocks: tuple[Block, ...]) -> None:
        """Print and cut. Raises DeviceGone (part may be out) or DeviceJammed (paper, cover)."""
        await self._line.print(lambda: self._lay_out(blocks), self._send)

    async def paper(self) -> PaperState:
        """Ask about cover and paper. UNKNOWN without an answer, or without a printer."""
        return await self._line.paper()

    def health(self) -> DeviceHealth:
        """The last known condition; starts a fresh look when the last one is some seconds old."""
        return self._line.health()

    async def aclose(self) -> None:
        """Break off what is being printed, part of which may be out; give the port back."""
        await self._line.aclose()

    def _lay_out(self, blocks: tuple[Block, ...]) -> bytes:
        # Imported late: a station that prints nothing does without the picture libraries.
        from hardware.drivers.printers.receipt_layout import lay_out

        return lay_out(blocks, self._dots)

    def _send(self, channel: ByteChannel, data: bytes) -> None:
        answering = self._line.report.paper is not PaperState.UNKNOWN
        if self._line.doubtful:
            self._end_half_command(channel, answering=answering)
        self._line.doubtful = True
        self._line.hand_over(channel, data)
        if answering:
            self._wait_until_taken(channel)
        self._line.doubtful = False

    def _end_half_command(self, channel: ByteChannel, *, answering: bool) -> None:
        """Make sure that the printer takes what follows as commands, not as dots.

        Whoever was cut off within a picture (a cable, a killed program) left a printer that
        counts the next bytes as the rest of that picture: the head of the next slip, and with it
        its copy mark. A printer that answers in turn is between two commands; any other gets
        white dots for the longest picture that we send. Between commands NUL does nothing.
        """
        from hardware.drivers.printers.receipt_raster import longest_picture

        if answering and self._answers_in_turn:
            self._ask_in_turn(channel)
            self._hear_in_turn(channel.read(ANSWER_S))
            if self._taken:
                return
        self._line.hand_over(channel, bytes(longest_picture(self._dots)))

    def _wait_until_taken(self, channel: ByteChannel) -> None:
        """Wait until the printer says that it took all. Raises DeviceJammed when it stopped."""
        if self._answers_in_turn:
            self._ask_in_turn(channel)
        until_s = time.monotonic() + (FINISH_S if self._answers_in_turn else PRINTS_S)
        while time.monotonic() < until_s:
            self._line.refuse_when_closing()
            self._hear_in_turn(channel.read(ANSWER_S))
            if self._answers_in_turn and self._taken:
                break
            self._line.refresh(channel)  # a printer without power says nothing at all: gone
        else:
            # A clone without GS r 1: its own word about paper, while it prints, must do.
            self._answers_in_turn = False
        self._line.refresh(channel)

    @property
    def _taken(self) -> bool:
        """Whether it has taken all: after paper end an answer may still come to an older slip."""
        return self._line.owed == 0

    def _ask_in_turn(self, channel: ByteChannel) -> None:
        self._line.throw_away(channel)
        channel.write(ASK_PAPER_IN_TURN)
        self._line.owed += 1

    def _hear_in_turn(self, data: bytes) -> None:
        heard = sum(read_in_turn(byte) is not None for byte in data)
        self._line.owed = max(0, self._line.owed - heard)

    def _ask_report(self, channel: ByteChannel) -> Report | None:
        paper = self._ask(channel, Topic.PAPER)
        if paper is None:
            return None
        cause = self._ask(channel, Topic.OFFLINE_CAUSE)
        state = _state(paper, cause or Condition())
        return Report(
            paper=state,
            trouble=_TROUBLES.get(state, ""),
            hint=_LOW if state is PaperState.LOW else "",
            sure=cause is not None,
        )

    def _ask(self, channel: ByteChannel, topic: Topic) -> Condition | None:
        def understand(data: bytes) -> Condition | None:
            self._hear_in_turn(data)
            for byte in data:
                if (condition := read_answer(topic, byte)) is not None:
                    return condition
                self._line.bad_answers += read_in_turn(byte) is None
            return None

        return self._line.ask(channel, ask(topic), understand)


def _state(paper: Condition, cause: Condition) -> PaperState:
    if cause.cover_open:
        return PaperState.COVER_OPEN
    if paper.paper_out or cause.paper_out:
        return PaperState.OUT
    return PaperState.LOW if paper.paper_low else PaperState.OK


def _conforms(driver: EscposPrinter) -> Printer:
    return driver  # mypy stops here first if the port moves
