"""Sealed pickup codes, kept from the fact that brings one to the fact that ends it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Delete, bindparam, delete

from cloud_sync.county.ingest.rows import add
from cloud_sync.county.tables import SEALED_CODES
from cloud_sync.wire.envelope import Envelope

if TYPE_CHECKING:
    from cloud_sync.county.ingest.projections import Tables

_Fold = Callable[["Tables", Envelope], None]


class SealedCodes:
    """One station's codes while facts fold: nothing is read, a dead code's row goes."""

    def __init__(self, station: str, connection: Connection | None = None) -> None:
        self._station, self._connection = station, connection
        self._fresh: dict[str, tuple[str, str]] = {}
        self._revoked: set[str] = set()
        self._collected: set[str] = set()

    def keep(self, credential: str, waybill_no: str, sealed: str) -> None:
        """A new code."""
        self._fresh[credential] = (waybill_no, sealed)
        self._revoked.add(credential)  # facts that are folded anew replace what they brought before

    def revoked(self, credential: str) -> None:
        """This code opens nothing any more."""
        self._fresh.pop(credential, None)
        self._revoked.add(credential)

    def collected(self, waybill_no: str) -> None:
        """No code opens anything for this parcel any more."""
        self._fresh = {key: code for key, code in self._fresh.items() if code[0] != waybill_no}
        self._collected.add(waybill_no)

    def save(self) -> None:
        """Write what has changed: the end of what lay here first, then what is new."""
        if self._connection is None:
            return
        for column, ended in (("credential", self._revoked), ("waybill_no", self._collected)):
            if ended:
                mine = [{"its_station": self._station, "ended": key} for key in sorted(ended)]
                self._connection.execute(_ends(column), mine)
        if self._fresh:
            rows = [
                {
                    "station": self._station,
                    "credential": credential,
                    "waybill_no": waybill_no,
                    "sealed": sealed,
                }
                for credential, (waybill_no, sealed) in self._fresh.items()
            ]
            add(self._connection, SEALED_CODES, rows)
        for done in (self._fresh, self._revoked, self._collected):
            done.clear()


def _ends(column: str) -> Delete:
    codes = SEALED_CODES.c
    mine = codes.station == bindparam("its_station")
    return delete(SEALED_CODES).where(mine & (codes[column] == bindparam("ended")))


def spent(tables: "Tables", fact: Envelope) -> None:
    """The parcel is in somebody's hands."""
    tables.codes.collected(fact.body["waybill_no"])


def _sealed(tables: "Tables", fact: Envelope) -> None:
    tables.codes.keep(**{name: fact.body[name] for name in ("credential", "waybill_no", "sealed")})


def _revoked(tables: "Tables", fact: Envelope) -> None:
    tables.codes.revoked(fact.body["credential"])


CODE_FOLDS: Final[Mapping[str, tuple[_Fold, ...]]] = {
    "pickup.code_sealed": (_sealed,),
    "pickup.code_revoked": (_revoked,),
}
