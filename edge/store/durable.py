"""Durable effects: carried out in the transaction of the facts that they follow from."""

import sqlite3
from collections.abc import Iterable, Sequence

from edge.domain.effects import (
    Durable,
    KeepCountyWords,
    QueueBagLabel,
    QueueHamletList,
    QueueHandoverSlip,
    QueueOverdueList,
    QueueProxySlip,
    QueueShelfLabel,
    QueueSlip,
)
from edge.domain.facts import Fact, PickupCodeIssued
from edge.store.county_state import keep_words, mark_notice_read
from edge.store.key import StationKey
from edge.store.print_queue import (
    add_bag_label,
    add_hamlet_list,
    add_handover_slips,
    add_overdue_list,
    add_proxy_slip,
    add_shelf_label,
    add_slip,
)


def carry_out(
    connection: sqlite3.Connection,
    key: StationKey,
    facts: Iterable[Fact],
    durable: Sequence[Durable],
) -> None:
    """Do what a decision wants beside its facts; the caller's transaction is open."""
    issued = {
        fact.waybill_no: fact.credential for fact in facts if isinstance(fact, PickupCodeIssued)
    }
    for effect in durable:
        if isinstance(effect, QueueSlip):  # it has the fact of its code beside it
            add_slip(connection, key, effect, issued[effect.waybill_no])
        elif isinstance(effect, QueueProxySlip):
            add_proxy_slip(connection, key, effect)
        elif isinstance(effect, KeepCountyWords):
            keep_words(connection, effect)
        elif isinstance(effect, QueueHandoverSlip):
            add_handover_slips(connection, key, effect)
        elif isinstance(effect, QueueOverdueList):
            add_overdue_list(connection, key, effect)
        elif isinstance(effect, QueueHamletList):
            add_hamlet_list(connection, key, effect)
        elif isinstance(effect, QueueShelfLabel):
            add_shelf_label(connection, key, effect)
        elif isinstance(effect, QueueBagLabel):
            add_bag_label(connection, key, effect)
        else:
            mark_notice_read(connection, effect)
