"""What the line knows of one lock board that speaks a dialect."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from firmware_bridge.assembler import Assembler
from firmware_bridge.lock_board.dialects import Dialect
from firmware_bridge.lock_board.messages import (
    AllBits,
    Codec,
    Moved,
    OneBit,
    Reply,
    StatusQuestion,
)
from hardware.drivers.locks.door_watch import SILENT_S
from hardware.drivers.locks.double_watch import DoubleWatch
from hardware.drivers.locks.lock_board import LockBoard
from hardware.options import LockBankOptions


@dataclass(slots=True, kw_only=True, eq=False)
class BusBoard(LockBoard):
    """One board on the line. Written by the line's thread alone."""

    dialect: Dialect
    codec: Codec = field(init=False)
    assembler: Assembler = field(init=False)
    voices: DoubleWatch = field(default_factory=DoubleWatch)
    articles: Mapping[int, bool] = field(default_factory=dict)  # worth nothing unless answering
    began_s: float = 0.0
    asked_s: float | None = None
    pulsed: int = 1
    left: deque[StatusQuestion] = field(default_factory=deque)

    def __post_init__(self) -> None:
        LockBoard.__post_init__(self)  # a class with slots is made twice: super() is another one
        self.codec = self.dialect.speak(self.channels)
        self.assembler = Assembler(self.codec.look)

    @classmethod
    def of(cls, options: LockBankOptions, dialect: Dialect) -> Self:
        """The board that these options are about, which speaks so."""
        return cls(
            name=options.name,
            address=options.address,
            channels=options.channels,
            pulse_s=max(options.pulse_ms, dialect.pulse_ms) / 1_000,
            closed_bit=options.closed_bit,
            supply=options.supply,
            dialect=dialect,
        )

    @property
    def trusted(self) -> bool:
        """Whether it answers, and there was no sign lately of a second one that does too."""
        return self.answering and not self.voices.suspected

    def next_question(self, now_s: float) -> StatusQuestion:
        """What to ask next so that all locks are known; starts at the lock that was pulsed last."""
        if not self.left:
            self.began_s = now_s
            self.left.extend(self.dialect.questions(self.address, self.channels))
            self.left.rotate(1 - self.pulsed)
        return self.left[0]

    def asks(self, question: StatusQuestion, now_s: float) -> None:
        """The question goes out now, or once more."""
        self.voices.asks(question)
        if self.asked_s is None:
            self.asked_s = now_s

    def answered(self) -> bool:
        """The question was answered; whether with it all locks are known."""
        self.left.popleft()
        if self.left:
            return False
        self.answering, self.failed = not self.voices.doubled, 0
        return True

    def missed(self) -> None:
        """A poll had no answer."""
        self.left.clear()
        LockBoard.missed(self)

    def hush(self) -> None:
        """It does not answer for now; its doors stay what they were for some polls."""
        self.asked_s = None
        self.left.clear()
        LockBoard.hush(self)

    def take_in(self, reply: Reply, now_s: float) -> None:
        """What a message says of the doors, and of what lies inside."""
        if isinstance(reply, AllBits | OneBit):
            self.voices.hears(reply)
            waited_s = 0.0 if self.asked_s is None else now_s - self.asked_s
            if self.silent or waited_s >= SILENT_S:
                self.doors.distrust(now_s)
            self.asked_s, self.silent = None, False
        if self.voices.doubled:  # whose doors would these be?
            self.lose_sight()
            return
        match reply:
            case AllBits(bits=bits, articles=articles):
                readings = {n: self._reading(bit=bit) for n, bit in enumerate(bits, start=1)}
                self.articles = dict(enumerate(articles, start=1))
            case OneBit(channel=channel, bit=bit) | Moved(channel=channel, bit=bit):
                readings = {channel: self._reading(bit=bit)}
            case _:
                return
        self.tell(self.doors.see(readings, now_s))
        self.look_again_soon()

    def hear_damage(self) -> None:
        """One more damaged byte since it was asked."""
        self.voices.hears_damage(1)
        if self.voices.doubled:
            self.lose_sight()
