"""Small real parts for the daemon's tests: a clock that is set by hand, a station in a folder."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from edge.daemon.metrics import StationMetrics
from edge.daemon.recovery import recover_state
from edge.daemon.station import Chance, Station
from edge.daemon.store_thread import StoreThread
from edge.domain.effects import Effect, OpenDoor
from edge.domain.inputs import (
    CheckInSwitched,
    DoorMoved,
    Fresh,
    KeeperEntered,
    PhoneTailGiven,
    PickupSecret,
    TimePassed,
    WaybillScanned,
)
from edge.domain.policy import Cell, CellSize, Policy
from edge.kernel.ids import (
    AuthId,
    CellId,
    CredentialId,
    KeeperId,
    Mac,
    PhoneTail,
    WaybillNo,
)
from edge.kernel.time import Instant
from edge.store.database import Store
from edge.store.print_queue import Paper

PATIENCE_S: Final = 5.0
CELLS: Final = 4
POLICY: Final = Policy(
    cells=tuple(Cell(cell=CellId(n), size=CellSize.SMALL) for n in range(1, CELLS + 1))
)
KEEPER: Final = KeeperId("李店主")
WAYBILL: Final = WaybillNo("YT7700123000001")
TAIL: Final = PhoneTail("3865")


class HandClock:
    """A clock that moves only when told to."""

    def __init__(self, boot: int = 1) -> None:
        self.boot = boot
        self.mono_ms = 0
        self.trusted = False
        """Whether the county has told the time."""

    def now(self) -> Instant:
        return Instant(
            boot=self.boot,
            mono_ms=self.mono_ms,
            wall_lo_ms=1_795_000_000_000 + self.mono_ms,
            wall_hi_ms=1_795_000_000_000 + self.mono_ms if self.trusted else None,
        )


class Counter:
    """Chance that counts: values never drawn before, and the same in every run."""

    def __init__(self) -> None:
        self.drawn = 0

    def fresh(self) -> Fresh:
        self.drawn += 1
        return Fresh(
            auth=AuthId(f"a-{self.drawn}"),
            secrets=tuple(self._secret(self.drawn * 10 + spare) for spare in range(3)),
        )

    @staticmethod
    def _secret(number: int) -> PickupSecret:
        return PickupSecret(
            credential=CredentialId(f"c-{number}"),
            digits=f"{number:08d}",
            token=f"CY1:TOKEN{number}",
            code_mac=Mac(f"{number:064x}"),
            token_mac=Mac(f"{number:063x}f"),
        )


@asynccontextmanager
async def opened(
    folder: Path, kind: type[Store] = Store
) -> AsyncIterator[tuple[Store, StoreThread]]:
    """A store in its thread, closed afterwards."""
    thread = StoreThread()
    store = await thread.run(kind.open, folder)
    try:
        yield store, thread
    finally:
        await thread.run(store.close)
        thread.close()


@dataclass
class Rig:
    """A station's loop over a real store, with a record of what it wanted done."""

    station: Station
    store: Store
    thread: StoreThread
    clock: HandClock
    running: "asyncio.Task[None]"
    acts: list[Effect] = field(default_factory=list)

    @property
    def opened_doors(self) -> list[int]:
        return [act.cell for act in self.acts if isinstance(act, OpenDoor)]

    async def move(self, cell: int, *, is_open: bool | None) -> None:
        """A door's sensor."""
        await self.station.tell(
            lambda at, fresh: DoorMoved(at=at, cell=CellId(cell), is_open=is_open, fresh=fresh)
        )

    async def tick(self) -> None:
        """The station looks at its deadlines."""
        await self.station.tell(lambda at, _fresh: TimePassed(at=at))

    async def shut_all(self) -> None:
        """Every door is seen shut, as after a start."""
        for cell in range(1, CELLS + 1):
            await self.move(cell, is_open=False)

    async def begin_check_in(self) -> None:
        """All doors are seen shut, the keeper is there and scans are check-ins."""
        await self.shut_all()
        await self.station.tell(lambda at, _fresh: KeeperEntered(at=at, keeper=KEEPER))
        await self.station.tell(lambda at, _fresh: CheckInSwitched(at=at, keeper=KEEPER, on=True))

    async def scan(self, waybill_no: WaybillNo = WAYBILL) -> None:
        """A waybill before the scanner."""
        await self.station.tell(
            lambda at, fresh: WaybillScanned(at=at, waybill_no=waybill_no, fresh=fresh)
        )

    async def check_in(self, waybill_no: WaybillNo = WAYBILL) -> int:
        """A parcel's whole way into a cell; returns the cell. Its slip is queued."""
        before = len(self.opened_doors)
        await self.scan(waybill_no)
        await until(lambda: len(self.opened_doors) > before)
        cell = self.opened_doors[-1]
        await self.move(cell, is_open=True)
        await self.move(cell, is_open=False)
        await self.station.tell(
            lambda at, fresh: PhoneTailGiven(
                at=at, keeper=KEEPER, waybill_no=waybill_no, phone_tail=TAIL, fresh=fresh
            )
        )
        return cell


@asynccontextmanager
async def station_in(
    folder: Path,
    kind: type[Store] = Store,
    chance: Callable[[Store], Chance] | None = None,
    policy: Policy = POLICY,
) -> AsyncIterator[Rig]:
    """A station over the journal in a folder; its loop runs."""
    async with opened(folder, kind) as (store, thread):
        clock = HandClock(store.boot)
        station = Station(
            store=store,
            store_thread=thread,
            policy=policy,
            state=await thread.run(recover_state, store, policy),
            clock=clock,
            chance=Counter() if chance is None else chance(store),
            metrics=StationMetrics(),
        )
        await station.boot("0.1.0")
        running = asyncio.create_task(station.run())
        rig = Rig(station, store, thread, clock, running)
        station.carry_out_with(rig.acts.append)
        try:
            yield rig
        finally:
            running.cancel()
            await asyncio.wait([running])  # a test that cares for its end awaits it itself


async def all_slips_out(rig: "Rig", paper: Paper = Paper.SLIP) -> None:
    """Wait until none waits; asked in the store's own thread, beside which nobody may read."""
    end = time.monotonic() + PATIENCE_S
    while await rig.thread.run(rig.store.print_queue_length, paper):
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.002)


async def until(what: Callable[[], bool]) -> None:
    """Let the loop turn until `what` is true; fails after a few seconds."""
    end = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.002)


class PowerCutError(Exception):
    """The machine stops here."""


class CutBeforeDone(Store):
    """Power fails when a printer has taken the last byte, before that is on the disk."""

    cut = False

    def print_done(self, job: int) -> None:
        """Never noted."""
        self.cut = True
        raise PowerCutError(job)
