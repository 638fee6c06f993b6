"""Hears the county's time: every WELCOME answers a HELLO of ours, so it is fresh."""

from collections.abc import Callable
from typing import Protocol

from cloud_sync.station.talk import Say, Talk
from cloud_sync.wire.messages import Message, Welcome


class Tell(Protocol):
    """Who wants to know."""

    def __call__(self, county_ms: int, asked_ms: int, heard_ms: int, session: str) -> None:
        """The county's clock stood at `county_ms` between two moments of ours."""


class ClockTalk:
    """A Talk. `asked_at` tells when the HELLO with a nonce was first sent, None if never."""

    hears: tuple[type[Message], ...] = ()

    def __init__(
        self, tell: Tell, *, clock_ms: Callable[[], int], asked_at: Callable[[str], int | None]
    ) -> None:
        self._tell, self._clock_ms, self._asked_at = tell, clock_ms, asked_at

    @property
    def due_ms(self) -> int | None:
        """Nothing is ever due."""
        return None

    def opened(self, welcome: Welcome, say: Say) -> None:  # noqa: ARG002 - there is nothing to say
        """The time, once a session."""
        asked_ms = self._asked_at(welcome.nonce)
        if asked_ms is not None:
            self._tell(welcome.county_time_ms, asked_ms, self._clock_ms(), welcome.session)

    def closed(self) -> None:
        """What is known stays known."""

    async def hear(self, message: Message) -> None:
        """Nothing is for this talk."""

    async def time_passed(self, now_ms: int) -> None:
        """Nothing waits."""


def _conforms(talk: ClockTalk) -> Talk:
    return talk
