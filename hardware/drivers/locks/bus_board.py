"""What the line knows of one lock board."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from firmware_bridge.assembler import Assembler
from firmware_bridge.lock_board.dialects import Dialect
from firmware_bridge.lock_board.exchange import FAILED_CYCLES
from firmware_bridge.lock_board.messages import (
    AllBits,
    Codec,
    Moved,
    OneBit,
    Reply,
    StatusQuestion,
    is_shut,
)
from hardware.drivers.locks.coil_guard import CoilGuard
from hardware.drivers.locks.door_watch import SILENT_S, DoorWatch
from hardware.drivers.locks.double_watch import DoubleWatch
from hardware.ports import DoorChange, DoorReading


@dataclass(slots=True, kw_only=True, eq=False)
class BusBoard:
    """One board on the line. Written by the line's thread alone."""

    name: str
    dialect: Dialect
    address: int
    channels: int
    pulse_s: float
    closed_bit: int
    on_change: Callable[[DoorChange], None] = field(init=False)
    coils: CoilGuard = field(init=False)
    doors: DoorWatch = field(init=False)
    codec: Codec = field(init=False)
    assembler: Assembler = field(init=False)
    voices: DoubleWatch = field(default_factory=DoubleWatch)
    articles: Mapping[int, bool] = field(default_factory=dict)  # worth nothing unless answering
    answering: bool = False
    failed: int = 0
    bad_frames: int = 0
    poll_s: float = 0.0
    began_s: float = 0.0
    asked_s: float | None = None
    fast_until_s: float = 0.0
    pulsed: int = 1
    left: deque[StatusQuestion] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.doors = DoorWatch(self.channels)
        self.codec = self.dialect.speak(self.channels)
        self.assembler = Assembler(self.codec.look)

    def tell(self, changes: Iterable[DoorChange]) -> None:
        """Hand changes on."""
        for change in changes:
            self.on_change(change)

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
        self.failed += 1
        if self.dead:  # again each time: a late answer may have made doors known
            self.lose_sight()

    def lose_sight(self) -> None:
        """Nothing is known of its doors any more, and no lock may be pulsed."""
        self.answering = False
        self.tell(self.doors.lose_sight())

    def hush(self) -> None:
        """It does not answer for now; its doors stay what they were for some polls."""
        self.answering = False
        self.asked_s = None
        self.left.clear()

    @property
    def dead(self) -> bool:
        """Whether it has not answered for so many polls that its doors are unknown."""
        return self.failed >= FAILED_CYCLES

    def take_in(self, reply: Reply, now_s: float) -> None:
        """What a message says of the doors, and of what lies inside."""
        if isinstance(reply, AllBits | OneBit):
            self.voices.hears(reply)
            if self.asked_s is not None and now_s - self.asked_s >= SILENT_S:
                self.doors.distrust(now_s)
            self.asked_s = None
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

    def look_again_soon(self) -> None:
        """The next poll comes as soon as a doubted reading may be believed."""
        if (again_s := self.doors.look_again_s()) is not None:
            self.poll_s = min(self.poll_s, again_s)

    def _reading(self, *, bit: bool) -> DoorReading:
        shut = is_shut(bit=bit, closed_bit=self.closed_bit)
        return DoorReading.SHUT if shut else DoorReading.OPEN
