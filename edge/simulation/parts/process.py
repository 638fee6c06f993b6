"""One life of a station's daemon: from start to kill, over its card and in its cabinet.

What a daemon is made of stands in `Process`, and nowhere else here.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cloud_sync.station.introduction import Gauges, Introduction
from cloud_sync.station.ports import Cursor
from cloud_sync.station.session import SyncSession, SyncStatus
from cloud_sync.station.talks.grant_talk import GrantTalk
from cloud_sync.station.talks.questions import Questions
from cloud_sync.station.talks.snapshot_talk import SnapshotTalk
from cloud_sync.station.talks.state_talk import StateTalk
from cloud_sync.wire.envelope import decode
from edge.daemon.chance import SystemChance
from edge.daemon.clock import SystemClock
from edge.daemon.county.county_word import CountyBoard
from edge.daemon.county.grants import receive_grant, take_grant
from edge.daemon.county.journal_source import StoreJournalSource
from edge.daemon.county.snapshots import SnapshotKeeper
from edge.daemon.devices.actuate import Actuator, Lock
from edge.daemon.devices.pumps import pump_doors, pump_time
from edge.daemon.devices.speech import Speech
from edge.daemon.metrics import StationMetrics
from edge.daemon.recovery import recover_state
from edge.daemon.station import Station
from edge.kernel.errors import CunyiError, StoreError
from edge.kernel.ids import CellId
from edge.simulation.oracles.recorder import CardReader, hashes_on
from edge.simulation.parts.cabinet import Bank
from edge.simulation.parts.card import Film, Stall, connection_of
from edge.simulation.parts.disk import FULL, LOG, Disk, Image, image_of
from edge.simulation.parts.doubt import settle, unseen
from edge.simulation.parts.links import Plug
from edge.simulation.parts.simulated_store import InlineStore, TrayStore
from edge.simulation.parts.tapped import Tapped
from edge.store.connection import DATABASE
from edge.store.new_epoch import GRANT
from edge.wiring.live_talks import live_talks

if TYPE_CHECKING:
    from edge.simulation.parts.station_node import StationNode

SOFTWARE: Final = "simulated"
Chore = Callable[[], Coroutine[Any, Any, None]]
_R = TypeVar("_R")


class _Watched(StoreJournalSource):
    """The journal of a station that is asked at once whether what it believes is so."""

    believes: Callable[[Cursor], None]

    async def save_cursor(self, cursor: Cursor) -> None:
        await super().save_cursor(cursor)
        self.believes(cursor)


class Process:
    """One life of the daemon."""

    def __init__(self, node: "StationNode", fuse: int | None) -> None:
        self._node, self.fuse = node, fuse
        self.dead = False
        self.up = False
        self._opened = False
        self.status: SyncStatus | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.loop = node.around.loop
        self.calls = InlineStore(self)
        self._disk: Disk | None = None
        """Kept where a setting leaves something unsynced between two calls."""
        self._film: Film | None = None
        self.store: TrayStore
        self.station: Station
        self.session: SyncSession
        self.reader: CardReader | None = None
        self.first_row = 0
        self.pulse_fuse = 0
        self._refuses = False
        """Whether its store has failed, and answers nothing any more."""
        self._intents: Counter[CellId] = Counter()
        self._pulses: Counter[CellId] = Counter()

    @property
    def serves(self) -> bool:
        """Whether it is up, and its store answers."""
        return self.up and not self.dead and not self._refuses

    @property
    def refused(self) -> bool:
        """Whether the county does not take its facts."""
        return self.status is not None and self.status.verdict != ""

    # -- life and death

    def passes(self, point: str) -> bool:
        """Whether there is power at this point; the fuse may burn here."""
        if self._burns(point):
            self._node.kill()
        return not self.dead

    def _burns(self, point: str) -> bool:
        if self.dead:
            return False
        if self.pulse_fuse and point in {"pulse", "pulsed"}:
            self.pulse_fuse -= 1
            self.fuse = self.fuse if self.pulse_fuse else 1
        if self.fuse is None:
            return False
        self.fuse -= 1
        if self.fuse > 0:
            return False
        self.fuse = None
        self._node.around.trace.note(self._node.name, f"fuse at {point}")
        return True

    def cut_within(self, call: Callable[[], object]) -> bool:
        """Whether the power goes in this call: what it wrote is then on the card in part."""
        if self._burns("storing"):
            self._tear(call)
        return self.dead

    def _tear(self, call: Callable[[], object]) -> None:
        """The call is carried out whole, and of what it wrote the card keeps what chance keeps."""
        node = self._node
        folder, disk = node.folder, self._disk
        beside = _beside(folder)
        if disk is None:
            disk = Disk(image_of(folder), FULL)
        film = self._film
        if film is None and self._opened:
            film = Film(folder, connection_of(self.store))
        try:
            call()
        except CunyiError as refused:  # whoever asked is dead by now
            node.around.trace.note(node.name, f"cut in {refused!r}")
        images = film.end() if film is not None else [image_of(folder)]
        self._film = None
        if _beside(folder) != beside:  # a GRANT, kept or taken by files of its own
            self._disk = None
            node.kill()
            return
        if self.reader is not None:
            node.doubt(unseen(self.reader, connection_of(self.store)))
        node.kill(disk.cut(images, node.card.dice))

    def left(self) -> Image | None:
        """What a cut between two calls leaves; None where that is all that was written."""
        if self._disk is None or self._film is None:
            return None
        return self._disk.cut(self._film.end(), self._node.card.dice)

    def next_stall(self) -> Stall | None:
        """Whether the card hangs now."""
        stall = self._node.card.next_stall()
        if stall is not None:
            self._node.around.trace.note(self._node.name, f"card hangs {stall.seconds:.1f} s")
            self._node.hang(stall.seconds)
        return stall

    def carry_out(self, call: Callable[[], _R]) -> _R:
        """The call, as the card is."""
        try:
            store = self.store if self._opened else None
            return self._node.card.carry_out(self._node.folder, store, call)
        except StoreError:
            self._refuses = True
            if self.reader is not None:
                self._node.doubt(unseen(self.reader, connection_of(self.store)))
            raise

    def failed(self, failure: Exception) -> None:
        """Something went wrong that ends the daemon: a card that ails, or else our bug."""
        node, around = self._node, self._node.around
        if self.dead:
            return
        if isinstance(failure, StoreError) and node.card.hurt:
            around.trace.note(node.name, f"stopped: {failure}")
            around.loop.call_soon(node.fall, self)
            return
        kind = "stopped" if isinstance(failure, CunyiError) else "bug"
        around.recorder.trouble(f"{kind}: {node.name}: {failure!r}")
        around.loop.call_soon(node.kill)

    def _fired(self, cell: CellId) -> None:
        """D2, D3: each pulse of this life has its own intent, on the card and of this life."""
        self._pulses[cell] += 1
        if self._pulses[cell] > self._intents[cell]:
            self._node.around.recorder.trouble(
                f"D2: cell {cell} of {self._node.name} was pulsed without an intent on disk"
            )

    def start(self) -> None:
        """Come up."""
        self._begin("boot", self._boot)

    def die(self) -> None:
        """From here on nothing that this process does reaches anything."""
        self.dead, self.up = True, False
        for task in self._tasks:
            task.cancel()

    def bury(self, done: Callable[[], None]) -> None:
        """Forget it, once its tasks have noticed."""
        loop = self._node.around.loop

        def gone(_future: "asyncio.Future[Any]") -> None:
            if self._opened:
                self.store.close()
            done()

        loop.create_task(self._wait()).add_done_callback(gone)

    async def _wait(self) -> None:
        await asyncio.wait(self._tasks)

    def _begin(self, name: str, chore: Chore) -> None:
        self._tasks.append(self._node.around.loop.create_task(self._guarded(name, chore)))

    async def _guarded(self, name: str, chore: Chore) -> None:
        try:
            await chore()
        except asyncio.CancelledError:
            raise
        except Exception as failure:  # noqa: BLE001 - whatever ends a daemon is told
            self._node.around.trace.note(self._node.name, f"{name} ended")
            self.failed(failure)

    # -- what a daemon is made of

    async def _boot(self) -> None:
        node, around = self._node, self._node.around
        await self.calls.run(self._take_grant)
        await self.calls.run(self._open_store)
        self.reader = CardReader(around.recorder, self.store)
        settle(around.recorder, node.doubtful, self.store, partial(around.committed, node))
        node.doubtful.clear()
        self.reader.follow(fresh=False)
        self.first_row = len(self.reader.rows)
        self._on_s = around.loop.time()
        clock = SystemClock(
            boot=self.store.boot,
            floor_ms=self.store.wall_floor_ms,
            since_power_on_ns=self._since_power_on_ns,
            wall_ns=lambda: (around.true_wall_ms() + node.wall_error_ms) * 1_000_000,
        )
        self.station = Station(
            store=self.store,
            store_thread=self.calls,
            policy=around.policy,
            state=await self.calls.run(recover_state, self.store, around.policy),
            clock=clock,
            chance=SystemChance(self.store.key),
            metrics=StationMetrics(),
        )
        await self.station.boot(SOFTWARE)
        self._board = CountyBoard(self.station, self.store, self.calls)
        await self._board.load()
        self.questions = Questions(secrets.token_bytes)
        self.session = self._make_session(clock)
        self.station.when_journal_grows(self.session.journal_grew)
        self._begin("locks", self._attach().run)
        self._begin("station", self.station.run)
        self._begin("time", lambda: pump_time(self.station))
        self._begin("sync", self.session.run)
        keeper = SnapshotKeeper(self.station, self.store, self.calls, around.keep_ms)
        self._begin("snapshots", keeper.run)
        self.up = True
        node.came_up.set()
        around.trace.note(node.name, f"up {self.store.boot}")

    def _attach(self) -> Actuator:
        """The doors' end of it."""
        node = self._node
        bank = Bank(node.cabinet, self.passes, self._fired)
        locks = {cell: Lock(bank, cell) for cell in node.cabinet.cells}
        actuator = Actuator(self.station, locks, Speech(None, None))
        self.station.carry_out_with(actuator.act)
        pump_doors(self.station, bank, {int(cell): cell for cell in node.cabinet.cells})
        return actuator

    def _take_grant(self) -> None:
        node, around = self._node, self._node.around
        if not (node.folder / GRANT).exists():
            return
        before = hashes_on(node.folder)
        take_grant(node.folder, around.policy, around.station, around.county)
        around.recorder.gone |= before - hashes_on(node.folder)
        around.trace.note(node.name, "takes a grant")
        node.granted = True

    async def _receive(self, data: bytes) -> None:
        node = self._node
        await self.calls.run(receive_grant, node.folder, node.around.policy, self.store, data)
        node.around.loop.call_soon(node.restart)

    def _open_store(self) -> None:
        node = self._node
        node.card.refuse_open()
        self.store = TrayStore.open(node.folder)
        self.store.calls = self.calls
        self._opened = True
        level = connection_of(self.store).execute("PRAGMA synchronous").fetchone()[0]
        if level < FULL:
            self._disk = Disk(image_of(node.folder), level)
            self._film = Film(node.folder, connection_of(self.store))

    def _make_session(self, clock: SystemClock) -> SyncSession:
        around = self._node.around
        plug = Plug(around.road, around.station, lambda: not self.dead)
        journal = _Watched(self.store, self.calls)
        journal.believes = partial(around.believes, self._node)
        session = SyncSession(
            Introduction(
                county=around.county,
                station=around.station,
                software=SOFTWARE,
                boot=self.store.boot,
                cells=len(around.policy.cells),
                simulated=True,
                machine=self._node.name,
                grant=self.store.grant,
            ),
            Gauges(
                state_seq=lambda: self._board.stored_seq,
                fence=lambda: self.station.state.remote.fence,
            ),
            link=plug,
            codec=Tapped(
                around.codec(),
                lambda lane, message: around.said(self._node, lane, message),
                partial(around.heard, around.station),
            ),
            talks=(
                StateTalk(self._board),
                SnapshotTalk(journal),
                self.questions,
                *live_talks(self.station, self.store, clock, lambda: session),
            ),
            journal=journal,
            clock_ms=clock.mono_ms,
            draw=secrets.token_bytes,
            on_status=self._show,
            grants=GrantTalk(self._receive),
        )
        return session

    def _show(self, status: SyncStatus) -> None:
        self.status = status

    def _since_power_on_ns(self) -> int:
        return round((self._node.around.loop.time() - self._on_s) * 1e9)

    def written(self) -> None:
        """A call has come to its end: what is new on the card is believed from here on."""
        if self._disk is not None and self._film is not None:
            self._disk.follow(self._film.so_far())
        if self.reader is None or self._refuses:
            return
        for row in self.reader.follow(fresh=True):
            if row.kind == "door.asked":
                self._intents[CellId(decode(row.fact).body["cell"])] += 1
            self._node.around.committed(self._node, row)


def _beside(folder: Path) -> dict[str, int]:
    """Files of a card other than those that SQLite writes, with their sizes."""
    own = {DATABASE, LOG}
    return {file.name: file.stat().st_size for file in folder.iterdir() if file.name not in own}
