"""One question to a lock board and what to do next, as data: no clock, no port, no thread.

A status may be asked again; an unlock never is, because the lock may have moved although no
answer came. Times are seconds of whatever clock the caller reads.
"""

from dataclasses import dataclass, replace
from typing import Final

from firmware_bridge.lock_board.messages import (
    AllBits,
    AskAll,
    AskOne,
    OneBit,
    Question,
    Reply,
    Request,
    StatusQuestion,
    StatusReply,
    Unlock,
    Unlocked,
    UnlockRefused,
)

TIMEOUT_S: Final = 1.0
"""Per request (docs/devices/lock-boards.md)."""
AFTER_NOISE_S: Final = 0.1
"""A status answer that arrived damaged will not come again: ask again sooner than the time-out.

The longest frame takes 75 ms at 9600 baud, an ordinary one 12; that leaves room for a slow board.
"""
CONFIRM_S: Final = 0.05
"""Boards that answer no unlock are asked for their status 25 to 100 ms behind it."""
STATUS_TRIES: Final = 2
FAILED_CYCLES: Final = 3
"""So many polls in a row without an answer make the doors unknown (docs/devices/lock-boards.md)."""


@dataclass(frozen=True, slots=True)
class Send:
    """Write the frame of this request now."""

    request: Request


@dataclass(frozen=True, slots=True)
class Listen:
    """Read until this second, then ask `next` again."""

    until_s: float


@dataclass(frozen=True, slots=True)
class Answered:
    """The board answered. `echoed`: the line gives our own frames back."""

    reply: Unlocked | UnlockRefused | StatusReply
    echoed: bool


@dataclass(frozen=True, slots=True)
class GiveUp:
    """No answer after so many sendings."""

    tries: int


Action = Send | Listen | Answered | GiveUp


def answers(question: StatusQuestion, reply: Reply) -> bool:
    """Whether this is what was asked for: of the same board, and of the same lock."""
    if reply.board != question.board:
        return False
    if isinstance(question, AskAll):
        return isinstance(reply, AllBits)
    return isinstance(reply, OneBit) and reply.channel == question.channel


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusExchange:
    """Asks one board for all its locks, or for one."""

    question: StatusQuestion
    tries: int = 0
    deadline_s: float = 0.0
    echoed: bool = False
    reply: StatusReply | None = None

    def next(self, uptime_s: float) -> "tuple[StatusExchange, Action]":
        """What to do at this second."""
        if self.reply is not None:
            return self, Answered(self.reply, self.echoed)
        if self.tries and uptime_s < self.deadline_s:
            return self, Listen(self.deadline_s)
        if self.tries == STATUS_TRIES:
            return self, GiveUp(self.tries)
        asked = replace(self, tries=self.tries + 1, deadline_s=uptime_s + TIMEOUT_S, echoed=False)
        return asked, Send(self.question)

    def hear(self, reply: Reply) -> "StatusExchange":
        """Take a message in. Another board's, another lock's or an unasked one changes nothing."""
        if isinstance(reply, AllBits | OneBit) and answers(self.question, reply):
            return replace(self, reply=reply)
        echo = isinstance(reply, Question) and reply.board == self.question.board
        return replace(self, echoed=True) if echo else self

    def hear_noise(self, uptime_s: float) -> "StatusExchange":
        """Damaged bytes were heard: they may have been the answer."""
        return replace(self, deadline_s=min(self.deadline_s, uptime_s + AFTER_NOISE_S))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockExchange:
    """Tells one board to pulse one lock: one frame, never repeated.

    `echoes`: the line is known to give our own frames back. Where the echo of an unlock has the
    very bytes of an answer, the first copy on such a line is not the board's word. `confirm` is
    asked behind the unlock where the board answers none; only what is heard after it counts, and
    it is asked again only behind damaged bytes: a board that was silent at first may have been
    dead when the unlock came (F041). Such an answer says that the board was alive right behind the
    unlock, and not that the unlock was heard.
    """

    unlock: Unlock
    echoes: bool
    confirm: AskAll | AskOne | None = None
    sent: bool = False
    confirms: int = 0
    damaged: bool = False
    deadline_s: float = 0.0
    reply: Unlocked | UnlockRefused | StatusReply | None = None

    def next(self, uptime_s: float) -> "tuple[UnlockExchange, Action]":
        """What to do at this second."""
        if self.reply is not None:
            return self, Answered(self.reply, self.echoes)
        if not self.sent:
            wait_s = TIMEOUT_S if self.confirm is None else CONFIRM_S
            return replace(self, sent=True, deadline_s=uptime_s + wait_s), Send(self.unlock)
        if uptime_s < self.deadline_s:
            return self, Listen(self.deadline_s)
        silent = self.confirms > 0 and not self.damaged
        if self.confirm is None or silent or self.confirms == STATUS_TRIES:
            return self, GiveUp(1)
        asked = replace(
            self, confirms=self.confirms + 1, damaged=False, deadline_s=uptime_s + TIMEOUT_S
        )
        return asked, Send(self.confirm)

    def hear(self, reply: Reply) -> "UnlockExchange":
        """Take a message in. Another board's, another lock's or a stray one changes nothing."""
        if isinstance(reply, Unlocked | UnlockRefused):
            return self._hear_unlock(reply) if self.sent else self
        if isinstance(reply, AllBits | OneBit) and self.confirm is not None and self.confirms:
            return replace(self, reply=reply) if answers(self.confirm, reply) else self
        return self

    def _hear_unlock(self, reply: Unlocked | UnlockRefused) -> "UnlockExchange":
        if (reply.board, reply.channel) != (self.unlock.board, self.unlock.channel):
            return self
        if self.echoes and isinstance(reply, Unlocked) and reply.maybe_echo:
            return replace(self, echoes=False)
        return replace(self, reply=reply)

    def hear_noise(self, uptime_s: float) -> "UnlockExchange":
        """Damaged bytes change nothing: the answer may still come, and no unlock is repeated.

        Only a status that was asked behind the unlock may be asked again sooner.
        """
        if not self.confirms:
            return self
        again_s = min(self.deadline_s, uptime_s + AFTER_NOISE_S)
        return replace(self, damaged=True, deadline_s=again_s)
