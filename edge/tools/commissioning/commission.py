"""`cunyi devices commission`: opens doors one by one, learns the wiring, writes the table.

The daemon must be down: the station's folder is held for as long as this runs. Every pulse is in
the log before it is driven, and answers one Enter. station.toml is touched once, at the end.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.domain.cabinet import Occupancy
from edge.kernel.errors import CunyiError
from edge.settings import FILE_NAME, Settings, read_settings
from edge.store.connection import DATABASE, FolderLock, open_database
from edge.tools.commissioning.asking import Person, Stopped
from edge.tools.commissioning.lesson import Conclusion, Opened, Place, conclude
from edge.tools.commissioning.progress import (
    LOG,
    OpeningLog,
    Progress,
    keep_progress,
    now_on_paper,
    read_progress,
    write_whole,
)
from edge.tools.commissioning.rig import Rig
from edge.tools.commissioning.sheet import sheet, trouble_line
from edge.tools.commissioning.table import new_text, write_settings
from edge.tools.commissioning.teaching import YES, Teacher
from edge.wiring import make_devices
from hardware.ports import DoorReading, LockBank

SHEET: Final = "commissioning.html"
MakeBanks = Callable[[Path, Settings], Sequence[LockBank]]


class ParcelsInsideError(CunyiError):
    """Doors must not be opened by the row while parcels lie behind them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionOptions:
    """Who opens the doors (asked where empty), and whether parcels may lie behind them."""

    operator: str = ""
    cells_may_hold_parcels: bool = False


def banks_of(folder: Path, settings: Settings) -> Sequence[LockBank]:
    """The boards of station.toml, by their real drivers."""
    return make_devices(folder, settings).banks


def commission(
    folder: Path, options: CommissionOptions, person: Person, make_banks: MakeBanks = banks_of
) -> int:
    """Try all locks; 0 when the table was written, 1 when the person stopped or said no.

    Raises ConfigError, StoreError (the daemon runs) or ParcelsInsideError.
    """
    lock = FolderLock.take(folder)
    before = None
    try:
        settings = read_settings(folder)
        before = (folder / FILE_NAME).read_bytes()
        if not options.cells_may_hold_parcels:
            _refuse_parcels(folder)
        return _Sitting(folder, settings, person).hold(options.operator, make_banks)
    except (Stopped, KeyboardInterrupt):
        late = before is not None and (folder / FILE_NAME).read_bytes() != before
        person.tell("commission.stopped_late" if late else "commission.stopped", folder=str(folder))
        return 1
    finally:
        lock.release()


def _refuse_parcels(folder: Path) -> None:
    database = open_database(folder / DATABASE)
    try:
        rows = database.execute(
            "SELECT cell FROM cells WHERE occupancy NOT IN (?, ?) OR waybill_no IS NOT NULL "
            "ORDER BY cell",
            (Occupancy.FREE, Occupancy.FAULTED),
        ).fetchall()
    finally:
        database.close()
    if rows:
        cells = ", ".join(f"{cell:02d}" for (cell,) in rows)
        raise ParcelsInsideError(
            f"by the journal there may be parcels in cells {cells}. Empty them first, or run again "
            "with --cells-may-hold-parcels and let nobody reach in"
        )


class _Sitting:
    """One run in front of one cabinet."""

    def __init__(self, folder: Path, settings: Settings, person: Person) -> None:
        self._folder = folder
        self._settings = settings
        self._boards = settings.cabinet.boards
        self._person = person

    def hold(self, operator: str, make_banks: MakeBanks) -> int:
        """From the first look to the sheet."""
        while not operator:
            operator = self._person.ask("commission.operator")
        log = OpeningLog(self._folder, operator)
        progress = read_progress(self._folder, self._boards)
        if progress.lessons:
            self._person.tell("commission.resumed", done=len(progress.lessons), all=self._count())
        with Rig(make_banks(self._folder, self._settings)) as rig:
            self._look_first(rig)
            teacher = Teacher(rig=rig, person=self._person, log=log, boards=self._boards)
            self._teach_all(teacher, progress)
        conclusion = conclude(self._boards, progress.lessons)
        self._show(conclusion)
        return self._write(conclusion, progress, log, operator)

    def _count(self) -> int:
        return sum(board.channels for board in self._boards)

    def _look_first(self, rig: Rig) -> None:
        for number in rig.first_look():
            port = self._boards[number - 1].port
            self._person.tell("commission.board_silent", board=number, port=port)
        self._person.ask("commission.shut_all")
        readings = rig.readings()
        for number, board in enumerate(self._boards, start=1):
            said = Counter(reading for place, reading in readings.items() if place.board == number)
            shut, loose = said[DoorReading.SHUT], said[DoorReading.OPEN]
            if shut + loose:
                self._person.tell("commission.first_look", board=number, shut=shut, open=loose)
            if loose == board.channels:
                self._person.tell("commission.maybe_reversed", board=number)

    def _teach_all(self, teacher: Teacher, progress: Progress) -> None:
        self._person.tell("commission.keys")
        for number, board in enumerate(self._boards, start=1):
            for channel in range(1, board.channels + 1):
                place = Place(number, channel)
                if progress.knows(place) is None:
                    given = {
                        lesson.cell: lesson.place
                        for lesson in progress.lessons
                        if lesson.opened is Opened.ONE
                    }
                    progress.lessons.append(teacher.teach(place, given))
                    keep_progress(self._folder, progress)

    def _show(self, conclusion: Conclusion) -> None:
        for number, plan in enumerate(conclusion.boards, start=1):
            self._person.tell(
                "commission.learned",
                board=number,
                closed_bit=plan.closed_bit,
                cells=" ".join(f"{cell:02d}" if cell else "--" for cell in plan.cells),
                sensors=""
                if plan.straight_sensors
                else " ".join(f"{sensor:02d}" for sensor in plan.sensors),
            )
        for trouble in conclusion.troubles:
            self._person.tell(
                "commission.trouble", text=trouble_line(trouble, self._person.language)
            )
        if not conclusion.troubles:
            self._person.tell("commission.no_trouble")

    def _write(
        self, conclusion: Conclusion, progress: Progress, log: OpeningLog, operator: str
    ) -> int:
        text = (self._folder / FILE_NAME).read_text(encoding="utf-8-sig")
        new, struck = new_text(text, self._boards, conclusion.boards)
        if struck:
            cells = ", ".join(f"{cell:02d}" for cell in struck)
            self._person.tell("commission.size_struck", cells=cells)
        if self._person.ask("commission.write") not in YES:
            self._person.tell("commission.not_written", folder=str(self._folder))
            return 1
        backup = write_settings(self._folder, new)
        log.note("written", backup=backup.name)
        progress.written = True
        keep_progress(self._folder, progress)
        page = sheet(
            self._settings,
            conclusion.boards,
            conclusion.troubles,
            operator=operator,
            at=now_on_paper(),
        )
        write_whole(self._folder / SHEET, page.encode())
        self._person.tell(
            "commission.written",
            backup=backup.name,
            sheet=str(self._folder / SHEET),
            log=str(self._folder / LOG),
        )
        return 0
