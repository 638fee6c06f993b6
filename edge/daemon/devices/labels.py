"""Labels: on a parcel its slot, on a bag its next stop, to be read from across the room.

Black on white, so a brand is a word in a black bar, never a colour. Of a person nothing but the
last four digits of the phone; the whole waybill is in the code alone.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from edge.daemon.devices.slip_head import slip_words
from edge.kernel.masking import short_waybill
from edge.kernel.village_time import village_time
from hardware.ports import Bars, Beside, Block, Qr, Rule, Text

_LARGEST: Final = 8
"""Of all scales: as wide as the label."""
_NO_TAIL: Final = "____"
_NO_COUNT: Final = "（    ）"
"""Both are to be written by hand."""


def lay_out_shelf_label(
    *, station_name: str, content: Mapping[str, Any], again: bool
) -> tuple[Block, ...]:
    """Blocks of the label of a parcel on a slot. `again` marks one that may be out (补打)."""
    del station_name  # the shelf stands in it
    tail = slip_words("label.tail", tail=content["phone_tail"] or _NO_TAIL)
    short = short_waybill(content["waybill_no"])
    lines = (
        *_bar(content["carrier"], again=again),
        Text(text=tail, scale=3, bold=True, whole=True),
        Text(text=f"{short}  {_day(content['at'])}", scale=2, whole=True),
    )
    return (
        Text(text=content["slot"], scale=_LARGEST, centred=True, bold=True, whole=True),
        Rule(),
        Beside(lines=lines, code=Qr(data=content["waybill_no"])),
    )


def lay_out_bag_label(
    *, station_name: str, content: Mapping[str, Any], again: bool
) -> tuple[Block, ...]:
    """Blocks of the label of a bag that goes on. `again` as for a parcel's."""
    seal, next_hop = content["seal"], content["next_hop"]
    count = _NO_COUNT if content["parcels"] is None else content["parcels"]
    head = slip_words("label.next_hop") + (f" {slip_words('slip.copy')}" if again else "")
    origin = slip_words("label.origin", station=station_name, count=count)
    trip = slip_words("label.trip", trip=content["trip"])
    lines = [f"{origin} {trip}"]
    if content["to"] not in {"", next_hop}:
        lines = [origin, slip_words("label.to", to=content["to"]) + f" {trip}"]
    return (
        Text(text=head, centred=True, whole=True, inverted=True),
        Text(text=next_hop, scale=6, centred=True, bold=True, whole=True),
        Bars(data=seal),
        Text(text=seal, centred=True, bold=True),
        Rule(),
        *(Text(text=line, whole=True) for line in lines),
    )


def _bar(carrier: str, *, again: bool) -> Iterator[Text]:
    words = [carrier] if carrier else []
    words += [slip_words("slip.copy")] if again else []
    if words:
        yield Text(text=" ".join(words), scale=2, whole=True, inverted=True)


def _day(at: Mapping[str, Any]) -> str:
    moment = village_time(at["wall_lo_ms"])
    unsure = "≈" if at["wall_hi_ms"] is None else ""
    weekday = slip_words(f"label.weekday.{moment.isoweekday()}")
    return f"{unsure}{moment:%m-%d} {weekday}"
