"""Places for parcels: cells, slots of the shelves, slots of the floor; which one is free.

A slot of a shelf is named `shelf-layer-weekday+number`: B-3-407 is the seventh parcel that came on
a Thursday to layer 3 of shelf B. So whoever looks at a shelf sees what has lain there for long.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from edge.domain.cabinet import Occupancy
from edge.domain.door import Door
from edge.domain.facts import CellFreed, Fact
from edge.domain.parcel import IN_CELL, Parcel, Stage
from edge.domain.place_facts import Choice
from edge.domain.policy import CellSize, Policy
from edge.domain.state import State, cell_of, door_of
from edge.kernel.ids import CellId, SlotCode, WaybillNo
from edge.kernel.time import Instant
from edge.kernel.village_time import village_day

_SIZES: Final = tuple(CellSize)
"""Smallest first."""
_WEAR_STEP: Final = 100
"""Locks last for some hundred thousand pulses: within a hundred none is more worn than another,
and the keeper, who likes to find parcels near each other, gets the lowest number.
"""
_FLOOR: Final = "地"
_EPOCH_WEEKDAY: Final = 3
"""Days since a Monday on 1970-01-01, a Thursday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a parcel lies or is to lie: a cell, or else a slot."""

    cell: CellId | None = None
    slot: SlotCode | None = None


def place_of(parcel: Parcel) -> Place:
    """Where a parcel lies, or lay last."""
    return Place(cell=parcel.cell, slot=parcel.slot)


def layer_of(slot: SlotCode) -> str:
    """Shelf and layer of a slot, e.g. B-3; empty for the floor."""
    return "" if on_floor(slot) else slot.rpartition("-")[0]


def on_floor(slot: SlotCode) -> bool:
    """Whether a slot is one of the floor."""
    return slot.startswith(_FLOOR)


def number_of(slot: SlotCode) -> int:
    """Which one of its day a parcel was on its layer."""
    return int(slot.rpartition("-")[2][1:])


def free_slot(state: State, choice: Choice | None, at: Instant, policy: Policy) -> SlotCode | None:
    """A slot that nothing lies on: of a shelf or of the floor as chosen, else of the other."""
    shelf, floor = _free_on_shelf(state, at, policy), _free_on_floor(state, policy)
    return floor or shelf if choice is Choice.FLOOR else shelf or floor


def free_cell(
    state: State, at: Instant, policy: Policy, *, least: CellSize | None = CellSize.SMALL
) -> CellId | None:
    """The smallest size first, then the longest rested, the least worn, the lowest number; or None.

    The sensor must say that it is shut. A cell whose parcel was collected a moment ago may still
    hold it, should its owner have shut the door empty-handed, and is taken only when no other of
    its size is free: then the keeper finds the parcel when the door opens for the next one.
    """
    sizes = () if least is None else _SIZES[_SIZES.index(least) :]
    free = [
        (
            _SIZES.index(cell.size),
            _may_reopen(state, cell.cell, at, policy),
            state.worn.get(cell.cell, 0) // _WEAR_STEP,
            cell.cell,
        )
        for cell in policy.cells
        if cell.size in sizes
        and cell_of(state, cell.cell).occupancy is Occupancy.FREE
        and cell.cell not in state.locked
        and door_of(state, cell.cell).door is Door.SHUT
    ]
    return min(free)[-1] if free else None


def larger_than(cell: CellId, policy: Policy) -> CellSize | None:
    """The size after that of a cell, None after the largest."""
    larger = _SIZES[_SIZES.index(size_of(cell, policy)) + 1 :]
    return larger[0] if larger else None


def size_of(cell: CellId, policy: Policy) -> CellSize:
    """How big a cell is; one that is no longer built counts as small."""
    return next((known.size for known in policy.cells if known.cell == cell), CellSize.SMALL)


def emptied(state: State, waybill_no: WaybillNo, place: Place) -> tuple[Fact, ...]:
    """The cells that this parcel was taken from, now that it lies at another place.

    Only behind a door that was shut; one that still stands open follows when it is shut.
    """
    return tuple(
        CellFreed(cell=cell)
        for cell, content in sorted(state.cells.items())
        if content.left_by == waybill_no
        and cell != place.cell
        and door_of(state, cell).door is Door.SHUT
    )


def lies_elsewhere(state: State, cell: CellId) -> bool:
    """Whether the parcel that was taken from this cell lies at its new place."""
    left_by = cell_of(state, cell).left_by
    parcel = state.parcels.get(left_by) if left_by else None
    return parcel is not None and parcel.stage in (*IN_CELL, Stage.BAGGED)


def slot_of(state: State, waybill_no: WaybillNo) -> SlotCode:
    """The slot that a parcel lies on; it lies on one."""
    return next(slot for slot, lying in state.slots.items() if lying == waybill_no)


def _free_on_shelf(state: State, at: Instant, policy: Policy) -> SlotCode | None:
    """On the layer with the fewest parcels; the first of those that are alike."""
    lying = Counter(map(layer_of, state.slots))
    layers = [
        (lying[layer], layer)
        for shelf in policy.shelves
        for layer in (f"{shelf.name}-{number}" for number in range(1, shelf.layers + 1))
        if lying[layer] < shelf.per_layer
    ]
    if not layers:
        return None
    layer = min(layers, key=lambda one: one[0])[1]
    day, last = village_day(at.wall_lo_ms), state.racks.get(layer)
    number = last.number + 1 if last is not None and last.day == day else 1
    weekday = (day + _EPOCH_WEEKDAY) % 7 + 1
    while (slot := SlotCode(f"{layer}-{weekday}{number:02d}")) in state.slots:
        number += 1  # one of a week ago still lies there
    return slot


def _free_on_floor(state: State, policy: Policy) -> SlotCode | None:
    slots = (SlotCode(f"{_FLOOR}{number}") for number in range(1, policy.floor_slots + 1))
    return next((slot for slot in slots if slot not in state.slots), None)


def _may_reopen(state: State, cell: CellId, at: Instant, policy: Policy) -> bool:
    """Whether the person who emptied a cell may still have its door opened once more."""
    emptied_of = cell_of(state, cell).emptied_of
    parcel = state.parcels.get(emptied_of) if emptied_of else None
    age_ms = at.since_ms(parcel.collected_at) if parcel and parcel.collected_at else None
    return age_ms is not None and age_ms <= policy.put_back_ms
