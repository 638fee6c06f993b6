"""The last live commands of a station, with what is truly known of each."""

from typing import Any, Final

from sqlalchemy import Connection, RowMapping, select

from cloud_sync.county.commands.audit import CommandState
from cloud_sync.county.commands.telling import state_sentence
from cloud_sync.county.office import Glance
from cloud_sync.county.tables import COMMANDS
from cloud_sync.county.web.sentences import clock_text
from edge.kernel.ids import StationId
from edge.words import say

SHOWN: Final = 3
_MOODS: Final = {
    CommandState.OPENED: "ok",
    CommandState.REFUSED: "warn",
    CommandState.NO_FEEDBACK: "warn",
    CommandState.INDETERMINATE: "warn",
    CommandState.NO_ANSWER: "warn",
}
"""What is not known or did not come to pass is for a person to look after."""


def commands_of(connection: Connection, station: StationId, glance: Glance) -> list[dict[str, Any]]:
    """The newest, newest first."""
    wanted = (
        select(COMMANDS)
        .where(COMMANDS.c.station == station)
        .order_by(COMMANDS.c.asked_ms.desc(), COMMANDS.c.seq.desc())
        .limit(SHOWN)
    )
    return [_line(row, glance) for row in connection.execute(wanted).mappings()]


def _line(row: RowMapping, glance: Glance) -> dict[str, Any]:
    state = state_sentence(row["state"], row["result"], glance.language)
    text = say(
        "county.command.line",
        glance.language,
        time=clock_text(row["asked_ms"], glance.now_ms),
        operator=row["operator"],
        cell=row["cell"],
        reason=row["reason"],
        state=state,
    )
    return {
        "command": row["command"],
        "cell": row["cell"],
        "state": row["state"],
        "result": row["result"],
        "settled": row["settled"],
        "mood": _MOODS.get(row["state"], "note"),
        "text": text,
    }
