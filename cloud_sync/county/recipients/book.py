"""The book of recipients: who is told of which parcel, until seven days after it was collected."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from cloud_sync.county.complaints.book import forget_complaints
from cloud_sync.county.recipients.phone import Phone
from cloud_sync.county.recipients.vault import Vault
from cloud_sync.county.tables import PARCELS, RECIPIENT_PARCELS, RECIPIENTS

DAY_MS: Final = 86_400_000
KEPT_MS: Final = 7 * DAY_MS
"""A number is dropped so long after its last parcel has gone."""
NEVER_CAME_MS: Final = 30 * DAY_MS
"""... or so long after a manifest named a parcel that no station has seen."""
KeepPhones = Callable[[Connection, str, Mapping[str, Phone], int], None]


def keep_phones(
    connection: Connection, vault: Vault, trip: str, phones: Mapping[str, Phone], now_ms: int
) -> None:
    """The numbers of a trip's manifest by waybill, in the place of what it said before."""
    before = select(RECIPIENT_PARCELS.c.waybill_no).where(RECIPIENT_PARCELS.c.trip == trip)
    gone = set(connection.execute(before).scalars()) - phones.keys()
    _unlist(connection, gone)
    for waybill_no, phone in phones.items():
        recipient = _recipient(connection, vault, phone, now_ms)
        row = {"recipient": recipient, "trip": trip, "made_ms": now_ms}
        mine = RECIPIENT_PARCELS.c.waybill_no == waybill_no
        known = connection.execute(update(RECIPIENT_PARCELS).where(mine).values(**row))
        if not known.rowcount:
            connection.execute(insert(RECIPIENT_PARCELS), {"waybill_no": waybill_no, **row})
    _forget_who_has_none(connection)


def drop_numbers(connection: Connection, now_ms: int) -> int:
    """Forget whose last parcel went seven days ago; tells how many parcels were unlisted."""
    listed = RECIPIENT_PARCELS.c
    lives = select(
        listed.waybill_no, listed.made_ms, PARCELS.c.ended_ms, PARCELS.c.station
    ).outerjoin_from(RECIPIENT_PARCELS, PARCELS, PARCELS.c.waybill_no == listed.waybill_no)
    alive: set[str] = set()
    seen: set[str] = set()
    for row in connection.execute(lives):
        seen.add(row.waybill_no)
        if row.station is None:
            fresh = row.made_ms > now_ms - NEVER_CAME_MS
        else:
            fresh = row.ended_ms is None or row.ended_ms > now_ms - KEPT_MS
        if fresh:
            alive.add(row.waybill_no)
    over = seen - alive
    _unlist(connection, over)
    _forget_who_has_none(connection)
    return len(over)


def _recipient(connection: Connection, vault: Vault, phone: Phone, now_ms: int) -> str:
    mark = vault.mark(phone)
    wanted = select(RECIPIENTS.c.recipient).where(RECIPIENTS.c.number_mark == mark)
    known = connection.execute(wanted).scalar()
    if known is not None:
        return str(known)
    # By chance, not by the number: who has it next year gets another link.
    recipient = secrets.token_hex(16)
    row = {
        "recipient": recipient,
        "number_mark": mark,
        "link_mark": vault.link_mark(vault.link(recipient)),
        "sealed": vault.seal(phone, recipient),
        "kind": phone.kind.value,
        "tail": phone.tail,
        "made_ms": now_ms,
    }
    connection.execute(insert(RECIPIENTS), row)
    return recipient


def _unlist(connection: Connection, waybills: Iterable[str]) -> None:
    for waybill_no in sorted(waybills):
        mine = RECIPIENT_PARCELS.c.waybill_no == waybill_no
        connection.execute(delete(RECIPIENT_PARCELS).where(mine))


def _forget_who_has_none(connection: Connection) -> None:
    waited_for = select(RECIPIENT_PARCELS.c.recipient)
    connection.execute(delete(RECIPIENTS).where(RECIPIENTS.c.recipient.not_in(waited_for)))
    forget_complaints(connection)
