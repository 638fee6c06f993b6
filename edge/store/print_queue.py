"""Writing to the print queue in the transaction of a decision: slips come in, dead ones go out."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

import msgspec

from edge.domain.effects import QueueHandoverSlip, QueueSlip
from edge.kernel.ids import CredentialId
from edge.store.key import StationKey

HANDOVER_COPIES: Final = ("keeper", "courier")
"""Whose slips a handover prints, in this order."""
_INSERT: Final = (
    "INSERT INTO print_queue (credential, waybill_no, sealed, started, state, note) "
    "VALUES (:credential, :waybill_no, :sealed, 0, 'waiting', '')"
)


def add_slip(
    connection: sqlite3.Connection, key: StationKey, slip: QueueSlip, credential: CredentialId
) -> None:
    """Queue a slip. Its clear code is on the disk under the station key only."""
    values = {
        "credential": credential,
        "waybill_no": slip.waybill_no,
        "sealed": key.seal(msgspec.json.encode(asdict(slip))),
    }
    connection.execute(_INSERT, values)


def add_handover_slips(
    connection: sqlite3.Connection, key: StationKey, slip: QueueHandoverSlip
) -> None:
    """Queue a slip for each who signed; neither has a code that could die before it is out."""
    for copy in HANDOVER_COPIES:
        content = msgspec.json.encode({"handover": asdict(slip), "for": copy})
        values = {"credential": "", "waybill_no": "", "sealed": key.seal(content)}
        connection.execute(_INSERT, values)


def void_dead_slips(connection: sqlite3.Connection, kind: str, body: Mapping[str, Any]) -> None:
    """Take back what waits for paper while this fact says that its code opens nothing any more.

    The log keeps the sealed code until the next checkpoint, which harms nobody: the code is dead.
    """
    if void := _ENDS.get(kind):
        void(connection, body)


def _void(column: str) -> Callable[[sqlite3.Connection, Mapping[str, Any]], None]:
    statement = (
        "UPDATE print_queue SET state = 'void', sealed = NULL "  # noqa: S608 - our own constants
        f"WHERE state IN ('waiting', 'unreadable') AND {column} = :{column}"
    )

    def void(connection: sqlite3.Connection, body: Mapping[str, Any]) -> None:
        connection.execute(statement, body)

    return void


_ENDS: Final = {
    "pickup.code_revoked": _void("credential"),
    "parcel.picked_up": _void("waybill_no"),
    "parcel.check_in_undone": _void("waybill_no"),
    "parcel.missing": _void("waybill_no"),
    "parcel.handed_out": _void("waybill_no"),
}
