"""Talking on an open line: one question at a time, and an ear for what comes unasked."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

from firmware_bridge.assembler import FrameError
from firmware_bridge.lock_board.exchange import (
    Answered,
    GiveUp,
    Listen,
    Send,
    StatusExchange,
    UnlockExchange,
)
from firmware_bridge.lock_board.messages import AskAll, AskOne, Reply
from hardware.drivers.locks.bus_board import BusBoard
from hardware.drivers.locks.serial_line import SerialLine

SILENCE_S: Final = 0.05
"""No byte for so long ends a frame: above the 16 ms that USB adapters collect bytes for."""
_Exchange = TypeVar("_Exchange", StatusExchange, UnlockExchange)


class BusTalk:
    """One opening of the port. Used by the line's thread alone; all may raise PortGone.

    `boards` are those on the line now, `stopping` whether the line is to end.
    """

    def __init__(
        self,
        line: SerialLine,
        boards: Callable[[], tuple[BusBoard, ...]],
        stopping: Callable[[], bool],
    ) -> None:
        self._line = line
        self._boards = boards
        self._stopping = stopping
        self._spoken: BusBoard | None = None
        self.echoes = False

    def converse(self, board: BusBoard, exchange: _Exchange) -> Answered | GiveUp:
        """Carry an exchange with this board through to its end."""
        self._clear_the_line(board)
        while True:
            exchange, action = exchange.next(time.monotonic())
            match action:
                case Send(request):
                    if isinstance(request, AskAll | AskOne):
                        board.asks(request, time.monotonic())
                    else:
                        board.voices.looks_away()
                    self._line.send(board.codec.encode(request), board.dialect.gap_chars)
                case Listen(until_s):
                    if self._stopping():
                        return GiveUp(1)
                    exchange = self._hear(board, exchange, until_s)
                case _:
                    return action

    def overhear(self, until_s: float) -> None:
        """Read once what comes unasked, in the words of the board that was asked last."""
        boards = self._boards()
        self._listen(self._spoken if self._spoken in boards else boards[0], until_s)

    def _clear_the_line(self, board: BusBoard) -> None:
        """What came before a question does not answer it."""
        before = self._spoken or board
        items = list(before.assembler.feed(self._line.read(0.0)))
        self._read_all(before, items + list(before.assembler.quiet()))
        self._read_all(board, list(board.assembler.quiet()))
        self._spoken = board

    def _hear(self, board: BusBoard, exchange: _Exchange, until_s: float) -> _Exchange:
        replies, damaged = self._listen(board, until_s)
        for reply in replies:
            exchange = exchange.hear(reply)
        return exchange.hear_noise(time.monotonic()) if damaged else exchange

    def _listen(self, board: BusBoard, until_s: float) -> tuple[list[Reply], bool]:
        """Read once; returns what was said to us and whether damaged bytes were among it."""
        wait_s = until_s - time.monotonic()
        pending = board.assembler.pending
        data = self._line.read(min(wait_s, SILENCE_S) if pending else wait_s)
        if data:
            items = list(board.assembler.feed(data))
        elif pending and self._line.silent_s() >= SILENCE_S:
            items = list(board.assembler.quiet())
        else:
            return [], False
        return self._read_all(board, items)

    def _read_all(
        self, listening: BusBoard, items: list[bytes | FrameError]
    ) -> tuple[list[Reply], bool]:
        heard = [self._read(listening, item) for item in items]
        damaged = any(reply is None for reply in heard)
        listening.bad_frames += damaged
        return [reply for reply in heard if reply is not None], damaged

    def _read(self, listening: BusBoard, item: bytes | FrameError) -> Reply | None:
        """The meaning of what was heard, None when it is damaged or from a stranger (F034)."""
        if isinstance(item, FrameError):
            if listening is self._spoken:
                listening.hear_damage()
            return None
        reply = listening.codec.decode(item)
        board = None if reply is None else self._speaker(listening, reply)
        if board is None or reply is None:
            return None
        board.take_in(reply, time.monotonic())
        return reply

    def _speaker(self, listening: BusBoard, reply: Reply) -> BusBoard | None:
        for board in self._boards():
            if board.dialect is listening.dialect and board.address == reply.board:
                return board
        return None
