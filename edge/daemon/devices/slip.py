"""The pickup slip: what a villager holds in the hand. Large code, QR, and nothing private."""

from typing import Final

from edge.domain.places import on_floor
from edge.kernel.ids import CellId, SlotCode
from edge.kernel.masking import spaced_code
from edge.words import say
from hardware.ports import Block, Qr, Rule, Text

SLIP_LANGUAGE: Final = "zh"
_LEADING: Final = Text(text="")
"""A blank line. Enlarged letters fill their whole line, so that the next one would touch them."""


def lay_out_slip(  # noqa: PLR0913 - every field of the paper by name
    *,
    station_name: str,
    waybill_no: str,
    carrier: str,
    phone_tail: str,
    cell: CellId | None,
    slot: SlotCode | None,
    digits: str,
    token: str,
    copy: bool,
) -> tuple[Block, ...]:
    """Blocks of one slip. `copy` marks a slip that may have come out before (补打)."""

    def words(key: str, **blanks: str | int) -> str:
        return say(key, SLIP_LANGUAGE, **blanks)

    place = words("slip.cell", cell=f"{cell or 0:02d}")
    if slot is not None:
        place = words("slip.floor" if on_floor(slot) else "slip.shelf", slot=slot)
    head: tuple[Block, ...] = (
        Text(text=station_name, scale=2, centred=True, bold=True),
        _LEADING,
        Text(text=words("slip.title"), centred=True),
    )
    if copy:
        head += (Text(text=words("slip.copy"), scale=2, centred=True, bold=True),)
    return (
        *head,
        Rule(),
        Text(text=place, scale=2, centred=True, bold=True),
        _LEADING,
        Text(text=words("slip.tail", tail=phone_tail), centred=True),
        Text(text=words("slip.code"), centred=True),
        Text(text=spaced_code(digits), scale=3, centred=True, bold=True),
        Qr(data=token, module_dots=7),
        Text(text=words("slip.how" if slot is None else "slip.how_slot"), centred=True),
        Rule(),
        Text(text=words("slip.parcel", carrier=carrier, waybill_no=waybill_no)),
    )
