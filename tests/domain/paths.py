"""What opens a door, and how a parcel may go on from each stage of its life."""

from typing import Final

from edge.domain.inputs import (
    CellLockAsked,
    CellOpenAsked,
    CheckInCancelled,
    CodeTyped,
    DoorStuckReported,
    MoveAsked,
    PlaceAsked,
    PutBackAsked,
    ReleaseAsked,
    RemoteOpenAsked,
    TokenScanned,
    WaybillScanned,
)
from edge.domain.parcel import Stage
from edge.domain.proxy_inputs import ProxyAnswered, ProxyOpenAsked

HUMAN_ACTS: Final = (
    WaybillScanned,
    TokenScanned,
    CodeTyped,
    DoorStuckReported,
    PutBackAsked,
    ReleaseAsked,
    CheckInCancelled,
    CellOpenAsked,
    RemoteOpenAsked,
    PlaceAsked,
    MoveAsked,
    CellLockAsked,
    ProxyOpenAsked,
    ProxyAnswered,
)
PATHS: Final[dict[Stage | None, set[Stage]]] = {
    None: {Stage.RECEIVED},
    Stage.RECEIVED: {Stage.STORED, Stage.UNDONE},
    Stage.STORED: {
        Stage.RECEIVED,
        Stage.KEEPER_ASSIST,
        Stage.PICKED_UP,
        Stage.UNDONE,
        Stage.MISSING,
    },
    Stage.KEEPER_ASSIST: {
        Stage.RECEIVED,
        Stage.STORED,
        Stage.PICKED_UP,
        Stage.UNDONE,
        Stage.MISSING,
    },
    Stage.PICKED_UP: {Stage.KEEPER_ASSIST, Stage.STORED},
    Stage.UNDONE: {Stage.RECEIVED},
    Stage.MISSING: {Stage.RECEIVED, Stage.STORED},
}
