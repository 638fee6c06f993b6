"""Labels in the print queue: beside slips and never in their way, and only the newest comes out."""

from pathlib import Path

import msgspec
import pytest

from edge.domain.effects import Durable, QueueBagLabel, QueueShelfLabel
from edge.domain.facts import CheckInUndone, Fact, Proof
from edge.domain.place_facts import ParcelHandedOut, ParcelTakenOut
from edge.domain.return_facts import ParcelBagged
from edge.domain.trip_facts import BagScanUndone
from edge.kernel.ids import PhoneTail, Place, SealNo, SlotCode, TripId
from edge.store.database import PrintJob, Store
from edge.store.print_queue import Paper
from tests.store.journals import KEEPER, bytes_on_disk, check_in, entries, moment, new_journal, slip

YT = slip(1).waybill_no
SEAL = SealNo("FQ0000001")
SLOT = SlotCode("B-3-407")


def shelf_label(slot: str = SLOT, *, again: bool = False) -> QueueShelfLabel:
    return QueueShelfLabel(
        waybill_no=YT,
        carrier="圆通",
        phone_tail=PhoneTail("3865"),
        slot=SlotCode(slot),
        at=moment(1),
        again=again,
    )


def bag_label(*, again: bool = False) -> QueueBagLabel:
    return QueueBagLabel(
        seal=SEAL,
        to=Place("shuinan"),
        next_hop=Place("zhen"),
        trip=TripId("t-3"),
        parcels=3,
        at=moment(1),
        again=again,
    )


def opened(folder: Path, *wanted: Durable) -> Store:
    store = Store.open(new_journal(folder))
    for label in wanted:
        store.commit([], [label], moment(1))
    return store


def next_label(store: Store) -> PrintJob | None:
    return store.next_print_job(Paper.LABEL)


def slot_on(job: PrintJob | None) -> str:
    assert job is not None
    return str(msgspec.json.decode(job.content)["shelf_label"]["slot"])


def test_labels_and_slips_wait_apart(tmp_path: Path) -> None:
    store = opened(tmp_path, shelf_label(), bag_label())
    store.commit(entries(*check_in(1)), [slip(1)], moment(2))
    assert store.print_queue_length() == 1
    assert store.print_queue_length(Paper.LABEL) == 2
    job = store.next_print_job()
    assert job is not None
    assert "digits" in msgspec.json.decode(job.content)
    store.print_done(job.job)
    assert store.next_print_job() is None
    assert slot_on(next_label(store)) == SLOT
    store.close()


def test_a_label_is_sealed_until_it_is_out(tmp_path: Path) -> None:
    store = opened(tmp_path, shelf_label())
    assert SLOT.encode() not in bytes_on_disk(tmp_path)
    store.close()


def test_the_newest_label_takes_the_place_of_one_that_is_not_out(tmp_path: Path) -> None:
    store = opened(tmp_path, shelf_label("A-1-201"), bag_label(), shelf_label())
    assert store.print_queue_length(Paper.LABEL) == 2
    first = next_label(store)
    assert first is not None
    assert "bag_label" in msgspec.json.decode(first.content)
    store.print_done(first.job)
    assert slot_on(next_label(store)) == SLOT
    store.close()


def test_one_that_could_not_be_read_is_forgotten_with_the_next(tmp_path: Path) -> None:
    store = opened(tmp_path, shelf_label())
    store.print_unreadable(1, "too small")
    assert (store.unreadable_prints(Paper.LABEL), store.unreadable_prints()) == (1, 0)
    store.commit([], [shelf_label(again=True)], moment(2))
    assert store.unreadable_prints(Paper.LABEL) == 0
    store.close()


@pytest.mark.parametrize("label", [shelf_label(again=True), bag_label(again=True)])
def test_a_label_that_was_asked_for_again_counts_as_begun(tmp_path: Path, label: Durable) -> None:
    store = opened(tmp_path, label)
    job = next_label(store)
    assert job is not None
    assert job.started
    store.close()


@pytest.mark.parametrize(
    "end",
    [
        ParcelTakenOut(waybill_no=YT, cell=None, slot=SLOT, keeper=KEEPER, reason="moved_out"),
        ParcelBagged(waybill_no=YT, keeper=KEEPER),
        CheckInUndone(waybill_no=YT, keeper=KEEPER),
        ParcelHandedOut(waybill_no=YT, slot=SLOT, keeper=KEEPER, proof=Proof.TOKEN),
    ],
    ids=lambda fact: fact.KIND,
)
def test_a_waiting_label_of_a_parcel_that_left_its_slot_never_comes(
    tmp_path: Path, end: Fact
) -> None:
    store = opened(tmp_path, shelf_label(), bag_label())
    store.commit(entries(end), [], moment(2))
    job = next_label(store)
    assert job is not None
    assert "bag_label" in msgspec.json.decode(job.content)
    store.close()


def test_a_parcel_that_is_taken_out_keeps_its_waiting_slip(tmp_path: Path) -> None:
    """Its code stays good, wherever it is put."""
    store = opened(tmp_path)
    store.commit(entries(*check_in(1)), [slip(1)], moment(2))
    out = ParcelTakenOut(waybill_no=YT, cell=None, slot=SLOT, keeper=KEEPER, reason="moved_out")
    store.commit(entries(out), [], moment(3))
    assert store.print_queue_length() == 1
    store.close()


def test_a_bag_that_was_scanned_by_mistake_gets_no_label_any_more(tmp_path: Path) -> None:
    store = opened(tmp_path, bag_label())
    undone = BagScanUndone(trip=TripId("t-3"), seal=SEAL, keeper=KEEPER)
    store.commit(entries(undone), [], moment(2))
    assert next_label(store) is None
    store.close()
