"""Today's parcels of one natural village, to be taken along, put up or read out. Nobody's name,
no code and no number but the phone's last four digits is on it.
"""

from collections.abc import Mapping
from typing import Any

from edge.daemon.devices.slip_head import LEADING, large_title, lay_out_head, slip_words
from edge.domain.places import on_floor
from edge.kernel.ids import SlotCode
from edge.kernel.village_time import village_time
from hardware.ports import Block, Rule, Text


def lay_out_hamlet(
    *, station_name: str, content: Mapping[str, Any], again: bool
) -> tuple[Block, ...]:
    """Blocks of the list. `again` marks one that may have come out."""
    day = village_time(content["at"]["wall_lo_ms"])
    name = content["hamlet"] or slip_words("keeper.hamlet.none")
    head = lay_out_head(
        station_name=station_name,
        title=large_title("slip.hamlet"),
        beneath=day.strftime("%Y-%m-%d"),
        again=again,
    )
    body: list[Block] = [
        Rule(),
        Text(text=name, scale=2, centred=True, bold=True),
        LEADING,
        Text(text=slip_words("slip.hamlet.count", count=content["parcels"]), bold=True),
    ]
    body += [Text(text=_line(line)) for line in content["lines"]]
    if content["left"]:
        body.append(Text(text=slip_words("slip.hamlet.left", count=content["left"])))
    return (*head, *body, Rule(), Text(text=slip_words("slip.hamlet.how"), centred=True))


def _line(line: Mapping[str, Any]) -> str:
    return slip_words(
        "slip.hamlet.line",
        tail=line["phone_tail"] or "",
        carrier=line["carrier"],
        place=_place(line),
    )


def _place(line: Mapping[str, Any]) -> str:
    if (slot := line["slot"]) is not None:
        key = "slip.floor" if on_floor(SlotCode(slot)) else "slip.shelf"
        return slip_words(key, slot=slot)
    return slip_words("slip.cell", cell=f"{line['cell']:02d}")
