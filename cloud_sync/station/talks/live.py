"""Live commands at the station: gives out nonces, and lets each be used once, soon or never.

A nonce lives for a minute of monotonic time in this session of this boot. Whatever is signed and
kept back, sent twice or sent elsewhere finds no nonce that is alive. So many commands a second are
taken up and no more, so that a flood of them cannot keep the doors from the villagers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import structlog

from cloud_sync.station.talks.talk import Say, Talk
from cloud_sync.wire.live import LIVES_MS, MOST_WORD, OPEN, sane_command
from cloud_sync.wire.messages import (
    LiveCommand,
    LiveNonce,
    LiveRequest,
    LiveResult,
    Message,
    Welcome,
)

log = structlog.get_logger(__name__)

MOST_ALIVE: Final = 5
NONCE_EVERY_MS: Final = 1_000
COMMANDS_PER_S: Final = 5
_NONCE_BYTES: Final = 16


class CommandDesk(Protocol):
    """Who decides on commands and knows what became of them."""

    @property
    def epoch(self) -> int:
        """The epoch of the station's journal."""

    @property
    def fence(self) -> int:
        """The highest number of a command that was decided on."""

    async def take(self, command: LiveCommand, burn: Callable[[], bool]) -> str:
        """Decide; `burn` is called at that very moment, and tells whether the nonce was alive.

        The result of a command that has come to an end, empty for one under way. StoreError.
        """


@dataclass(frozen=True, slots=True)
class _Nonce:
    nonce: str
    until_ms: int


class LiveTalk:
    """A Talk; see the module's docstring."""

    hears: tuple[type[Message], ...] = (LiveRequest, LiveCommand)

    def __init__(
        self, desk: CommandDesk, *, clock_ms: Callable[[], int], draw: Callable[[int], bytes]
    ) -> None:
        self._desk, self._clock_ms, self._draw = desk, clock_ms, draw
        self._say: Say | None = None
        self._alive: dict[str, _Nonce] = {}
        self._drawn_at: int | None = None
        self._tokens, self._counted_at = float(COMMANDS_PER_S), clock_ms()
        self.dropped = 0
        """Requests and commands that were out of bounds, or too many at once."""

    @property
    def due_ms(self) -> int | None:
        """Nothing is due: a nonce is looked at when somebody shows it."""
        return None

    def opened(self, welcome: Welcome, say: Say) -> None:  # noqa: ARG002 - any session will do
        """Nonces may be given out from here on."""
        self._say = say

    def closed(self) -> None:
        """A nonce is good in its own session only."""
        self._say = None
        self._alive.clear()

    async def hear(self, message: Message) -> None:
        """A nonce is wanted, or a command has come. May raise StoreError."""
        if isinstance(message, LiveRequest):
            self._give_nonce(message)
        elif isinstance(message, LiveCommand):
            await self._take(message)

    async def time_passed(self, now_ms: int) -> None:
        """Nothing waits."""

    def tell(self, command: str, result: str) -> None:
        """What became of a command, ahead of the fact that says so; lost without harm."""
        if self._say is not None:
            self._say("up", LiveResult(command=command, result=result))

    # -- nonces

    def _give_nonce(self, asked: LiveRequest) -> None:
        now_ms = self._clock_ms()
        if self._say is None or asked.action != OPEN or not 0 < len(asked.command) <= MOST_WORD:
            self._drop("no request")
            return
        self._alive = {name: one for name, one in self._alive.items() if now_ms < one.until_ms}
        given = self._alive.get(asked.command)
        if given is None:
            hurried = self._drawn_at is not None and now_ms - self._drawn_at < NONCE_EVERY_MS
            if hurried or len(self._alive) >= MOST_ALIVE:
                self._drop("too many nonces")
                return
            given = _Nonce(self._draw(_NONCE_BYTES).hex(), now_ms + LIVES_MS)
            self._alive[asked.command], self._drawn_at = given, now_ms
        answer = LiveNonce(
            command=asked.command,
            nonce=given.nonce,
            lives_ms=given.until_ms - now_ms,
            epoch=self._desk.epoch,
            fence=self._desk.fence,
        )
        self._say("up", answer)

    def _burn(self, command: LiveCommand) -> bool:
        """Whether this nonce is alive for this command; from here on it is not."""
        owners = [name for name, one in self._alive.items() if one.nonce == command.nonce]
        burnt = [(name, self._alive.pop(name)) for name in owners]
        now_ms = self._clock_ms()
        return any(name == command.command and now_ms < one.until_ms for name, one in burnt)

    # -- commands

    async def _take(self, command: LiveCommand) -> None:
        if not self._affordable() or not sane_command(command):
            self._drop("no command, or too many at once")
            return
        result = await self._desk.take(command, lambda: self._burn(command))
        if result:
            self.tell(command.command, result)

    def _affordable(self) -> bool:
        now_ms = self._clock_ms()
        grown = (now_ms - self._counted_at) * COMMANDS_PER_S / 1_000
        self._tokens, self._counted_at = min(COMMANDS_PER_S, self._tokens + grown), now_ms
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _drop(self, reason: str) -> None:
        self.dropped += 1
        if self.dropped.bit_count() == 1:  # 1, 2, 4, 8 ...: a flood must not fill the log
            log.warning("live_message_dropped", reason=reason, dropped=self.dropped)


def _conforms(talk: LiveTalk) -> Talk:
    return talk
