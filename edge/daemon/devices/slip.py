"""The pickup slip: what a villager holds in the hand. Large code, QR, and nothing private."""

from edge.daemon.devices.slip_head import LEADING, lay_out_head, slip_words
from edge.domain.places import on_floor
from edge.kernel.ids import CellId, SlotCode
from edge.kernel.masking import spaced_code
from hardware.ports import Block, Qr, Rule, Text


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
    place = slip_words("slip.cell", cell=f"{cell or 0:02d}")
    if slot is not None:
        place = slip_words("slip.floor" if on_floor(slot) else "slip.shelf", slot=slot)
    title = Text(text=slip_words("slip.title"), centred=True)
    head = lay_out_head(station_name=station_name, title=title, again=copy)
    return (
        *head,
        Rule(),
        Text(text=place, scale=2, centred=True, bold=True),
        LEADING,
        Text(text=slip_words("slip.tail", tail=phone_tail), centred=True),
        Text(text=slip_words("slip.code"), centred=True),
        Text(text=spaced_code(digits), scale=3, centred=True, bold=True),
        Qr(data=token, module_dots=7),
        Text(text=slip_words("slip.how" if slot is None else "slip.how_slot"), centred=True),
        Rule(),
        Text(text=slip_words("slip.parcel", carrier=carrier, waybill_no=waybill_no)),
    )
