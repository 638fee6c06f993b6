"""A whole world from one seed: stations, county, road and people; the same seed, the same world."""

import asyncio
import contextlib
import gc
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import structlog

from cloud_sync.county.commands.desk import CommandError
from cloud_sync.station.ports import Cursor
from cloud_sync.wire.envelope import decode
from cloud_sync.wire.messages import Message
from edge.domain.policy import Cell, CellSize, Policy
from edge.kernel.ids import CellId, CountyId, StationId
from edge.simulation.ground.chance import Dice
from edge.simulation.ground.places import world_folder
from edge.simulation.ground.rhythm import KEEP_MS, SOON_MS, hurried
from edge.simulation.ground.trace import Trace
from edge.simulation.ground.virtual_loop import StuckError, VirtualLoop
from edge.simulation.keys import Keyring
from edge.simulation.oracles import invariants
from edge.simulation.oracles.commands import CommandOracle
from edge.simulation.oracles.county import CountyOracle
from edge.simulation.oracles.exchanges import ExchangeOracle
from edge.simulation.oracles.frames import FrameOracle
from edge.simulation.oracles.judges import judges_of
from edge.simulation.oracles.recorder import Recorder, hashes_on
from edge.simulation.oracles.stream import AnswerOracle, StreamOracle
from edge.simulation.parts.cabinet import Cabinet
from edge.simulation.parts.county_node import CountyNode
from edge.simulation.parts.links import Road
from edge.simulation.parts.station_node import StationNode, Surroundings, make_card
from edge.simulation.people import Village
from edge.simulation.report import Report
from edge.store.journal import JournalRow

__all__ = ["Report", "World", "open_world"]

COUNTY: Final = CountyId("dexing")
OPERATOR: Final = "王主任"
DAWN_MS: Final = 1_795_492_800_000
"""Wall time at the beginning of every world."""


def policy_of(cells: int) -> Policy:
    """A cabinet of small cells."""
    return Policy(
        cells=tuple(Cell(cell=CellId(n), size=CellSize.SMALL) for n in range(1, cells + 1))
    )


class World:
    """See the module's docstring. Make one with `open_world`."""

    def __init__(
        self, seed: int, folder: Path, loop: VirtualLoop, dice: Dice, *, hasty: bool
    ) -> None:
        self.seed, self.folder, self.loop, self.dice = seed, folder, loop, dice
        self.hasty = hasty
        """Whether cards forget what they need no more within this world's minutes."""
        self.gaps_allowed = False
        """Whether the county may be put back to before what it has called durable."""
        self.trace = Trace(lambda: round(loop.time() * 1_000))
        self.recorder = Recorder(self.trace)
        self.road = Road(loop, dice.fork("road"), self.trace, COUNTY)
        self._keys = Keyring(COUNTY, dice)
        self.oracle = CountyOracle(self.recorder)
        self.commands = CommandOracle(self.recorder, loop.time)
        self.frames = FrameOracle(self.recorder)
        self.stream = StreamOracle(self.recorder)
        self.answers = AnswerOracle(self.recorder)
        self.exchanges = ExchangeOracle(self.recorder)
        self._judges = judges_of(self.recorder, self.road, loop, folder / "county")
        self.nodes: list[StationNode] = []
        self.villages: list[Village] = []
        self._images, self._looks = 0, 0
        self.away_s = 0.0
        """How long everybody was switched off, in all."""
        self.happened: Counter[str] = Counter()
        """How often each kind of thing happened."""
        self.again = f"python -m edge.simulation {seed}"  # what repeats this world
        self.county = CountyNode(
            loop=loop,
            road=self.road,
            trace=self.trace,
            recorder=self.recorder,
            county=COUNTY,
            folder=folder / "county",
            identity=self._keys.county,
            codec=self._keys.county_codec,
            true_wall_ms=self.wall_ms,
            said=self._county_says,
            heard=self.frames.heard,
        )

    def wall_ms(self) -> int:
        """What a right clock shows."""
        return DAWN_MS + round(self.loop.time() * 1_000)

    async def sleep(self, seconds: float) -> None:
        """Let virtual time pass."""
        await asyncio.sleep(seconds)

    # -- who is there

    def add_station(self, name: str, cells: int = 4) -> Village:
        """A new station with an empty cabinet; it is switched off."""
        station = StationId(name)
        self._keys.add(station)
        card = self.folder / f"{name}-0"
        make_card(card, COUNTY, station)
        self.county.start()
        self.county.register(station)
        return self._add(name, station, card, policy_of(cells))

    def clone(self, node: StationNode, name: str) -> Village:
        """A second machine with a copy of a card as it is now."""
        card = node.image(self.folder / f"{name}-0")
        self.trace.note(name, f"cloned from {node.name}")
        village = self._add(name, node.around.station, card, node.around.policy)
        village.node.in_order = False
        node.in_order = False
        return village

    def _add(self, name: str, station: StationId, card: Path, policy: Policy) -> Village:
        around = Surroundings(
            loop=self.loop,
            road=self.road,
            trace=self.trace,
            recorder=self.recorder,
            policy=policy,
            county=COUNTY,
            station=station,
            codec=lambda: self._keys.station_codec(station),
            true_wall_ms=self.wall_ms,
            committed=self._committed,
            believes=self._believes,
            said=self._station_says,
            heard=self.frames.heard,
            keep_ms=SOON_MS if self.hasty else KEEP_MS,
        )
        cells = tuple(cell.cell for cell in policy.cells)
        cabinet = Cabinet(self.loop, self.dice.fork(f"cabinet of {name}"), cells)
        node = StationNode(around, name, card, cabinet)
        village = Village(node, self.dice.fork(f"people of {name}"), self.trace)
        self.nodes.append(node)
        self.villages.append(village)
        return village

    def _believes(self, node: StationNode, cursor: Cursor) -> None:
        database = self.county.database
        if database is not None and node.in_order:
            invariants.judge_belief(self.recorder, self.oracle, database, node, cursor)

    def _station_says(self, node: StationNode, lane: str, message: Message) -> None:
        self.frames.said(node.around.station, lane, message)
        self.exchanges.said(node, message)

    def _county_says(
        self, station: StationId, generation: str, lane: str, message: Message
    ) -> None:
        self.frames.said(station, lane, message)
        self.oracle.heard(station, generation, message)
        self.commands.heard(station, message)
        self.exchanges.heard(station, message)

    def open_from_afar(self, station: StationId, cell: CellId, tail: str) -> None:
        """An operator at the county wants a cell opened, if the county is up and can."""
        if self.county.database is not None:
            with contextlib.suppress(CommandError):
                desk = self.county.commands
                self.commands.asked(desk.open_cell(station, cell, OPERATOR, "看看", tail))

    def say(self, station: StationId, kind: str, key: str, body: Mapping[str, Any]) -> None:
        """An operator says something for good, or takes it back with no body."""
        database = self.county.database
        if database is not None:
            with database.write() as connection:
                self.county.stream.put(connection, station, kind, key, dict(body) or None)
            self.stream.wished(station, kind, key, body)

    def _committed(self, node: StationNode, row: JournalRow) -> None:
        if row.kind == "remote.accepted":
            body = decode(row.fact).body
            self.commands.accepted(node, body["command"], body["seq"], node.decided_s(row))
        for judge in self._judges:
            judge.committed(node, row)

    # -- mishaps that need more than one of them

    def image(self, node: StationNode) -> Path:
        """A copy of a card, for later."""
        self._images += 1
        return node.image(self.folder / f"image-{self._images}")

    def put_back(self, node: StationNode, image: Path) -> None:
        """An older copy of the card takes the place of the present one, which is destroyed."""
        node.kill()
        before = hashes_on(node.folder)
        node.put_back(image)
        self.recorder.gone |= before - hashes_on(node.folder)

    def new_card(self, node: StationNode) -> None:
        """The card is destroyed, and an empty one takes its place."""
        self._images += 1
        fresh = self.folder / f"fresh-{self._images}"
        make_card(fresh, COUNTY, node.around.station)
        self.put_back(node, fresh)

    def take_away(self, node: StationNode) -> None:
        """A machine that must not be there: it is off for good, and its card is destroyed."""
        node.kill()
        node.stays_off = True
        self.recorder.gone |= hashes_on(node.folder)
        index = self.nodes.index(node)
        del self.nodes[index], self.villages[index]

    def copies_of(self, node: StationNode) -> list[StationNode]:
        """Other machines that speak in this one's name."""
        station = node.around.station
        return [one for one in self.nodes if one is not node and one.around.station == station]

    def grant_where_needed(self) -> bool:
        """A person lets a card that the county refuses begin anew; a copy is taken away first."""
        held = {node.around.station for node in self.nodes if node.alive and node.alive.refused}
        for node in [one for one in self.nodes if one.around.station in held]:
            if node in self.nodes:
                for copy in self.copies_of(node):
                    self.take_away(copy)
                self.county.grant(node.around.station)
        return bool(held)

    def calm(self) -> None:
        """All faults have stopped: from here on it is counted how long it takes."""
        self.look()
        for node in self.nodes:
            self.exchanges.calm(self.oracle, node)

    # -- judging

    def look(self) -> None:
        """What must hold at any moment."""
        self._looks += 1
        if self.county.database is not None:
            self.oracle.look(self.county.database, anew=self.county.reread)
            self.county.reread = False
        for node, village in zip(self.nodes, self.villages, strict=True):
            invariants.judge_attempts(self.recorder, node)
            invariants.judge_steel(self.recorder, village)
            self.stream.look(node)
        for judge in self._judges:
            judge.look(self.villages)

    def judge(self) -> None:
        """What must hold once everybody is up and all has calmed down."""
        self.look()
        database = self.county.database
        if database is None:
            self.recorder.trouble("S4: the county is not up")
            return
        apart = self.oracle.kept_apart(database)
        for node in self.nodes:
            invariants.judge_memory(self.recorder, node)
            self.commands.judge(node)
            if node.in_order or node.granted:
                invariants.judge_arrival(self.recorder, self.oracle, node)
                forgetful = self.county.restores > 0
                self.stream.judge(database, node, forgetful=forgetful)
            else:
                invariants.judge_second_history(self.recorder, self.oracle, node)
            if node.in_order:
                self.oracle.judge_peace(database, node.around.station)
        invariants.judge_losses(
            self.recorder, self.oracle, self.nodes, apart, gaps_allowed=self.gaps_allowed
        )
        for judge in self._judges:
            judge.rest(self.villages, database)
        self._images += 1
        refold = self.folder / f"refold-{self._images}"
        refold.mkdir()
        self.oracle.refold(database, COUNTY, refold)
        for bug in self.loop.bugs:
            self.recorder.trouble(f"bug: {bug}")

    def report(self) -> Report:
        """The end of a run."""
        stations = {node.around.station for node in self.nodes}
        return Report(
            seed=self.seed,
            hash=self.trace.hash,
            virtual_s=self.loop.time(),
            station_s=(self.loop.time() - self.away_s) * len(stations),
            awake_s=self.loop.time() - self.away_s,
            facts=len(self.recorder.facts),
            packets=self.road.carried,
            kills=sum(node.kills for node in self.nodes),
            restores=self.county.restores,
            collected=sum(len(village.collected) for village in self.villages),
            answers=self.answers.known,
            exchanges=self.exchanges.most,
            looks=self._looks,
            mishaps=dict(self.happened),
            troubles=tuple(self.recorder.troubles),
            again=self.again,
            last=tuple(self.trace.last),
        )

    def close(self) -> None:
        """Everybody ends."""
        for node in self.nodes:
            node.kill()
        self.county.kill()
        with contextlib.suppress(StuckError):  # who turns in place was told already, and goes now
            self.loop.run_for(0.001)
        self.loop.run(_everybody_goes())


async def _everybody_goes() -> None:
    """Nobody waits for anything any more: a loop that is closed can wake no one."""
    waiting = asyncio.all_tasks() - {asyncio.current_task()}
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


@contextlib.contextmanager
def open_world(seed: int, *, hasty: bool = False) -> Iterator[World]:
    """A world in a folder of its own, with its own loop, time and chance; quiet in the logs."""
    dice = Dice(seed)
    loop = VirtualLoop()
    rhythm = hurried() if hasty else contextlib.nullcontext()
    with (
        world_folder() as folder,
        dice.fork("secrets").for_everybody(),
        _silence(),
        _little_tidying(),
        rhythm,
    ):
        try:
            world = World(seed, folder, loop, dice, hasty=hasty)
            try:
                yield world
            finally:
                world.close()
        finally:
            loop.close()


@contextlib.contextmanager
def _little_tidying() -> Iterator[None]:
    """A world is short and makes little that only a collector could clear away."""
    kept = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*kept)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    kept = structlog.get_config()
    structlog.configure(processors=[_drop], cache_logger_on_first_use=False)
    try:
        yield
    finally:
        structlog.configure(**kept)


def _drop(_logger: object, _name: str, _event: object) -> str:
    raise structlog.DropEvent
