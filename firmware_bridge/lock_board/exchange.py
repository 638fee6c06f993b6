"""One question to a lock board and what to do next, as data: no clock, no port, no thread.

A status may be asked again; an unlock never is, because the lock may have moved although no
answer came. Times are seconds of whatever clock the caller reads.
"""

from dataclasses import dataclass, replace
from typing import Final

from firmware_bridge.lock_board.codec import AllBits, Question, Reply, Unlocked

TIMEOUT_S: Final = 1.0
"""Per request (docs/devices/lock-boards.md)."""
AFTER_NOISE_S: Final = 0.1
"""A status answer that arrived damaged will not come again: ask again sooner than the time-out.

The longest frame takes 12 ms at 9600 baud; ten times that leaves room for a slow board.
"""
STATUS_TRIES: Final = 2
FAILED_CYCLES: Final = 3
"""So many polls in a row without an answer make the doors unknown (docs/devices/lock-boards.md)."""


@dataclass(frozen=True, slots=True)
class Send:
    """Write this frame now."""

    frame: bytes


@dataclass(frozen=True, slots=True)
class Listen:
    """Read until this second, then ask `next` again."""

    until_s: float


@dataclass(frozen=True, slots=True)
class Answered:
    """The board answered. `echoed`: the line gives our own frames back."""

    reply: Unlocked | AllBits
    echoed: bool


@dataclass(frozen=True, slots=True)
class GiveUp:
    """No answer after so many sendings."""

    tries: int


Action = Send | Listen | Answered | GiveUp


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusExchange:
    """Asks one board for all its locks."""

    board: int
    frame: bytes
    tries: int = 0
    deadline_s: float = 0.0
    echoed: bool = False
    reply: AllBits | None = None

    def next(self, uptime_s: float) -> "tuple[StatusExchange, Action]":
        """What to do at this second."""
        if self.reply is not None:
            return self, Answered(self.reply, self.echoed)
        if self.tries and uptime_s < self.deadline_s:
            return self, Listen(self.deadline_s)
        if self.tries == STATUS_TRIES:
            return self, GiveUp(self.tries)
        asked = replace(self, tries=self.tries + 1, deadline_s=uptime_s + TIMEOUT_S, echoed=False)
        return asked, Send(self.frame)

    def hear(self, reply: Reply) -> "StatusExchange":
        """Take a message in. Another board's, a late or an unasked one changes nothing."""
        if reply.board != self.board:
            return self
        if isinstance(reply, AllBits):
            return replace(self, reply=reply)
        return replace(self, echoed=True) if isinstance(reply, Question) else self

    def hear_noise(self, uptime_s: float) -> "StatusExchange":
        """Damaged bytes were heard: they may have been the answer."""
        return replace(self, deadline_s=min(self.deadline_s, uptime_s + AFTER_NOISE_S))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockExchange:
    """Tells one board to pulse one lock: one frame, never repeated.

    `echoes`: the line is known to give our own frames back. The echo of an unlock has the very
    bytes of one of the two answers, so on such a line the first copy is not the board's word.
    """

    board: int
    channel: int
    frame: bytes
    echoes: bool
    sent: bool = False
    deadline_s: float = 0.0
    reply: Unlocked | None = None

    def next(self, uptime_s: float) -> "tuple[UnlockExchange, Action]":
        """What to do at this second."""
        if self.reply is not None:
            return self, Answered(self.reply, self.echoes)
        if not self.sent:
            return replace(self, sent=True, deadline_s=uptime_s + TIMEOUT_S), Send(self.frame)
        if uptime_s < self.deadline_s:
            return self, Listen(self.deadline_s)
        return self, GiveUp(1)

    def hear(self, reply: Reply) -> "UnlockExchange":
        """Take a message in. Another board's, another lock's or a stray one changes nothing."""
        if not (self.sent and isinstance(reply, Unlocked)):
            return self
        if (reply.board, reply.channel) != (self.board, self.channel):
            return self
        if self.echoes and reply.bit:
            return replace(self, echoes=False)
        return replace(self, reply=reply)

    def hear_noise(self, _uptime_s: float) -> "UnlockExchange":
        """Damaged bytes change nothing: the answer may still come, and nothing is sent again."""
        return self
