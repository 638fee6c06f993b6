"""The real county in the world: database, ingest and desks, without a thread of its own.

What a county's process is made of stands in `_open`, and nowhere else here.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from cloud_sync.county.commands.desk import CommandDesk
from cloud_sync.county.database import Database
from cloud_sync.county.durability.backups import make_backup, record, restore_backup
from cloud_sync.county.durability.durable import Durable
from cloud_sync.county.histories.epochs import Epochs
from cloud_sync.county.histories.grants import GrantDesk, Granting, grant_secrets
from cloud_sync.county.histories.snapshots import SnapshotDesk
from cloud_sync.county.ingest import ledger
from cloud_sync.county.ingest.ingest import Ingest
from cloud_sync.county.ingest.worker import IngestWorker
from cloud_sync.county.metrics import CountyMetrics
from cloud_sync.county.presence import Presence
from cloud_sync.county.questions.desk import ANSWERERS, QuestionDesk
from cloud_sync.county.stream.desk import StateDesk
from cloud_sync.wire.broker.topics import Address
from cloud_sync.wire.framing.frame import Codec
from cloud_sync.wire.messages import Message
from cloud_sync.wire.trust.identity import Identity
from edge.kernel.errors import StoreError
from edge.kernel.ids import CountyId, StationId
from edge.simulation.ground.trace import Trace
from edge.simulation.ground.virtual_loop import VirtualLoop
from edge.simulation.oracles.recorder import Recorder
from edge.simulation.parts.links import Packet, Road
from edge.simulation.parts.tapped import Tapped

TICK_S: Final = 5.0
"""Whoever wants something of the county at once wakes it, as its own thread is woken."""
RESTING_TICK_S: Final = 3_600.0
KEPT_BACKUPS: Final = 6
ECHO: Final = "simulated.echo"
"""A question that is answered by itself and by who asked: no two have the same answer."""


def _echo(_connection: Connection, station: StationId, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"asked": dict(asked), "by": station}


class CountyNode:
    """One county on one folder; killed and started, backed up and put back."""

    def __init__(  # noqa: PLR0913 - a county needs a whole world around it
        self,
        *,
        loop: VirtualLoop,
        road: Road,
        trace: Trace,
        recorder: Recorder,
        county: CountyId,
        folder: Path,
        identity: Identity,
        codec: Callable[[StationId], Codec],
        true_wall_ms: Callable[[], int],
        said: Callable[[StationId, str, str, Message], None],
        heard: Callable[[StationId, str, Message], None],
    ) -> None:
        self._loop, self._road, self._trace = loop, road, trace
        self._recorder = recorder
        self.county, self.folder, self._identity = county, folder, identity
        self._codec, self._true_wall_ms = codec, true_wall_ms
        self._said, self._heard = said, heard
        self.database: Database | None = None
        self.worker: IngestWorker
        self.commands: CommandDesk
        self.granting: Granting
        self.stream: StateDesk
        self._ticking: asyncio.Task[None] | None = None
        self._answers: int | None = None
        self.backups: deque[Path] = deque(maxlen=KEPT_BACKUPS)
        self._place = folder.with_name("backups")
        self._place.mkdir()
        self.restores = 0
        self._resting = False
        self.reread = True
        """Whether committed facts may have changed other than by growing."""
        folder.mkdir()
        Database.create(folder, county)
        road.to_county = self._arrived

    # -- life and death

    @property
    def up(self) -> bool:
        """Whether the process runs."""
        return self.database is not None

    @property
    def resting(self) -> bool:
        """Whether nobody is there to whom it could tell anything, for hours on end."""
        return self._resting

    @resting.setter
    def resting(self, resting: bool) -> None:
        self._resting = resting
        if self.database is not None:
            self._keep_ticking()

    def start(self) -> None:
        """Start the process."""
        if self.database is not None:
            return
        self._trace.note("county", "on")
        self.database = Database.open(self.folder)
        self._open(self.database)
        self.reread = True
        self.commands.nudge = self._wake
        self._keep_ticking()

    def kill(self) -> None:
        """End the process at once: committed rows stay, everything in memory is gone."""
        if self.database is None:
            return
        self._trace.note("county", "killed")
        self.database.close()
        self.database = None
        if self._ticking is not None:
            self._ticking.cancel()

    def burn(self, answers: int) -> None:
        """Die after so many more commits, before the answer leaves; 0 takes that back."""
        self._answers = answers or None

    def register(self, station: StationId) -> None:
        """Write a station down as one of ours; the county is up."""
        if self.database is not None:
            with self.database.write() as connection:
                ledger.register_listed(connection, [(station, station)])

    def back_up(self) -> None:
        """Make a verified backup of the database as it is now."""
        if self.database is None:
            return
        backup = make_backup(self.folder, self._place, self._true_wall_ms())
        with self.database.write() as connection:
            record(connection, backup, self._true_wall_ms(), KEPT_BACKUPS)
        self._trace.note("county", "backup")
        self.backups.append(backup.path)

    def restore(self, backup: Path) -> None:
        """Put a backup in the database's place; what lies beside it stays."""
        self.kill()
        self._trace.note("county", "restored")
        restore_backup(self.folder, backup)
        self.restores += 1

    def grant(self, station: StationId) -> None:
        """A person lets a station begin a new epoch."""
        if self.database is not None:
            with self.database.write() as connection:
                self.granting.order(connection, station, "simulated")
            self._trace.note("county", f"granted {station}")

    # -- what a county's process is made of

    def _open(self, database: Database) -> None:
        metrics = CountyMetrics()
        self.granting = Granting(
            Epochs(self.folder),
            grant_secrets([self._identity]),
            clock_ms=self._true_wall_ms,
            draw=secrets.token_bytes,
        )
        ingest = Ingest(
            database,
            granting=self.granting,
            durable=Durable(rule="backups", copies=1),
            clock_ms=self._true_wall_ms,
            draw=secrets.token_bytes,
            metrics=metrics,
        )
        self.commands = CommandDesk(
            database,
            mono_ms=self._mono_ms,
            wall_ms=self._true_wall_ms,
            draw=secrets.token_bytes,
        )
        self.stream = StateDesk(database, mono_ms=self._mono_ms, wall_ms=self._true_wall_ms)
        self.worker = IngestWorker(
            database=database,
            ingest=ingest,
            presence=self._presence(database),
            metrics=metrics,
            codec=self._tapped,
            send=self._send,
            on_change=lambda: None,
            on_failure=self._failed,
            desks=(
                SnapshotDesk(database, self._true_wall_ms),
                GrantDesk(database, self._true_wall_ms),
                self.commands,
                self.stream,
                QuestionDesk(database, mono_ms=self._mono_ms, answerers={**ANSWERERS, ECHO: _echo}),
            ),
        )

    def _presence(self, database: Database) -> Presence:
        presence = Presence(self._mono_ms, self._true_wall_ms)
        presence.load(database)
        return presence

    def _tapped(self, station: StationId) -> Codec:
        generation = self.database.generation if self.database is not None else ""
        return Tapped(
            self._codec(station),
            lambda lane, message: self._said(station, generation, lane, message),
            partial(self._heard, station),
        )

    def _send(self, station: StationId, lane: str, payload: bytes) -> None:
        if self._answers is not None:
            self._answers -= 1
            if self._answers <= 0:
                self._answers = None
                self._loop.call_soon(self.kill)
                return
        if self.database is not None:
            self._road.carry(Packet(station, lane, payload))

    def _arrived(self, address: Address, payload: bytes) -> None:
        if self.database is None:
            return
        try:
            self.worker.take(address, payload)
        except StoreError as failure:
            self._failed(failure)

    def _failed(self, failure: Exception) -> None:
        self._recorder.trouble(f"stopped: the county: {failure!r}")
        self._loop.call_soon(self.kill)

    def _keep_ticking(self) -> None:
        if self._ticking is not None:
            self._ticking.cancel()  # a long rest ends at once, not with its last tick
        self._ticking = self._loop.create_task(self._tick())

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(RESTING_TICK_S if self.resting else TICK_S)
            self.worker.tick()

    def _wake(self) -> None:
        self._loop.call_soon(self._look_after)

    def _look_after(self) -> None:
        if self.database is not None:
            self.worker.tick()

    def _mono_ms(self) -> int:
        return round(self._loop.time() * 1_000)
