"""A whole station behind its pages: the real daemon and store, a clock that can be put forward,
and doors, scanner and paper at arm's length. It runs in a thread, as its own process would.
"""

import asyncio
import contextlib
import secrets
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import uvicorn

from cloud_sync.station.talks.questions import Questions
from cloud_sync.wire.messages import (
    Answer,
    Ask,
    Message,
    Position,
    StateItem,
    StateItems,
    Welcome,
)
from edge.daemon.chance import SystemChance
from edge.daemon.clock import SystemClock
from edge.daemon.county.county_corner import CountyCorner
from edge.daemon.county.county_word import CountyBoard
from edge.daemon.county.manifests import Manifests
from edge.daemon.couriers import Couriers
from edge.daemon.devices.actuate import Actuator, Lock
from edge.daemon.devices.articles import read_articles
from edge.daemon.devices.print_worker import PrintWorker
from edge.daemon.devices.pumps import pump_doors, pump_scanner, pump_time
from edge.daemon.devices.speech import Speech
from edge.daemon.front import LinkView, RoomView
from edge.daemon.keepers import Keepers
from edge.daemon.metrics import StationMetrics
from edge.daemon.recovery import recover_state
from edge.daemon.running import RunningStation
from edge.daemon.station import Station
from edge.daemon.store_thread import StoreThread
from edge.domain.door import Door
from edge.domain.inputs import PowerMoved
from edge.domain.policy import Cell, CellSize, Policy, Shelf
from edge.domain.state import State
from edge.kernel.ids import CellId, CountyId, Place, StationId
from edge.kernel.time import Instant
from edge.store.database import Store
from edge.store.print_queue import Paper as Prints
from edge.web.app import make_app
from tests.support.serving import free_socket
from tests.web.support.steel import Gun, Paper, Steel

T = TypeVar("T")
NAME: Final = "坪上村服务站"
_PATIENCE_S: Final = 10.0
_LOOK_EVERY_S: Final = 0.01


class HandClock:
    """The real clock with a hand on it: it can be put forward, never back."""

    def __init__(self, *, boot: int) -> None:
        self._real = SystemClock(boot=boot, floor_ms=0)
        self._boot = boot
        self._forward_ms = 0
        self.trusted = False
        """Whether somebody has told the time to within a second."""

    def forward(self, seconds: float) -> None:
        """So much time passes at once."""
        self._forward_ms += int(seconds * 1_000)

    def now(self) -> Instant:
        """The present moment."""
        real = self._real.now()
        low_ms = real.wall_lo_ms + self._forward_ms
        return Instant(
            boot=self._boot,
            mono_ms=real.mono_ms + self._forward_ms,
            wall_lo_ms=low_ms,
            wall_hi_ms=low_ms + 1_000 if self.trusted else None,
        )


@dataclass
class FarCounty:
    """The county at the other end: what it said, what it answers, and the room to wait for it."""

    board: CountyBoard
    questions: Questions
    answer: dict[str, Any] | None = None
    room: RoomView | None = None

    def corner(self) -> CountyCorner:
        """What the pages know of it."""
        return CountyCorner(
            board=self.board,
            questions=self.questions,
            manifests=Manifests(self.board, Place("pingshang"), hub=False),
            room=lambda: self.room,
        )

    def open(self) -> None:
        """It listens from here on, and answers every question alike; None is silence."""
        welcome = Welcome(
            nonce="n",
            session="s",
            county_gen="1",
            verdict="ok",
            applied=Position(epoch=1, seq=0, hash="0" * 64),
            durable_seq=0,
            county_time_ms=0,
        )
        self.questions.opened(welcome, self._asked)

    def _asked(self, _lane: str, asked: Message) -> None:
        if isinstance(asked, Ask) and self.answer is not None:
            answer = Answer(question=asked.question, known=True, body=self.answer)
            self._answering = asyncio.get_running_loop().create_task(self.questions.hear(answer))


@dataclass
class Village:
    """What a test can lay its hands on."""

    address: str
    loop: asyncio.AbstractEventLoop
    front: RunningStation
    station: Station
    clock: HandClock
    steel: Steel
    stop: asyncio.Event
    gun: Gun = field(default_factory=Gun)
    paper: Paper = field(default_factory=Paper)
    labels: Paper = field(default_factory=Paper)
    county: FarCounty = field(kw_only=True)

    @property
    def state(self) -> State:
        """The state after the last committed decision."""
        return self.station.state

    def sees_every_door(self) -> bool:
        """Whether the sensors have told of all doors in this boot."""
        return all(door.door is not Door.UNKNOWN for door in self.state.doors.values())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the station's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(_PATIENCE_S)

    def feed(self, *, mains: bool, low: bool = False) -> None:
        """The supply tells how the station is fed."""
        percent = 3 if low else 90
        self.run(
            self.station.tell(
                lambda at, _fresh: PowerMoved(at=at, mains=mains, battery_percent=percent, low=low)
            )
        )

    def become_hub(self) -> None:
        """As `role = "hub"` in station.toml has it from the start."""
        policy = replace(self.station.policy, hub=True)
        self.station.policy = self.front.policy = policy
        self.front.scan_reader.manifests = Manifests(self.county.board, policy.place, hub=True)

    def stick_labels(self) -> None:
        """As `[label_printer]` and a floor in station.toml have it from the start."""
        policy = replace(self.station.policy, labels=True, floor_slots=4)
        self.station.policy = self.front.policy = policy

    def ring(self) -> None:
        """Wake the screens, as any change would."""
        self.loop.call_soon_threadsafe(self.station.ring)

    def say(self, kind: str, key: str, body: dict[str, Any] | None) -> None:
        """The county says something for good."""
        seq = self.county.board.stored_seq
        item = StateItem(seq=seq + 1, kind=kind, key=key, body=body)
        self.run(self.county.board.keep(StateItems(session="s", previous_seq=seq, items=[item])))

    def set_verdict(self, verdict: str, waiting: int = 0) -> None:
        """The county does not take our facts."""
        view = LinkView(online=False, waiting=waiting, verdict=verdict)
        self.loop.call_soon_threadsafe(self.front.link_changed, view)

    def set_link(self, *, online: bool, waiting: int = 0) -> None:
        """The county link changes."""
        view = LinkView(online=online, waiting=waiting)
        self.loop.call_soon_threadsafe(self.front.link_changed, view)


def eventually(look: Callable[[], T], what: str) -> T:
    """Look until it is true; fails after ten seconds with what was waited for."""
    until = time.monotonic() + _PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < until, f"waited for {what}"
        time.sleep(_LOOK_EVERY_S)
    return found


@contextlib.contextmanager
def open_village(
    folder: Path, *, cells: int = 24, port: int = 0, shelves: str = ""
) -> Iterator[Village]:
    """Run a station on its data folder, made at the first time, until the block ends."""
    if not (folder / "station.key").exists():
        folder.mkdir(parents=True, exist_ok=True)
        Store.create(folder, CountyId("shangyou"), StationId("pingshang"))
    built: list[Village] = []
    stop = asyncio.Event()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            asyncio.run(_serve(folder, _policy(cells, shelves), port, built, stop))
        except BaseException as failure:  # noqa: BLE001 - raised in the test's own thread below
            failed.append(failure)

    thread = threading.Thread(target=work, name="village")
    thread.start()
    try:
        eventually(lambda: built or failed, "the station to start")
        if failed:
            raise failed[0]
        eventually(built[0].sees_every_door, "every door to be seen")
        yield built[0]
    finally:
        with contextlib.suppress(RuntimeError, IndexError):  # it never started, or has stopped
            built[0].loop.call_soon_threadsafe(stop.set)
        thread.join(_PATIENCE_S)
    assert not thread.is_alive(), "the station did not stop"
    if failed:
        raise failed[0]


def _policy(cells: int, shelves: str) -> Policy:
    def size(n: int) -> CellSize:
        return CellSize.SMALL if n < 13 else CellSize.MEDIUM if n < 21 else CellSize.LARGE

    return Policy(
        cells=tuple(Cell(cell=CellId(n), size=size(n)) for n in range(1, cells + 1)),
        place=Place("pingshang"),
        shelves=tuple(Shelf(name=name, layers=3) for name in shelves),
        floor_slots=4 if shelves else 0,
    )


async def _serve(
    folder: Path, policy: Policy, port: int, built: list[Village], stop: asyncio.Event
) -> None:
    thread = StoreThread()
    store = await thread.run(Store.open, folder)
    try:
        clock = HandClock(boot=store.boot)
        station = Station(
            store=store,
            store_thread=thread,
            policy=policy,
            state=await thread.run(recover_state, store, policy),
            clock=clock,
            chance=SystemChance(store.key),
            metrics=StationMetrics(),
        )
        await station.boot("0.1.0")
        sock = free_socket(port=port)
        village = _build(station, clock, store, thread, sock, stop)
        _attach(village)
        await _run(village, sock, built)
    finally:
        await thread.run(store.close)
        thread.close()


def _build(  # noqa: PLR0913, PLR0917 - one step of _serve, split for its length
    station: Station,
    clock: HandClock,
    store: Store,
    thread: StoreThread,
    sock: socket.socket,
    stop: asyncio.Event,
) -> Village:
    steel, gun, paper, labels = Steel(len(station.policy.cells)), Gun(), Paper(), Paper()
    worker = partial(PrintWorker, station=station, station_name=NAME, **_disk(store, thread))
    county = FarCounty(CountyBoard(station, store, thread), Questions(secrets.token_bytes))
    front = RunningStation(
        station_id=StationId("pingshang"),
        station_name=NAME,
        software="0.1.0",
        simulated=True,
        station=station,
        keepers=Keepers(store, thread, clock),
        couriers=Couriers(store, thread, clock),
        print_worker=worker(printer=paper),
        label_worker=worker(printer=labels, paper=Prints.LABEL),
        key=store.key,
        devices=(steel, gun, paper),
        articles=lambda: read_articles(_locks(station, steel)),
        county=county.corner(),
    )
    return Village(
        address=f"http://127.0.0.1:{sock.getsockname()[1]}",
        loop=asyncio.get_running_loop(),
        front=front,
        station=station,
        clock=clock,
        steel=steel,
        stop=stop,
        gun=gun,
        paper=paper,
        labels=labels,
        county=county,
    )


def _disk(store: Store, thread: StoreThread) -> dict[str, Any]:
    return {"store": store, "store_thread": thread}


def _locks(station: Station, steel: Steel) -> dict[CellId, Lock]:
    return {cell.cell: Lock(steel, cell.cell) for cell in station.policy.cells}


def _attach(village: Village) -> None:
    station, steel = village.station, village.steel
    cells = [cell.cell for cell in station.policy.cells]
    station.carry_out_with(Actuator(station, _locks(station, steel), Speech(None, None)).act)
    pump_doors(station, steel, {cell: cell for cell in cells})
    pump_scanner(station, village.gun, village.front.scan_reader)


async def _run(village: Village, sock: socket.socket, built: list[Village]) -> None:
    station, server = village.station, _server(village.front)
    printers = (village.front.print_worker, village.front.label_worker)
    printing = [worker.run() for worker in printers if worker is not None]
    async with asyncio.TaskGroup() as group:
        chores = [
            group.create_task(work) for work in (station.run(), pump_time(station), *printing)
        ]
        serving = group.create_task(server.serve(sockets=[sock]))
        await server.up.wait()
        built.append(village)
        await village.stop.wait()
        server.should_exit = True
        await serving
        for chore in chores:
            chore.cancel()


class _Server(uvicorn.Server):
    """Leaves signals alone: it runs beside other things in one process, as in the daemon."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


def _server(front: RunningStation) -> _Server:
    return _Server(
        uvicorn.Config(
            make_app(front, hosts=("127.0.0.1",)),
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
    )
