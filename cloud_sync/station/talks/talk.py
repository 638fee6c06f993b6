"""What station and county talk about besides facts: each subject is a talk beside the uplink.

The session reads the link, gives every message to the talk that hears its kind, and tells all of
them when a session with the county opens and closes. Nothing that a talk does may end the session
but a StoreError.
"""

from collections.abc import Callable
from typing import Protocol

from cloud_sync.wire.messages import Message, Welcome

Say = Callable[[str, Message], None]
"""Send a message on a lane (`up`, `ask`, `tel`); while the link is down it is lost."""


class Talk(Protocol):
    """One subject. Every method runs on the event loop, one after another."""

    hears: tuple[type[Message], ...]
    """The messages that are for this talk and nobody else."""

    @property
    def due_ms(self) -> int | None:
        """When `time_passed` matters next, on the session's clock; None while nothing is due."""

    def opened(self, welcome: Welcome, say: Say) -> None:
        """The county takes our facts; until `closed` this talk may speak."""

    def closed(self) -> None:
        """The session is over: whatever was said and not answered is lost."""

    async def hear(self, message: Message) -> None:
        """A message came. One that does not fit is ignored. May raise StoreError."""

    async def time_passed(self, now_ms: int) -> None:
        """It may be time for something. May raise StoreError."""


class GrantFetcher(Talk, Protocol):
    """The talk that fetches a GRANT, which waits while the county takes no facts of ours."""

    def fetch(self, grant: str, say: Say) -> None:
        """Fetch this one, unless it is being fetched already."""
