"""The journal by station or by waybill: facts in the order in which they came or happened."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Row, Select, select

from cloud_sync.county.histories.dating import Dated, Key, date, in_order
from cloud_sync.county.office import Glance, Office
from cloud_sync.county.tables import CONSENTS, FACTS, KEEPINGS, PARCELS, PROXIES, SLOTS, STATIONS
from cloud_sync.county.web.sentences import fact_view, word
from cloud_sync.county.web.told import told_of
from edge.kernel.ids import StationId, WaybillNo
from edge.words import say

MOST_EVENTS: Final = 500
_ON_SLOT: Final = ("stored", "picked_up")
_UNAGREED: Final = ("no", "unknown")
_MOODS: Final = {
    "stored": "ok",
    "picked_up": "ok",
    "keeper_assist": "warn",
    "missing": "bad",
    "bagged": "warn",
}


def read_facts(
    office: Office, glance: Glance, *, station: StationId | None, after: int, limit: int
) -> dict[str, Any]:
    """Facts in order of arrival, after a number. `next` is where to go on. Raises StoreError."""
    columns = FACTS.c
    wanted = select(FACTS).where(columns.number > after).order_by(columns.number).limit(limit)
    if station is not None:
        wanted = wanted.where(columns.station == station)
    with office.database.read() as connection:
        rows = list(connection.execute(wanted))
        dated = date(connection, rows)
        names = dict(map(tuple, connection.execute(select(STATIONS.c.station, STATIONS.c.name))))
    facts = [
        fact_view(
            row,
            names.get(row.station, row.station),
            glance,
            dated[row.station, row.epoch, row.seq],
        )
        for row in rows
    ]
    return {"facts": facts, "next": rows[-1].number if rows else after}


def trace_parcel(office: Office, glance: Glance, waybill_no: WaybillNo) -> dict[str, Any] | None:
    """A parcel's life, oldest first; None when nothing is known. Raises StoreError."""
    columns = FACTS.c
    wanted = (
        select(FACTS)
        .where(columns.waybill_no == waybill_no)
        .order_by(columns.number)
        .limit(MOST_EVENTS)
    )
    with office.database.read() as connection:
        rows = list(connection.execute(wanted))
        dated = date(connection, rows)
        lives = {row.station: row for row in connection.execute(_lives(waybill_no))}
        names = dict(map(tuple, connection.execute(select(STATIONS.c.station, STATIONS.c.name))))
        told = told_of(connection, glance, waybill_no)
    if not rows:
        return None
    rows = in_order(rows, dated)
    newest = next((lives[row.station] for row in reversed(rows) if row.station in lives), None)
    return {**_life(waybill_no, rows, newest, names, glance, dated), "told": told}


def _lives(waybill_no: WaybillNo) -> Select[Any]:
    """A parcel at each station that had it, with the slot that it lies on or lay on last."""
    slot = (SLOTS.c.station == PARCELS.c.station) & (SLOTS.c.waybill_no == PARCELS.c.waybill_no)
    mine = PARCELS.c.waybill_no == waybill_no
    kept = (KEEPINGS.c.station == PARCELS.c.station) & (
        KEEPINGS.c.waybill_no == PARCELS.c.waybill_no
    )
    asked = (CONSENTS.c.station == PARCELS.c.station) & (
        CONSENTS.c.waybill_no == PARCELS.c.waybill_no
    )
    sent = (PROXIES.c.station == PARCELS.c.station) & (PROXIES.c.waybill_no == PARCELS.c.waybill_no)
    went = (PROXIES.c.proxy, PROXIES.c.relation, PROXIES.c.taken_ms)
    stay = (KEEPINGS.c.overdue_ms, KEEPINGS.c.cause, KEEPINGS.c.refused, KEEPINGS.c.damage)
    return (
        select(PARCELS, SLOTS.c.slot, CONSENTS.c.consent, *stay, *went)
        .outerjoin_from(PARCELS, SLOTS, slot)
        .outerjoin(KEEPINGS, kept)
        .outerjoin(CONSENTS, asked)
        .outerjoin(PROXIES, sent)
        .where(mine)
    )


def _stay(life: Row[Any] | None, language: str) -> str:
    """What its stay has brought about while it is still here; then, who came for the addressee."""
    if life is None or life.ended_ms is not None:
        return "" if life is None else _by_proxy(life, language)
    words = [
        say(f"county.stay.{name}", language)
        for name, told in (
            ("to_contact", life.consent in _UNAGREED),
            ("damaged", life.damage),
            ("refused", life.refused),
            ("to_return", life.cause),
            ("overdue", life.overdue_ms),
        )
        if told
    ]
    return " · ".join(words)


def _by_proxy(life: Row[Any], language: str) -> str:
    if life.taken_ms is None:
        return ""
    relation = word("relation", life.relation, language) if life.relation else ""
    return say("county.stay.by_proxy", language, proxy=life.proxy, relation=relation)


def _slot(life: Row[Any] | None) -> str:
    """The slot of a parcel that is in no cell and in nobody's hands."""
    if life is None or life.cell is not None or life.stage not in _ON_SLOT:
        return ""
    return life.slot or ""


def _life(  # noqa: PLR0913, PLR0917 - a parcel, and all that is known of it
    waybill_no: WaybillNo,
    rows: list[Row[Any]],
    newest: Row[Any] | None,
    names: dict[str, str],
    glance: Glance,
    dated: Mapping[Key, Dated],
) -> dict[str, Any]:
    station = rows[-1].station if newest is None else newest.station
    place = say(
        "county.trace_place",
        glance.language,
        station=names.get(station, station),
        cell="" if newest is None or newest.cell is None else newest.cell,
        slot=_slot(newest),
        carrier="" if newest is None else newest.carrier,
    )
    stage = "" if newest is None else newest.stage
    said = "on_slot" if stage == "stored" and _slot(newest) else stage
    return {
        "waybill_no": waybill_no,
        "stage": stage,
        "stage_text": word("stage", said, glance.language) if stage else "",
        "stay": _stay(newest, glance.language),
        "mood": _MOODS.get(stage, "note"),
        "station": station,
        "cell": None if newest is None else newest.cell,
        "slot": _slot(newest) or None,
        "place": place,
        "travelled": len({row.station for row in rows}) > 1,
        "events": [
            fact_view(
                row,
                names.get(row.station, row.station),
                glance,
                dated[row.station, row.epoch, row.seq],
            )
            for row in rows
        ],
    }
