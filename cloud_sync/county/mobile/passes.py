"""Passes for proxies: made and taken back by an addressee, one parcel each, for the day.

A pass itself is in no table: whoever has the county's key can write the same one again.
"""

import secrets
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Row, delete, insert, select, update

from cloud_sync.county.mobile.parcels import WAITING, MyParcel
from cloud_sync.county.recipients.vault import Vault
from cloud_sync.county.stream.shelf import is_stored
from cloud_sync.county.tables import PARCELS, PASSES, STATIONS
from cloud_sync.wire.trust.identity import Identity
from cloud_sync.wire.trust.proxy_pass import (
    ID_BYTES,
    ProxyPass,
    parcel_mark,
    station_mark,
    write_pass,
)
from edge.kernel.ids import CountyId, StationId, WaybillNo
from edge.kernel.village_time import DAY_MS, EAST_MS, village_day

KIND: Final = "pass_end"
MOST_A_DAY: Final = 20
"""Of one person: a station remembers each until its day is over."""


class Put(Protocol):
    """`put` of cloud_sync.county.stream.desk.StateDesk."""

    def __call__(
        self,
        connection: Connection,
        station: StationId | None,
        kind: str,
        key: str,
        body: dict[str, Any] | None,
    ) -> int:
        """Say something to a station, in the transaction of the ingest thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassOffice:
    """What it takes: whose key signs for a station, and the ingest thread with its stream."""

    county: CountyId
    key_for: Callable[[StationId], Identity]
    work: Callable[[Callable[[Connection], str]], "Future[str]"]
    put: Put
    patience_s: float = 10.0
    """A page waits so long for the ingest thread."""

    def token(self, row: Row[Any]) -> str:
        """The text that a kiosk reads."""
        said = ProxyPass(
            pass_id=row.pass_id,
            station=station_mark(StationId(row.station)),
            parcel=parcel_mark(row.pass_id, WaybillNo(row.waybill_no)),
            until_ms=row.until_ms,
        )
        return write_pass(said, self.county, self.key_for(StationId(row.station)))


@dataclass(frozen=True, slots=True, kw_only=True)
class MyPass:
    """`told`: the station has stored that it was taken back."""

    row: Row[Any]
    live: bool
    told: bool


def may_be_sent_for(parcel: MyParcel) -> bool:
    """Whether a pass for it makes sense: it waits, and nobody has to be asked first."""
    return parcel.stage == WAITING and not parcel.to_ask


def make(
    connection: Connection, vault: Vault, recipient: str, parcel: MyParcel | None, now_ms: int
) -> str:
    """A pass for the rest of the day, unless there is a live one; a key tells why there is none."""
    if parcel is None or not may_be_sent_for(parcel):
        return "mobile.pass.not_now"
    today = [one.row for one in passes_of(connection, recipient, now_ms)]
    mine = [row for row in today if row.waybill_no == parcel.waybill_no]
    if any(row.revoked_ms is None and row.station == parcel.station_id for row in mine):
        return ""
    if len(today) >= MOST_A_DAY:
        return "mobile.pass.too_many"
    pass_id = secrets.token_hex(ID_BYTES)
    row = {
        "pass_id": pass_id,
        "link_mark": vault.link_mark(vault.pass_link(pass_id)),
        "recipient": recipient,
        "station": parcel.station_id,
        "waybill_no": parcel.waybill_no,
        "made_ms": now_ms,
        "until_ms": (village_day(now_ms) + 1) * DAY_MS - EAST_MS - 1,
    }
    connection.execute(insert(PASSES), row)
    return ""


def revoke(connection: Connection, put: Put, recipient: str, pass_id: str, now_ms: int) -> str:
    """Take one back and tell its station, which hears of it when it is there."""
    mine = (PASSES.c.pass_id == pass_id) & (PASSES.c.recipient == recipient)
    row = connection.execute(select(PASSES).where(mine)).first()
    if row is None or row.until_ms < now_ms:
        return "mobile.pass.gone"
    if row.revoked_ms is None:
        connection.execute(update(PASSES).where(mine).values(revoked_ms=now_ms))
        put(connection, StationId(row.station), KIND, pass_id, {"until_ms": row.until_ms})
    return ""


def passes_of(connection: Connection, recipient: str, now_ms: int) -> list[MyPass]:
    """Those of today, the newest first."""
    wanted = select(PASSES).where(PASSES.c.recipient == recipient, PASSES.c.until_ms >= now_ms)
    rows = connection.execute(wanted.order_by(PASSES.c.made_ms.desc(), PASSES.c.pass_id)).all()
    return [
        MyPass(
            row=row,
            live=row.revoked_ms is None,
            told=is_stored(connection, StationId(row.station), KIND, row.pass_id),
        )
        for row in rows
    ]


def pass_behind(connection: Connection, vault: Vault, link: str) -> Row[Any] | None:
    """What a proxy's link opens: the pass, its station's name, and how its parcel stands."""
    here = PARCELS.c
    same = (here.station == PASSES.c.station) & (here.waybill_no == PASSES.c.waybill_no)
    wanted = (
        select(PASSES, STATIONS.c.name, here.stage)
        .outerjoin_from(PASSES, STATIONS, STATIONS.c.station == PASSES.c.station)
        .outerjoin(PARCELS, same)
        .where(PASSES.c.link_mark == vault.link_mark(link))
    )
    return connection.execute(wanted).first()


def forget_passes(connection: Connection, put: Put, now_ms: int) -> None:
    """Those that were over a day ago, and what stations were told of them."""
    old = PASSES.c.until_ms < now_ms - DAY_MS
    for row in connection.execute(select(PASSES).where(old, PASSES.c.revoked_ms.is_not(None))):
        put(connection, StationId(row.station), KIND, row.pass_id, None)
    connection.execute(delete(PASSES).where(old))


def forget_of(connection: Connection, put: Put, recipient: str, now_ms: int) -> None:
    """All of somebody who is forgotten: a pass without anybody behind it opens nothing."""
    for one in passes_of(connection, recipient, now_ms):
        revoke(connection, put, recipient, one.row.pass_id, now_ms)
    connection.execute(delete(PASSES).where(PASSES.c.recipient == recipient))
