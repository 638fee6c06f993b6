"""The desk of the state stream: one message in flight per station, again until it is stored.

New items go out at once. Without an ack the same follows again, later and later, for as long as
the station's session lives; any word of the station that comes meanwhile shows that it is there,
so that nothing waits for a long pause to end. A county that starts again goes on where its disk
says, with the first word of the station.
"""

import queue
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec
import structlog
from sqlalchemy import Connection

from cloud_sync.county.database import Database
from cloud_sync.county.desk import Letter
from cloud_sync.county.ingest.conversation import conversation_with
from cloud_sync.county.stream import shelf
from cloud_sync.wire.bodies.state import StateBodyError, fit_to_say
from cloud_sync.wire.messages import Message, StateAck, StateItems
from edge.kernel.errors import CunyiError, StoreError
from edge.kernel.ids import StationId

log = structlog.get_logger(__name__)
_T = TypeVar("_T")

AGAIN_MS: Final = 4_000
AGAIN_CAP_MS: Final = 300_000
LARGEST_SEQ: Final = 2**52
"""No stream of ours gets there: a number above it is no number of ours."""


@dataclass(slots=True)
class _Open:
    """A station's session: where it is, and what was sent after that."""

    session: str
    at: int
    upto: int = 0
    sent_ms: int = 0
    wait_ms: int = AGAIN_MS

    @property
    def in_flight(self) -> bool:
        return self.upto > self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    job: Callable[[Connection], Any]
    done: "Future[Any]"


class StateDesk:
    """See the module's docstring. Fits Desk of cloud_sync.county; `say` alone is for any thread."""

    hears: tuple[type[Message], ...] = (StateAck,)

    def __init__(
        self,
        database: Database,
        *,
        mono_ms: Callable[[], int],
        wall_ms: Callable[[], int],
        nudge: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._mono_ms, self._wall_ms = mono_ms, wall_ms
        self.nudge = nudge
        """Wakes the ingest thread; the worker's own, once there is one."""
        self._open: dict[StationId, _Open] = {}
        self._fresh: set[StationId] = set()
        self._orders: queue.SimpleQueue[_Order] = queue.SimpleQueue()

    # -- what others have to say

    def put(
        self,
        connection: Connection,
        station: StationId | None,
        kind: str,
        key: str,
        body: dict[str, Any] | None,
    ) -> int:
        """Say something to a station, or to all with None, in the transaction of the ingest thread.

        Tells how many stations hear something new. Raises StateBodyError for what is no item.
        """
        fit_to_say(kind, key, body)
        text = None if body is None else msgspec.json.encode(body, order="sorted").decode()
        stations = shelf.every_station(connection)
        if station is not None:
            if station not in stations:
                raise StateBodyError(f"this county has no station {station}")
            stations = [station]
        told = {
            one
            for one in stations
            if shelf.place_item(connection, one, (kind, key, text), now_ms=self._wall_ms())
        }
        if station is None:
            shelf.remember_for_all(connection, kind, key, text)
        self._fresh |= told
        return len(told)

    def say(
        self, station: StationId | None, kind: str, key: str, body: dict[str, Any] | None
    ) -> "Future[int]":
        """As `put`, from any thread: done at the next tick, on disk when the future has it."""

        def job(connection: Connection) -> int:
            told = self.put(connection, station, kind, key, body)
            log.info("state_said", kind=kind, key=key, stations=told)
            return told

        return self.work(job)

    def work(self, job: Callable[[Connection], _T]) -> "Future[_T]":
        """Have the ingest thread do a job that `put`s, in one transaction; from any thread.

        A CunyiError that the job raises undoes all of it and is the future's.
        """
        done: Future[_T] = Future()
        self._orders.put(_Order(job=job, done=done))
        self.nudge()
        return done

    # -- what stations say

    def hear(self, station: StationId, message: Message) -> Iterable[Letter]:
        """An ack frees the next message; one that is not of this session changes nothing."""
        talk = self._talk_with(station)
        if not isinstance(message, StateAck) or talk is None or message.session != talk.session:
            return ()
        if not talk.at < message.seq <= LARGEST_SEQ:
            return ()  # nothing new: a repeated ack, or a gap that the next sending fills
        with self._database.write() as connection:
            if not shelf.acknowledge(connection, station, message.seq):
                return ()
        talk.at, talk.wait_ms = message.seq, AGAIN_MS
        return self._send(station, talk)

    def welcomed(
        self, station: StationId, session: str, state_seq: int, heard: str
    ) -> Iterable[Letter]:
        """Say what the station lacks."""
        if not 0 <= state_seq <= LARGEST_SEQ:
            return ()
        talk = self._open.get(station)
        if talk is None or talk.session != session:
            with self._database.write() as connection:
                shelf.meet(
                    connection,
                    station,
                    state_seq,
                    heard=heard,
                    generation=self._database.generation,
                    now_ms=self._wall_ms(),
                )
            talk = self._open[station] = _Open(session, at=state_seq)
        return self._send(station, talk)

    def committed(self, station: StationId) -> Iterable[Letter]:
        """The station is there: what it did not acknowledge need not wait for its turn."""
        resumed = station not in self._open
        talk = self._talk_with(station)
        if talk is None or not (resumed or talk.in_flight):
            return ()
        talk.wait_ms = AGAIN_MS
        return self._send(station, talk) if resumed or self._is_due(talk) else ()

    def tick(self) -> Iterable[Letter]:
        """Carry out what other threads had to say, send what is new, repeat what is due."""
        self._carry_out()
        return list(self._due())

    def _due(self) -> Iterator[Letter]:
        fresh, self._fresh = self._fresh, set()
        for station in sorted(fresh):
            talk = self._open.get(station)
            if talk is not None and not talk.in_flight:
                yield from self._send(station, talk)
        for station, talk in self._open.items():
            if talk.in_flight and self._is_due(talk):
                talk.wait_ms = min(talk.wait_ms * 2, AGAIN_CAP_MS)
                yield from self._send(station, talk)

    def _talk_with(self, station: StationId) -> _Open | None:
        """The station's session; one that outlived our own end goes on by what is on disk.

        Such a station says no HELLO: its link to the broker never fell.
        """
        if (talk := self._open.get(station)) is not None:
            return talk
        with self._database.read() as connection:
            before = conversation_with(connection, station)
            acked = shelf.acked_by(connection, station, self._database.generation)
        if acked is None or not before.session or not before.agreed:
            return None
        talk = self._open[station] = _Open(before.session, at=acked)
        return talk

    def _is_due(self, talk: _Open) -> bool:
        return self._mono_ms() - talk.sent_ms >= talk.wait_ms

    def _send(self, station: StationId, talk: _Open) -> list[Letter]:
        with self._database.read() as connection:
            portion = shelf.portion_after(connection, station, talk.at)
        if portion is None:
            return []
        talk.upto, talk.sent_ms = portion.items[-1].seq, self._mono_ms()
        items = StateItems(
            session=talk.session,
            previous_seq=talk.at,
            items=portion.items,
            sweep=portion.sweep,
        )
        return [Letter(station, "dn", items)]

    def _carry_out(self) -> None:
        while True:
            try:
                order = self._orders.get_nowait()
            except queue.Empty:
                return
            try:
                with self._database.write() as connection:
                    came_of_it = order.job(connection)
            except StoreError as failure:
                order.done.set_exception(failure)
                raise
            except CunyiError as unfit:
                order.done.set_exception(unfit)
            else:
                order.done.set_result(came_of_it)
