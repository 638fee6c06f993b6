"""What a notice says: how many, where, until when, the digits, and the link of the own page."""

from collections.abc import Sequence
from typing import Final

from cloud_sync.county.mobile.parcels import MyParcel
from edge.kernel.masking import spaced_code
from edge.kernel.village_time import village_time
from edge.words import say

MOST_CODES: Final = 3
"""More digits than that nobody types off a message: the page has them all."""
_LANGUAGE: Final = "zh"


def notice_text(kind: str, parcels: Sequence[MyParcel], link: str) -> str:
    """The text for parcels that wait, at least one."""
    until_ms = min((one.keep_until_ms for one in parcels if one.keep_until_ms), default=None)
    until = None if until_ms is None else village_time(until_ms)
    codes = [spaced_code(one.code.digits) for one in parcels if one.code is not None]
    stations = dict.fromkeys(one.station for one in parcels)
    return say(
        f"notice.{kind}",
        _LANGUAGE,
        count=len(parcels),
        station="、".join(stations),
        month="" if until is None else until.month,
        day="" if until is None else until.day,
        codes="，".join(codes) if 0 < len(codes) <= MOST_CODES else "",
        link=link,
    )
