"""Doors that want somebody: silent, forced, or left open. Shown on every page of the counter."""

from dataclasses import dataclass

from edge.domain.door import Door
from edge.domain.pulse import can_pulse_again
from edge.domain.state import door_of
from edge.kernel.ids import CellId
from edge.web.snapshot import Snapshot
from edge.web.wording import cell_text
from edge.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorAlert:
    """One door in words; `can_retry` where the one human retry may still help."""

    cell: int
    name: str
    text: str
    auth: str
    can_retry: bool


def door_alerts(seen: Snapshot, language: str) -> tuple[DoorAlert, ...]:
    """By cell number. The parcel in hand has its own place on the check-in page."""
    hand = seen.state.parcels.get(seen.state.desk.in_hand) if seen.state.desk.in_hand else None
    in_hand = hand.cell if hand else None
    found = []
    for known in seen.policy.cells:
        word = _word(seen, known.cell)
        if word is None or known.cell == in_hand:
            continue
        name = cell_text(known.cell)
        found.append(
            DoorAlert(
                cell=known.cell,
                name=name,
                text=say(f"keeper.alert.{word}", language, cell=name),
                auth=door_of(seen.state, known.cell).auth or "",
                can_retry=can_pulse_again(seen.state, known.cell),
            )
        )
    return tuple(found)


def _word(seen: Snapshot, cell: CellId) -> str | None:
    door = door_of(seen.state, cell)
    match door.door:
        case Door.SILENT:
            return "silent"
        case Door.FORCED:
            return "forced"
        case Door.OPEN if door.left_open_told:
            return "left_open"
        case _:
            return None
