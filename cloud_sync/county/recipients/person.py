"""What the county holds of one person, found by their number: told to them, or erased for them.

Law on personal information (PIPL) 45 and 47. The journal knows no number and no full name: facts
say waybills, the last four digits and masked names, and stay.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, delete, select

from cloud_sync.county.complaints.book import complaints_of, forget_complaints
from cloud_sync.county.notices.book import forget_notices
from cloud_sync.county.recipients.phone import Phone
from cloud_sync.county.recipients.vault import Vault
from cloud_sync.county.tables import (
    CONSENTS,
    NOTICE_TRIES,
    NOTICES,
    PARCELS,
    PASSES,
    PROXIES,
    RECIPIENT_PARCELS,
    RECIPIENTS,
)
from edge.kernel.village_time import village_time


def told_of(connection: Connection, vault: Vault, phone: Phone) -> dict[str, Any] | None:
    """All of it, in words and the village's time; None where the number is not known.

    Their link is left out: it is for them alone, and not for whoever asks for them.
    """
    known = connection.execute(
        select(RECIPIENTS).where(RECIPIENTS.c.number_mark == vault.mark(phone))
    ).one_or_none()
    if known is None:
        return None
    listed = RECIPIENT_PARCELS.c
    mine = select(listed.waybill_no, listed.trip, listed.made_ms)
    parcels = mine.where(listed.recipient == known.recipient).order_by(listed.waybill_no)
    notices = select(NOTICES).where(NOTICES.c.recipient == known.recipient)
    return {
        "phone": phone.reveal(),
        "known_since": _moment(known.made_ms),
        "parcels": [
            {
                "waybill_no": row.waybill_no,
                "announced_by": row.trip,
                "announced": _moment(row.made_ms),
                "stays": _stays(connection, row.waybill_no),
            }
            for row in connection.execute(parcels).all()
        ],
        "complaints": _complaints(connection, known.recipient),
        "passes": _passes(connection, known.recipient),
        "notices": [
            {
                "about": row.kind,
                "state": row.state,
                "way": row.channel,
                "told": _moment(row.told_ms),
                "tries": _tries(connection, row.notice),
            }
            for row in connection.execute(notices.order_by(NOTICES.c.notice)).all()
        ],
    }


def _complaints(connection: Connection, recipient: str) -> list[dict[str, Any]]:
    return [
        {
            "number": row.complaint,
            "about": row.kind,
            "waybill_no": row.waybill_no,
            "said": row.said,
            "made": _moment(row.made_ms),
            "answer": row.answer or "",
            "answered": _moment(row.answered_ms),
        }
        for row in complaints_of(connection, recipient)
    ]


def _passes(connection: Connection, recipient: str) -> list[dict[str, Any]]:
    """Whom they sent is not known; that they sent somebody is, for two days."""
    sent = select(PASSES).where(PASSES.c.recipient == recipient).order_by(PASSES.c.made_ms)
    return [
        {
            "station": row.station,
            "waybill_no": row.waybill_no,
            "made": _moment(row.made_ms),
            "taken_back": _moment(row.revoked_ms),
        }
        for row in connection.execute(sent)
    ]


def erase(
    connection: Connection,
    vault: Vault,
    phone: Phone,
    end_passes: Callable[[Connection, str], None] = lambda _connection, _recipient: None,
) -> int | None:
    """Forget number, link, notices, complaints and which parcels were theirs; tells how many.

    None where the number is not known. What waits at a station is collected by its slip as before;
    whom they sent for it with a pass comes for nothing.
    """
    mine = RECIPIENTS.c.number_mark == vault.mark(phone)
    recipient = connection.execute(select(RECIPIENTS.c.recipient).where(mine)).scalar()
    if recipient is None:
        return None
    end_passes(connection, recipient)
    theirs = RECIPIENT_PARCELS.c.recipient == recipient
    gone = connection.execute(delete(RECIPIENT_PARCELS).where(theirs)).rowcount
    connection.execute(delete(RECIPIENTS).where(mine))
    forget_notices(connection)
    forget_complaints(connection)
    return gone


def _tries(connection: Connection, notice: str) -> list[dict[str, str]]:
    """Each try to tell them and each receipt, in their order."""
    tries = select(NOTICE_TRIES).where(NOTICE_TRIES.c.notice == notice)
    return [
        {
            "way": row.channel,
            "at": _moment(row.at_ms),
            "outcome": row.outcome,
            "why": row.why,
        }
        for row in connection.execute(tries.order_by(NOTICE_TRIES.c.number))
    ]


def _stays(connection: Connection, waybill_no: str) -> list[dict[str, Any]]:
    """What became of a parcel at each station, with whose word and by whose hand."""
    found = (
        select(PARCELS, CONSENTS.c.wish, CONSENTS.c.giver, CONSENTS.c.noted_ms, PROXIES.c.proxy)
        .outerjoin_from(PARCELS, CONSENTS, _same_stay(CONSENTS))
        .outerjoin(PROXIES, _same_stay(PROXIES))
        .where(PARCELS.c.waybill_no == waybill_no)
        .order_by(PARCELS.c.received_ms)
    )
    return [
        {
            "station": row.station,
            "carrier": row.carrier,
            "stage": row.stage,
            "received": _moment(row.received_ms),
            "ended": _moment(row.ended_ms),
            "agreed_to": row.wish or "",
            "agreed_by": row.giver or "",
            "agreed": _moment(row.noted_ms),
            "proxy": row.proxy or "",
        }
        for row in connection.execute(found)
    ]


def _same_stay(table: Any) -> Any:
    return (table.c.station == PARCELS.c.station) & (table.c.waybill_no == PARCELS.c.waybill_no)


def _moment(wall_ms: int | None) -> str:
    return "" if wall_ms is None else village_time(wall_ms).isoformat(timespec="minutes")
