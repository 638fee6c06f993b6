"""One lock is tried: the person presses Enter, one pulse goes out, the person says what opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edge.kernel.errors import DeviceGone, DeviceJammed, PulseNotSent
from edge.settings import LockBoardTable
from edge.tools.commissioning.asking import Person, Stopped
from edge.tools.commissioning.lesson import Lesson, Move, Opened, Place
from edge.tools.commissioning.progress import OpeningLog
from edge.tools.commissioning.rig import FIRST_SIGN_S, Rig

HIGHEST_CELL = 999
_STOP = frozenset({"q", "Q"})
_SKIP = frozenset({"s", "S"})
_NONE = frozenset({"n", "N", "0"})
_TWO = frozenset({"t", "T", "++"})
_AGAIN = frozenset({"r", "R"})
_ON = frozenset({"g", "G"})
YES = frozenset({"y", "Y", "是"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """What is needed to try a lock."""

    rig: Rig
    person: Person
    log: OpeningLog
    boards: Sequence[LockBoardTable]

    def teach(self, lock: Place, given: Mapping[int, Place]) -> Lesson:
        """Try one lock until the person is content. `given`: doors that have opened before.

        Never more than one pulse for one Enter. Raises Stopped.
        """
        while True:
            answer = self._press(lock)
            if answer in _SKIP:
                self.log.note("skipped", lock)
                return Lesson(place=lock, opened=Opened.SKIPPED)
            if answer:
                self.person.tell("commission.press_what")
                continue
            moves = self._pulse(lock)
            if moves is None:
                continue
            lesson = self._what_opened(lock, moves, given)
            if lesson is not None:
                self.log.note("opened", lock, door=lesson.opened, cell=lesson.cell)
                return self._shut(lesson)
            self.log.note("again", lock)

    def _press(self, lock: Place) -> str:
        sizes = [board.channels for board in self.boards]
        answer = self.person.ask(
            "commission.press",
            number=sum(sizes[: lock.board - 1]) + lock.channel,
            all=sum(sizes),
            board=lock.board,
            channel=f"{lock.channel:02d}",
            cell=self._set_cell(lock) or "",
        )
        return _or_stop(answer)

    def _pulse(self, lock: Place) -> list[Move] | None:
        """What has moved; None where the coil was surely not driven."""
        self.log.note("pulse", lock)
        self.person.tell("commission.watching", seconds=round(FIRST_SIGN_S))
        before, mark = self.rig.look()
        try:
            moves = self.rig.pulse(lock)
        except (PulseNotSent, DeviceJammed) as failure:
            self.log.note("not_sent", lock, reason=str(failure))
            self.person.tell("commission.not_sent", reason=str(failure))
            return None
        except DeviceGone as failure:
            self.log.note("unsure", lock, reason=str(failure))
            self.person.tell("commission.unsure", reason=str(failure))
            moves = self.rig.watch(before, mark)
        for move in moves:
            self.person.tell(
                "commission.moved",
                board=move.place.board,
                channel=f"{move.place.channel:02d}",
                before=f"commission.reading.{move.before}",
                after=f"commission.reading.{move.after}",
            )
        if not moves:
            self.person.tell("commission.nothing_moved")
        return moves

    def _what_opened(
        self, lock: Place, moves: list[Move], given: Mapping[int, Place]
    ) -> Lesson | None:
        """What the person saw; None where the same lock is to be pulsed again.

        No number is offered: where lock and sensor cables changed places together, table and
        sensor agree on the wrong door, and only eyes see it.
        """
        while True:
            answer = _or_stop(self.person.ask("commission.which"))
            if answer in _AGAIN:
                return None
            if answer in _NONE:
                return Lesson(place=lock, opened=Opened.NONE, moves=tuple(moves))
            if answer in _TWO:
                return Lesson(place=lock, opened=Opened.TWO, moves=tuple(moves))
            cell = int(answer) if answer.isdecimal() else 0
            if not 1 <= cell <= HIGHEST_CELL:
                self.person.tell("commission.which_what", most=HIGHEST_CELL)
            elif cell not in given or self._again_the_same(cell, given[cell]):
                return Lesson(place=lock, opened=Opened.ONE, cell=cell, moves=tuple(moves))

    def _again_the_same(self, cell: int, before: Place) -> bool:
        answer = self.person.ask(
            "commission.same_door", cell=cell, board=before.board, channel=f"{before.channel:02d}"
        )
        return _or_stop(answer) in YES

    def _shut(self, lesson: Lesson) -> Lesson:
        """Wait for the person to shut what is open, and for each sensor to say so."""
        if lesson.opened is Opened.NONE and not lesson.moves:
            return lesson
        doors = "commission.shut_both" if lesson.opened is Opened.TWO else "commission.shut"
        question = doors
        while True:
            answer = _or_stop(self.person.ask(question, cell=lesson.cell or ""))
            if self.rig.back_again(lesson.moves):
                return lesson
            if answer in _ON:
                self.log.note("sensor_stays", lesson.place)
                return Lesson(
                    place=lesson.place,
                    opened=lesson.opened,
                    cell=lesson.cell,
                    moves=lesson.moves,
                    came_back=False,
                )
            question = "commission.not_shut"

    def _set_cell(self, lock: Place) -> int:
        return self.boards[lock.board - 1].cell_of().get(lock.channel, 0)


def _or_stop(answer: str) -> str:
    if answer in _STOP:
        raise Stopped("stopped at the person's wish")
    return answer
