"""What the county would know of cells and parcels had it read every fact: from the state alone."""

from typing import Final

from cloud_sync.wire.snapshot import CellPicture, ConsentPicture, ParcelPicture
from edge.domain.agreement import NOBODY_ASKS, Agreement
from edge.domain.cabinet import CellState
from edge.domain.door import Door, DoorState
from edge.domain.parcel import Parcel
from edge.domain.state import State, cell_of, door_of
from edge.kernel.ids import CellId

_ALARMING: Final = (Door.OPEN, Door.FORCED)


def cell_pictures(state: State) -> list[CellPicture]:
    """A row for every cell."""
    return [_cell(state, cell, cell_of(state, cell)) for cell in sorted(state.cells)]


def parcel_pictures(state: State) -> list[ParcelPicture]:
    """A row for every parcel that the station remembers."""
    return [_parcel(parcel) for _no, parcel in sorted(state.parcels.items())]


def _cell(state: State, cell: CellId, held: CellState) -> CellPicture:
    door = door_of(state, cell)
    return CellPicture(
        cell=cell,
        occupancy=held.occupancy,
        reason=held.reason,
        waybill_no=held.waybill_no,
        last_waybill_no=held.emptied_of,
        door=_door(door),
        purpose=door.purpose or "",
        since_ms=_since_ms(state, door, held),
        locked=state.locked.get(cell, ""),
    )


def _door(door: DoorState) -> str:
    if door.left_open_told and door.door is not Door.FORCED:  # a forced door stays the graver news
        return "left_open"
    return door.door


def _since_ms(state: State, door: DoorState, held: CellState) -> int:
    """When what is seen of the cell began, as near as the state can tell."""
    if door.door in _ALARMING and door.since is not None:
        return door.since.wall_lo_ms
    parcel = state.parcels.get(held.waybill_no) if held.waybill_no is not None else None
    if parcel is not None:
        return (parcel.stored_at or parcel.received_at).wall_lo_ms
    seen = door.since or state.seen_at
    return 0 if seen is None else seen.wall_lo_ms


def _parcel(parcel: Parcel) -> ParcelPicture:
    keeping = parcel.keeping
    return ParcelPicture(
        waybill_no=parcel.waybill_no,
        carrier=parcel.carrier,
        stage=parcel.stage,
        cell=parcel.cell,
        received_ms=parcel.received_at.wall_lo_ms,
        stored_ms=None if parcel.stored_at is None else parcel.stored_at.wall_lo_ms,
        ended_ms=None if parcel.ended_at is None else parcel.ended_at.wall_lo_ms,
        slot=parcel.slot,
        overdue_ms=None if keeping.overdue_at is None else keeping.overdue_at.wall_lo_ms,
        cause=keeping.cause or "",
        refused=keeping.refused,
        damage=keeping.damage,
        liable=keeping.liable,
        consent=None if parcel.agreement == NOBODY_ASKS else _consent(parcel.agreement),
    )


def _consent(known: Agreement) -> ConsentPicture:
    return ConsentPicture(
        consent=known.consent,
        wish=known.wish or "",
        how=known.how or "",
        giver=known.giver or "",
        noted_ms=None if known.noted_at is None else known.noted_at.wall_lo_ms,
        tries=known.tries,
        tried_ms=None if known.tried_at is None else known.tried_at.wall_lo_ms,
    )
