"""The morning's list for the keeper: whom to call, and what goes back with the next van."""

from collections.abc import Iterator, Mapping
from typing import Any

from edge.daemon.devices.slip_head import large_title, lay_out_head, slip_words
from edge.domain.places import on_floor
from edge.kernel.ids import SlotCode
from edge.kernel.village_time import village_time
from hardware.ports import Block, Rule, Text


def lay_out_overdue(
    *, station_name: str, content: Mapping[str, Any], again: bool
) -> tuple[Block, ...]:
    """Blocks of the list. `again` marks one that may have come out."""
    day = village_time(content["at"]["wall_lo_ms"])
    head = lay_out_head(
        station_name=station_name,
        title=large_title("slip.overdue"),
        beneath=day.strftime("%Y-%m-%d"),
        again=again,
    )
    lines = content["lines"]
    parts = (
        ("slip.overdue.call", [line for line in lines if not line["to_return"]]),
        ("slip.overdue.back", [line for line in lines if line["to_return"]]),
    )
    body = [block for key, some in parts if some for block in _part(key, some)]
    if content["left"]:
        body.append(Text(text=slip_words("slip.overdue.left", count=content["left"])))
    return (*head, *body)


def _part(key: str, lines: list[Mapping[str, Any]]) -> Iterator[Block]:
    yield Rule()
    yield Text(text=slip_words(key, count=len(lines)), bold=True)
    for line in lines:
        yield Text(
            text=slip_words(
                "slip.overdue.line",
                place=_place(line),
                tail=line["phone_tail"] or "",
                day=line["day"],
            )
        )
        yield Text(
            text=slip_words("slip.parcel", carrier=line["carrier"], waybill_no=line["waybill_no"])
        )


def _place(line: Mapping[str, Any]) -> str:
    if (slot := line["slot"]) is not None:
        key = "slip.floor" if on_floor(SlotCode(slot)) else "slip.shelf"
        return slip_words(key, slot=slot)
    return slip_words("slip.cell", cell=f"{line['cell']:02d}")
