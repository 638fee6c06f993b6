"""Long stays, refusals, damage and returns, folded from facts as the station itself folds them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from cloud_sync.wire.envelope import Envelope

if TYPE_CHECKING:
    from cloud_sync.county.ingest.projections import Tables

NO_KEEPING: Final[Mapping[str, Any]] = {
    "overdue_ms": None,
    "cause": "",
    "refused": "",
    "damage": "",
    "liable": "unknown",
}
"""A parcel that nothing is to be said of."""


_Fold = Callable[["Tables", Envelope], None]


def forget(tables: "Tables", fact: Envelope) -> None:
    """A parcel that comes in begins anew."""
    if tables.keepings.get(fact.body["waybill_no"]) is not None:
        _keep(tables, fact, **NO_KEEPING)


def _overdue(tables: "Tables", fact: Envelope) -> None:
    _keep(tables, fact, overdue_ms=fact.wall_lo)


def _refused(tables: "Tables", fact: Envelope) -> None:
    _keep(tables, fact, refused=fact.body["reason"])


def _damaged(tables: "Tables", fact: Envelope) -> None:
    _keep(tables, fact, damage=fact.body["note"], liable=fact.body["liable"])


def _to_return(tables: "Tables", fact: Envelope) -> None:
    _keep(tables, fact, cause=fact.body["cause"])


def _undone(tables: "Tables", fact: Envelope) -> None:
    """Off the list; out of the return bag it is in the keeper's hands."""
    _keep(tables, fact, cause="", refused="")
    parcel = tables.parcels.get(fact.body["waybill_no"])
    if parcel is not None and parcel["stage"] == "bagged":
        _change(tables, fact, stage="received")


def _bagged(tables: "Tables", fact: Envelope) -> None:
    _change(tables, fact, stage="bagged", cell=None)


def _returned(tables: "Tables", fact: Envelope) -> None:
    _change(tables, fact, stage="returned", ended_ms=fact.wall_lo)


def _keep(tables: "Tables", fact: Envelope, **columns: Any) -> None:
    waybill_no = fact.body["waybill_no"]
    before = tables.keepings.get(waybill_no) or NO_KEEPING
    tables.keepings.put(waybill_no, **{**before, **columns, "seq": fact.seq})


def _change(tables: "Tables", fact: Envelope, **columns: Any) -> None:
    waybill_no = fact.body["waybill_no"]
    if tables.parcels.get(waybill_no) is not None:  # else its beginning lies in a parked fact
        tables.parcels.put(waybill_no, **columns, seq=fact.seq)


KEEPING_FOLDS: Final[Mapping[str, tuple[_Fold, ...]]] = {
    "parcel.overdue": (_overdue,),
    "parcel.refused": (_refused,),
    "parcel.damaged": (_damaged,),
    "parcel.to_return": (_to_return,),
    "parcel.return_undone": (_undone,),
    "parcel.bagged": (_bagged,),
    "parcel.returned": (_returned,),
}
