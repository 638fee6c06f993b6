"""A real station in the world: its card, its cabinet, and the daemons that live one by one."""

import asyncio
import itertools
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cloud_sync.station.ports import Cursor
from cloud_sync.wire.framing.frame import Codec
from cloud_sync.wire.messages import Message
from edge.domain.policy import Policy
from edge.kernel.ids import CountyId, StationId
from edge.simulation.ground.places import copy_folder
from edge.simulation.ground.trace import Trace
from edge.simulation.ground.virtual_loop import VirtualLoop
from edge.simulation.oracles.recorder import Recorder, hashes_on
from edge.simulation.parts.cabinet import Cabinet
from edge.simulation.parts.card import Card
from edge.simulation.parts.disk import Image
from edge.simulation.parts.links import Road
from edge.simulation.parts.process import Process
from edge.store.database import Store
from edge.store.journal import JournalRow

__all__ = ["Process", "StationNode", "Surroundings", "make_card"]

AGAIN_S: Final = 5.0
"""After so long systemd starts a daemon again that has ended by itself (RestartSec)."""
WATCHDOG_S: Final = 10.0
"""Whom the card holds up for so long, is ended (WatchdogSec)."""


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
        self.card = Card(cabinet.dice.fork(f"card of {name}"))
        self.doubtful: list[JournalRow] = []
        """Facts of a call that was never answered: they are on the card whole, or not at all."""
        self._doubted_s = 0.0
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
        return process if process is not None and process.serves else None

    def doubt(self, rows: list[JournalRow]) -> None:
        """Nobody has heard whether these facts of a call are on the card."""
        self.doubtful, self._doubted_s = rows, self.around.loop.time()

    def decided_s(self, row: JournalRow) -> float:
        """When a fact that is on the card was decided: now, or before a start that finds it."""
        return self._doubted_s if row in self.doubtful else self.around.loop.time()

    def start(self, fuse: int | None = None) -> None:
        """Switch on; with a `fuse` the power goes again after so many steps of the store."""
        if self.stays_off or (self.process is not None and not self.process.dead):
            return
        self.around.trace.note(self.name, "on")
        self.card.begins()
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

    def kill(self, torn: Image | None = None) -> None:
        """The power goes: what was synced stays, everything else is gone at once or in part."""
        process = self.process
        if process is None or process.dead:
            return
        self.kills += 1
        self.came_up.clear()
        self.around.trace.note(self.name, "killed")
        left = torn or process.left()
        home = self.folder.with_name(f"{self.name}-{next(self._homes)}")
        old, self.folder = self.folder, copy_folder(self.folder, home)
        if left is not None:
            left.lay_into(self.folder)
            self.around.trace.note(self.name, "torn")
        process.die()
        self.cabinet.plug(None)
        self._lose(self.card.confess())
        process.bury(lambda: shutil.rmtree(old))

    def _lose(self, really: Image | None) -> None:
        """A card that lied has what it had some syncs ago, and nothing of what came then."""
        if really is None:
            return
        before = hashes_on(self.folder)
        really.lay_into(self.folder)
        if gone := before - hashes_on(self.folder):
            self.around.trace.note(self.name, f"{len(gone)} facts were never on its card")
            self.around.recorder.gone |= gone
            self.in_order = False

    def fall(self, process: Process) -> None:
        """A daemon has ended by itself; it is started again."""
        if self.process is process and not process.dead:
            self.kill()
            self.around.loop.call_later(AGAIN_S, self.start)

    def hang(self, seconds: float) -> None:
        """The card does not answer; whom it holds up for too long, the watchdog ends."""
        self.cabinet.hold_up(seconds)
        process = self.process
        if seconds > WATCHDOG_S and process is not None:
            loop = self.around.loop
            loop.call_later(WATCHDOG_S, self._bite, process, seconds - WATCHDOG_S)

    def _bite(self, process: Process, left_s: float) -> None:
        if self.process is process and not process.dead:
            self.around.trace.note(self.name, "ended by its watchdog")
            self.kill()
            self.around.loop.call_later(left_s + AGAIN_S, self.start)

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
