"""The store's tables of parcels and cells tell what went into the return bag and away."""

from pathlib import Path

from edge.domain.keeping import Cause
from edge.domain.return_facts import (
    ParcelBagged,
    ParcelOverdue,
    ParcelReturned,
    ParcelToReturn,
    ReturnUndone,
)
from edge.kernel.ids import CourierId, TripId, WaybillNo
from edge.store.database import Store
from tests.store.journals import KEEPER, check_in, entries, moment, new_journal

NO = WaybillNo("YT0000000000001")
UNDONE = ReturnUndone(waybill_no=NO, days=3, keeper=KEEPER, reason="又要了")
BAGGED = ParcelBagged(waybill_no=NO, keeper=KEEPER)


def test_a_parcel_goes_from_its_cell_into_the_bag_out_of_it_and_away(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    gone = ParcelReturned(
        waybill_no=NO, trip=TripId("T-1"), courier=CourierId("陈师傅"), keeper=KEEPER
    )
    steps = (
        check_in(1),
        (ParcelOverdue(waybill_no=NO, days=3),),
        (ParcelToReturn(waybill_no=NO, cause=Cause.OVERDUE, keeper=KEEPER),),
        (UNDONE,),
        (BAGGED,),
        (UNDONE,),
        (BAGGED, gone),
    )
    seen = []
    for number, facts in enumerate(steps, 1):
        store.commit(entries(*facts), [], moment(number))
        (row,) = store.tables()["parcels"]
        seen.append((row[2], row[3]))
    assert seen == [
        ("stored", 2),
        ("stored", 2),
        ("stored", 2),
        ("stored", 2),
        ("bagged", None),
        ("received", None),
        ("returned", None),
    ]
    (cell,) = store.tables()["cells"]
    assert cell[2] is None, "the cell counts nothing"
    store.close()
