"""Passes for proxies at a village's station: a county's key, and what addressees' phones show."""

import itertools
from typing import Final

from cloud_sync.wire.trust.identity import Identity
from cloud_sync.wire.trust.proxy_pass import ProxyPass, parcel_mark, station_mark, write_pass
from edge.daemon.county.passes import PassReader
from edge.kernel.ids import CountyId, StationId, WaybillNo
from tests.web.support.parcels import WAYBILL
from tests.web.support.village import Village

COUNTY: Final = CountyId("shangyou")
STATION: Final = StationId("pingshang")
KEY: Final = Identity.from_secret(b"c" * 32)
STRANGER: Final = Identity.from_secret(b"s" * 32)
_DRAWN = itertools.count(1)
_HOUR_MS: Final = 3_600_000


def trust_the_county(village: Village) -> None:
    """As after the enrolment, with a clock that the county has told."""
    village.clock.trusted = True
    village.front.scan_reader.passes = PassReader(
        county=COUNTY, station=STATION, keys=lambda: (KEY.public,)
    )


def draw_pass(
    village: Village,
    waybill_no: str = WAYBILL,
    *,
    station: StationId = STATION,
    key: Identity = KEY,
    hours: int = 1,
) -> tuple[str, str]:
    """A pass as text, and its number."""
    pass_id = f"{next(_DRAWN):016x}"
    said = ProxyPass(
        pass_id=pass_id,
        station=station_mark(station),
        parcel=parcel_mark(pass_id, WaybillNo(waybill_no)),
        until_ms=village.clock.now().wall_lo_ms + hours * _HOUR_MS,
    )
    return write_pass(said, COUNTY, key), pass_id
