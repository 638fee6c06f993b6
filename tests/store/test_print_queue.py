"""The print queue: sealed until printed, marked when a copy may be out, wiped when it is."""

from pathlib import Path

import msgspec
import pytest

from edge.domain.answers import RevokeReason
from edge.domain.facts import (
    CheckInUndone,
    Fact,
    ParcelMissing,
    ParcelPickedUp,
    PickupCodeIssued,
    PickupCodeRevoked,
    Proof,
)
from edge.domain.place_facts import ParcelHandedOut
from edge.kernel.errors import StoreError
from edge.kernel.ids import AuthId, CellId, CredentialId, Mac, PhoneTail, SlotCode, WaybillNo
from edge.store.database import Store
from edge.store.key import FILE_NAME, StationKey
from tests.store.journals import (
    CLEAR_DIGITS,
    CLEAR_TOKEN,
    KEEPER,
    bytes_on_disk,
    entries,
    moment,
    new_journal,
    slip,
)


def issued(number: int, credential: str = "") -> PickupCodeIssued:
    return PickupCodeIssued(
        credential=CredentialId(credential or f"c-{number}"),
        waybill_no=waybill(number),
        phone_tail=PhoneTail("3865"),
        code_mac=Mac("ab" * 32),
        token_mac=Mac("cd" * 32),
    )


def waybill(number: int) -> WaybillNo:
    return slip(number).waybill_no


def queue(store: Store, *numbers: int) -> None:
    facts = [issued(number) for number in numbers]
    store.commit(entries(*facts), [slip(number) for number in numbers], moment(1))


def rows(store: Store) -> list[tuple[str, bool]]:
    database = store._database  # noqa: SLF001 - void slips have no other way out
    found = database.conn.execute("SELECT state, sealed IS NULL FROM print_queue ORDER BY job")
    return [(state, bool(wiped)) for state, wiped in found]


def waybill_of(content: bytes) -> str:
    return str(msgspec.json.decode(content)["waybill_no"])


def test_slips_come_out_in_order_and_only_until_they_are_done(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    queue(store, 1, 2)
    printed = []
    while (job := store.next_print_job()) is not None:
        printed.append(waybill_of(job.content))
        store.print_done(job.job)
    assert printed == ["YT0000000000001", "YT0000000000002"]
    assert store.print_queue_length() == 0
    store.close()


def test_a_slip_that_was_begun_says_so_after_a_restart(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    queue(store, 1)
    job = store.next_print_job()
    assert job is not None
    assert not job.started
    store.print_started(job.job)
    store.close()
    store = Store.open(tmp_path)
    again = store.next_print_job()
    assert again is not None
    assert (again.job, again.started, again.content) == (job.job, True, job.content)
    store.close()


def test_a_slip_that_the_printer_refused_stays_at_the_head_of_the_queue(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    queue(store, 1, 2)
    job = store.next_print_job()
    assert job is not None
    store.print_deferred(job.job, "no paper" * 100)
    again = store.next_print_job()
    assert again is not None
    assert again.job == job.job
    assert store.print_queue_length() == 2
    store.close()


def test_a_clear_code_is_never_on_the_disk(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    queue(store, 1)
    job = store.next_print_job()
    assert job is not None
    assert CLEAR_DIGITS.encode() in job.content
    for secret in (CLEAR_DIGITS.encode(), CLEAR_TOKEN.encode()):
        assert secret not in bytes_on_disk(tmp_path)
    store.close()


def test_a_printed_slips_sealed_code_leaves_neither_file_nor_log(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    queue(store, 1)
    database = store._database  # noqa: SLF001 - the sealed bytes have no other way out
    sealed = database.conn.execute("SELECT sealed FROM print_queue").fetchone()[0]
    assert sealed in bytes_on_disk(tmp_path)
    job = store.next_print_job()
    assert job is not None
    store.print_started(job.job)
    store.print_done(job.job)
    assert sealed[:24] not in bytes_on_disk(tmp_path)
    store.close()


def test_a_slip_sealed_with_another_key_is_set_aside_and_the_next_is_printed(
    tmp_path: Path,
) -> None:
    store = Store.open(new_journal(tmp_path))
    queue(store, 1)
    store.close()
    (tmp_path / FILE_NAME).unlink()
    StationKey.create(tmp_path)
    store = Store.open(tmp_path)
    queue(store, 2)
    job = store.next_print_job()
    assert job is not None
    assert waybill_of(job.content) == "YT0000000000002"
    assert store.print_queue_length() == 1
    store.close()


def picked_up(number: int) -> ParcelPickedUp:
    return ParcelPickedUp(
        waybill_no=waybill(number),
        cell=CellId(7),
        auth=AuthId("a-9"),
        proof=Proof.CODE,
        actor="kiosk",
    )


ENDS = [
    picked_up(1),
    CheckInUndone(waybill_no=waybill(1), keeper=KEEPER),
    ParcelMissing(waybill_no=waybill(1), cell=CellId(7), keeper=KEEPER),
    PickupCodeRevoked(credential=CredentialId("c-1"), reason=RevokeReason.REPRINTED),
    ParcelHandedOut(
        waybill_no=waybill(1), slot=SlotCode("A-1-201"), keeper=KEEPER, proof=Proof.TOKEN
    ),
]


@pytest.mark.parametrize("end", ENDS, ids=lambda fact: fact.KIND)
def test_a_slip_whose_code_is_dead_is_never_printed_and_its_code_is_wiped(
    tmp_path: Path, end: Fact
) -> None:
    store = Store.open(new_journal(tmp_path))
    queue(store, 1, 2)
    store.commit(entries(end), [], moment(2))
    job = store.next_print_job()
    assert job is not None
    assert waybill_of(job.content) == waybill(2)
    assert rows(store) == [("void", True), ("waiting", False)]
    assert store.print_queue_length() == 1
    store.close()


def test_the_slip_that_replaces_another_in_the_same_decision_is_printed(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    queue(store, 1)
    revoked = PickupCodeRevoked(credential=CredentialId("c-1"), reason=RevokeReason.REPRINTED)
    store.commit(entries(revoked, issued(1, "c-1b")), [slip(1)], moment(2))
    assert rows(store) == [("void", True), ("waiting", False)]
    other = PickupCodeRevoked(credential=CredentialId("c-1b"), reason=RevokeReason.REPRINTED)
    store.commit(entries(other), [], moment(3))
    assert store.next_print_job() is None
    store.close()


def test_a_printed_slip_stays_printed_when_its_parcel_goes(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    queue(store, 1)
    store.print_done(1)
    store.commit(entries(picked_up(1)), [], moment(2))
    assert rows(store) == [("done", True)]
    store.close()


def test_a_slip_that_died_after_it_was_taken_up_is_not_begun(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    queue(store, 1)
    job = store.next_print_job()
    assert job is not None
    assert store.print_started(job.job)
    assert store.print_started(job.job)  # again, after the printer was in trouble
    store.commit(entries(picked_up(1)), [], moment(2))
    assert not store.print_started(job.job)
    store.close()


def test_a_slip_without_the_fact_of_its_code_is_our_own_mistake(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    with pytest.raises(KeyError):
        store.commit(entries(issued(2)), [slip(1)], moment(1))
    store.close()


def test_an_unreadable_slip_counts_until_its_code_is_replaced(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    queue(store, 1)
    store.print_unreadable(1, "no such field" * 100)
    assert (store.print_queue_length(), store.unreadable_prints()) == (0, 1)
    assert store.next_print_job() is None
    revoked = PickupCodeRevoked(credential=CredentialId("c-1"), reason=RevokeReason.REPRINTED)
    store.commit(entries(revoked), [], moment(2))
    assert store.unreadable_prints() == 0
    store.close()


def test_a_seal_shows_any_change(tmp_path: Path) -> None:
    StationKey.create(tmp_path)
    key = StationKey.read(tmp_path)
    sealed = key.seal(b"4471 9026")
    assert key.unseal(sealed) == b"4471 9026"
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(StoreError, match="not made with this station's key"):
            key.unseal(changed)
    with pytest.raises(StoreError, match="not made with this station's key"):
        key.unseal(b"")


def test_the_same_secret_has_another_hash_for_each_purpose(tmp_path: Path) -> None:
    StationKey.create(tmp_path)
    key = StationKey.read(tmp_path)
    hashes = {key.mac_code("12345678"), key.mac_token("12345678"), key.mac_pin("12345678")}
    assert len(hashes) == 3
    assert StationKey.read(tmp_path).mac_code("12345678") in hashes
