"""A real station in the world: its card, its daemon from start to kill, and its cabinet.

What a daemon is made of stands in `_Process`, and nowhere else here.
"""

import asyncio
import itertools
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from cloud_sync.station.ports import Cursor
from cloud_sync.station.session import SyncSession, SyncStatus
from cloud_sync.station.talks.grant_talk import GrantTalk
from cloud_sync.station.talks.questions import Questions
from cloud_sync.station.talks.snapshot_talk import SnapshotTalk
from cloud_sync.station.talks.state_talk import StateTalk
from cloud_sync.wire.envelope import decode
from cloud_sync.wire.framing.frame import Codec
from cloud_sync.wire.messages import Message
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
from edge.domain.policy import Policy
from edge.kernel.errors import CunyiError
from edge.kernel.ids import CellId, CountyId, StationId
from edge.simulation.ground.places import copy_folder
from edge.simulation.ground.trace import Trace
from edge.simulation.ground.virtual_loop import VirtualLoop
from edge.simulation.oracles.recorder import CardReader, Recorder, hashes_on
from edge.simulation.parts.cabinet import Bank, Cabinet
from edge.simulation.parts.links import Plug, Road
from edge.simulation.parts.simulated_store import InlineStore
from edge.simulation.parts.tapped import Tapped
from edge.store.database import Store
from edge.store.journal import JournalRow
from edge.store.new_epoch import GRANT
from edge.wiring.live_talks import live_talks

SOFTWARE: Final = "simulated"
Chore = Callable[[], Coroutine[Any, Any, None]]


def make_card(folder: Path, county: CountyId, station: StationId) -> None:
    """A fresh card; its key is drawn from the world's chance like everything else."""
    folder.mkdir()
    Store.create(folder, county, station)


@dataclass(kw_only=True)
class Surroundings:
    """What a station stands in: all that outlives its processes."""

    loop: VirtualLoop
    road: Road
    trace: Trace
    recorder: Recorder
    policy: Policy
    county: CountyId
    station: StationId
    codec: Callable[[], Codec]
    true_wall_ms: Callable[[], int]
    committed: "Callable[[StationNode, JournalRow], None]"
    believes: "Callable[[StationNode, Cursor], None]"
    said: "Callable[[StationNode, str, Message], None]"
    heard: Callable[[StationId, str, Message], None]
    keep_ms: int
    """For so long a card keeps facts that nobody needs any more."""


class StationNode:
    """One machine with its card; `name` tells a clone from the station that it was copied from."""

    def __init__(self, around: Surroundings, name: str, folder: Path, cabinet: Cabinet) -> None:
        self.around, self.name = around, name
        self.folder, self.cabinet = folder, cabinet
        self._homes = itertools.count(1)
        self.process: Process | None = None
        self.wall_error_ms = 0
        self.in_order = True
        """Whether this is the one card of its station, and was never put back."""
        self.granted = False
        """Whether it has begun an epoch that a GRANT allowed."""
        self.stays_off = False
        self.kills = 0
        self.came_up = asyncio.Event()

    @property
    def alive(self) -> "Process | None":
        """The daemon, once it is up."""
        process = self.process
        return process if process is not None and process.up and not process.dead else None

    def start(self, fuse: int | None = None) -> None:
        """Switch on; with a `fuse` the power goes again after so many steps of the store."""
        if self.stays_off or (self.process is not None and not self.process.dead):
            return
        self.around.trace.note(self.name, "on")
        self.process = Process(self, fuse)
        self.process.start()

    def burn(self, fuse: int) -> None:
        """The power goes after so many more steps."""
        if self.process is not None and not self.process.dead:
            self.process.fuse = fuse

    def burn_at_pulse(self, steps: int) -> None:
        """The power goes when a lock is fired next: right before it (1), or right after (2)."""
        if self.process is not None and not self.process.dead:
            self.process.pulse_fuse = steps

    def kill(self) -> None:
        """The power goes: what is on disk stays, everything else is gone at once."""
        process = self.process
        if process is None or process.dead:
            return
        self.kills += 1
        self.came_up.clear()
        self.around.trace.note(self.name, "killed")
        home = self.folder.with_name(f"{self.name}-{next(self._homes)}")
        old, self.folder = self.folder, copy_folder(self.folder, home)
        process.die()
        self.cabinet.plug(None)
        process.bury(lambda: shutil.rmtree(old))

    def restart(self) -> None:
        """End and begin anew."""
        self.kill()
        self.start()

    def image(self, target: Path) -> Path:
        """A copy of the card as it is now, without asking the daemon."""
        return copy_folder(self.folder, target)

    def put_back(self, image: Path) -> None:
        """Put an older copy of the card in its place; the machine is off."""
        self.kill()
        self.around.trace.note(self.name, "rolled back")
        home = self.folder.with_name(f"{self.name}-{next(self._homes)}")
        self.folder = copy_folder(image, home)
        self.in_order = False


class _Watched(StoreJournalSource):
    """The journal of a station that is asked at once whether what it believes is so."""

    believes: Callable[[Cursor], None]

    async def save_cursor(self, cursor: Cursor) -> None:
        await super().save_cursor(cursor)
        self.believes(cursor)


class Process:
    """One life of the daemon."""

    def __init__(self, node: StationNode, fuse: int | None) -> None:
        self._node, self.fuse = node, fuse
        self.dead = False
        self.up = False
        self._opened = False
        self.status: SyncStatus | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._calls = InlineStore(self.passes, self._written)
        self.store: Store
        self.station: Station
        self.session: SyncSession
        self.reader: CardReader | None = None
        self.first_row = 0
        self.pulse_fuse = 0
        self._intents: Counter[CellId] = Counter()
        self._pulses: Counter[CellId] = Counter()

    @property
    def refused(self) -> bool:
        """Whether the county does not take its facts."""
        return self.status is not None and self.status.verdict != ""

    # -- life and death

    def passes(self, point: str) -> bool:
        """Whether there is power at this point; the fuse may burn here."""
        if self.dead:
            return False
        if self.pulse_fuse and point in {"pulse", "pulsed"}:
            self.pulse_fuse -= 1
            self.fuse = self.fuse if self.pulse_fuse else 1
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse <= 0:
                self._node.around.trace.note(self._node.name, f"fuse at {point}")
                self._node.kill()
        return not self.dead

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
            if self.dead:
                return
            kind = "stopped" if isinstance(failure, CunyiError) else "bug"
            around = self._node.around
            around.recorder.trouble(f"{kind}: {self._node.name} {name}: {failure!r}")
            around.loop.call_soon(self._node.kill)

    # -- what a daemon is made of

    async def _boot(self) -> None:
        node, around = self._node, self._node.around
        await self._calls.run(self._take_grant)
        await self._calls.run(self._open_store)
        self.reader = CardReader(around.recorder, self.store)
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
            store_thread=self._calls,
            policy=around.policy,
            state=await self._calls.run(recover_state, self.store, around.policy),
            clock=clock,
            chance=SystemChance(self.store.key),
            metrics=StationMetrics(),
        )
        await self.station.boot(SOFTWARE)
        self._board = CountyBoard(self.station, self.store, self._calls)
        await self._board.load()
        self.questions = Questions(secrets.token_bytes)
        self.session = self._make_session(clock)
        self.station.when_journal_grows(self.session.journal_grew)
        self._begin("locks", self._attach().run)
        self._begin("station", self.station.run)
        self._begin("time", lambda: pump_time(self.station))
        self._begin("sync", self.session.run)
        keeper = SnapshotKeeper(self.station, self.store, self._calls, around.keep_ms)
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
        await self._calls.run(receive_grant, node.folder, node.around.policy, self.store, data)
        node.around.loop.call_soon(node.restart)

    def _open_store(self) -> None:
        self.store = Store.open(self._node.folder)
        self._opened = True

    def _make_session(self, clock: SystemClock) -> SyncSession:
        around = self._node.around
        plug = Plug(around.road, around.station, lambda: not self.dead)
        journal = _Watched(self.store, self._calls)
        journal.believes = partial(around.believes, self._node)
        session = SyncSession(
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
            county=around.county,
            station=around.station,
            software=SOFTWARE,
            boot=self.store.boot,
            cells=len(around.policy.cells),
            simulated=True,
            clock_ms=clock.mono_ms,
            draw=secrets.token_bytes,
            device_states=dict,
            on_status=self._show,
            state_seq=lambda: self._board.stored_seq,
            fence=lambda: self.station.state.remote.fence,
            machine=self._node.name,
            grant=self.store.grant,
            grants=GrantTalk(self._receive),
        )
        return session

    def _show(self, status: SyncStatus) -> None:
        self.status = status

    def _since_power_on_ns(self) -> int:
        return round((self._node.around.loop.time() - self._on_s) * 1e9)

    def _written(self) -> None:
        if self.reader is not None:
            for row in self.reader.follow(fresh=True):
                if row.kind == "door.asked":
                    self._intents[CellId(decode(row.fact).body["cell"])] += 1
                self._node.around.committed(self._node, row)
