"""How a parcel's addressee was told: each try and each receipt, with its way and its moment."""

from typing import Any, Final

from sqlalchemy import Connection, select

from cloud_sync.county.office import Glance
from cloud_sync.county.tables import NOTICE_PARCELS, NOTICE_TRIES, NOTICES
from cloud_sync.county.web.sentences import clock_text
from edge.words import say

MOST_TOLD: Final = 50
_MOODS: Final = {"delivered": "ok", "failed": "bad", "nobody": "warn", "unknown": "warn"}
_REASONS: Final = frozenset({"invalid_number", "unfollowed", "switched_off", "masked"})


def told_of(connection: Connection, glance: Glance, waybill_no: str) -> list[dict[str, Any]]:
    """The newest of them, the oldest first; then whom only the keeper can tell."""
    mine = (
        select(NOTICES.c.notice, NOTICES.c.kind, NOTICES.c.state, NOTICES.c.why)
        .join_from(NOTICE_PARCELS, NOTICES, NOTICES.c.notice == NOTICE_PARCELS.c.notice)
        .where(NOTICE_PARCELS.c.waybill_no == waybill_no)
    )
    notices = {row.notice: row for row in connection.execute(mine)}
    tries = NOTICE_TRIES.c
    wanted = select(NOTICE_TRIES).where(tries.notice.in_(notices)).order_by(tries.number.desc())
    rows = list(connection.execute(wanted.limit(MOST_TOLD)))
    lines = [_line(row, notices[row.notice].kind, glance) for row in reversed(rows)]
    for row in notices.values():
        if row.state == "keeper":
            why = _reason(row.why, glance.language)
            lines.append(
                {"mood": "bad", "text": say("county.told.keeper", glance.language, why=why)}
            )
    return lines


def _line(row: Any, kind: str, glance: Glance) -> dict[str, Any]:
    language = glance.language
    text = say(
        "county.told",
        language,
        time=clock_text(row.at_ms, glance.now_ms),
        about=say(f"county.told.{kind}", language),
        way=say(f"county.told.{row.channel}", language),
        outcome=say(f"county.told.{row.outcome}", language),
        why=_reason(row.why, language),
    )
    return {"mood": _MOODS.get(row.outcome, "note"), "text": text}


def _reason(why: str, language: str) -> str:
    """A carrier's word in ours; what is none of those that are known, as the carrier has it."""
    return say(f"county.told.why.{why}", language) if why in _REASONS else why
