"""The mishaps of county, stations and roads. The first line of each says it in plain words.

Each draws from dice of its own, and ends by itself or when all is put right.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from edge.simulation.allowed import Allowed
from edge.simulation.ground.chance import Dice
from edge.simulation.parts.links import MONTH_S, Weather
from edge.simulation.parts.station_node import StationNode
from edge.simulation.people import Village
from edge.simulation.world import World

CENTURY_MS: Final = 100 * 365 * 86_400_000
FAIR: Final = Weather()
_LONGEST_FUSE: Final = 60
_MOST_NEW_CARDS: Final = 3
_FEW_ORDERS: Final = 3
_LOOKS: Final = 40
"""Every five seconds, until a card has begun the epoch that it was granted."""
_WORDS: Final = (("config", "a"), ("config", "a"), ("config", "b"), ("revocation", "keeper:x"))


@dataclass
class Scene:
    """Where mishaps happen, and what they have left behind for each other."""

    world: World
    allowed: Allowed
    dwell_s: float = 450.0
    """For so long a parcel waits at most until somebody comes for it."""
    images: list[Path] = field(default_factory=list)
    rolled_back: bool = False
    cloned: bool = False
    new_cards: int = 0
    asking: list[asyncio.Task[None]] = field(default_factory=list)
    chores: list[asyncio.Task[None]] = field(default_factory=list)
    over: bool = False
    """All is being put right: what would begin now begins no more."""
    """Mishaps of many steps, which end where faults stop."""

    def later(self, dice: Dice, what: Callable[[], None], low_s: float, high_s: float) -> None:
        """It happens after a while, whatever else goes on."""
        self.world.loop.call_later(dice.between(low_s, high_s), what)

    def start_later(self, dice: Dice, node: StationNode) -> None:
        """Power comes back after a while; the clock may be wrong, and the power go once more."""
        if dice.chance(0.3):
            node.wall_error_ms = dice.one_of((-CENTURY_MS, -3_600_000, 3_600_000, CENTURY_MS))
        fuse = dice.number(1, _LONGEST_FUSE) if dice.chance(0.15) else None
        self.later(dice, lambda: node.start(fuse), 2.0, 90.0)
        if fuse is not None:
            self.later(dice, node.start, 100.0, 200.0)


# -- the road


async def weather_turns(scene: Scene, _village: Village, dice: Dice) -> None:
    """The line loses, doubles, bends, reorders and delays, or is fair again."""
    road = scene.world.road
    if dice.chance(0.25):
        road.weather = FAIR
        return
    road.weather = Weather(
        lost=dice.one_of((0.0, 0.1, 0.4)),
        doubled=dice.one_of((0.0, 0.1, 0.5)),
        mad=dice.one_of((0.0, 0.05, 0.2)),
        month=0.1,
        delay_s=dice.one_of((0.2, 5.0, 60.0)),
    )


async def line_is_cut(scene: Scene, village: Village, dice: Dice) -> None:
    """A station is cut off from the broker for a while."""
    scene.world.road.cut(village.node.around.station)
    scene.later(dice, scene.world.road.mend, 5.0, 300.0)


async def lines_are_swizzled(scene: Scene, _village: Village, dice: Dice) -> None:
    """Lines clog one after another, and are free again one after another in another order."""
    world = scene.world
    stations = sorted({node.around.station for node in world.nodes})
    for station in dice.shuffled(stations):
        world.road.clog(station)
        await asyncio.sleep(dice.between(0.5, 15.0))
    free_s = 0.0
    for station in dice.shuffled(stations):
        free_s += dice.between(0.5, 60.0)
        world.loop.call_later(free_s, world.road.unclog, station)


async def broker_is_wiped(scene: Scene, _village: Village, _dice: Dice) -> None:
    """The broker loses all that is under way and throws everybody out."""
    scene.world.road.wipe()


async def broker_is_away(scene: Scene, _village: Village, dice: Dice) -> None:
    """The broker stops for a while, and forgets what it held."""
    scene.world.road.broker_away()
    scene.later(dice, scene.world.road.mend, 5.0, 200.0)


async def packets_are_replayed(scene: Scene, _village: Village, dice: Dice) -> None:
    """Somebody sends packets of the past once more."""
    for _packet in range(dice.number(1, 10)):
        scene.world.road.replay()


async def late_packets_come(scene: Scene, _village: Village, _dice: Dice) -> None:
    """What was held back for weeks comes now."""
    scene.world.road.clear_attic()


# -- the county


async def county_dies(scene: Scene, _village: Village, dice: Dice) -> None:
    """The county's process is killed, and started again."""
    scene.world.county.kill()
    scene.later(dice, scene.world.county.start, 0.5, 60.0)


async def county_dies_at_an_answer(scene: Scene, _village: Village, dice: Dice) -> None:
    """The county's process dies after a commit, before its answer leaves."""
    scene.world.county.burn(dice.number(1, 6))
    scene.later(dice, scene.world.county.start, 10.0, 60.0)


async def county_is_backed_up(scene: Scene, _village: Village, _dice: Dice) -> None:
    """The county makes a verified backup."""
    scene.world.county.back_up()


async def county_is_put_back(scene: Scene, _village: Village, dice: Dice) -> None:
    """A backup takes the place of the county's database."""
    county, allowed = scene.world.county, scene.allowed
    if county.backups:
        # What a card has forgotten is in the newest one; a person who takes an older is told.
        any_will_do = allowed.gaps or not allowed.pruning
        newest = county.backups[-1]
        county.restore(dice.one_of(tuple(county.backups)) if any_will_do else newest)
        scene.later(dice, county.start, 0.5, 30.0)


async def operator_says(scene: Scene, _village: Village, dice: Dice) -> None:
    """An operator says something for good, or takes it back, and thinks better of it."""
    station = dice.one_of(scene.world.nodes).around.station
    for _word in range(dice.number(1, 4)):
        kind, key = dice.one_of(_WORDS)
        body: dict[str, Any] = {}
        if dice.chance(0.7):
            said = {"key": key, "value": f"{dice.number(0, 9)}"}
            body = said if kind == "config" else {"what": "keeper", "id": "x"}
        scene.world.say(station, kind, key, body)
        await asyncio.sleep(dice.between(0.0, 8.0))


async def operator_opens(scene: Scene, village: Village, dice: Dice) -> None:
    """An operator opens a cell from afar, or far too many."""
    cabinet, station = village.node.cabinet, village.node.around.station
    for _wish in range(dice.one_of((1, 1, 2, 6))):
        cell = dice.one_of(cabinet.cells)
        inside = cabinet.inside.get(cell)
        tail = "" if inside is None else inside[-4:]
        scene.world.open_from_afar(station, cell, tail)


async def orders_overtake(scene: Scene, village: Village, dice: Dice) -> None:
    """An operator opens cells one after another, one order overtakes another, power may go."""
    scene.world.road.weather = Weather(delay_s=5.0)
    node = village.node
    cabinet, station = node.cabinet, node.around.station
    for cell in dice.shuffled(cabinet.cells)[:_FEW_ORDERS]:
        scene.world.open_from_afar(station, cell, (cabinet.inside.get(cell) or "")[-4:])
    if scene.allowed.station_kills and dice.chance(0.5):
        node.burn_at_pulse(dice.number(1, 4))
        scene.start_later(dice, node)


async def order_comes_late(scene: Scene, village: Village, dice: Dice) -> None:
    """An operator opens a cell, and the order stays in the line for longer than it is good."""
    road = scene.world.road
    road.weather = Weather(delay_s=20.0)
    cabinet, station = village.node.cabinet, village.node.around.station
    cell = dice.one_of(cabinet.cells)
    scene.world.open_from_afar(station, cell, (cabinet.inside.get(cell) or "")[-4:])
    scene.later(dice, lambda: None if scene.over else road.clog(station), 15.0, 30.0)
    scene.later(dice, lambda: road.unclog(station), 95.0, 150.0)


async def words_get_lost(scene: Scene, village: Village, dice: Dice) -> None:
    """An operator says many things, and some of it is lost, late, or comes twice."""
    scene.world.road.weather = Weather(lost=0.3, doubled=0.5, delay_s=10.0)
    station = village.node.around.station
    for _word in range(dice.number(2, 5)):
        key, value = dice.one_of("abc"), f"{dice.number(0, 9)}"
        scene.world.say(station, "config", key, {"key": key, "value": value})
        await asyncio.sleep(dice.between(0.5, 8.0))


async def counter_asks(scene: Scene, _village: Village, dice: Dice) -> None:
    """The counter asks the county some things at once."""
    world = scene.world
    for _question in range(dice.number(1, 4)):
        asks = dice.one_of(world.villages).ask(world.answers)
        scene.asking.append(asyncio.create_task(asks))


# -- the station


async def power_goes(scene: Scene, _village: Village, dice: Dice) -> None:
    """The power of a station goes now."""
    node = dice.one_of(scene.world.nodes)
    node.kill()
    scene.start_later(dice, node)


async def power_goes_at_a_write(scene: Scene, _village: Village, dice: Dice) -> None:
    """The power of a station goes at one of its next writes to the card."""
    node = dice.one_of(scene.world.nodes)
    node.burn(dice.number(1, _LONGEST_FUSE))
    scene.start_later(dice, node)


async def power_goes_at_a_pulse(scene: Scene, _village: Village, dice: Dice) -> None:
    """The power of a station goes right before its next lock is fired, or right after."""
    node = dice.one_of(scene.world.nodes)
    node.burn_at_pulse(dice.number(1, 2))
    scene.start_later(dice, node)


async def card_is_copied(scene: Scene, _village: Village, _dice: Dice) -> None:
    """Somebody copies the card of the first station."""
    node = scene.world.nodes[0]
    if node.alive is not None:
        scene.images.append(scene.world.image(node))


async def old_card_comes_back(scene: Scene, _village: Village, dice: Dice) -> None:
    """An older copy of a card takes its place."""
    if scene.images and not scene.rolled_back:
        scene.rolled_back = True
        node = scene.world.nodes[0]
        scene.world.put_back(node, dice.one_of(scene.images))
        scene.start_later(dice, node)


async def twin_appears(scene: Scene, _village: Village, dice: Dice) -> None:
    """A second machine runs on a copy of a card."""
    if not scene.cloned and scene.world.nodes[0].alive is not None:
        scene.cloned = True
        twin = scene.world.clone(scene.world.nodes[0], "twin")
        scene.start_later(dice, twin.node)


async def card_is_replaced(scene: Scene, _village: Village, dice: Dice) -> None:
    """A card breaks, and an empty one takes its place."""
    node = scene.world.nodes[0]
    if scene.new_cards < _MOST_NEW_CARDS:
        scene.new_cards += 1
        scene.world.new_card(node)
        scene.start_later(dice, node)


async def person_grants(scene: Scene, _village: Village, _dice: Dice) -> None:
    """A person lets whatever the county refuses begin anew."""
    scene.world.grant_where_needed()


async def grant_is_forgotten(scene: Scene, village: Village, dice: Dice) -> None:
    """A card breaks twice, and in between the county is put back to before the first GRANT."""
    county, allowed = scene.world.county, scene.allowed
    pruned = allowed.pruning and not allowed.gaps  # then only the newest backup has it all
    if allowed.county_restores and not pruned and county.up:
        county.back_up()
        story = _break_twice(scene, village, dice, county.backups[-1])
        scene.chores.append(asyncio.create_task(story))


async def _break_twice(scene: Scene, village: Village, dice: Dice, backup: Path) -> None:
    world, node = scene.world, scene.world.nodes[0]
    await card_is_replaced(scene, village, dice)
    node.granted, ordered = False, False
    for _look in range(_LOOKS):
        await asyncio.sleep(5.0)
        ordered = ordered or world.grant_where_needed()
        if node.granted:
            break
    if backup not in world.county.backups:
        return  # so many were made since that it has been thrown away
    world.county.restore(backup)
    scene.later(dice, world.county.start, 0.5, 30.0)
    await card_is_replaced(scene, village, dice)


async def month_passes(scene: Scene, _village: Village, dice: Dice) -> None:
    """Everybody is switched off for weeks; what was delayed for so long comes thereafter."""
    world, began_s = scene.world, scene.world.loop.time()
    world.county.resting = True
    for node in world.nodes:
        node.stays_off = True
        node.kill()
    await asyncio.sleep(dice.between(1.0, MONTH_S))
    world.county.resting = False
    world.county.start()
    for node in world.nodes:
        node.stays_off = False
        scene.start_later(dice, node)
    world.road.clear_attic()
    world.away_s += world.loop.time() - began_s


# -- doors


async def door_sticks(scene: Scene, village: Village, dice: Dice) -> None:
    """A door does not open for some seconds."""
    cabinet = village.node.cabinet
    cell = dice.one_of(cabinet.cells)
    cabinet.stuck.add(cell)
    scene.later(dice, lambda: cabinet.stuck.discard(cell), 2.0, 15.0)


async def door_is_forced(_scene: Scene, village: Village, dice: Dice) -> None:
    """Somebody forces a door behind which nothing lies."""
    cabinet = village.node.cabinet
    cell = dice.one_of(cabinet.cells)
    if cell not in cabinet.inside:
        cabinet.force(cell)
