"""What the pages of M3 代取授权 show: an addressee's passes, and one pass to whoever has it."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Row

from cloud_sync.county.mobile.parcels import WAITING, MyParcel
from cloud_sync.county.mobile.passes import MyPass, PassOffice
from cloud_sync.county.mobile.picture import as_data, code_picture
from cloud_sync.county.mobile.sayings import Counter, Saying, moment
from edge.kernel.masking import short_waybill
from edge.words import say


def for_owner(
    parcel: MyParcel, made: list[MyPass], office: PassOffice, share: Callable[[str], str]
) -> dict[str, Any]:
    """One parcel that waits, the pass that is out for it, and what was taken back today."""
    mine = [
        one
        for one in made
        if (one.row.waybill_no, one.row.station) == (parcel.waybill_no, parcel.station_id)
    ]
    live = next((one.row for one in mine if one.live), None)
    return {
        "name": f"{parcel.carrier} {short_waybill(parcel.waybill_no)}".strip(),
        "station": parcel.station,
        "waybill_no": parcel.waybill_no,
        "live": None if live is None else _live(live, parcel.station, office, share),
        "ended": [
            Saying(
                key="mobile.pass.ended" if one.told else "mobile.pass.ended_untold",
                blanks=moment(one.row.revoked_ms),
            )
            for one in mine
            if not one.live
        ],
    }


def for_proxy(
    row: Row[Any], office: PassOffice, counters: Mapping[str, Counter], now_ms: int
) -> dict[str, Any]:
    """One pass, its station and until when: not whose it is, nor what for."""
    counter, over = counters.get(row.station, Counter()), _over(row, now_ms)
    return {
        "station": row.name or row.station,
        "counter": counter,
        "over": over,
        "until": Saying(key="mobile.pass.until", blanks=moment(row.until_ms)),
        "picture": "" if over else as_data(code_picture(office.token(row))),
    }


def _over(row: Row[Any], now_ms: int) -> str:
    """The key of why it opens nothing any more; empty while it does."""
    if row.revoked_ms is not None:
        return "mobile.pass.over.revoked"
    if row.stage != WAITING:
        return "mobile.pass.over.gone"
    return "mobile.pass.over.day" if row.until_ms < now_ms else ""


def _live(
    row: Row[Any], station: str, office: PassOffice, share: Callable[[str], str]
) -> dict[str, Any]:
    until = moment(row.until_ms)
    return {
        "pass_id": row.pass_id,
        "picture": as_data(code_picture(office.token(row))),
        "until": Saying(key="mobile.pass.until", blanks=until),
        "share": say("mobile.pass.share", "zh", station=station, link=share(row.pass_id), **until),
    }
