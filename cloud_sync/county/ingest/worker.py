"""The one thread that takes messages in: in order of arrival, one at a time, each to its end."""

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, TypeVar

import structlog

from cloud_sync.county import alarms
from cloud_sync.county.database import Database
from cloud_sync.county.desk import Desk, Letter
from cloud_sync.county.ingest.ingest import Ingest
from cloud_sync.county.ingest.reading import sane_heartbeat
from cloud_sync.county.metrics import CountyMetrics
from cloud_sync.county.presence import Presence
from cloud_sync.wire.broker.topics import Address
from cloud_sync.wire.framing.frame import Codec, StrangerError
from cloud_sync.wire.messages import (
    Batch,
    Goodbye,
    Heartbeat,
    Hello,
    Message,
    MessageError,
    Welcome,
)
from edge.kernel.errors import StoreError
from edge.kernel.ids import StationId

log = structlog.get_logger(__name__)

MAX_WAITING: Final = 2_000
"""Messages in memory. What does not fit is dropped: the stations send again."""
_TICK_S: Final = 1.0
_NUDGE: Final = "nudge"
STRANGER_EVERY_S: Final = 1.0
"""So often at most a stranger is noted and answered."""


_Result = TypeVar("_Result")


class _Call:
    """Something that another thread wants done here."""

    def __init__(self, work: Callable[[], _Result], future: Future[_Result]) -> None:
        def answer() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(work())
            except StoreError as failure:
                future.set_exception(failure)
                raise  # the database may be done for, whoever asked
            except Exception as failure:  # noqa: BLE001 - it is the asker's, not the thread's
                future.set_exception(failure)

        self.answer = answer


_Work = tuple[Address, bytes] | str | _Call


@dataclass(kw_only=True)
class IngestWorker:
    """Messages in by `offer`, answers out by `send`, `on_change` after each change.

    An error in one message is logged and alarmed, and the next is taken; a database that cannot
    be written, or a fault outside any message, ends the thread, and `on_failure` hears why.
    """

    database: Database
    ingest: Ingest
    presence: Presence
    metrics: CountyMetrics
    codec: Callable[[StationId], Codec]
    send: Callable[[StationId, str, bytes], None]
    on_change: Callable[[], None]
    on_failure: Callable[[Exception], None]
    desks: Sequence[Desk] = ()
    answer_stranger: Callable[[StationId, bytes], bytes] | None = None
    """The frame that tells whoever sent these bytes that nobody here knows the key."""

    def __post_init__(self) -> None:
        """Make the queue and the thread; `start` sets it going."""
        self._waiting: queue.Queue[_Work | None] = queue.Queue(MAX_WAITING)
        self._by_kind = {kind: desk for desk in self.desks for kind in desk.hears}
        self._stopping = threading.Event()
        self._next_stranger_s = 0.0
        self._retained: dict[StationId, int] = {}
        self._greeted: dict[StationId, str] = {}
        self._thread = threading.Thread(target=self._run, name="county-ingest", daemon=True)

    def start(self) -> None:
        """Begin taking messages."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the message in hand and end. What still waits is dropped, unanswered."""
        self._stopping.set()
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait(None)  # wakes a thread that waits for work
        if self._thread.is_alive():
            self._thread.join()

    def nudge(self) -> None:
        """A desk has something to do now; from any thread, never waits."""
        with contextlib.suppress(queue.Full):  # then its turn comes soon enough
            self._waiting.put_nowait(_NUDGE)

    def call(self, work: Callable[[], _Result]) -> Future[_Result]:
        """Have something done in the ingest thread, between two messages; from any other thread.

        Whoever waits for the result sets a limit: a worker that has ended answers no more.
        """
        future: Future[_Result] = Future()
        try:
            self._waiting.put_nowait(_Call(work, future))
        except queue.Full:
            future.set_exception(StoreError("the county is too busy just now; try again"))
        return future

    def offer(self, address: Address, payload: bytes) -> None:
        """Take a message from the broker's thread; never waits."""
        try:
            self._waiting.put_nowait((address, payload))
        except queue.Full:
            self.metrics.dropped.labels("overflow").inc()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._step()
            self.presence.write(self.database, now=True)
        except Exception as failure:  # noqa: BLE001 - a thread that dies unheard leaves a dead county
            log.critical("county_ingest_ended", reason=str(failure))
            self.on_failure(failure)

    def _step(self) -> None:
        with contextlib.suppress(queue.Empty):
            work = self._waiting.get(timeout=_TICK_S)
            if work is None:
                return
            if isinstance(work, _Call):
                work.answer()
            elif not isinstance(work, str):
                self.ingest.load.behind = self._waiting.qsize()
                self.take(*work)
        self.tick()

    def take(self, address: Address, payload: bytes) -> None:
        """Take one message to its end, here and now. For the thread, and for who has none."""
        with self.metrics.commit_seconds.time():
            self._guarded(address, payload)

    def tick(self) -> None:
        """What is to be done about once a second. For the thread, and for who has none."""
        for desk in self.desks:
            self._post(desk.tick())
        if self.presence.turned():
            self.on_change()
        self.presence.write(self.database)

    def _guarded(self, address: Address, payload: bytes) -> None:
        try:
            codec = self.codec(address.station)
            self._take(address, codec.unpack(address.lane, payload))
        except StrangerError:
            self._stranger(address, payload)
        except (MessageError, RecursionError) as cause:  # nested too deep is no message either
            self.metrics.dropped.labels("unreadable").inc()
            log.warning("message_dropped", station=address.station, reason=str(cause)[:200])
        except StoreError:
            raise
        except Exception as bug:
            self.metrics.dropped.labels("error").inc()
            log.exception("ingest_error", station=address.station)
            if self.presence.knows(address.station):
                self.ingest.alarm(address.station, alarms.INGEST_ERROR, repr(bug))
                self.on_change()

    def _stranger(self, address: Address, payload: bytes) -> None:
        """A frame whose key nobody here knows: noted, and told to whoever sent it."""
        self.metrics.dropped.labels("stranger").inc()
        now_s = time.monotonic()
        if now_s < self._next_stranger_s:  # a flood must fill neither the disk nor the log
            return
        self._next_stranger_s = now_s + STRANGER_EVERY_S
        log.warning("stranger", station=address.station, size=len(payload))
        detail = "its key is not enrolled here"
        self.ingest.alarm(address.station, alarms.UNKNOWN_STATION, detail)
        if self.answer_stranger is not None:
            answer = self.answer_stranger(address.station, payload)
            self.send(address.station, "dn", answer)
        self.on_change()

    def _post(self, letters: Iterable[Letter]) -> None:
        for station, lane, message in letters:
            try:
                frame = self.codec(station).pack(lane, message)
            except MessageError as cause:  # e.g. its key was revoked a moment ago
                self.metrics.dropped.labels("unsendable").inc()
                log.warning("message_not_sent", station=station, reason=str(cause)[:200])
            else:
                self.send(station, lane, frame)

    def _take(self, address: Address, message: Message) -> None:
        lane, station = address.lane, address.station
        if lane == "up" and isinstance(message, Hello | Batch):
            self._journal(station, message)
        elif lane in {"up", "ask"} and type(message) in self._by_kind:
            self._post(self._by_kind[type(message)].hear(station, message))
            self.on_change()
        elif lane == "tel" and isinstance(message, Heartbeat | Goodbye):
            self._hint(station, message)
        else:
            self.metrics.dropped.labels("misplaced").inc()

    def _journal(self, station: StationId, message: Hello | Batch) -> None:
        answer = self.ingest.handle(station, message)
        if isinstance(message, Hello):
            if not self.presence.knows(station):  # it may be one of ours only now
                self.presence.load(self.database)
            self._present(station, message)
        letters = []
        if isinstance(message, Hello) and isinstance(answer, Welcome) and answer.verdict == "ok":
            # Settled before the station hears of it: from then on it speaks of this generation.
            told = (station, answer.session, message.state_seq, message.county_gen)
            letters = [letter for desk in self.desks for letter in desk.welcomed(*told)]
        if answer is not None:
            self._post([Letter(station, "dn", answer), *letters])
        if isinstance(message, Batch):
            for desk in self.desks:
                self._post(desk.committed(station))
        self.on_change()

    def _present(self, station: StationId, hello: Hello) -> None:
        """Only what nobody can say again shows a station as online: this, and heartbeats."""
        if self._greeted.get(station) != hello.nonce:
            self._greeted[station] = hello.nonce
            self.presence.greeted(station, hello.boot)

    def _hint(self, station: StationId, message: Heartbeat | Goodbye) -> None:
        if isinstance(message, Goodbye):
            if not message.clean:  # a last will is a hint; silence tells as much
                return
            self.presence.parted(station)
        elif sane_heartbeat(message):
            if not self.presence.heard(station, message):
                self.metrics.dropped.labels("replayed").inc()
                return
            self._left_for(station, message.retained)
        else:
            self.metrics.dropped.labels("misplaced").inc()
            return
        self.on_change()

    def _left_for(self, station: StationId, count: int) -> None:
        """A station has dropped messages that somebody had left at the broker."""
        if count and count != self._retained.get(station):
            self.ingest.alarm(station, alarms.RETAINED, f"{count} since its start, all dropped")
        self._retained[station] = count
