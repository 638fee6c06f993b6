"""Fetches a GRANT, piece by piece, while the county takes no facts of ours."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from cloud_sync.station.talks.talk import GrantFetcher, Say
from cloud_sync.wire.grant import MAX_GRANT
from cloud_sync.wire.messages import GrantAsk, GrantPiece, Message, Welcome
from edge.kernel.errors import CunyiError, StoreError

log = structlog.get_logger(__name__)

AGAIN_MS: Final = 5_000
"""A piece that has not come is asked for again after this."""
MOST_PIECES: Final = MAX_GRANT // 1_000

Receive = Callable[[bytes], Awaitable[None]]
"""What happens with a whole GRANT. Raises a CunyiError other than StoreError to refuse it."""


class GrantTalk:
    """Fits GrantFetcher. A GRANT that was refused is not fetched again before the next start."""

    hears: tuple[type[Message], ...] = (GrantPiece,)

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._say: Say | None = None
        self._grant = ""
        self._digest = ""
        self._pieces: list[bytes] = []
        self._over: set[str] = set()
        self.due_ms: int | None = None

    def fetch(self, grant: str, say: Say) -> None:
        """Fetch this one, unless it is being fetched already or was refused."""
        if grant in self._over:
            return
        if grant != self._grant:
            self._grant, self._digest, self._pieces = grant, "", []
        self._say, self.due_ms = say, 0

    def opened(self, _welcome: Welcome, _say: Say) -> None:
        """The county takes our facts: whatever was granted is not needed any more."""
        self._grant, self.due_ms = "", None

    def closed(self) -> None:
        """A GRANT is fetched outside of sessions."""

    async def hear(self, message: Message) -> None:
        """The next piece; one that does not fit begins the whole anew."""
        if not isinstance(message, GrantPiece) or message.grant != self._grant:
            return
        if not self._digest:
            self._digest = message.digest
        fits = message.digest == self._digest and 0 < message.count <= MOST_PIECES
        if not fits:
            self._digest, self._pieces, self.due_ms = "", [], 0
            return
        if message.index != len(self._pieces):
            return
        self._pieces.append(message.data)
        self.due_ms = 0
        if len(self._pieces) >= message.count:
            await self._whole(b"".join(self._pieces))

    async def time_passed(self, now_ms: int) -> None:
        """Ask for what is missing."""
        if self.due_ms is None or now_ms < self.due_ms or self._say is None:
            return
        self._say("up", GrantAsk(grant=self._grant, index=len(self._pieces)))
        self.due_ms = now_ms + AGAIN_MS

    async def _whole(self, data: bytes) -> None:
        grant, digest = self._grant, self._digest
        self._digest, self._pieces = "", []
        if hashlib.sha256(data).hexdigest() != digest:
            log.warning("grant_changed_on_its_way")
            return  # fetched anew, from its first piece
        self._over.add(grant)
        self._grant, self.due_ms = "", None
        try:
            await self._receive(data)
        except StoreError:
            raise
        except CunyiError as refusal:
            log.error("grant_refused", reason=str(refusal))  # noqa: TRY400 - it says it all


def _conforms(talk: GrantTalk) -> GrantFetcher:
    return talk
