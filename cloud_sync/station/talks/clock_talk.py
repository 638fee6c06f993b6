"""Hears the county's time: every WELCOME answers a HELLO of ours, so it is fresh.

A time that was not believed is asked for again, for a quiet link would never tell another.
"""

from collections.abc import Callable
from typing import Final, Protocol

from cloud_sync.station.talks.talk import Say, Talk
from cloud_sync.wire.messages import Message, Welcome

ASK_AGAIN_MS: Final = 3_700_000
"""A little more than the hour after which a county that says the same is believed."""


class Tell(Protocol):
    """Who wants to know."""

    def __call__(self, county_ms: int, asked_ms: int, heard_ms: int, session: str) -> bool:
        """The county's clock stood at `county_ms` between two moments of ours; if believed."""


class ClockTalk:
    """A Talk. `asked_at` tells when the HELLO with a nonce was first sent, None if never.

    `ask_again` has a new HELLO sent.
    """

    hears: tuple[type[Message], ...] = ()

    def __init__(
        self,
        tell: Tell,
        *,
        clock_ms: Callable[[], int],
        asked_at: Callable[[str], int | None],
        ask_again: Callable[[], object],
    ) -> None:
        self._tell, self._clock_ms, self._asked_at = tell, clock_ms, asked_at
        self._ask_again = ask_again
        self._due_ms: int | None = None

    @property
    def due_ms(self) -> int | None:
        """When a time that was not believed is asked for again."""
        return self._due_ms

    def opened(self, welcome: Welcome, say: Say) -> None:  # noqa: ARG002 - there is nothing to say
        """The time, once a session."""
        asked_ms = self._asked_at(welcome.nonce)
        now_ms, county_ms = self._clock_ms(), welcome.county_time_ms
        believed = asked_ms is None or self._tell(county_ms, asked_ms, now_ms, welcome.session)
        self._due_ms = None if believed else now_ms + ASK_AGAIN_MS

    def closed(self) -> None:
        """What is known stays known, and the next session tells the time anyway."""
        self._due_ms = None

    async def hear(self, message: Message) -> None:
        """Nothing is for this talk."""

    async def time_passed(self, now_ms: int) -> None:
        """Ask again, once."""
        if self._due_ms is not None and now_ms >= self._due_ms:
            self._due_ms = None
            self._ask_again()


def _conforms(talk: ClockTalk) -> Talk:
    return talk
