"""Questions to the county: each has a deadline, and no answer is "unknown", never "no"."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog

from cloud_sync.station.talks.talk import Say
from cloud_sync.wire.messages import Answer, Ask, Message, MessageError, Welcome

log = structlog.get_logger(__name__)

MOST_OPEN: Final = 16
DEADLINE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Answered:
    """The county knows."""

    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows. `reason` is offline, too_many, late, cut_off or not_known."""

    reason: str


class Questions:
    """Fits cloud_sync.station.talks.talk.Talk. `ask` runs on the same event loop as the session."""

    hears: tuple[type[Message], ...] = (Answer,)

    def __init__(self, draw: Callable[[int], bytes]) -> None:
        self._draw = draw
        self._say: Say | None = None
        self._open: dict[str, asyncio.Future[Answered | Unknown]] = {}
        self.dropped = 0
        """Answers that nobody waited for, or not any more."""

    @property
    def due_ms(self) -> int | None:
        """Never: whoever asks keeps the deadline."""
        return None

    async def ask(
        self, kind: str, body: Mapping[str, Any], deadline_s: float = DEADLINE_S
    ) -> Answered | Unknown:
        """Ask once and wait for the answer, for so long."""
        if self._say is None:
            return Unknown("offline")
        if len(self._open) >= MOST_OPEN:
            return Unknown("too_many")
        question = self._draw(16).hex()
        answer: asyncio.Future[Answered | Unknown] = asyncio.get_running_loop().create_future()
        self._open[question] = answer
        try:
            self._say("ask", Ask(question=question, kind=kind, body=dict(body)))
            async with asyncio.timeout(deadline_s):
                return await answer
        except TimeoutError:
            return Unknown("late")
        except MessageError as too_long:
            log.warning("question_unfit", kind=kind, reason=str(too_long))
            return Unknown("not_known")
        finally:
            del self._open[question]

    def opened(self, _welcome: Welcome, say: Say) -> None:
        """The county listens."""
        self._say = say

    def closed(self) -> None:
        """Whatever was asked and not answered stays unknown."""
        self._say = None
        for answer in self._open.values():
            if not answer.done():
                answer.set_result(Unknown("cut_off"))

    async def hear(self, message: Message) -> None:
        """An answer finds its question, or nobody."""
        if not isinstance(message, Answer):
            return
        waiting = self._open.get(message.question)
        if waiting is None or waiting.done():
            self.dropped += 1
            return
        waiting.set_result(Answered(message.body) if message.known else Unknown("not_known"))

    async def time_passed(self, now_ms: int) -> None:
        """Nothing."""
