"""What the pages read: cells and parcels of a station, folded from its facts one by one."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Self

from sqlalchemy import Connection

from cloud_sync.county.commands.audit import COMMAND_FOLDS
from cloud_sync.county.histories.dating import note_sync, save_syncs
from cloud_sync.county.ingest.consents import CONSENT_FOLDS, received_anew
from cloud_sync.county.ingest.keepings import KEEPING_FOLDS, forget
from cloud_sync.county.ingest.places import PLACE_FOLDS
from cloud_sync.county.ingest.proxies import (
    PROXY_FOLDS,
    asked,
    handed_out,
    here_again,
    picked_up,
)
from cloud_sync.county.ingest.rows import Rows
from cloud_sync.county.ingest.sealed_codes import CODE_FOLDS, SealedCodes, spent
from cloud_sync.county.tables import (
    BAGS,
    CELLS,
    COMMANDS,
    CONSENTS,
    HANDOVERS,
    KEEPINGS,
    LOCKS,
    PARCELS,
    PROXIES,
    RESTARTS,
    SLOTS,
    SUPPLIES,
)
from cloud_sync.county.trips.folds import TRIP_FOLDS
from cloud_sync.wire.envelope import Envelope

WAITING: Final = ("stored", "keeper_assist")
"""Stages in which a parcel lies in its place and somebody is expected."""
_ALARMING: Final = ("forced", "left_open")


class Tables:
    """One station's cells, parcels, supply and restarts while facts fold into them."""

    def __init__(self, station: str, connection: Connection | None = None) -> None:
        self.cells = Rows(CELLS, "cell", station, connection).read_all()
        self.parcels = Rows(PARCELS, "waybill_no", station, connection)
        self.slots = Rows(SLOTS, "waybill_no", station, connection)
        self.consents = Rows(CONSENTS, "waybill_no", station, connection)
        self.keepings = Rows(KEEPINGS, "waybill_no", station, connection)
        self.proxies = Rows(PROXIES, "waybill_no", station, connection)
        self.locks = Rows(LOCKS, "cell", station, connection)
        self.commands = Rows(COMMANDS, "command", station, connection)
        self.bags = Rows(BAGS, "seal", station, connection)
        self.handovers = Rows(HANDOVERS, "trip", station, connection)
        self.codes = SealedCodes(station, connection)
        self._station, self._connection = station, connection
        self._syncs: list[dict[str, Any]] = []
        self._supply = Rows(SUPPLIES, "station", station, connection)
        self._restarts = Rows(RESTARTS, "station", station, connection)

    def expect(self, facts: Iterable[Envelope]) -> None:
        """Read the parcels that these facts name in one go."""
        facts = list(facts)
        bodies = [fact.body for fact in facts]
        self.parcels.expect(body["waybill_no"] for body in bodies if "waybill_no" in body)
        asked = {"parcel.received", *CONSENT_FOLDS}
        self.consents.expect(fact.body["waybill_no"] for fact in facts if fact.kind in asked)
        kept = {"parcel.received", *KEEPING_FOLDS}
        self.keepings.expect(fact.body["waybill_no"] for fact in facts if fact.kind in kept)
        by_proxy = {"parcel.received", "parcel.picked_up", "parcel.handed_out", *PROXY_FOLDS}
        self.proxies.expect(fact.body["waybill_no"] for fact in facts if fact.kind in by_proxy)
        self.slots.expect(body["waybill_no"] for body in bodies if body.get("slot"))

    def fold(self, fact: Envelope) -> None:
        """Fold one fact whose body has been checked. Kinds that change no table do nothing."""
        for fold in _FOLDS.get(fact.kind, ()):
            fold(self, fact)

    def waybill_of(self, fact: Envelope) -> str | None:
        """The parcel that a fact belongs to, before it is folded: a door's is what lies behind it.

        A cell that is freed, and a door that is reopened after a pickup, still belong to the
        parcel that was there.
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
        if fact.kind == "cell.freed":
            return None if cell["occupancy"] == "free" else cell["last_waybill_no"]
        asked = fact.body.get("purpose") if fact.kind == "door.asked" else cell["purpose"]
        return cell["last_waybill_no"] if asked == "put_back" else None

    def change_cell(self, fact: Envelope, columns: Mapping[str, Any]) -> None:
        """Change the cell that a fact names. Its moment is when what an operator sees began."""
        number = fact.body["cell"]
        before = self.cells.get(number) or _UNTOUCHED
        after = {**before, **columns, "seq": fact.seq}
        if (
            before is _UNTOUCHED
            or after["occupancy"] != before["occupancy"]
            or columns.get("door") in _ALARMING
        ):
            after["since_ms"] = fact.wall_lo
        self.cells.put(number, **after)

    def change_supply(self, fact: Envelope, **columns: Any) -> None:
        """Change what is known of the station's supply."""
        before = self._supply.get(self._station) or _ALWAYS_FED
        self._supply.put(self._station, **{**before, **columns, "seq": fact.seq})

    def outage_since(self) -> int | None:
        """When the mains went away, None while they are there."""
        supply = self._supply.get(self._station)
        return None if supply is None else supply["lost_ms"]

    def rest(self, fact: Envelope) -> None:
        """Too many starts in a row: doors rest."""
        told = {"starts": fact.body["starts"], "cell": fact.body["cell"]}
        self._restarts.put(self._station, safe_ms=fact.wall_lo, seq=fact.seq, **told)

    def wake(self, fact: Envelope) -> None:
        """Doors no longer rest; a station that never let them has no row."""
        if self._restarts.get(self._station) is not None:
            self._restarts.put(self._station, safe_ms=None, seq=fact.seq)

    def note_sync(self, **columns: int) -> None:
        """The station learnt the time."""
        self._syncs.append({"station": self._station, **columns})

    def save(self) -> Self:
        """Write every changed row."""
        self.commands.save()
        if self._connection is not None:
            save_syncs(self._connection, self._syncs)
            self._syncs.clear()
        self.cells.save()
        self.parcels.save()
        self.bags.save()
        self.handovers.save()
        self.slots.save()
        self.keepings.save()
        self.consents.save()
        self.proxies.save()
        self.locks.save()
        self.codes.save()
        self._supply.save()
        self._restarts.save()
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
_ALWAYS_FED: Final[Mapping[str, Any]] = {
    "lost_ms": None,
    "low_ms": None,
    "stopped": False,
    "restored_ms": None,
    "lasted_ms": None,
}
"""A station whose mains were never away."""

_Fold = Callable[[Tables, Envelope], None]


def _cell(**columns: str | None) -> _Fold:
    """Set columns to these words; a word with a colon in front is taken from the body."""
    named = {name: word[1:] for name, word in columns.items() if word and word[0] == ":"}

    def fold(tables: Tables, fact: Envelope) -> None:
        told = {name: fact.body[key] for name, key in named.items()}
        tables.change_cell(fact, {**columns, **told})

    return fold


def _nobody_has_looked(tables: Tables, fact: Envelope) -> None:
    # While the power was off anything may have moved; each sensor will tell.
    for row in tables.cells.all():
        tables.cells.put(row["cell"], door="unknown", seq=fact.seq)


def _power_lost(tables: Tables, fact: Envelope) -> None:
    # Each start tells it again: it began when it was told first.
    began = tables.outage_since()
    tables.change_supply(fact, lost_ms=fact.wall_lo if began is None else began)


def _started(tables: Tables, fact: Envelope) -> None:
    # Who has started has something to run on, and says so again if it is a battery.
    if tables.outage_since() is not None:
        tables.change_supply(fact, low_ms=None, stopped=False)


def _battery_low(tables: Tables, fact: Envelope) -> None:
    tables.change_supply(fact, low_ms=fact.wall_lo)


def _stopping(tables: Tables, fact: Envelope) -> None:
    tables.change_supply(fact, stopped=True)


def _power_restored(tables: Tables, fact: Envelope) -> None:
    told = {"restored_ms": fact.wall_lo, "lasted_ms": fact.body["duration_ms"]}
    tables.change_supply(fact, lost_ms=None, low_ms=None, stopped=False, **told)


def _left_open(tables: Tables, fact: Envelope) -> None:
    cell = tables.cells.get(fact.body["cell"])
    if cell is None or cell["door"] != "forced":  # a forced door stays the graver news
        tables.change_cell(fact, {"door": "left_open"})


def _no_longer_inside(tables: Tables, fact: Envelope) -> None:
    waybill_no = fact.body["waybill_no"]
    left = {"waybill_no": None, "last_waybill_no": waybill_no, "seq": fact.seq}
    for row in tables.cells.all():
        if row["waybill_no"] == waybill_no:
            tables.cells.put(row["cell"], **left)


def _doubted(tables: Tables, fact: Envelope) -> None:
    """A parcel in a cell that is out of use is handed out by the keeper alone."""
    cell = tables.cells.get(fact.body["cell"])
    if cell is None or cell["waybill_no"] is None or fact.body["reason"] == "pickup_interrupted":
        return
    parcel = tables.parcels.get(cell["waybill_no"])
    if parcel is not None and parcel["stage"] == "stored":
        tables.parcels.put(parcel["waybill_no"], stage="keeper_assist", seq=fact.seq)


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


def _parcel(stage: str = "", *, cell: bool = False, ends: bool | None = None) -> _Fold:
    """Set the stage; `ends` says whether our care for the parcel is over, None for as before."""

    def fold(tables: Tables, fact: Envelope) -> None:
        waybill_no = fact.body["waybill_no"]
        if tables.parcels.get(waybill_no) is None:
            return  # its beginning lies in a parked fact; the trace still shows this one
        changed: dict[str, Any] = {"seq": fact.seq}
        if stage:
            changed["stage"] = stage
        if cell:
            changed["cell"] = fact.body["cell"]
        if ends is not None:
            changed["ended_ms"] = fact.wall_lo if ends else None
        tables.parcels.put(waybill_no, **changed)

    return fold


def _first_stored(tables: Tables, fact: Envelope) -> None:
    parcel = tables.parcels.get(fact.body["waybill_no"])
    if parcel is not None and parcel["stored_ms"] is None:
        tables.parcels.put(parcel["waybill_no"], stored_ms=fact.wall_lo)


_FOLDS: Final[Mapping[str, tuple[_Fold, ...]]] = {
    "station.started": (_nobody_has_looked, _started, Tables.wake),
    "station.steady": (Tables.wake,),
    "station.safe_entered": (Tables.rest,),
    "station.safe_left": (Tables.wake,),
    "station.stopping": (_stopping,),
    "power.lost": (_power_lost,),
    "power.battery_low": (_battery_low,),
    "power.restored": (_power_restored,),
    "parcel.received": (_received, forget, received_anew, here_again),
    "cell.reserved": (
        _cell(occupancy="reserved", reason="", waybill_no=":waybill_no", last_waybill_no=None),
        _parcel(cell=True),
    ),
    "parcel.stored": (
        _cell(occupancy="held", reason="", waybill_no=":waybill_no", last_waybill_no=None),
        _parcel("stored", cell=True, ends=False),
        _first_stored,
    ),
    "parcel.check_in_undone": (_no_longer_inside, _parcel("undone", ends=True)),
    "parcel.picked_up": (
        _no_longer_inside,
        spent,
        _cell(last_waybill_no=":waybill_no"),
        _parcel("picked_up", ends=True),
        picked_up,
    ),
    "parcel.put_back": (
        _cell(waybill_no=":waybill_no"),
        _parcel("keeper_assist", ends=False),
    ),
    "parcel.missing": (_no_longer_inside, _parcel("missing", ends=True)),
    "cell.freed": (_cell(occupancy="free", reason="", waybill_no=None),),
    "cell.questioned": (
        _cell(occupancy="questioned", reason=":reason", last_waybill_no=None),
        _doubted,
    ),
    "cell.faulted": (
        _cell(occupancy="faulted", reason=":reason", last_waybill_no=None),
        _doubted,
    ),
    "door.asked": (_cell(door="asked", purpose=":purpose"), asked),
    "door.opened": (_cell(door="open"),),
    "door.shut": (_cell(door="shut", purpose=""),),
    "door.forced": (_cell(door="forced", purpose=""),),
    "door.silent": (_cell(door="silent"),),
    "door.left_open": (_left_open,),
    "door.unseen": (_cell(door="unknown"),),
    "clock.synced": (note_sync,),
    **COMMAND_FOLDS,
    **TRIP_FOLDS,
    **PLACE_FOLDS,
    **KEEPING_FOLDS,
    **CONSENT_FOLDS,
    **PROXY_FOLDS,
    **CODE_FOLDS,
    "parcel.handed_out": (*PLACE_FOLDS["parcel.handed_out"], spent, handed_out),
    "parcel.handed_back": (*PLACE_FOLDS["parcel.handed_back"], here_again),
    "parcel.bagged": (_no_longer_inside, *KEEPING_FOLDS["parcel.bagged"]),
}
"""Every kind means here what it means to the station itself (edge/domain/folds)."""
