"""What needs a person, worst first: of cells, parcels, devices and tries, and what sync noticed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, or_, select

from cloud_sync.county.presence import Sight, is_well
from cloud_sync.county.tables import ALARMS, CELLS, PARCELS, RESTARTS, SUPPLIES
from cloud_sync.county.web.devices import device_view, kind_of
from cloud_sync.county.web.guessing import guessed_at
from cloud_sync.county.web.sentences import word
from cloud_sync.county.web.supply import battery_percent, lasts
from edge.kernel.ids import StationId
from edge.kernel.masking import short_waybill
from edge.words import say

LEVELS: Final = {
    "forced": "bad",
    "missing": "bad",
    "board_away": "bad",
    "battery_low": "bad",
    "safe": "bad",
    "fork": "bad",
    "rollback": "bad",
    "clone_suspect": "bad",
    "reenrol": "bad",
    "gap": "bad",
    "older_generation": "bad",
    "ingest_error": "bad",
    "guessing": "warn",
    "left_open": "warn",
    "questioned": "warn",
    "faulted": "warn",
    "power_lost": "warn",
    "device_away": "warn",
    "clock_doubted": "warn",
    "parked": "warn",
    "retained": "warn",
    "retained_here": "warn",
    "restored": "warn",
    "backup_failed": "warn",
    "untold": "note",
    "printer_wants": "note",
    "unknown_station": "note",
    "corrupt": "note",
}
"""Every kind of trouble and how grave it is; of two equally grave, the first cannot wait."""
_RANK: Final = tuple(LEVELS)
ORDER: Final = ("bad", "warn", "note")
_WANTS: Final = ("printer.paper_out", "printer.paper_low", "printer.cover_open")
"""A printer that answers and wants a hand."""
_CLOCK: Final = "clock"
"""What a station that does not believe our time calls it, among its devices."""
_NOBODY: Final = (Sight(seen_ms=None), False)
_MOST: Final = 500
"""Rows read of each table; beyond this the list is no list any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that needs a person."""

    station: str
    kind: str
    since_ms: int
    cell: int | None = None
    waybill_no: str | None = None
    reason: str = ""
    device: str = ""
    note: str = ""
    percent: str = ""
    """What is left in the battery."""
    stopped: bool = False
    """Whether the station had its machine switched off."""
    times: int = 1
    detail: str = ""
    """For a technician, in English."""

    @property
    def level(self) -> str:
        """bad, warn or note."""
        return LEVELS.get(self.kind, "warn")

    def title(self, language: str) -> str:
        """The trouble in one sentence."""
        blanks: dict[str, Any] = {
            "cell": self.cell or "",
            "waybill": short_waybill(self.waybill_no) if self.waybill_no else "",
            "inside": say("county.parcel_inside", language) if self.waybill_no else "",
            "reason": word("reason", self.reason, language),
            "station": self.station,
            "percent": self.percent,
            "stopped": say("county.supply.stopped", language) if self.stopped else "",
        }
        if self.device:
            view = device_view(self.device, self.note, language)
            blanks |= {"device": view["label"], "note": view["text"]}
        return say(f"county.alarm.{self.kind}", language, **blanks)

    def todo(self, language: str) -> str:
        """What whoever watches at night does about it."""
        return say(f"county.todo.{self.kind}", language, station=self.station)


def troubles(
    connection: Connection, sights: Mapping[StationId, tuple[Sight, bool]], now_ms: int
) -> list[Trouble]:
    """Everything that is not over: worst first, an open door before a record, then newest."""
    found = [
        *_of_cells(connection),
        *_of_parcels(connection),
        *_of_sync(connection),
        *_of_devices(sights),
        *_of_supplies(connection, sights),
        *_of_restarts(connection),
        *(
            Trouble(station=station, kind="guessing", since_ms=since_ms)
            for station, since_ms in guessed_at(connection, now_ms)
        ),
    ]
    return sorted(
        found,
        key=lambda one: (ORDER.index(one.level), _RANK.index(one.kind), -one.since_ms),
    )


def _of_cells(connection: Connection) -> list[Trouble]:
    columns = CELLS.c
    wanted = (
        select(CELLS)
        .where(
            or_(
                columns.door.in_(("forced", "left_open")),
                columns.occupancy.in_(("questioned", "faulted")),
            )
        )
        .order_by(columns.since_ms.desc())
        .limit(_MOST)
    )
    return [
        Trouble(
            station=row.station,
            kind=row.door if row.door in ("forced", "left_open") else row.occupancy,
            since_ms=row.since_ms,
            cell=row.cell,
            waybill_no=row.waybill_no,
            reason=row.reason,
        )
        for row in connection.execute(wanted)
    ]


def _of_devices(sights: Mapping[StationId, tuple[Sight, bool]]) -> list[Trouble]:
    """What stations that are online say of their devices; of others nobody knows."""
    return [
        Trouble(
            station=station,
            kind=_kind_of_device(name, note),
            since_ms=sight.ill_since[name],
            device=name,
            note=note,
        )
        for station, (sight, online) in sights.items()
        if online
        for name, note in sight.devices.items()
        if not is_well(note)
    ]


def _of_supplies(
    connection: Connection, sights: Mapping[StationId, tuple[Sight, bool]]
) -> list[Trouble]:
    """Stations without mains. One that has gone silent since then has no other word to say."""
    found = []
    wanted = select(SUPPLIES).where(SUPPLIES.c.lost_ms.is_not(None)).limit(_MOST)
    for row in connection.execute(wanted):
        sight, online = sights.get(StationId(row.station), _NOBODY)
        if not lasts(row, sight, online=online):
            continue
        trouble = Trouble(
            station=row.station,
            kind="power_lost" if row.low_ms is None else "battery_low",
            since_ms=row.lost_ms,
            percent=battery_percent(sight),
            stopped=row.stopped,
        )
        found.append(trouble)
    return found


def _of_restarts(connection: Connection) -> list[Trouble]:
    """Stations that let their doors rest after too many starts in a row."""
    wanted = select(RESTARTS).where(RESTARTS.c.safe_ms.is_not(None)).limit(_MOST)
    return [
        Trouble(
            station=row.station,
            kind="safe",
            since_ms=row.safe_ms,
            cell=row.cell,
            times=row.starts,
        )
        for row in connection.execute(wanted)
    ]


def _kind_of_device(name: str, note: str) -> str:
    if name == _CLOCK:
        return "clock_doubted"
    if note in _WANTS:
        return "printer_wants"
    return "board_away" if kind_of(name) == "lock-board" else "device_away"


def _of_parcels(connection: Connection) -> list[Trouble]:
    columns = PARCELS.c
    wanted = (
        select(PARCELS)
        .where(columns.stage == "missing")
        .order_by(columns.ended_ms.desc())
        .limit(_MOST)
    )
    return [
        Trouble(
            station=row.station,
            kind="missing",
            since_ms=row.ended_ms or row.received_ms,
            cell=row.cell,
            waybill_no=row.waybill_no,
        )
        for row in connection.execute(wanted)
    ]


def _of_sync(connection: Connection) -> list[Trouble]:
    columns = ALARMS.c
    wanted = (
        select(ALARMS)
        .where(columns.cleared_ms.is_(None))
        .order_by(columns.since_ms.desc())
        .limit(_MOST)
    )
    return [
        Trouble(
            station=row.station,
            kind=row.kind,
            since_ms=row.since_ms,
            times=row.times,
            detail=row.detail,
        )
        for row in connection.execute(wanted)
    ]
