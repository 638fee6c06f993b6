"""The book of complaints: one receipt each, one answer each, nothing of it ever changed."""

import secrets
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, delete, insert, select

from cloud_sync.county.tables import COMPLAINT_ANSWERS, COMPLAINTS, RECIPIENTS
from cloud_sync.county.written import clean

KINDS: Final = ("missing", "damaged", "service", "other")
MOST_TEXT: Final = 300
MOST_NAME: Final = 40
MOST_OPEN: Final = 5
"""Of one person: so many may wait for an answer."""
_FIRST, _NUMBERS = 100_000, 900_000


def complain(
    connection: Connection,
    recipient: str,
    said: Mapping[str, str],
    mine: Collection[str],
    now_ms: int,
) -> str:
    """Keep one; a key tells why it was not. `mine` are the waybills of whoever complains."""
    wanted = {
        "kind": said["kind"],
        "waybill_no": said["waybill_no"],
        "said": clean(said["said"]),
    }
    if trouble := _trouble(wanted, mine):
        return trouble
    known = connection.execute(select(RECIPIENTS.c.recipient).filter_by(recipient=recipient))
    if known.first() is None:
        return "mobile.nobody"
    waiting = [row for row in complaints_of(connection, recipient) if row.answer is None]
    if tuple(wanted.values()) in {(row.kind, row.waybill_no, row.said) for row in waiting}:
        return ""  # sent twice
    if len(waiting) >= MOST_OPEN:
        return "mobile.help.too_many"
    row = {"complaint": _free_number(connection), "recipient": recipient, "made_ms": now_ms}
    connection.execute(insert(COMPLAINTS), row | wanted)
    return ""


def _trouble(wanted: Mapping[str, str], mine: Collection[str]) -> str:
    if wanted["kind"] not in KINDS:
        return "mobile.help.no_kind"
    if not wanted["said"]:
        return "mobile.help.empty"
    if len(wanted["said"]) > MOST_TEXT:
        return "mobile.help.too_long"
    if wanted["waybill_no"] and wanted["waybill_no"] not in mine:
        return "mobile.help.not_yours"
    return ""


def complaints_of(connection: Connection, recipient: str) -> list[Row[Any]]:
    """Those of one person with their answers, the newest first."""
    mine = _with_answers().where(COMPLAINTS.c.recipient == recipient)
    return list(connection.execute(mine.order_by(COMPLAINTS.c.made_ms.desc())).all())


def open_complaints(connection: Connection) -> list[Row[Any]]:
    """Those that nobody has answered, the oldest first."""
    waiting = _with_answers().where(COMPLAINT_ANSWERS.c.answer.is_(None))
    return list(connection.execute(waiting.order_by(COMPLAINTS.c.made_ms)).all())


def answer_to(
    connection: Connection, complaint: str, answer: str, operator: str, now_ms: int
) -> str:
    """Keep the one answer; tells in words why it cannot be, or nothing."""
    found = connection.execute(_with_answers().where(COMPLAINTS.c.complaint == complaint)).first()
    if found is None:
        return f"there is no complaint {complaint}: see `cunyi county complaints list`"
    if found.answer is not None:
        return f"complaint {complaint} is answered already, by {found.operator}"
    row = {"complaint": complaint, "answer": clean(answer), "operator": clean(operator)}
    if not row["answer"] or not row["operator"]:
        return "say the answer and who gives it"
    if len(row["answer"]) > MOST_TEXT or len(row["operator"]) > MOST_NAME:
        return f"an answer has {MOST_TEXT} letters at most, a name {MOST_NAME}"
    connection.execute(insert(COMPLAINT_ANSWERS), row | {"answered_ms": now_ms})
    return ""


def forget_complaints(connection: Connection) -> None:
    """Those of whoever is known no more, with their answers."""
    gone = COMPLAINTS.c.recipient.not_in(select(RECIPIENTS.c.recipient))
    connection.execute(delete(COMPLAINTS).where(gone))
    kept = select(COMPLAINTS.c.complaint)
    connection.execute(delete(COMPLAINT_ANSWERS).where(COMPLAINT_ANSWERS.c.complaint.not_in(kept)))


def _with_answers() -> Select[Any]:
    answers = COMPLAINT_ANSWERS.c
    same = answers.complaint == COMPLAINTS.c.complaint
    return select(COMPLAINTS, answers.answer, answers.operator, answers.answered_ms).outerjoin_from(
        COMPLAINTS, COMPLAINT_ANSWERS, same
    )


def _free_number(connection: Connection) -> str:
    while True:
        number = str(_FIRST + secrets.randbelow(_NUMBERS))
        taken = select(COMPLAINTS.c.complaint).where(COMPLAINTS.c.complaint == number)
        if connection.execute(taken).first() is None:
            return number
