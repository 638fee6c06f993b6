"""What may go wrong in a world, one mishap after another, and how it is all put right again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from edge.simulation.parts.links import MONTH_S, Weather
from edge.simulation.parts.station_node import StationNode
from edge.simulation.people import Village
from edge.simulation.world import World

CENTURY_MS: Final = 100 * 365 * 86_400_000
FAIR: Final = Weather()
_LONGEST_FUSE: Final = 60
_MOST_NEW_CARDS: Final = 3
_WORDS: Final = (("config", "a"), ("config", "a"), ("config", "b"), ("revocation", "keeper:x"))


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """Which mishaps a world may meet."""

    roads: bool = True
    county_kills: bool = True
    county_restores: bool = True
    station_kills: bool = True
    rollback: bool = False
    clone: bool = False
    months: bool = False
    doors: bool = True
    commands: bool = True
    stream: bool = True
    questions: bool = True
    pruning: bool = False
    """Cards forget early what they need no more."""
    gaps: bool = False
    """The county may be put back to before what it has called durable."""
    new_cards: bool = False
    """Cards break and are replaced, and whatever the county refuses is granted a new epoch."""
    neighbour: bool = False
    """There is a second station."""


class Mischief:
    """Draws mishaps and carries them out."""

    def __init__(self, world: World, village: Village, allowed: Allowed) -> None:
        self._world, self._village, self._dice = world, village, world.dice
        self._allowed = allowed
        self._images: list[Path] = []
        self._rolled_back = self._cloned = False
        self._asking: list[asyncio.Task[None]] = []
        self._new_cards = 0
        self._kinds = self._menu()

    def _menu(self) -> list[tuple[Callable[[], Awaitable[None]], int]]:
        allowed = self._allowed
        menu: list[tuple[Callable[[], Awaitable[None]], int, bool]] = [
            (self._weather, 6, allowed.roads),
            (self._cut, 3, allowed.roads),
            (self._wipe, 2, allowed.roads),
            (self._broker_away, 1, allowed.roads),
            (self._replay, 4, allowed.roads),
            (self._late, 2, allowed.roads),
            (self._kill_county, 3, allowed.county_kills),
            (self._burn_county, 3, allowed.county_kills),
            (self._back_up, 4, True),
            (self._restore, 2, allowed.county_restores),
            (self._kill_station, 3, allowed.station_kills),
            (self._burn_station, 6, allowed.station_kills),
            (self._burn_at_pulse, 4, allowed.station_kills),
            (self._image, 3, allowed.rollback),
            (self._roll_back, 3, allowed.rollback),
            (self._clone, 2, allowed.clone),
            (self._month, 2, allowed.months),
            (self._command, 6, allowed.commands),
            (self._say, 4, allowed.stream),
            (self._ask, 3, allowed.questions),
            (self._new_card, 2, allowed.new_cards),
            (self._grant, 4, allowed.new_cards),
            (self._stick_door, 2, allowed.doors),
            (self._force_door, 1, allowed.doors),
        ]
        return [(kind, weight) for kind, weight, yes in menu if yes]

    async def until(self, end_s: float) -> None:
        """Mishap after mishap until then, or until a law is broken: that is what was wanted."""
        loop = self._world.loop
        while loop.time() < end_s and not self._world.recorder.troubles:
            await asyncio.sleep(self._dice.between(1.0, 45.0))
            if self._kinds:
                await self._dice.weighted(self._kinds)()
            self._world.look()

    async def put_right(self) -> None:
        """All faults stop, and everybody comes up again."""
        world = self._world
        world.trace.note("world", "put right")
        world.road.weather = FAIR
        world.road.clear_attic()
        await asyncio.sleep(1.0)
        world.road.mend()
        world.county.resting = False
        world.county.burn(0)
        world.county.start()
        for node, village in zip(world.nodes, world.villages, strict=True):
            village.node.cabinet.stuck.clear()
            node.wall_error_ms = 0
            await self._up(node)

        world.calm()

    async def grant_where_needed(self) -> bool:
        """A person lets a card that the county refuses begin anew; a copy is taken away first."""
        world = self._world
        held = {node.around.station for node in world.nodes if node.alive and node.alive.refused}
        for node in [one for one in world.nodes if one.around.station in held]:
            if node in world.nodes:
                for copy in world.copies_of(node):
                    world.take_away(copy)
                world.county.grant(node.around.station)
        return bool(held)

    async def _up(self, node: StationNode) -> None:
        node.burn(1_000_000_000)
        node.burn_at_pulse(0)
        node.start()
        await node.came_up.wait()

    # -- the road

    async def _weather(self) -> None:
        dice = self._dice
        if dice.chance(0.25):
            self._world.road.weather = FAIR
            return
        self._world.road.weather = Weather(
            lost=dice.one_of((0.0, 0.1, 0.4)),
            doubled=dice.one_of((0.0, 0.1, 0.5)),
            mad=dice.one_of((0.0, 0.05, 0.2)),
            month=0.1,
            delay_s=dice.one_of((0.2, 5.0, 60.0)),
        )

    async def _cut(self) -> None:
        self._world.road.cut(self._village.node.around.station)
        self._later(self._world.road.mend, 5.0, 300.0)

    async def _wipe(self) -> None:
        self._world.road.wipe()

    async def _broker_away(self) -> None:
        self._world.road.broker_away()
        self._later(self._world.road.mend, 5.0, 200.0)

    async def _replay(self) -> None:
        for _packet in range(self._dice.number(1, 10)):
            self._world.road.replay()

    async def _late(self) -> None:
        """What was held back so far comes now."""
        self._world.road.clear_attic()

    # -- the county

    async def _kill_county(self) -> None:
        self._world.county.kill()
        self._later(self._world.county.start, 0.5, 60.0)

    async def _burn_county(self) -> None:
        self._world.county.burn(self._dice.number(1, 6))
        self._later(self._world.county.start, 10.0, 60.0)

    async def _back_up(self) -> None:
        self._world.county.back_up()

    async def _restore(self) -> None:
        county, allowed = self._world.county, self._allowed
        if county.backups:
            # What a card has forgotten is in the newest one; a person who takes an older is told.
            any_will_do = allowed.gaps or not allowed.pruning
            newest = county.backups[-1]
            county.restore(self._dice.one_of(tuple(county.backups)) if any_will_do else newest)
            self._later(county.start, 0.5, 30.0)

    async def _say(self) -> None:
        """An operator says something for good, or takes it back, and thinks better of it."""
        dice = self._dice
        station = self._some_node().around.station
        for _word in range(dice.number(1, 4)):
            kind, key = dice.one_of(_WORDS)
            body: dict[str, Any] = {}
            if dice.chance(0.7):
                said = {"key": key, "value": f"{dice.number(0, 9)}"}
                body = said if kind == "config" else {"what": "keeper", "id": "x"}
            self._world.say(station, kind, key, body)
            await asyncio.sleep(dice.between(0.0, 8.0))

    async def _ask(self) -> None:
        """The counter asks, some things at once."""
        world = self._world
        for _question in range(self._dice.number(1, 4)):
            village = self._dice.one_of(world.villages)
            self._asking.append(asyncio.create_task(village.ask(world.answers)))

    async def _command(self) -> None:
        """An operator opens a cell from afar, or far too many."""
        cabinet, station = self._village.node.cabinet, self._village.node.around.station
        for _wish in range(self._dice.one_of((1, 1, 2, 6))):
            cell = self._dice.one_of(cabinet.cells)
            inside = cabinet.inside.get(cell)
            tail = "" if inside is None else inside[-4:]
            self._world.open_from_afar(station, cell, tail)

    # -- the station

    def _some_node(self) -> StationNode:
        return self._dice.one_of(self._world.nodes)

    async def _kill_station(self) -> None:
        node = self._some_node()
        node.kill()
        self._start_later(node)

    async def _burn_station(self) -> None:
        node = self._some_node()
        node.burn(self._dice.number(1, _LONGEST_FUSE))
        self._start_later(node)

    async def _burn_at_pulse(self) -> None:
        node = self._some_node()
        node.burn_at_pulse(self._dice.number(1, 2))
        self._start_later(node)

    def _start_later(self, node: StationNode) -> None:
        dice = self._dice
        if dice.chance(0.3):
            node.wall_error_ms = dice.one_of((-CENTURY_MS, -3_600_000, 3_600_000, CENTURY_MS))
        fuse = dice.number(1, _LONGEST_FUSE) if dice.chance(0.15) else None
        self._later(lambda: node.start(fuse), 2.0, 90.0)
        if fuse is not None:
            self._later(node.start, 100.0, 200.0)

    async def _image(self) -> None:
        if self._world.nodes[0].alive is not None:
            self._images.append(self._world.image(self._world.nodes[0]))

    async def _roll_back(self) -> None:
        if self._images and not self._rolled_back:
            self._rolled_back = True
            self._world.put_back(self._world.nodes[0], self._dice.one_of(self._images))
            self._start_later(self._world.nodes[0])

    async def _clone(self) -> None:
        if not self._cloned and self._world.nodes[0].alive is not None:
            self._cloned = True
            twin = self._world.clone(self._world.nodes[0], "twin")
            self._start_later(twin.node)

    async def _new_card(self) -> None:
        node = self._world.nodes[0]
        if self._new_cards < _MOST_NEW_CARDS:
            self._new_cards += 1
            self._world.new_card(node)
            self._start_later(node)

    async def _grant(self) -> None:
        await self.grant_where_needed()

    async def _month(self) -> None:
        """Everybody is switched off for weeks; what was delayed for so long comes thereafter."""
        world = self._world
        world.county.resting = True
        for node in world.nodes:
            node.stays_off = True
            node.kill()
        await asyncio.sleep(self._dice.between(1.0, MONTH_S))
        world.county.resting = False
        world.county.start()
        for node in world.nodes:
            node.stays_off = False
            self._start_later(node)
        world.road.clear_attic()

    # -- doors

    async def _stick_door(self) -> None:
        cabinet = self._village.node.cabinet
        cell = self._dice.one_of(cabinet.cells)
        cabinet.stuck.add(cell)
        self._later(lambda: cabinet.stuck.discard(cell), 2.0, 15.0)

    async def _force_door(self) -> None:
        cabinet = self._village.node.cabinet
        cell = self._dice.one_of(cabinet.cells)
        if cell not in cabinet.inside:
            cabinet.force(cell)

    def _later(self, what: Callable[[], None], low_s: float, high_s: float) -> None:
        self._world.loop.call_later(self._dice.between(low_s, high_s), what)
