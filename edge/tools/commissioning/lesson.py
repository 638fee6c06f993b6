"""What one pulse has taught, and what all of them together mean for station.toml. Pure.

Readings were made with the polarity of the settings; whether that one is right is part of what is
learned: a door springs open at a pulse, so a reading that goes from open to shut says that the
bit means the opposite. Boards and channels count from 1.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from edge.settings import LockBoardTable
from hardware.ports import DoorReading


class Opened(StrEnum):
    """What a person saw after a pulse. SKIPPED: this lock was not tried."""

    ONE = "one"
    NONE = "none"
    TWO = "two"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A channel of a board: of its lock or of its sensor."""

    board: int
    channel: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A sensor changed its mind."""

    place: Place
    before: DoorReading
    after: DoorReading

    @property
    def reversed(self) -> bool:
        """Whether a door that opens looked like one that shuts."""
        return self.before is DoorReading.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One lock was tried. `cell`: the number on the door that opened, 0 where none did.

    `came_back`: after the door was shut, each sensor that had moved said what it said before.
    """

    place: Place
    opened: Opened
    cell: int = 0
    moves: tuple[Move, ...] = ()
    came_back: bool = True


class Fault(StrEnum):
    """What is wrong with the wiring and is no matter of a table."""

    TWO_DOORS = "two_doors"
    SAME_DOOR = "same_door"
    NO_DOOR = "no_door"
    GHOST = "ghost"
    SENSOR_BLIND = "sensor_blind"
    SENSOR_STAYS = "sensor_stays"
    SENSOR_ELSEWHERE = "sensor_elsewhere"
    SENSOR_SHARED = "sensor_shared"
    MANY_SENSORS = "many_sensors"
    MIXED_POLARITY = "mixed_polarity"


OUT_OF_USE = frozenset(
    {
        Fault.TWO_DOORS,
        Fault.SAME_DOOR,
        Fault.NO_DOOR,
        Fault.GHOST,
        Fault.SENSOR_ELSEWHERE,
        Fault.SENSOR_SHARED,
        Fault.MANY_SENSORS,
    }
)
"""With these a lock gets no cell: the station never fires it until somebody has mended it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A fault at one lock; `other` is the sensor, the lock or the cell that it has to do with."""

    fault: Fault
    place: Place
    cell: int = 0
    other: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPlan:
    """What the table of one board should say."""

    closed_bit: int
    cells: tuple[int, ...]
    sensors: tuple[int, ...]

    @property
    def straight_sensors(self) -> bool:
        """Whether each door is seen on the channel of its own lock."""
        return self.sensors == tuple(range(1, len(self.sensors) + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """The tables of all boards, and what somebody has to mend."""

    boards: tuple[BoardPlan, ...]
    troubles: tuple[Trouble, ...]


def conclude(boards: Sequence[LockBoardTable], lessons: Sequence[Lesson]) -> Conclusion:
    """What the settings should be. Every lock that was not tried stays as it is set."""
    lessons = sorted(lessons, key=lambda lesson: lesson.place)
    troubles = [*_troubles(lessons), *_mixed(lessons)]
    out = {trouble.place for trouble in troubles if trouble.fault in OUT_OF_USE}
    usable = {
        one.place: one for one in lessons if one.opened is Opened.ONE and one.place not in out
    }
    tried = {one.place for one in lessons if one.opened is not Opened.SKIPPED}
    taken = {one.cell for one in usable.values()}
    plans = []
    for number, board in enumerate(boards, start=1):
        places = [Place(number, channel) for channel in range(1, board.channels + 1)]
        set_cells = board.cell_of()
        cells = []
        for place in places:
            if place in usable:
                cells.append(usable[place].cell)
                continue
            kept = 0 if place in tried else set_cells.get(place.channel, 0)
            cells.append(0 if kept in taken else kept)
        plans.append(
            BoardPlan(
                closed_bit=_closed_bit(board, number, lessons),
                cells=tuple(cells),
                sensors=_sensors(board, places, usable),
            )
        )
    return Conclusion(boards=tuple(plans), troubles=tuple(troubles))


def _troubles(lessons: Sequence[Lesson]) -> Iterator[Trouble]:
    first_of: dict[int, Place] = {}
    seen_on: dict[Place, Place] = {}
    for lesson in lessons:
        place, cell = lesson.place, lesson.cell
        match lesson.opened:
            case Opened.TWO:
                yield Trouble(fault=Fault.TWO_DOORS, place=place)
            case Opened.NONE if lesson.moves:
                other = lesson.moves[0].place
                yield Trouble(fault=Fault.GHOST, place=place, other=other)
            case Opened.NONE:
                yield Trouble(fault=Fault.NO_DOOR, place=place)
            case Opened.ONE:
                if cell in first_of:
                    other = first_of[cell]
                    yield Trouble(fault=Fault.SAME_DOOR, place=place, cell=cell, other=other)
                else:
                    first_of[cell] = place
                    yield from _sensor_troubles(lesson, seen_on)
        if not lesson.came_back:
            yield Trouble(fault=Fault.SENSOR_STAYS, place=place, cell=cell)


def _sensor_troubles(lesson: Lesson, seen_on: dict[Place, Place]) -> Iterator[Trouble]:
    place, cell, moves = lesson.place, lesson.cell, lesson.moves
    if not moves:
        yield Trouble(fault=Fault.SENSOR_BLIND, place=place, cell=cell)
        return
    sensor = moves[0].place
    if len(moves) > 1:
        other = next(move.place for move in moves if move.place != place)
        yield Trouble(fault=Fault.MANY_SENSORS, place=place, cell=cell, other=other)
    elif sensor.board != place.board:
        yield Trouble(fault=Fault.SENSOR_ELSEWHERE, place=place, cell=cell, other=sensor)
    elif sensor in seen_on:
        other = seen_on[sensor]
        yield Trouble(fault=Fault.SENSOR_SHARED, place=place, cell=cell, other=other)
    else:
        seen_on[sensor] = place


def _votes(lessons: Sequence[Lesson]) -> Iterator[tuple[Lesson, Move]]:
    """Moves that tell of polarity: a door did open, and its sensor knew something before."""
    for lesson in lessons:
        if lesson.opened in {Opened.ONE, Opened.TWO}:
            for move in lesson.moves:
                yield lesson, move


def _reversed_boards(lessons: Sequence[Lesson]) -> dict[int, bool]:
    votes: Counter[tuple[int, bool]] = Counter(
        (move.place.board, move.reversed) for _, move in _votes(lessons)
    )
    boards = {board for board, _ in votes}
    return {board: votes[board, True] > votes[board, False] for board in boards}


def _mixed(lessons: Sequence[Lesson]) -> Iterator[Trouble]:
    turned = _reversed_boards(lessons)
    for lesson, move in _votes(lessons):
        if move.reversed is not turned[move.place.board]:
            yield Trouble(
                fault=Fault.MIXED_POLARITY,
                place=lesson.place,
                cell=lesson.cell,
                other=move.place,
            )


def _closed_bit(board: LockBoardTable, number: int, lessons: Sequence[Lesson]) -> int:
    turned = _reversed_boards(lessons).get(number, False)
    return 1 - board.closed_bit if turned else board.closed_bit


def _sensors(
    board: LockBoardTable, places: Sequence[Place], usable: Mapping[Place, Lesson]
) -> tuple[int, ...]:
    """The sensor of each lock; what nobody has learned keeps its place, or takes what is left."""
    learned = {
        place.channel: usable[place].moves[0].place.channel
        for place in places
        if place in usable and usable[place].moves
    }
    left = [place.channel for place in places if place.channel not in learned.values()]
    as_set = board.sensors or tuple(place.channel for place in places)
    for place in places:
        if place.channel not in learned and as_set[place.channel - 1] in left:
            learned[place.channel] = as_set[place.channel - 1]
            left.remove(as_set[place.channel - 1])
    for place in places:
        if place.channel not in learned:
            learned[place.channel] = left.pop(0)
    return tuple(learned[place.channel] for place in places)
