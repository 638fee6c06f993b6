"""The sync session: hands events to the pure uplink and carries out what it answers.

Everything that comes from the link is as untrusted as any bytes: what cannot be read, or holds
a number that no journal has, is counted and dropped.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
import structlog

from cloud_sync.station.ports import (
    Cursor,
    JournalSource,
    Link,
    LinkDown,
    LinkEvent,
    LinkMessage,
    LinkUp,
)
from cloud_sync.station.talk import Talk
from cloud_sync.station.uplink import (
    Acknowledged,
    Action,
    Event,
    JournalGrew,
    LinkFell,
    LinkRose,
    Moment,
    SaveCursor,
    SendBatch,
    SendHello,
    TimePassed,
    Uplink,
    Welcomed,
    step,
)
from cloud_sync.wire.frame import Codec
from cloud_sync.wire.messages import (
    Ack,
    Batch,
    Goodbye,
    Heartbeat,
    Hello,
    Message,
    MessageError,
    Position,
    Welcome,
)
from edge.kernel.hashing import GENESIS
from edge.kernel.ids import CountyId, StationId

log = structlog.get_logger(__name__)

HEARTBEAT_MS: Final = 10_000
"""A county counts three lost heartbeats as offline."""
LOOK_MS: Final = 1_000
"""A device that failed or came back is told so soon; so no flapping device beats any faster."""
MAX_FACTS: Final = 500
MAX_BYTES: Final = 200_000
"""Canonical bytes in a batch before compression; what then does not fit is halved."""
MAX_HEARD: Final = 256
"""Messages in memory; the county says everything again when asked."""
_LARGEST_SEQ: Final = 2**63 - 1
"""What a journal's column holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncStatus:
    """For the screens. `online`: the county answered just now and takes our facts.

    `waiting` facts are stored here and not acknowledged. `verdict` says why the county does not
    take them: rollback, fork, unknown_station or refused; empty while there is no such trouble.
    """

    online: bool
    waiting: int
    verdict: str


class SyncSession:
    """See the module's docstring. `run` may raise StoreError; a failing link never ends it."""

    def __init__(  # noqa: PLR0913 - a composition root passes each collaborator by name
        self,
        *,
        link: Link,
        codec: Codec,
        journal: JournalSource,
        talks: Sequence[Talk] = (),
        county: CountyId,
        station: StationId,
        software: str,
        boot: int,
        cells: int,
        simulated: bool,
        clock_ms: Callable[[], int],
        draw: Callable[[int], bytes],
        device_states: Callable[[], Mapping[str, str]],
        on_status: Callable[[SyncStatus], None],
    ) -> None:
        self._link, self._codec, self._journal = link, codec, journal
        self._talks = {kind: talk for talk in talks for kind in talk.hears}
        self._every_talk = tuple(talks)
        self._open_in = ""
        self._software, self._boot, self._cells = software, boot, cells
        self._simulated = simulated
        self._clock_ms, self._draw = clock_ms, draw
        self._device_states, self._on_status = device_states, on_status
        self._log = log.bind(county=county, station=station)
        self._uplink = Uplink(head_seq=0, cursor=Cursor())
        self._status: SyncStatus | None = None
        self._heard: deque[LinkEvent] = deque()
        self._grown = False
        self._wake = asyncio.Event()
        self._beat_at = 0
        self._look_at: int | None = None
        self._told: dict[str, str] = {}
        self._welcome: Welcome | None = None
        self.dropped = 0
        """Messages that were none, or too many at once."""

    def journal_grew(self) -> None:
        """There are new facts. Call on the event loop; never waits."""
        self._grown = True
        self._wake.set()

    async def run(self) -> None:
        """Keep the county up to date until cancelled, then say goodbye."""
        head = await self._journal.head()
        self._uplink = Uplink(head_seq=head.seq, cursor=await self._journal.cursor())
        self._tell_status()
        self._link.start(self._hear)
        try:
            while True:
                await self._rest()
                await self._turn()
        finally:
            self._say("tel", Goodbye(clean=True))
            await self._link.aclose()

    # -- one turn

    def _hear(self, event: LinkEvent) -> None:
        if isinstance(event, LinkMessage) and len(self._heard) >= MAX_HEARD:
            self._drop("too many at once")
            return
        self._heard.append(event)
        self._wake.set()

    async def _rest(self) -> None:
        talks = (talk.due_ms for talk in self._every_talk)
        due = [at for at in (self._uplink.due_ms, self._look_at, *talks) if at is not None]
        rest_s = max(0, min(due) - self._clock_ms()) / 1_000 if due else None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(rest_s):
                await self._wake.wait()
        self._wake.clear()

    async def _turn(self) -> None:
        if self._grown:
            self._grown = False
            await self._step(JournalGrew((await self._journal.head()).seq))
        while self._heard:
            await self._take(self._heard.popleft())
        await self._step(TimePassed())
        self._open_or_close_talks()
        if self._look_at is not None and self._clock_ms() >= self._look_at:
            self._look()
        for talk in self._every_talk:
            await talk.time_passed(self._clock_ms())
        self._tell_status()

    async def _take(self, event: LinkEvent) -> None:
        match event:
            case LinkUp():
                self._log.info("link_up")
                self._beat_at = self._look_at = self._clock_ms()
                await self._step(LinkRose())
            case LinkDown(reason):
                self._log.info("link_down", reason=reason)
                self._look_at = None
                await self._step(LinkFell())
            case LinkMessage(lane, payload):
                try:
                    message = self._codec.unpack(lane, payload)
                    _check(message)
                except MessageError as cause:
                    self._drop(str(cause))
                    return
                await self._heed(message)
        self._open_or_close_talks()

    async def _heed(self, message: Message) -> None:
        if isinstance(message, Welcome):
            mine = await self._place(message.applied.seq)
            self._log.info("county_welcome", verdict=message.verdict, applied=message.applied.seq)
            await self._step(Welcomed(message, mine))
            self._welcome = message
        elif isinstance(message, Ack):
            await self._step(Acknowledged(message, await self._place(message.applied.seq)))
        elif (talk := self._talks.get(type(message))) is not None:
            await talk.hear(message)
        else:
            self._drop("not a message for a station")

    def _open_or_close_talks(self) -> None:
        """Tell every talk when the session that the uplink speaks in has changed."""
        if self._uplink.session == self._open_in:
            return
        if self._open_in:
            for talk in self._every_talk:
                talk.closed()
        self._open_in = self._uplink.session
        if self._open_in and self._welcome is not None:
            for talk in self._every_talk:
                talk.opened(self._welcome, self._say)

    async def _step(self, event: Event) -> None:
        moment = Moment(
            now_ms=self._clock_ms(),
            nonce=self._draw(16).hex(),
            share=int.from_bytes(self._draw(4), "big") / 2**32,
        )
        self._uplink, actions = step(self._uplink, event, moment)
        for action in actions:
            await self._act(action)

    # -- carrying out

    async def _act(self, action: Action) -> None:
        match action:
            case SendHello(nonce):
                await self._send_hello(nonce)
            case SendBatch():
                await self._send_batch(action)
            case SaveCursor(cursor):
                await self._journal.save_cursor(cursor)

    async def _send_hello(self, nonce: str) -> None:
        hello = Hello(
            nonce=nonce,
            head=await self._journal.head(),
            oldest_seq=1,  # nothing is pruned yet
            boot=self._boot,
            software=self._software,
            cells=self._cells,
        )
        self._say("up", hello)

    async def _send_batch(self, action: SendBatch) -> None:
        after = action.after_seq
        previous = await self._place(after)
        if previous is None:
            self._log.error("journal_place_missing", seq=after)
            return
        facts: list[bytes] = []
        if not action.empty:
            facts = await self._journal.facts_after(after, MAX_FACTS, MAX_BYTES)
        while (wire := await self._packed(action.session, previous, facts)) is None:
            facts = facts[: (len(facts) + 1) // 2]
        self._link.send("up", wire)

    async def _packed(self, session: str, previous: Position, facts: list[bytes]) -> bytes | None:
        """A batch as bytes, None when it is too large. Raises MessageError if one fact is."""
        last = await self._place(previous.seq + len(facts)) if facts else None
        batch = Batch(
            session=session,
            previous=previous,
            facts=[msgspec.Raw(fact) for fact in facts],
            last=last.hash if last is not None else "",
        )
        try:
            return self._codec.pack("up", batch)
        except MessageError:
            if len(facts) <= 1:
                raise  # the bodies' own bounds keep a fact far below the limit
            return None

    async def _place(self, seq: int) -> Position | None:
        digest = GENESIS if seq == 0 else await self._journal.hash_at(seq)
        if digest is None:
            return None
        return Position(epoch=(await self._journal.head()).epoch, seq=seq, hash=digest.hex())

    def _look(self) -> None:
        now_ms = self._clock_ms()
        devices = dict(self._device_states())
        if now_ms >= self._beat_at or devices != self._told:
            self._beat(now_ms, devices)
        self._look_at = min(now_ms + LOOK_MS, self._beat_at)

    def _beat(self, now_ms: int, devices: dict[str, str]) -> None:
        heartbeat = Heartbeat(
            boot=self._boot,
            up_ms=now_ms,
            head_seq=self._uplink.head_seq,
            waiting=self._uplink.waiting,
            devices=devices,
            simulated=self._simulated,
        )
        self._say("tel", heartbeat)
        self._beat_at = now_ms + HEARTBEAT_MS
        self._told = devices

    def _say(self, lane: str, message: Message) -> None:
        self._link.send(lane, self._codec.pack(lane, message))

    def _tell_status(self) -> None:
        uplink = self._uplink
        status = SyncStatus(online=uplink.online, waiting=uplink.waiting, verdict=uplink.verdict)
        if status != self._status:
            self._status = status
            self._on_status(status)

    def _drop(self, reason: str) -> None:
        self.dropped += 1
        if self.dropped.bit_count() == 1:  # 1, 2, 4, 8 ...: a flood must not fill the log
            self._log.warning("message_dropped", reason=reason[:200], dropped=self.dropped)


def _check(message: Message) -> None:
    """Raises MessageError for a place that no journal has."""
    if isinstance(message, Welcome | Ack) and not 0 <= message.applied.seq <= _LARGEST_SEQ:
        raise MessageError("a place that no journal has")
