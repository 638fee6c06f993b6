"""What addressees agreed to, folded from facts; every kind means what it means out there."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from cloud_sync.wire.envelope import Envelope

if TYPE_CHECKING:
    from cloud_sync.county.ingest.projections import Tables

_Fold = Callable[["Tables", Envelope], None]
_UNSAID: Final[Mapping[str, Any]] = {
    "consent": "yes",
    "wish": "",
    "how": "",
    "giver": "",
    "noted_ms": None,
    "tries": 0,
    "tried_ms": None,
}


def received_anew(tables: "Tables", fact: Envelope) -> None:
    """Only a word that was given to the station itself outlasts a check-in."""
    row = tables.consents.get(fact.body["waybill_no"])
    if row is not None and not row["how"]:
        _change(tables, fact, **_UNSAID)


def _wanted(tables: "Tables", fact: Envelope) -> None:
    _change(tables, fact, consent=fact.body["said"])


def _noted(tables: "Tables", fact: Envelope) -> None:
    told = {name: fact.body[name] for name in ("wish", "how", "giver")}
    consent = "no" if told["wish"] == "nowhere" else "yes"
    _change(tables, fact, consent=consent, noted_ms=fact.wall_lo, **told)


def _tried(tables: "Tables", fact: Envelope) -> None:
    row = tables.consents.get(fact.body["waybill_no"]) or _UNSAID
    _change(tables, fact, tries=row["tries"] + 1, tried_ms=fact.wall_lo)


def _change(tables: "Tables", fact: Envelope, **columns: Any) -> None:
    waybill_no = fact.body["waybill_no"]
    before = tables.consents.get(waybill_no) or _UNSAID
    tables.consents.put(waybill_no, **{**before, **columns, "seq": fact.seq})


CONSENT_FOLDS: Final[Mapping[str, tuple[_Fold, ...]]] = {
    "parcel.consent_wanted": (_wanted,),
    "parcel.consent_noted": (_noted,),
    "parcel.contact_tried": (_tried,),
}
