"""The sync session: hands events to the pure uplink and carries out what it answers.

Everything that comes from the link is as untrusted as any bytes: what cannot be read, or holds
a number that no journal has, is counted and dropped.
"""

import asyncio
import contextlib
import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from cloud_sync.station.heart import Heart
from cloud_sync.station.introduction import Gauges, Introduction
from cloud_sync.station.ports import (
    Cursor,
    JournalSource,
    Link,
    LinkDown,
    LinkEvent,
    LinkMessage,
    LinkUp,
)
from cloud_sync.station.posting import Posting
from cloud_sync.station.sent_frames import SentFrames
from cloud_sync.station.sync_events import SyncEvents, SyncView
from cloud_sync.station.talks.talk import GrantFetcher, Talk
from cloud_sync.station.uplink import (
    Acknowledged,
    Action,
    Event,
    JournalGrew,
    LinkFell,
    LinkRose,
    Moment,
    Phase,
    SaveCursor,
    SendBatch,
    SendHello,
    SendPiece,
    TimePassed,
    Unknown,
    Uplink,
    Welcomed,
    step,
)
from cloud_sync.wire.framing.frame import Codec, StrangerError
from cloud_sync.wire.messages import (
    Ack,
    Goodbye,
    Hello,
    Message,
    MessageError,
    NotEnrolled,
    SnapshotTaken,
    Welcome,
)
from edge.kernel.errors import StoreError

log = structlog.get_logger(__name__)

MAX_HEARD: Final = 256
"""Messages in memory; the county says everything again when asked."""
_NONCES_KEPT: Final = 4
"""Of the last HELLOs it is known when they were sent: one of them is answered, or none."""
_LARGEST_SEQ: Final = 2**63 - 1
"""What a journal's column holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncStatus:
    """For the screens. `online`: the county answered just now and takes our facts.

    `waiting` facts are stored here and not acknowledged. `verdict` says why the county does not
    take them: one of uplink.VERDICTS, or refused; empty while there is no such trouble.
    """

    online: bool
    waiting: int
    verdict: str


class SyncSession:
    """See the module's docstring. `run` may raise StoreError; a failing link never ends it."""

    dropped = 0
    """Messages that were none, or too many at once."""
    _open_in = _last_hello = ""
    _link_up = _anew = _grown = False
    _status: SyncStatus | None = None
    _welcome: Welcome | None = None

    def __init__(  # noqa: PLR0913 - a composition root passes each collaborator by name
        self,
        introduction: Introduction,
        gauges: Gauges,
        *,
        link: Link,
        codec: Codec,
        journal: JournalSource,
        clock_ms: Callable[[], int],
        draw: Callable[[int], bytes],
        on_status: Callable[[SyncStatus], None],
        talks: Sequence[Talk] = (),
        grants: GrantFetcher | None = None,
    ) -> None:
        link = self._link = SentFrames(link)
        self._codec, self._journal, self._grants = codec, journal, grants
        self._every_talk = (*talks, grants) if grants is not None else tuple(talks)
        self._talks = {kind: talk for talk in self._every_talk for kind in talk.hears}
        self._introduction, self._gauges = introduction, gauges
        self._boot_id = draw(16).hex()
        self.events = SyncEvents(clock_ms)
        self._posting = Posting(link, codec, journal, self.events)
        self._heart = Heart(introduction, gauges)
        self._clock_ms, self._draw, self._on_status = clock_ms, draw, on_status
        self._log = log.bind(county=introduction.county, station=introduction.station)
        self._uplink = Uplink(head_seq=0, cursor=Cursor())
        self._heard: deque[LinkEvent] = deque()
        self._wake, self._asked_at = asyncio.Event(), dict[str, int]()

    def journal_grew(self) -> None:
        """There are new facts. Call on the event loop; never waits."""
        self._grown = True
        self._wake.set()

    def greet_anew(self) -> bool:
        """Settle everything by a new HELLO, now; False while there is no link to send it by."""
        self._anew = self._link_up
        self._wake.set()
        return self._link_up

    async def view(self) -> SyncView:
        """How it stands."""
        head, uplink = await self._journal.head(), self._uplink
        return SyncView(
            link_up=self._link_up,
            online=uplink.online,
            verdict=uplink.verdict,
            epoch=head.epoch,
            head_seq=head.seq,
            applied_seq=uplink.cursor.applied_seq,
            durable_seq=uplink.cursor.durable_seq,
            waiting=uplink.waiting,
            county_gen=uplink.cursor.county_gen,
            snapshot_seq=self._welcome.snapshot_seq if self._welcome is not None else 0,
        )

    def hello_sent_ms(self, nonce: str) -> int | None:
        """When the HELLO with this nonce was first sent; None for none that was sent lately."""
        return self._asked_at.get(nonce)

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
        due = [at for at in (self._uplink.due_ms, self._heart.look_at, *talks) if at is not None]
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
        if self._anew:
            self._anew = False
            await self._step(LinkRose())
        if self._is_due(self._uplink.due_ms):
            await self._step(TimePassed())
        self._open_or_close_talks()
        uplink = self._uplink
        beat = self._heart.look(self._clock_ms(), uplink.head_seq, uplink.waiting)
        if beat is not None:
            self._say("tel", beat)
        for talk in self._every_talk:
            if self._is_due(talk.due_ms):
                with self._nothing_but_a_store_error("time_passed"):
                    await talk.time_passed(self._clock_ms())
        self._tell_status()

    def _is_due(self, at_ms: int | None) -> bool:
        return at_ms is not None and self._clock_ms() >= at_ms

    async def _take(self, event: LinkEvent) -> None:
        match event:
            case LinkUp(most_bytes):
                self._posting.most_bytes = most_bytes
                self._log.info("link_up")
                self._link_up = True
                self.events.note("link_up")
                self._heart.begin(self._clock_ms())
                await self._step(LinkRose())
            case LinkDown(reason):
                self._log.info("link_down", reason=reason)
                self._link_up = False
                self.events.note("link_down", reason=reason)
                self._heart.end()
                await self._step(LinkFell())
            case _:
                try:
                    message = self._codec.unpack(event.lane, event.payload)
                    _check(message)
                except MessageError as cause:
                    self._drop(str(cause))
                    return
                await self._heed(message)
        self._open_or_close_talks()

    async def _heed(self, message: Message) -> None:
        if isinstance(message, NotEnrolled):
            if not self._link.has(message.frame):
                self._drop("an answer to what was not said lately")
                return
            if message.frame == self._last_hello:
                await self._step(Unknown())
        if isinstance(message, Welcome):
            mine = await self._posting.place(message.applied.seq)
            self._log.info("county_welcome", verdict=message.verdict, applied=message.applied.seq)
            self.events.note("welcome", verdict=message.verdict, applied=message.applied.seq)
            self._welcome = message
            self._link.answered()
            await self._step(Welcomed(message, mine, await self._journal.base()))
        elif isinstance(message, Ack):
            self._note_ack(message)
            await self._step(Acknowledged(message, await self._posting.place(message.applied.seq)))
        elif isinstance(message, SnapshotTaken) and self._uplink.phase is Phase.FILLING:
            await self._step(self._posting.told(message))
        elif (talk := self._talks.get(type(message))) is not None:
            with self._nothing_but_a_store_error("hear"):
                await talk.hear(message)
        else:
            self._drop("not a message for a station")

    @contextlib.contextmanager
    def _nothing_but_a_store_error(self, where: str) -> Iterator[None]:
        """Let no fault of one subject end the talk about all others."""
        try:
            yield
        except StoreError:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, facts must still flow
            self._log.error("talk_failed", where=where, reason=repr(fault)[:200])

    def _note_ack(self, ack: Ack) -> None:
        self.events.note("ack", applied=ack.applied.seq, durable=ack.durable_seq, note=ack.note)

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
                await self._posting.send_batch(action)
            case SaveCursor(cursor):
                await self._journal.save_cursor(cursor)
            case SendPiece():
                await self._posting.send_piece(action)
            case _:
                if self._grants is not None:
                    self._grants.fetch(action.grant, self._say)

    async def _send_hello(self, nonce: str) -> None:
        known = dict(list(self._asked_at.items())[-_NONCES_KEPT:])
        self._asked_at = known if nonce in known else known | {nonce: self._clock_ms()}
        cursor, mine = self._uplink.cursor, self._introduction
        hello = Hello(
            nonce=nonce,
            head=await self._journal.head(),
            oldest_seq=(await self._journal.base()).seq + 1,
            boot=mine.boot,
            boot_id=self._boot_id,
            software=mine.software,
            cells=mine.cells,
            machine=mine.machine,
            grant=mine.grant,
            county_gen=cursor.county_gen,
            applied_seq=cursor.applied_seq,
            durable_seq=cursor.durable_seq,
            state_seq=self._gauges.state_seq(),
            fence=self._gauges.fence(),
        )
        with contextlib.suppress(StrangerError):  # not enrolled: there is nobody to say it to
            wire = self._codec.pack("up", hello)
            self._last_hello = hashlib.sha256(wire).hexdigest()
            self._link.send("up", wire)
        self.events.note("hello", head=hello.head.seq)

    def _say(self, lane: str, message: Message) -> None:
        with contextlib.suppress(StrangerError):  # not enrolled: there is nobody to say it to
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
