"""Writing to the print queue in the transaction of a decision: slips come in, dead ones go out."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any, Final

import msgspec

from edge.domain.effects import (
    QueueBagLabel,
    QueueHamletList,
    QueueHandoverSlip,
    QueueOverdueList,
    QueueProxySlip,
    QueueShelfLabel,
    QueueSlip,
)
from edge.kernel.ids import CredentialId
from edge.store.key import StationKey


class Paper(StrEnum):
    """What a job is printed on: each has a printer, and one in trouble holds up its own alone."""

    SLIP = "slip"
    LABEL = "label"


HANDOVER_COPIES: Final = ("keeper", "courier")
"""Whose slips a handover prints, in this order."""
_INSERT: Final = (
    "INSERT INTO print_queue (credential, waybill_no, sealed, started, state, note) "
    "VALUES (:credential, :waybill_no, :sealed, 0, 'waiting', '')"
)

_INSERT_LABEL: Final = (
    "INSERT INTO print_queue (credential, waybill_no, sealed, started, state, note, label_of) "
    "VALUES ('', :waybill_no, :sealed, :started, 'waiting', '', :label_of)"
)
_VOID_LABEL: Final = (
    "UPDATE print_queue SET state = 'void', sealed = NULL "
    "WHERE state IN ('waiting', 'unreadable') AND label_of = :label_of"
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


def add_proxy_slip(connection: sqlite3.Connection, key: StationKey, slip: QueueProxySlip) -> None:
    """Queue a slip for a proxy; its clear code is on the disk under the station key only."""
    content = msgspec.json.encode({"proxy": asdict(slip)})
    values = {"credential": slip.credential, "waybill_no": "", "sealed": key.seal(content)}
    connection.execute(_INSERT, values)


def add_handover_slips(
    connection: sqlite3.Connection, key: StationKey, slip: QueueHandoverSlip
) -> None:
    """Queue a slip for each who signed; neither has a code that could die before it is out."""
    for copy in HANDOVER_COPIES:
        content = msgspec.json.encode({"handover": asdict(slip), "for": copy})
        values = {"credential": "", "waybill_no": "", "sealed": key.seal(content)}
        connection.execute(_INSERT, values)


def add_overdue_list(
    connection: sqlite3.Connection, key: StationKey, printed: QueueOverdueList
) -> None:
    """Queue a list for the keeper; no code is on it."""
    _add_list(connection, key, {"overdue": asdict(printed)})


def add_hamlet_list(
    connection: sqlite3.Connection, key: StationKey, printed: QueueHamletList
) -> None:
    """Queue today's parcels of one village; no code is on it."""
    _add_list(connection, key, {"hamlet": asdict(printed)})


def _add_list(connection: sqlite3.Connection, key: StationKey, content: Mapping[str, Any]) -> None:
    sealed = key.seal(msgspec.json.encode(content))
    connection.execute(_INSERT, {"credential": "", "waybill_no": "", "sealed": sealed})


def add_shelf_label(
    connection: sqlite3.Connection, key: StationKey, label: QueueShelfLabel
) -> None:
    """Queue the label of a parcel, in the place of one that is not out yet."""
    content = {"shelf_label": asdict(label)}
    _add_label(connection, key, content, label.waybill_no, of=label.waybill_no, again=label.again)


def add_bag_label(connection: sqlite3.Connection, key: StationKey, label: QueueBagLabel) -> None:
    """Queue the label of a bag, in the place of one that is not out yet."""
    _add_label(connection, key, {"bag_label": asdict(label)}, "", of=label.seal, again=label.again)


def _add_label(  # noqa: PLR0913 - the columns of its row
    connection: sqlite3.Connection,
    key: StationKey,
    content: Mapping[str, Any],
    waybill_no: str,
    *,
    of: str,
    again: bool,
) -> None:
    connection.execute(_VOID_LABEL, {"label_of": of})
    values = {
        "waybill_no": waybill_no,
        "sealed": key.seal(msgspec.json.encode(content)),
        "started": int(again),  # an earlier one may be out, which is what this column says
        "label_of": of,
    }
    connection.execute(_INSERT_LABEL, values)


def void_dead_slips(connection: sqlite3.Connection, kind: str, body: Mapping[str, Any]) -> None:
    """Take back what waits for paper while this fact says that its code opens nothing any more,
    or that its label would be wrong.

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


def _void_label(name: str) -> Callable[[sqlite3.Connection, Mapping[str, Any]], None]:
    def void(connection: sqlite3.Connection, body: Mapping[str, Any]) -> None:
        connection.execute(_VOID_LABEL, {"label_of": body[name]})

    return void


_ENDS: Final = {
    "pickup.code_revoked": _void("credential"),
    "proxy.code_revoked": _void("credential"),
    "parcel.picked_up": _void("waybill_no"),
    "parcel.check_in_undone": _void("waybill_no"),
    "parcel.missing": _void("waybill_no"),
    "parcel.handed_out": _void("waybill_no"),
    "parcel.taken_out": _void_label("waybill_no"),
    "parcel.bagged": _void_label("waybill_no"),
    "bag.scan_undone": _void_label("seal"),
}
