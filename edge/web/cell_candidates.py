"""What a keeper may find in a cell that nobody is sure of: the choices of "what is inside?"."""

from dataclasses import dataclass

from edge.domain.cabinet import TO_LOOK, CellState
from edge.domain.parcel import Parcel, Stage
from edge.domain.state import State
from edge.kernel.ids import CellId
from edge.kernel.masking import short_waybill
from edge.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A parcel that may be what lies in a questioned cell."""

    waybill_no: str
    word: str


def candidates(
    state: State, cell: CellId, content: CellState, language: str
) -> tuple[Candidate, ...]:
    """What a keeper may find in a cell that needs a look: whatever was last said to be there."""
    if content.occupancy not in TO_LOOK:
        return ()
    known = [p for p in state.parcels.values() if p.cell == cell and p.stage is not Stage.UNDONE]
    present = [p for p in known if p.stage is not Stage.PICKED_UP]
    gone = sorted((p for p in known if p.stage is Stage.PICKED_UP), key=_collected)[-1:]
    return tuple(
        Candidate(
            waybill_no=p.waybill_no,
            word=say(
                "keeper.candidate",
                language,
                carrier=p.carrier,
                short=short_waybill(p.waybill_no),
                tail=p.phone_tail or "----",
            ),
        )
        for p in (*present, *gone)
    )


def _collected(parcel: Parcel) -> int:
    return parcel.collected_at.wall_lo_ms if parcel.collected_at else 0
