"""A county with its page, served on a free port, without a broker."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import httpx

from cloud_sync.county.ingest.ledger import register_listed
from cloud_sync.county.news import News
from cloud_sync.county.office import Office
from cloud_sync.county.presence import Presence
from cloud_sync.county.web.make_app import make_app
from cloud_sync.wire.messages import Heartbeat
from edge.kernel.ids import CountyId
from tests.county.village import NOON_MS, County, Village, open_county
from tests.support.serving import serve

WAYBILL = "YT7700123456"
SECRET = "5a" * 32
TAIL = "4711"
WELL: Final = MappingProxyType({"lock-board-1": "ok", "scanner": "ok", "printer": "ok"})


@dataclass
class OpenOffice:
    """A served county: tell it more by `county`, and `hear` so that the page learns of it."""

    address: str
    county: County
    office: Office

    def hear(
        self,
        village: Village,
        nonce: str = "n1",
        *,
        waiting: int = 0,
        devices: Mapping[str, str] = WELL,
    ) -> None:
        """Facts arrive, the heart beats, the page is told."""
        self.county.deliver(village, nonce)
        self.office.presence.load(self.county.database)
        beat = Heartbeat(
            boot=1,
            up_ms=1,
            head_seq=village.seq + waiting,
            waiting=waiting,
            devices=dict(devices),
            simulated=True,
        )
        self.office.presence.heard(village.station, beat)
        self.office.news.tell()


@contextmanager
def open_office(folder: Path, *listed: tuple[str, str]) -> Iterator[OpenOffice]:
    """A county with listed stations, its broker up, its page served."""
    with open_county(folder) as county:
        with county.database.write() as connection:
            register_listed(connection, listed)
        presence = Presence(lambda: 1_000, lambda: NOON_MS)
        presence.load(county.database)
        office = Office(
            county=CountyId("shangyou"),
            name="上犹县",
            software="0.1.0",
            database=county.database,
            presence=presence,
            metrics=county.metrics,
            news=News(),
            wall_ms=lambda: NOON_MS + 60_000,
            link_up=True,
        )
        with serve(make_app(office)) as address:
            yield OpenOffice(address=address, county=county, office=office)


def pingshang() -> Village:
    """A village with one parcel in cell 7 and secrets in its journal."""
    village = Village()
    village.tell("station.started", version="0.1.0")
    village.check_in(WAYBILL, 7)
    village.tell("parcel.phone_tail_noted", waybill_no=WAYBILL, phone_tail=TAIL)
    village.tell(
        "pickup.code_issued",
        credential="c1",
        waybill_no=WAYBILL,
        phone_tail=TAIL,
        code_mac=SECRET,
        token_mac=SECRET,
    )
    return village


def alarms(web: httpx.Client, language: str = "zh") -> list[tuple[str, str]]:
    """Level and title of each alarm on the page."""
    events = web.stream("GET", f"/events?lang={language}")
    with events as stream:
        line = next(one for one in stream.iter_lines() if one.startswith("data:"))
    view: dict[str, Any] = json.loads(line[5:])
    return [(one["level"], one["title"]) for one in view["alarms"]]
