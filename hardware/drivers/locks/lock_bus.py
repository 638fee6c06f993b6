"""One RS-485 line with its lock boards, each in words of its own.

One question at a time, and silence between frames. A status is asked again when its answer is
lost; an unlock is written once and never more.
"""

import time
from typing import ClassVar

from edge.kernel.errors import CunyiError, DeviceJammed
from firmware_bridge.lock_board.exchange import (
    STATUS_TRIES,
    Answered,
    GiveUp,
    StatusExchange,
    UnlockExchange,
)
from firmware_bridge.lock_board.messages import Unlock, UnlockRefused
from hardware.byte_channel import ByteChannel
from hardware.drivers.locks.board_line import BoardLine
from hardware.drivers.locks.bus_board import BusBoard
from hardware.drivers.locks.bus_talk import SILENCE_S, BusTalk
from hardware.drivers.locks.pulse_queue import PulseJob
from hardware.drivers.locks.serial_line import SerialLine


class LockBus(BoardLine[BusBoard, BusTalk]):
    """The line."""

    KIND: ClassVar[str] = "lock-bus"

    def _talk_on(self, channel: ByteChannel) -> BusTalk:
        line = SerialLine(channel, self.baud)
        return BusTalk(line, lambda: self._boards, lambda: self.keeper.stopping)

    def _rest(self, talk: BusTalk, until_s: float) -> None:
        talk.overhear(until_s)

    def _look(self, talk: BusTalk, board: BusBoard) -> None:
        """All doors; once more while two boards may answer, until that is proven or forgiven."""
        self._look_once(talk, board)
        while board.answering and board.voices.suspected and not self.keeper.stopping:
            self._look_once(talk, board)

    def _look_once(self, talk: BusTalk, board: BusBoard) -> None:
        while not self._poll(talk, board):
            pass
        until_s = time.monotonic() + SILENCE_S  # a second voice comes behind the first
        while board.answering and time.monotonic() < until_s:
            talk.overhear(until_s)

    def _refusal(self, job: PulseJob[BusBoard]) -> CunyiError | None:
        if job.board.voices.doubled:
            name = job.board.name
            text = f"two boards answer as {name}; nothing was sent for lock {job.channel}"
            return DeviceJammed(text)
        return super()._refusal(job)

    def _pulse(self, talk: BusTalk, job: PulseJob[BusBoard]) -> None:
        board, dialect = job.board, job.board.dialect
        about = dialect.question_about(board.address, job.channel)
        exchange = UnlockExchange(
            unlock=Unlock(board.address, job.channel),
            echoes=talk.echoes,
            confirm=None if dialect.answers_unlock else about,
        )
        outcome = talk.converse(board, exchange)
        board.was_pulsed(time.monotonic())
        board.pulsed = job.channel
        board.left.clear()
        if isinstance(outcome, GiveUp):
            board.left_without_a_word()
            job.settle(board.maybe_moved(job.channel, "took the command without a word"))
        elif isinstance(outcome.reply, UnlockRefused):
            why = "must cool" if outcome.reply.cooling else "failed"
            job.settle(DeviceJammed(f"{board.name} says that lock {job.channel} {why}"))
        else:
            job.settle()

    def _poll(self, talk: BusTalk, board: BusBoard) -> bool:
        question = board.next_question(time.monotonic())
        tries = STATUS_TRIES - 1 if board.dead else 0
        outcome = talk.converse(board, StatusExchange(question=question, tries=tries))
        now_s = time.monotonic()
        if isinstance(outcome, Answered):
            talk.echoes = talk.echoes or outcome.echoed
            if not board.answered():
                board.poll_s = now_s
                return False
        elif not self.keeper.stopping:
            board.missed()
        board.was_polled(board.began_s, now_s)
        return True
