"""One station in full: its cells as a small cabinet, its devices, how far its journal is here."""

from typing import Any, Final

from sqlalchemy import Connection, Row, select

from cloud_sync.county.office import Glance, Office
from cloud_sync.county.presence import Sight
from cloud_sync.county.tables import CELLS, LOCKS, PARCELS, SLOTS, STATIONS
from cloud_sync.county.web.commands import commands_of
from cloud_sync.county.web.devices import device_view
from cloud_sync.county.web.sentences import word
from cloud_sync.county.web.supply import lasts, supply_of, supply_text
from cloud_sync.county.web.sync_panel import sync_panel
from cloud_sync.county.web.wall import presence_text
from edge.kernel.ids import StationId
from edge.kernel.masking import short_waybill
from edge.words import say

_OPEN: Final = ("open", "forced", "left_open", "asked", "silent")
_MOODS: Final = {
    "forced": "bad",
    "left_open": "warn",
    "faulted": "off",
    "questioned": "warn",
    "held": "held",
    "reserved": "held",
    "free": "free",
}
_MOST_SLOTS: Final = 300
"""More than any village's shelves hold."""


def look_at_station(office: Office, glance: Glance, station: StationId) -> dict[str, Any] | None:
    """The view of one station, None when this county has no such station. Raises StoreError."""
    with office.database.read() as connection:
        row = connection.execute(select(STATIONS).where(STATIONS.c.station == station)).first()
        cells = list(connection.execute(select(CELLS).where(CELLS.c.station == station)))
        locks = _locks(connection, station)
        slots = _slots(connection, station)
        supply = supply_of(connection, station)
        commands = commands_of(connection, station, glance)
        if row is None:
            return None
        sight, online = office.presence.sights().get(station, (Sight(seen_ms=row.seen_ms), False))
        sync = sync_panel(office, connection, row, sight.waiting(row.seq), glance)
    return {
        "station": row.station,
        "name": row.name,
        "online": online,
        "state": presence_text(sight, glance, online=online),
        "simulated": sight.simulated,
        "epoch": row.epoch,
        "seq": row.seq,
        "hash": bytes(row.hash).hex(),
        "software": row.software,
        "boot": row.boot,
        "about": _about(row, glance.language),
        "supply": supply_text(supply, sight, glance, online=online),
        "without_mains": supply is not None and lasts(supply, sight, online=online),
        "waiting": sight.waiting(row.seq),
        "devices": [
            device_view(name, note, glance.language) for name, note in sight.devices.items()
        ],
        "cells": _cells(row.cells, cells, locks, glance.language),
        "slots": slots,
        "commands": commands,
        "sync": sync,
    }


def _locks(connection: Connection, station: StationId) -> dict[int, str]:
    """Cells that a keeper took off the offer, and why."""
    columns = LOCKS.c
    mine = (columns.station == station) & (columns.reason != "")
    return dict(map(tuple, connection.execute(select(columns.cell, columns.reason).where(mine))))


def _slots(connection: Connection, station: StationId) -> list[dict[str, Any]]:
    """What lies on shelves and floor, by slot."""
    parcels, slots = PARCELS.c, SLOTS.c
    same = (slots.station == parcels.station) & (slots.waybill_no == parcels.waybill_no)
    lying = (parcels.station == station) & (parcels.stage == "stored") & parcels.cell.is_(None)
    rows = connection.execute(
        select(slots.slot, slots.waybill_no)
        .join_from(PARCELS, SLOTS, same)
        .where(lying)
        .order_by(slots.slot)
        .limit(_MOST_SLOTS)
    )
    return [
        {
            "slot": row.slot,
            "waybill_no": row.waybill_no,
            "waybill": short_waybill(row.waybill_no),
        }
        for row in rows
    ]


def _about(row: Row[Any], language: str) -> str:
    if not row.software:
        return ""
    epoch = row.epoch if row.epoch > 1 else ""
    return say("county.software", language, software=row.software, boot=row.boot, epoch=epoch)


def _cells(
    count: int, told: list[Row[Any]], locks: dict[int, str], language: str
) -> list[dict[str, Any]]:
    by_number = {row.cell: row for row in told}
    numbers = sorted({*range(1, count + 1), *by_number, *locks})
    return [
        _cell(number, by_number.get(number), locks.get(number, ""), language) for number in numbers
    ]


def _mood_inside(door: str, occupancy: str) -> str:
    """What a cell holds; one in use whose door did not open calls for a look."""
    mood = _MOODS.get(occupancy, "warn")
    return "warn" if door == "silent" and mood != "off" else mood


def _cell(number: int, row: Row[Any] | None, lock: str, language: str) -> dict[str, Any]:
    occupancy, door = ("free", "unknown") if row is None else (row.occupancy, row.door)
    waybill_no = None if row is None else row.waybill_no
    off = bool(lock) and occupancy == "free"
    reason = word("reason", row.reason, language) if row is not None and row.reason else ""
    return {
        "cell": number,
        "occupancy": occupancy,
        "door": door,
        "mood": _MOODS.get(door) or ("off" if off else _mood_inside(door, occupancy)),
        "text": word("cell", "locked" if off else occupancy, language),
        "door_text": word("door", door, language) if door in _OPEN else "",
        "reason": say("county.locked", language, reason=lock) if lock else reason,
        "waybill_no": waybill_no,
        "waybill": short_waybill(waybill_no) if waybill_no else "",
    }
