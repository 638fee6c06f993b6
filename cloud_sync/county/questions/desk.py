"""The desk of questions: whoever knows the kind answers; one that nobody knows is "not known"."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import structlog
from sqlalchemy import Connection

from cloud_sync.county.database import Database
from cloud_sync.county.desk import Letter
from cloud_sync.county.questions.parcels import trace, where_is
from cloud_sync.wire.messages import Answer, Ask, Message
from edge.kernel.errors import StoreError
from edge.kernel.ids import StationId

log = structlog.get_logger(__name__)

Answerer = Callable[[Connection, StationId, Mapping[str, Any]], "dict[str, Any] | None"]
"""From a view of the county and a question's body to the answer's; None where it is not known."""

ANSWERERS: Final[Mapping[str, Answerer]] = {
    "parcel.where": where_is,
    "parcel.trace": trace,
}

MOST_AT_ONCE: Final = 20
WITHIN_MS: Final = 10_000
"""A counter asks a few times a minute: more is a fault, and reading must not hold up the facts."""
_LONGEST_ID: Final = 64


class QuestionDesk:
    """Fits cloud_sync.county.desk.Desk."""

    hears: tuple[type[Message], ...] = (Ask,)

    def __init__(
        self,
        database: Database,
        *,
        mono_ms: Callable[[], int],
        answerers: Mapping[str, Answerer] = ANSWERERS,
    ) -> None:
        self._database = database
        self._mono_ms = mono_ms
        self._answerers = answerers
        self._asked: dict[StationId, deque[int]] = {}

    def hear(self, station: StationId, message: Message) -> Iterable[Letter]:
        """Answer at once. Silence for whoever asks too much: there that is "unknown" too."""
        if not isinstance(message, Ask) or len(message.question) > _LONGEST_ID:
            return ()
        if not self._has_turn(station):
            return ()
        body = self._answer(station, message)
        known = body is not None
        answer = Answer(question=message.question, known=known, body=body or {})
        return (Letter(station, "ans", answer),)

    def welcomed(
        self, _station: StationId, _session: str, _state_seq: int, _heard: str
    ) -> Iterable[Letter]:
        """Nothing."""
        return ()

    def committed(self, station: StationId) -> Iterable[Letter]:  # noqa: ARG002 - a desk hears all
        """Nothing."""
        return ()

    def tick(self) -> Iterable[Letter]:
        """Nothing."""
        return ()

    def _answer(self, station: StationId, asked: Ask) -> dict[str, Any] | None:
        answerer = self._answerers.get(asked.kind)
        if answerer is None:
            return None
        try:
            with self._database.read() as connection:
                return answerer(connection, station, asked.body)
        except StoreError as failure:
            # Reading alone failed: nobody knows now, and the facts go on.
            log.warning("question_unread", kind=asked.kind, reason=str(failure))
            return None

    def _has_turn(self, station: StationId) -> bool:
        now_ms = self._mono_ms()
        asked = self._asked.setdefault(station, deque(maxlen=MOST_AT_ONCE))
        if len(asked) == MOST_AT_ONCE and now_ms - asked[0] < WITHIN_MS:
            return False
        asked.append(now_ms)
        return True
