"""One person's parcels, as the tables have them now: where each lies, until when, and its code."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, Select, select

from cloud_sync.county.recipients.vault import Vault
from cloud_sync.county.tables import (
    CONSENTS,
    FACTS,
    KEEPINGS,
    PARCELS,
    PROXIES,
    RECIPIENT_PARCELS,
    RECIPIENTS,
    SEALED_CODES,
    SLOTS,
    STATIONS,
    TRIP_PARCELS,
)
from cloud_sync.wire.envelope import decode
from cloud_sync.wire.trust.sealed_codes import ClearCode, CodeOpener
from edge.kernel.village_time import DAY_MS

WAITING: Final = "stored"
"""The stage in which a code opens its door."""
_TARGETS: Final = STATIONS.alias()
"""The stations that manifests send parcels to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MyParcel:
    """`stage` is empty for one that no station has seen yet: its station is where it is sent to,
    and empty where no manifest says. `code` is None where none is known.
    """

    waybill_no: str
    carrier: str = ""
    station_id: str = ""
    station: str = ""
    stage: str = ""
    cell: int | None = None
    slot: str = ""
    ended_ms: int | None = None
    keep_until_ms: int | None = None
    to_ask: bool = False
    going_back: bool = False
    by_proxy: bool = False
    code: ClearCode | None = None


def recipient_of(connection: Connection, vault: Vault, link: str) -> str | None:
    """Whose page a link opens; None for a link of nobody."""
    mine = RECIPIENTS.c.link_mark == vault.link_mark(link)
    found = connection.execute(select(RECIPIENTS.c.recipient).where(mine)).scalar()
    return None if found is None else str(found)


def parcels_of(connection: Connection, opener: CodeOpener, recipient: str) -> list[MyParcel]:
    """Those of one person alone: what waits first, then what comes, then what is over."""
    newest: dict[str, Row[Any]] = {}
    for row in connection.execute(_lives(recipient)):
        newest[row.listed] = row  # in order of time: the last station that had it counts
    found = [_parcel(connection, opener, row) for row in newest.values()]
    return sorted(found, key=lambda one: (_rank(one), -(one.ended_ms or 0), one.waybill_no))


def _rank(parcel: MyParcel) -> int:
    if parcel.ended_ms is not None:
        return 2
    return 0 if parcel.stage else 1


def _lives(recipient: str) -> Select[Any]:
    listed, here = RECIPIENT_PARCELS.c, PARCELS.c
    wanted = select(
        PARCELS,
        listed.waybill_no.label("listed"),
        STATIONS.c.name,
        SLOTS.c.slot,
        CONSENTS.c.consent,
        KEEPINGS.c.cause,
        PROXIES.c.taken_ms,
        TRIP_PARCELS.c.to_place,
        _TARGETS.c.name.label("to_name"),
    ).outerjoin_from(RECIPIENT_PARCELS, PARCELS, here.waybill_no == listed.waybill_no)
    wanted = wanted.outerjoin(STATIONS, STATIONS.c.station == here.station)
    for table in (SLOTS, CONSENTS, KEEPINGS, PROXIES):
        same = (table.c.station == here.station) & (table.c.waybill_no == here.waybill_no)
        wanted = wanted.outerjoin(table, same)
    sent = TRIP_PARCELS.c
    same = (sent.trip == listed.trip) & (sent.waybill_no == listed.waybill_no)
    wanted = wanted.outerjoin(TRIP_PARCELS, same)
    wanted = wanted.outerjoin(_TARGETS, _TARGETS.c.station == sent.to_place)
    return wanted.where(listed.recipient == recipient).order_by(here.received_ms)


def _parcel(connection: Connection, opener: CodeOpener, row: Row[Any]) -> MyParcel:
    if row.station is None:
        to = row.to_place or ""
        return MyParcel(waybill_no=row.listed, station_id=to, station=row.to_name or to)
    code = _code(connection, opener, row) if row.stage == WAITING else None
    return MyParcel(
        waybill_no=row.listed,
        carrier=row.carrier,
        station_id=row.station,
        station=row.name or row.station,
        stage=row.stage,
        cell=row.cell,
        slot="" if row.cell is not None else row.slot or "",
        ended_ms=row.ended_ms,
        keep_until_ms=None if code is None else _keep_until(connection, row, code.keep_days),
        to_ask=row.consent in {"no", "unknown"},
        going_back=bool(row.cause),
        by_proxy=row.taken_ms is not None,
        code=code,
    )


def _code(connection: Connection, opener: CodeOpener, row: Row[Any]) -> ClearCode | None:
    codes = SEALED_CODES.c
    mine = (codes.station == row.station) & (codes.waybill_no == row.listed)
    kept = connection.execute(select(codes.credential, codes.sealed).where(mine)).first()
    return None if kept is None else opener.open(row.station, kept.credential, kept.sealed)


def _keep_until(connection: Connection, row: Row[Any], keep_days: int) -> int:
    """As the station counts it: so long after it came, or as the keeper last promised."""
    facts = FACTS.c
    extended = (
        select(facts.fact, facts.wall_ms)
        .where(
            facts.waybill_no == row.listed,
            facts.station == row.station,
            facts.kind == "parcel.storage_extended",
            facts.parked == "",
            facts.wall_ms >= row.received_ms,
        )
        .order_by(facts.epoch.desc(), facts.seq.desc())
    )
    until_ms = int(row.stored_ms or row.received_ms) + keep_days * DAY_MS
    last = connection.execute(extended).first()
    if last is None:
        return until_ms
    days = msgspec.convert(decode(bytes(last.fact)).body["days"], int)
    return max(until_ms, int(last.wall_ms) + days * DAY_MS)
