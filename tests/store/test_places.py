"""The store's tables of parcels and cells tell places, marks and locks."""

from pathlib import Path

from edge.domain.facts import ParcelReceived
from edge.domain.place_facts import (
    CellLocked,
    CellUnlocked,
    Flag,
    ParcelFlagged,
    ParcelHandedBack,
    ParcelHandedOut,
    ParcelShelved,
    ParcelTakenOut,
)
from edge.domain.proof import Proof
from edge.kernel.ids import CellId, SlotCode, WaybillNo
from edge.store.database import Store
from edge.store.verify import verify
from tests.store.journals import KEEPER, check_in, entries, moment, new_journal

NO = WaybillNo("YT0000000000001")
SLOT = SlotCode("B-3-407")


def told(store: Store) -> tuple[object, ...]:
    """Stage, cell, slot, marks and cash of the one parcel."""
    (row,) = store.tables()["parcels"]
    return (row[2], row[3], *row[9:])


def test_a_parcel_goes_from_cell_to_shelf_to_hands_and_back(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    cell = CellId(2)
    steps = (
        check_in(1),
        (ParcelTakenOut(waybill_no=NO, cell=cell, slot=None, keeper=KEEPER, reason="moved_out"),),
        (ParcelShelved(waybill_no=NO, slot=SLOT, keeper=KEEPER),),
        (ParcelFlagged(waybill_no=NO, keeper=KEEPER, flags=(Flag.BULKY,), cash_due_fen=1200),),
        (ParcelHandedOut(waybill_no=NO, slot=SLOT, keeper=KEEPER, proof=Proof.KEEPER),),
        (ParcelHandedBack(waybill_no=NO, slot=SLOT, keeper=KEEPER),),
        (ParcelTakenOut(waybill_no=NO, cell=None, slot=SLOT, keeper=KEEPER, reason="moved_out"),),
        (ParcelReceived(waybill_no=NO, carrier="圆通", keeper=KEEPER),),
    )
    seen = []
    for number, facts in enumerate(steps, 1):
        store.commit(entries(*facts), [], moment(number))
        seen.append(told(store))
    assert seen == [
        ("stored", 2, None, "", 0),
        ("received", None, None, "", 0),
        ("stored", None, SLOT, "", 0),
        ("stored", None, SLOT, "bulky", 1200),
        ("picked_up", None, SLOT, "bulky", 1200),
        ("stored", None, SLOT, "bulky", 1200),
        ("received", None, None, "bulky", 1200),
        ("received", None, None, "", 0),
    ]
    (row,) = store.tables()["cells"]
    assert row[2] is None, "the cell counts nothing"
    store.close()


def test_a_lock_is_apart_from_what_a_cell_holds_and_its_reason_is_text_alone(
    tmp_path: Path,
) -> None:
    store = Store.open(new_journal(tmp_path))
    store.commit(entries(*check_in(1)), [], moment(1))
    lock = CellLocked(cell=CellId(2), keeper=KEEPER, reason=":waybill_no")
    unseen = CellLocked(cell=CellId(9), keeper=KEEPER, reason="脏了")
    store.commit(entries(lock, unseen), [], moment(2))
    rows = {row[0]: row for row in store.tables()["cells"]}
    assert (rows[2][1], rows[2][-1], rows[9][1], rows[9][-1]) == (
        "held",
        ":waybill_no",
        "free",
        "脏了",
    )
    store.commit(entries(CellUnlocked(cell=CellId(2), keeper=KEEPER)), [], moment(3))
    assert {row[0]: row[-1] for row in store.tables()["cells"]} == {2: "", 9: "脏了"}
    store.close()
    assert verify(tmp_path).problems == ()
