"""The row of a live command: who asked for what and why, and what has become of it.

A row tells no more than is known. "No answer" is no failure: the door may have opened, and a fact
that comes later, over whatever outage, still says what happened.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from cloud_sync.wire.envelope import Envelope
from cloud_sync.wire.live import OPEN

if TYPE_CHECKING:
    from cloud_sync.county.ingest.projections import Tables


class CommandState(StrEnum):
    """How far a command is."""

    NONCE_ASKED = "nonce_asked"
    SENT = "sent"
    ACCEPTED = "accepted"
    OPENED = "opened"
    NO_FEEDBACK = "no_feedback"
    INDETERMINATE = "indeterminate"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"


NOT_SENT: Final = "not_sent"
"""The result of a command without an answer that never left this county: nothing can come of it."""
OPEN_STATES: Final = (CommandState.NONCE_ASKED, CommandState.SENT, CommandState.ACCEPTED)
"""States in which something is still awaited."""


def read_result(told: str) -> tuple[CommandState, str] | None:
    """State and detail of a result on the wire, e.g. `opened` or `refused:stale`."""
    word, _colon, why = told.partition(":")
    ends = (
        CommandState.OPENED,
        CommandState.NO_FEEDBACK,
        CommandState.INDETERMINATE,
        CommandState.REFUSED,
    )
    state = next((end for end in ends if end == word), None)
    return None if state is None or len(why) > 64 else (state, why)  # noqa: PLR2004 - its column


# -- what facts say: in their own transaction, so none is missed and none counts twice


def _accepted(tables: "Tables", fact: Envelope) -> None:
    row = _row_of(tables, fact)
    if row is None:
        body = fact.body
        row = _unknown_here(fact) | {"operator": body["operator"], "reason": body["reason"]}
    elif row["settled"]:
        return
    _put(tables, fact, row | {"state": CommandState.ACCEPTED.value, "result": ""})


def _refused(tables: "Tables", fact: Envelope) -> None:
    row = _row_of(tables, fact)
    if row is None:
        row = _unknown_here(fact) | {"operator": fact.body["operator"]}
    elif row["settled"] or row["digest"] not in {"", fact.body["digest"]}:
        return  # a refusal of somebody else's body says nothing of ours
    told = {"state": CommandState.REFUSED.value, "result": fact.body["reason"], "settled": True}
    _put(tables, fact, row | told)


def _ended(tables: "Tables", fact: Envelope) -> None:
    row = _row_of(tables, fact)
    if row is not None:
        _put(tables, fact, row | {"state": fact.body["result"], "result": "", "settled": True})


def _row_of(tables: "Tables", fact: Envelope) -> dict[str, Any] | None:
    return tables.commands.get(fact.body["command"])


def _put(tables: "Tables", fact: Envelope, row: Mapping[str, Any]) -> None:
    tables.commands.put(fact.body["command"], **{**row, "changed_ms": fact.wall_lo})


def _unknown_here(fact: Envelope) -> dict[str, Any]:
    """A command that this database has forgotten, or that another county gave."""
    return {
        "action": OPEN,
        "cell": fact.body["cell"],
        "operator": "",
        "reason": "",
        "parcel_tail": "",
        "asked_ms": fact.wall_lo,
        "seq": fact.body["seq"],
        "digest": fact.body["digest"],
        "not_after_ms": None,
        "settled": False,
    }


COMMAND_FOLDS: Final[Mapping[str, tuple[Callable[["Tables", Envelope], None], ...]]] = {
    "remote.accepted": (_accepted,),
    "remote.refused": (_refused,),
    "remote.ended": (_ended,),
}
