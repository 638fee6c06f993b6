"""Journals for the store's tests: a fresh folder, a few facts, and what is in the file."""

from pathlib import Path
from typing import Final

from edge import wire_map
from edge.domain.effects import QueueSlip
from edge.domain.facts import (
    CellReserved,
    CheckInBegun,
    DoorAsked,
    DoorOpened,
    DoorShut,
    Fact,
    ParcelReceived,
    ParcelStored,
    PickupCodeIssued,
    Purpose,
)
from edge.kernel.ids import (
    AuthId,
    CellId,
    CountyId,
    CredentialId,
    KeeperId,
    Mac,
    PhoneTail,
    StationId,
    WaybillNo,
)
from edge.kernel.time import Instant
from edge.store.database import Entry, Store

COUNTY: Final = CountyId("shangyou")
STATION: Final = StationId("pingshang")
KEEPER: Final = KeeperId("李店主")
CLEAR_DIGITS: Final = "44719026"
CLEAR_TOKEN: Final = "CY1:ABCDEFGHIJKLMNOPQRSTUVWXY2"


def new_journal(folder: Path) -> Path:
    """An empty journal with its key."""
    folder.mkdir(parents=True, exist_ok=True)
    Store.create(folder, COUNTY, STATION)
    return folder


def moment(number: int, boot: int = 1) -> Instant:
    """The moment of the n-th decision."""
    return Instant(
        boot=boot, mono_ms=number * 1_000, wall_lo_ms=1_795_000_000_000 + number, wall_hi_ms=None
    )


def check_in(number: int) -> tuple[Fact, ...]:
    """All facts of one parcel's way into a cell."""
    waybill_no, cell = WaybillNo(f"YT{number:013d}"), CellId(number % 24 + 1)
    auth = AuthId(f"a-{number}")
    return (
        CheckInBegun(keeper=KEEPER),
        ParcelReceived(waybill_no=waybill_no, carrier="圆通", keeper=KEEPER),
        CellReserved(cell=cell, waybill_no=waybill_no),
        DoorAsked(
            cell=cell, auth=auth, attempt=1, purpose=Purpose.CHECK_IN, actor=KEEPER, reason=""
        ),
        DoorOpened(cell=cell, auth=auth),
        DoorShut(cell=cell, open_ms=4_200),
        ParcelStored(waybill_no=waybill_no, cell=cell),
        PickupCodeIssued(
            credential=CredentialId(f"c-{number}"),
            waybill_no=waybill_no,
            phone_tail=PhoneTail("3865"),
            code_mac=Mac("ab" * 32),
            token_mac=Mac("cd" * 32),
        ),
    )


def entries(*facts: Fact) -> list[Entry]:
    """Facts as the store takes them."""
    return [_entry(fact) for fact in facts]


def _entry(fact: Fact) -> Entry:
    kind, schema, body = wire_map.to_body(fact)
    return Entry(fact=fact, actor="desk", kind=kind, schema=schema, body=body)


def slip(number: int = 1) -> QueueSlip:
    """A slip with a clear code, as a decision wishes for it."""
    return QueueSlip(
        waybill_no=WaybillNo(f"YT{number:013d}"),
        carrier="圆通",
        phone_tail=PhoneTail("3865"),
        cell=CellId(7),
        digits=CLEAR_DIGITS,
        token=CLEAR_TOKEN,
    )


def fill(folder: Path, parcels: int) -> None:
    """Store the check-ins of so many parcels, one decision each."""
    store = Store.open(folder)
    for number in range(1, parcels + 1):
        store.commit(entries(*check_in(number)), [], moment(number))
    store.close()


def bytes_on_disk(folder: Path) -> bytes:
    """All that a thief of the card could read of the database, its log included."""
    return b"".join(file.read_bytes() for file in sorted(folder.glob("journal.db*")))
