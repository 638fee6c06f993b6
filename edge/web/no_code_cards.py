"""K6 as the keeper sees it: who has no code, and what lies here for that phone."""

from dataclasses import dataclass

from edge.daemon.no_code_desk import NoCodeCard
from edge.domain.parcel import IN_CELL, Parcel
from edge.kernel.ids import WaybillNo
from edge.web.snapshot import Snapshot, about, clock_text
from edge.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCodeLine:
    """One card; `waybills` of the parcels with these digits, those of that village first.

    Digits are no proof: papers are seen before anything is handed out, as without any card.
    """

    serial: int
    text: str
    time: str
    waybills: tuple[WaybillNo, ...]


def no_code_lines(seen: Snapshot, language: str) -> tuple[NoCodeLine, ...]:
    """Who waits, the longest first."""
    return tuple(_line(seen, card, language) for card in seen.no_code)


def _line(seen: Snapshot, card: NoCodeCard, language: str) -> NoCodeLine:
    def turn(parcel: Parcel) -> tuple[bool, int]:
        return parcel.hamlet != card.hamlet, parcel.received_at.wall_lo_ms

    hers = sorted(
        (
            parcel
            for parcel in seen.state.parcels.values()
            if parcel.phone_tail == card.phone_tail and parcel.stage in IN_CELL
        ),
        key=turn,
    )
    return NoCodeLine(
        serial=card.serial,
        text=say("keeper.no_code", language, hamlet=card.hamlet, tail=card.phone_tail),
        time=about(card.at) + clock_text(card.at.wall_lo_ms),
        waybills=tuple(parcel.waybill_no for parcel in hers),
    )
