"""Cells and parcels of a station put as a snapshot pictures them, or folded anew from its facts."""

from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, delete, select, tuple_, update

from cloud_sync.county.ingest.keepings import NO_KEEPING
from cloud_sync.county.ingest.ledger import Place
from cloud_sync.county.ingest.projections import Tables
from cloud_sync.county.ingest.rows import add
from cloud_sync.county.tables import (
    CELLS,
    CONSENTS,
    FACTS,
    KEEPINGS,
    LOCKS,
    PARCELS,
    PROXIES,
    RESTARTS,
    SEALED_CODES,
    SLOTS,
    SNAPSHOTS,
    SUPPLIES,
)
from cloud_sync.wire.envelope import decode
from cloud_sync.wire.snapshot import (
    CellPicture,
    ConsentPicture,
    ParcelPicture,
    SnapshotBody,
    unpack_snapshot,
)
from edge.kernel.ids import StationId

_FOLDED: Final = (
    CELLS,
    PARCELS,
    SUPPLIES,
    RESTARTS,
    SLOTS,
    LOCKS,
    KEEPINGS,
    CONSENTS,
    PROXIES,
    SEALED_CODES,
)
LOST_SIGHT: Final = "lost_sight"
"""The stage of a parcel that was in a station's care before a gap and is not after it."""
_PORTION: Final = 2_000
_AT_ONCE: Final = 500


def put_up(
    connection: Connection, station: StationId, body: SnapshotBody, at_seq: int, now_ms: int
) -> None:
    """The station's cells are these, and no other parcels are in its care."""
    for table in (CELLS, SEALED_CODES):  # which codes live after a gap, no picture tells
        connection.execute(delete(table).where(table.c.station == station))
    cells = [{"station": station, **_without(cell, "locked"), "seq": at_seq} for cell in body.cells]
    if cells:
        add(connection, CELLS, cells)
    mine = PARCELS.c.station == station
    names = [parcel.waybill_no for parcel in body.parcels]
    for start in range(0, len(names), _AT_ONCE):
        portion = names[start : start + _AT_ONCE]
        connection.execute(delete(PARCELS).where(mine & PARCELS.c.waybill_no.in_(portion)))
    ends = {"stage": LOST_SIGHT, "cell": None, "ended_ms": now_ms, "seq": at_seq}
    connection.execute(update(PARCELS).where(mine & PARCELS.c.ended_ms.is_(None)).values(**ends))
    parcels = [
        {"station": station, **_without(parcel, "slot", "consent", *NO_KEEPING), "seq": at_seq}
        for parcel in body.parcels
    ]
    if parcels:
        add(connection, PARCELS, parcels)
    _put_up_places(connection, station, body, at_seq)


def _put_up_places(
    connection: Connection, station: StationId, body: SnapshotBody, at_seq: int
) -> None:
    known = {"station": station, "seq": at_seq}
    told: tuple[tuple[Table, list[dict[str, Any]]], ...] = (
        (SLOTS, [{"waybill_no": p.waybill_no, "slot": p.slot} for p in body.parcels if p.slot]),
        (CONSENTS, [_consent(p.waybill_no, p.consent) for p in body.parcels if p.consent]),
        (KEEPINGS, [kept for p in body.parcels if (kept := _kept(p))]),
        (LOCKS, [{"cell": c.cell, "reason": c.locked} for c in body.cells if c.locked]),
    )
    for table, rows in told:
        connection.execute(delete(table).where(table.c.station == station))
        if rows:
            add(connection, table, [known | row for row in rows])


def _consent(waybill_no: str, picture: ConsentPicture) -> dict[str, Any]:
    return {"waybill_no": waybill_no, **msgspec.structs.asdict(picture)}


def _kept(picture: ParcelPicture) -> dict[str, Any]:
    """What the parcel's stay has brought about; empty where nothing."""
    kept = {name: getattr(picture, name) for name in NO_KEEPING}
    return {} if kept == NO_KEEPING else {"waybill_no": picture.waybill_no, **kept}


def _without(picture: CellPicture | ParcelPicture, *names: str) -> dict[str, Any]:
    """The columns of the picture's own table."""
    plain = msgspec.structs.asdict(picture)
    return {key: value for key, value in plain.items() if key not in names}


def fold_after(connection: Connection, station: StationId, epoch: int, seq: int) -> None:
    """Fold what is stored after a place into the tables, in the order of the journal."""
    place = (epoch, seq)
    columns = FACTS.c
    while True:
        later: ColumnElement[bool] = tuple_(columns.epoch, columns.seq) > place
        wanted = (
            select(columns.epoch, columns.seq, columns.parked, columns.fact)
            .where(columns.station == station, later)
            .order_by(columns.epoch, columns.seq)
            .limit(_PORTION)
        )
        rows = connection.execute(wanted).all()
        if not rows:
            return
        tables = Tables(station, connection)
        facts = [decode(bytes(row.fact)) for row in rows if not row.parked]
        tables.expect(facts)
        for fact in facts:
            tables.fold(fact)
        tables.save()
        place = (rows[-1].epoch, rows[-1].seq)


def rebuild(connection: Connection, station: StationId, place: Place, now_ms: int) -> None:
    """Put the tables as they were at a place, after which nothing is stored any more."""
    columns = SNAPSHOTS.c
    newest = select(SNAPSHOTS).where(columns.station == station)
    row = connection.execute(newest).first()
    if row is not None and row.epoch == place.epoch and row.seq <= place.seq:
        put_up(connection, station, unpack_snapshot(bytes(row.data)), row.seq, now_ms)
        fold_after(connection, station, row.epoch, row.seq)
        return
    for table in _FOLDED:
        connection.execute(delete(table).where(table.c.station == station))
    fold_after(connection, station, 0, 0)
