"""Who is signed in at the counter: in memory only, so a restart signs everybody out."""

import asyncio
import contextlib
from typing import Final

from edge.daemon.front import Front
from edge.domain.inputs import Fresh, KeeperEntered, KeeperLeft
from edge.kernel.errors import Refused, StoreError
from edge.kernel.ids import KeeperId
from edge.kernel.time import Instant

IDLE_MS: Final = 15 * 60_000
_LOOK_EVERY_S: Final = 30.0


class KeeperSessions:
    """Sessions of the one desk. Another keeper who signs in takes the desk over.

    A session ends by signing out or after 15 minutes without a wish, monotonic time. Scanning
    parcels in is work too and keeps the desk's sessions awake.
    """

    def __init__(self, front: Front) -> None:
        self._front = front
        self._keepers: dict[str, KeeperId] = {}
        self._used_ms: dict[str, int] = {}
        self._scan = 0
        self._watch: asyncio.Task[None] | None = None

    async def sign_in(self, session: str, keeper: KeeperId) -> None:
        """Let a keeper in whose PIN was right. Raises Refused or StoreError."""
        if any(other != keeper for other in self._keepers.values()):
            await self._end([s for s, other in self._keepers.items() if other != keeper])
        await self._front.tell(lambda at, _fresh: KeeperEntered(at=at, keeper=keeper))
        self._keepers[session] = keeper
        self._used_ms[session] = self._now_ms()
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._sweep_on())

    async def sign_out(self, session: str) -> None:
        """End one session; the keeper leaves the desk with the last one."""
        await self._end([session])

    def keeper(self, session: str) -> KeeperId | None:
        """Who this session belongs to, without counting as a sign of life."""
        self._note_scans()
        keeper = self._keepers.get(session)
        if keeper is None or self._idle(session) or self._front.is_revoked(keeper):
            return None
        return keeper

    def touch(self, session: str) -> None:
        """The keeper did something."""
        if session in self._keepers:
            self._used_ms[session] = self._now_ms()

    async def sweep(self) -> None:
        """End the sessions that have been idle too long, or whose keeper is let in no more."""
        self._note_scans()
        over = [
            session
            for session, keeper in self._keepers.items()
            if self._idle(session) or self._front.is_revoked(keeper)
        ]
        await self._end(over)

    async def _sweep_on(self) -> None:
        while self._keepers:
            await self._front.changed(self._front.version, _LOOK_EVERY_S)
            await self.sweep()

    async def _end(self, sessions: list[str]) -> None:
        for session in sessions:
            keeper = self._keepers.pop(session, None)
            self._used_ms.pop(session, None)
            if keeper is not None and keeper not in self._keepers.values():
                await self._leave(keeper)

    async def _leave(self, keeper: KeeperId) -> None:
        def left(at: Instant, _fresh: Fresh) -> KeeperLeft:
            return KeeperLeft(at=at, keeper=keeper)

        # The desk may be another keeper's by now; and a store in trouble ends the daemon by itself.
        with contextlib.suppress(Refused, StoreError):
            await self._front.tell(left)

    def _note_scans(self) -> None:
        last = self._front.announcement()
        if last is None or last.serial == self._scan or not self._front.state.desk.checking_in:
            return
        self._scan = last.serial
        now_ms = self._front.now().since_ms(last.at)
        if now_ms is not None:
            scanned_ms = self._now_ms() - now_ms
            self._used_ms = {s: max(used, scanned_ms) for s, used in self._used_ms.items()}

    def _idle(self, session: str) -> bool:
        used_ms = self._used_ms.get(session)
        return used_ms is not None and self._now_ms() - used_ms >= IDLE_MS

    def _now_ms(self) -> int:
        return self._front.now().mono_ms
