"""The lock boards that we can talk to: one row each, and where they differ.

A new dialect is a file beside this one with its codec, and a row here.
"""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from firmware_bridge.lock_board.board_8a80 import Board8A80
from firmware_bridge.lock_board.cu16 import Cu16
from firmware_bridge.lock_board.dongcheng import Dongcheng
from firmware_bridge.lock_board.messages import AskAll, AskOne, Codec, StatusQuestion
from firmware_bridge.lock_board.winnsen import Winnsen
from firmware_bridge.lock_board.wkly import Wkly


class Channels(Container[int], Iterable[int], Protocol):
    """How many channels a board may have: a tuple or a range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one kind of board speaks.

    `baud` and `closed_bit` (the feedback bit of a shut door) are what boards leave the factory
    with; the settings may differ. `pulse_ms`: how long the board drives a coil by itself, which
    nobody can make shorter from here. `gap_chars`: silence between frames, in characters.
    `answers_unlock`: its answer to an unlock can be told from an echo; else the status that is
    asked behind the unlock is its word. `one_by_one`: status is asked lock by lock.
    `articles`: it has sensors for what lies inside. `speak` makes the codec of one board from
    its number of channels.
    """

    name: str
    baud: int
    addresses: range
    channels: Channels
    closed_bit: int
    pulse_ms: int
    gap_chars: float
    answers_unlock: bool
    one_by_one: bool
    articles: bool
    source: str
    speak: Callable[[int], Codec]

    def questions(self, board: int, channels: int) -> tuple[StatusQuestion, ...]:
        """What to ask so that the state of all locks is known."""
        if not self.one_by_one:
            return (AskAll(board),)
        return tuple(AskOne(board, channel) for channel in range(1, channels + 1))

    def question_about(self, board: int, channel: int) -> StatusQuestion:
        """What to ask so that the state of this lock is known."""
        return AskOne(board, channel) if self.one_by_one else AskAll(board)


# Gaps: 3.5 characters and 1 ms at the factory's speed (docs/devices/lock-boards.md).
_ROWS: Final = (
    Dialect(
        name="8a80",
        baud=9_600,
        addresses=range(1, 100),
        channels=(2, 8, 12, 18, 24, 50),
        closed_bit=1,
        pulse_ms=300,
        # 5 ms, without which a second board never answers (devices/lock-boards.md).
        gap_chars=4.8,
        answers_unlock=True,
        one_by_one=False,
        articles=False,
        source="vendor's sheets of 2021 and 2024, measured by two users",
        speak=Board8A80,
    ),
    Dialect(
        name="cu16",
        baud=19_200,
        addresses=range(16),
        channels=range(1, 17),
        closed_bit=1,
        # The sheet of its sister CU12; a CU16's own was not to be had.
        pulse_ms=550,
        gap_chars=5.5,
        answers_unlock=False,
        one_by_one=False,
        articles=True,
        source="public code run on real boards",
        speak=Cu16,
    ),
    Dialect(
        name="wkly",
        baud=9_600,
        addresses=range(32),
        channels=range(1, 65),
        closed_bit=1,
        # No source names it: what is usual.
        pulse_ms=300,
        gap_chars=4.8,
        answers_unlock=True,
        one_by_one=False,
        articles=False,
        source="public code with its tests",
        speak=Wkly,
    ),
    Dialect(
        name="dongcheng",
        baud=115_200,
        addresses=range(1, 256),
        channels=range(1, 41),
        closed_bit=1,
        # No source names it: what is usual.
        pulse_ms=300,
        gap_chars=31.7,
        answers_unlock=True,
        one_by_one=False,
        articles=True,
        source="public code of a parcel locker in service",
        speak=Dongcheng,
    ),
    Dialect(
        name="winnsen",
        baud=9_600,
        addresses=range(1, 5),
        channels=range(1, 17),
        closed_bit=0,
        # That firmware drives 0.75 s every 15 s at most, for locks that bear 1 s.
        pulse_ms=750,
        gap_chars=4.8,
        answers_unlock=True,
        one_by_one=True,
        articles=False,
        source="one project's own firmware; not checked on a real board",
        speak=Winnsen,
    ),
)

DIALECTS: Final[dict[str, Dialect]] = {row.name: row for row in _ROWS}
