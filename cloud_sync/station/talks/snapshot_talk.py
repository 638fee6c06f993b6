"""The newest snapshot goes to the county, piece by piece, so that another card could go on.

Only an answer that leads on is followed at once. One that repeats, or wants an earlier piece, may
be an old one on a line that doubles and delays: if each of them had a piece sent, each piece would
bring more of them. What it wants is sent when the wait is over.
"""

from typing import Final, Protocol

from cloud_sync.station.ports import SnapshotToSend
from cloud_sync.station.talks.talk import Say, Talk
from cloud_sync.wire.messages import Message, SnapshotPiece, SnapshotTaken, Welcome
from cloud_sync.wire.snapshot import cut

AGAIN_MS: Final = 30_000
"""A piece without an answer is sent again after this."""
LOOK_MS: Final = 600_000
"""So often it is looked whether there is a newer snapshot worth sending."""


class SnapshotSource(Protocol):
    """Where snapshots come from."""

    async def newest_snapshot(self, held_seq: int) -> SnapshotToSend | None:
        """The newest, if the one that the county holds is old beside it. May raise StoreError."""


class SnapshotTalk:
    """Fits Talk."""

    hears: tuple[type[Message], ...] = (SnapshotTaken,)

    def __init__(self, source: SnapshotSource) -> None:
        self._source = source
        self.due_ms: int | None = None
        self._say: Say | None = None
        self._session = ""
        self._held_seq = 0
        self._sending: SnapshotToSend | None = None
        self._next = self._wanted = 0

    def opened(self, welcome: Welcome, say: Say) -> None:
        """Look at once whether the county's snapshot is old."""
        self._say, self._session = say, welcome.session
        self._held_seq = welcome.snapshot_seq
        self.due_ms = 0

    def closed(self) -> None:
        """Whatever has been sent of it, the county says anew what it wants."""
        self._say = self._sending = self.due_ms = None

    async def hear(self, message: Message) -> None:
        """The county wants the next piece, or has them all."""
        sending = self._sending
        if not isinstance(message, SnapshotTaken) or sending is None:
            return
        if (message.session, message.digest) != (self._session, sending.digest):
            return
        self._wanted = max(0, message.next)
        if message.next >= len(cut(sending.data)):
            self._held_seq, self._sending = sending.at.seq, None
        elif self._wanted <= self._next:
            return
        self.due_ms = 0

    async def time_passed(self, now_ms: int) -> None:
        """Send the piece that is wanted, or look for something to send."""
        if self.due_ms is None or now_ms < self.due_ms or self._say is None:
            return
        if self._sending is None:
            self._sending, self._wanted = await self._source.newest_snapshot(self._held_seq), 0
        if self._sending is None:
            self.due_ms = now_ms + LOOK_MS
            return
        pieces, self._next = cut(self._sending.data), self._wanted
        piece = SnapshotPiece(
            session=self._session,
            at=self._sending.at,
            gap_from=0,
            digest=self._sending.digest,
            index=self._next,
            count=len(pieces),
            data=pieces[self._next],
        )
        self._say("up", piece)
        self.due_ms = now_ms + AGAIN_MS


def _conforms(talk: SnapshotTalk) -> Talk:
    return talk
