"""Who collects for whom, folded from facts; every kind means what it means out there."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from cloud_sync.wire.envelope import Envelope

if TYPE_CHECKING:
    from cloud_sync.county.ingest.projections import Tables

_Fold = Callable[["Tables", Envelope], None]
_NAMES: Final = ("proxy", "relation", "owner")
_NOT_YET: Final[Mapping[str, Any]] = {"way": "", "auth": "", "taken_ms": None}
_NOBODY: Final[Mapping[str, Any]] = {**dict.fromkeys(_NAMES, ""), **_NOT_YET}


def here_again(tables: "Tables", fact: Envelope) -> None:
    """The parcel is in the station's care: whoever had it before has it no more."""
    if tables.proxies.get(fact.body["waybill_no"]) is not None:
        _change(tables, fact, **_NOT_YET)


def asked(tables: "Tables", fact: Envelope) -> None:
    """The door that a keeper opens for a proxy is the first after her word."""
    cell = tables.cells.get(fact.body["cell"])
    if fact.body["purpose"] != "release" or cell is None or cell["waybill_no"] is None:
        return
    row = tables.proxies.get(cell["waybill_no"])
    if row is not None and row["way"] == "keeper" and not row["auth"]:
        tables.proxies.put(cell["waybill_no"], auth=fact.body["auth"], seq=fact.seq)


def picked_up(tables: "Tables", fact: Envelope) -> None:
    """By a proxy only where the door was opened for one."""
    row = tables.proxies.get(fact.body["waybill_no"])
    if row is not None and row["auth"] == fact.body["auth"]:
        _change(tables, fact, taken_ms=fact.wall_lo)


def handed_out(tables: "Tables", fact: Envelope) -> None:
    """From its slot, in one step with the keeper's word."""
    row = tables.proxies.get(fact.body["waybill_no"])
    if row is not None and row["way"] == "keeper" and not row["auth"]:
        _change(tables, fact, taken_ms=fact.wall_lo)


def _authorised(tables: "Tables", fact: Envelope) -> None:
    _change(tables, fact, **_names(fact), **_NOT_YET)


def _accepted(tables: "Tables", fact: Envelope) -> None:
    _change(tables, fact, way="kiosk", auth=fact.body["auth"], taken_ms=None)


def _agreed(tables: "Tables", fact: Envelope) -> None:
    _change(tables, fact, way="keeper", auth="", taken_ms=None)


def _released(tables: "Tables", fact: Envelope) -> None:
    _change(tables, fact, **_names(fact), way="keeper", auth="", taken_ms=None)


def _pass_taken(tables: "Tables", fact: Envelope) -> None:
    """Whoever has it: a pass names nobody."""
    _change(tables, fact, **_NOBODY)


def _names(fact: Envelope) -> dict[str, Any]:
    return {name: fact.body[name] for name in _NAMES}


def _change(tables: "Tables", fact: Envelope, **columns: Any) -> None:
    waybill_no = fact.body["waybill_no"]
    before = tables.proxies.get(waybill_no) or _NOBODY
    tables.proxies.put(waybill_no, **{**before, **columns, "seq": fact.seq})


PROXY_FOLDS: Final[Mapping[str, tuple[_Fold, ...]]] = {
    "proxy.authorised": (_authorised,),
    "proxy.accepted": (_accepted,),
    "proxy.agreed": (_agreed,),
    "proxy.released": (_released,),
    "proxy.pass_taken": (_pass_taken,),
}
