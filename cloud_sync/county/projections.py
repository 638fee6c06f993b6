"""What the pages read: cells and parcels of a station, folded from its facts one by one."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Self

from sqlalchemy import Connection

from cloud_sync.county.rows import Rows
from cloud_sync.county.tables import CELLS, PARCELS
from cloud_sync.wire.envelope import Envelope

WAITING: Final = ("stored", "put_back")
"""Stages in which a parcel lies in a cell and somebody is expected."""


class Tables:
    """One station's cells and parcels while facts fold into them."""

    def __init__(self, station: str, connection: Connection | None = None) -> None:
        self.cells = Rows(CELLS, "cell", station, connection)
        self.parcels = Rows(PARCELS, "waybill_no", station, connection)

    def expect(self, facts: Iterable[Envelope]) -> None:
        """Read the rows that these facts name in one go."""
        bodies = [fact.body for fact in facts]
        self.cells.expect(body["cell"] for body in bodies if "cell" in body)
        self.parcels.expect(body["waybill_no"] for body in bodies if "waybill_no" in body)

    def fold(self, fact: Envelope) -> None:
        """Fold one fact whose body has been checked. Kinds that change no table do nothing."""
        for fold in _FOLDS.get(fact.kind, ()):
            fold(self, fact)

    def waybill_of(self, fact: Envelope) -> str | None:
        """The parcel that a fact belongs to, before it is folded: a door's is what lies behind it.

        A door that is reopened after a pickup still belongs to the parcel that was there.
        """
        if (named := fact.body.get("waybill_no")) is not None:
            return str(named)
        if not fact.kind.startswith(("door.", "cell.")):
            return None
        cell = self.cells.get(fact.body["cell"])
        if cell is None:
            return None
        if cell["waybill_no"] is not None:
            return str(cell["waybill_no"])
        asked = fact.body.get("purpose") if fact.kind == "door.asked" else cell["purpose"]
        return cell["last_waybill_no"] if asked == "put_back" else None

    def save(self) -> Self:
        """Write every changed row."""
        self.cells.save()
        self.parcels.save()
        return self


_UNTOUCHED: Final[Mapping[str, Any]] = {
    "occupancy": "free",
    "reason": "",
    "waybill_no": None,
    "last_waybill_no": None,
    "door": "unknown",
    "purpose": "",
}
"""A cell that no fact has named yet."""

_Fold = Callable[[Tables, Envelope], None]


def _cell(**columns: str) -> _Fold:
    def fold(tables: Tables, fact: Envelope) -> None:
        number = fact.body["cell"]
        base = _UNTOUCHED if tables.cells.get(number) is None else {}
        told = {
            name: fact.body[value[1:]] if value.startswith(":") else value
            for name, value in columns.items()
        }
        moment = {"since_ms": fact.wall_lo, "seq": fact.seq}
        tables.cells.put(number, **{**base, **told, **moment})

    return fold


def _freed(tables: Tables, fact: Envelope) -> None:
    before = tables.cells.get(fact.body["cell"])
    _cell(occupancy="free", reason="")(tables, fact)
    if before is not None and before["waybill_no"] is not None:
        tables.cells.put(fact.body["cell"], waybill_no=None, last_waybill_no=before["waybill_no"])


def _received(tables: Tables, fact: Envelope) -> None:
    tables.parcels.put(
        fact.body["waybill_no"],
        carrier=fact.body["carrier"],
        stage="received",
        cell=None,
        received_ms=fact.wall_lo,
        stored_ms=None,
        ended_ms=None,
        seq=fact.seq,
    )


def _parcel(stage: str = "", *, moment: str = "", cell: bool = False) -> _Fold:
    def fold(tables: Tables, fact: Envelope) -> None:
        waybill_no = fact.body["waybill_no"]
        if tables.parcels.get(waybill_no) is None:
            return  # its beginning lies in a parked fact; the trace still shows this one
        changed: dict[str, Any] = {"seq": fact.seq}
        if stage:
            changed["stage"] = stage
        if moment:
            changed[moment] = fact.wall_lo
        if cell:
            changed["cell"] = fact.body["cell"]
        tables.parcels.put(waybill_no, **changed)

    return fold


_FOLDS: Final[Mapping[str, tuple[_Fold, ...]]] = {
    "parcel.received": (_received,),
    "cell.reserved": (
        _cell(occupancy="reserved", waybill_no=":waybill_no"),
        _parcel(cell=True),
    ),
    "parcel.stored": (
        _cell(occupancy="held", reason="", waybill_no=":waybill_no"),
        _parcel("stored", moment="stored_ms", cell=True),
    ),
    "parcel.check_in_undone": (_parcel("undone", moment="ended_ms"),),
    "parcel.picked_up": (_parcel("picked_up", moment="ended_ms"),),
    "parcel.put_back": (_parcel("put_back"),),
    "parcel.missing": (_parcel("missing", moment="ended_ms"),),
    "cell.freed": (_freed,),
    "cell.questioned": (_cell(occupancy="questioned", reason=":reason"),),
    "cell.faulted": (_cell(occupancy="faulted", reason=":reason"),),
    "door.asked": (_cell(door="asked", purpose=":purpose"),),
    "door.opened": (_cell(door="open"),),
    "door.shut": (_cell(door="shut"),),
    "door.forced": (_cell(door="forced", purpose=""),),
    "door.silent": (_cell(door="silent"),),
    "door.left_open": (_cell(door="left_open"),),
    "door.unseen": (_cell(door="unknown"),),
}
