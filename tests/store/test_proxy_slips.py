"""A proxy's slip in the print queue: sealed until printed, and void once its code is revoked."""

from pathlib import Path

import msgspec

from edge.domain.effects import QueueProxySlip
from edge.domain.proxy_facts import (
    ProxyAuthorised,
    ProxyCodeIssued,
    ProxyCodeRevoked,
    ProxyEnd,
    Relation,
)
from edge.kernel.ids import CredentialId, Mac, PhoneTail
from edge.store.database import Store
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

CODE = CredentialId("c-9")


def queue(store: Store) -> None:
    issued = ProxyCodeIssued(
        credential=CODE,
        phone_tail=PhoneTail("3865"),
        code_mac=Mac("ab" * 32),
        token_mac=Mac("cd" * 32),
        until_ms=1,
        keeper=KEEPER,
    )
    named = ProxyAuthorised(
        credential=CODE,
        waybill_no=slip(1).waybill_no,
        proxy="王**",
        relation=Relation.FAMILY,
        owner="刘**",
    )
    paper = QueueProxySlip(
        credential=CODE,
        proxy="王**",
        owner="刘**",
        phone_tail=PhoneTail("3865"),
        count=1,
        until_ms=1,
        digits=CLEAR_DIGITS,
        token=CLEAR_TOKEN,
    )
    store.commit(entries(issued, named), [paper], moment(1))


def test_the_clear_code_of_a_proxy_is_nowhere_on_the_disk(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    queue(store)
    job = store.next_print_job()
    assert job is not None
    assert msgspec.json.decode(job.content)["proxy"]["digits"] == CLEAR_DIGITS
    store.close()
    kept = bytes_on_disk(tmp_path)
    assert CLEAR_DIGITS.encode() not in kept
    assert CLEAR_TOKEN.encode() not in kept
    assert "王**".encode() in kept  # the fact is there


def test_a_revoked_code_is_not_printed_any_more(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    queue(store)
    other = ProxyCodeRevoked(credential=CredentialId("c-8"), reason=ProxyEnd.KEEPER)
    store.commit(entries(other), [], moment(2))
    assert store.print_queue_length() == 1
    gone = ProxyCodeRevoked(credential=CODE, reason=ProxyEnd.KEEPER)
    store.commit(entries(gone), [], moment(3))
    assert store.next_print_job() is None
    store.close()
