"""One story: people come and go, things go wrong, all is put right, and then it is judged."""

import asyncio
from dataclasses import dataclass, replace
from typing import Final

from edge.kernel.ids import PhoneTail, WaybillNo
from edge.simulation.ground.chance import Dice
from edge.simulation.ground.virtual_loop import StuckError
from edge.simulation.mischief import Allowed, Mischief
from edge.simulation.people import Village
from edge.simulation.world import Report, World, open_world

TAILS: Final = tuple(PhoneTail(f"{n:04d}") for n in (3865, 971, 2222))
NEIGHBOURS_PARCELS: Final = 1
NO_MISHAPS: Final = Allowed(
    roads=False,
    county_kills=False,
    county_restores=False,
    station_kills=False,
    doors=False,
    commands=False,
    stream=False,
    questions=False,
)
CALM_S: Final = 240.0
"""In which everything has to arrive, once faults have stopped (S4)."""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How long faults go on, how many parcels come, and what may go wrong; None: the seed says."""

    faults_s: float = 900.0
    parcels: int = 5
    allowed: Allowed | None = None


def run(seed: int, schedule: Schedule | None = None) -> Report:
    """The whole story of a seed."""
    schedule = schedule or Schedule()
    allowed = schedule.allowed or drawn(Dice(f"what goes wrong {seed}"))
    with open_world(seed, hasty=allowed.pruning) as world:
        return tell_story(world, schedule, allowed)


def tell_story(world: World, schedule: Schedule, allowed: Allowed) -> Report:
    """Run one story in a world that has just begun."""
    world.add_station("qingshan-01")
    world.gaps_allowed = allowed.gaps
    if allowed.neighbour:
        world.add_station("lindai-02")
    world.trace.note("world", f"{allowed}")
    world.county.start()
    for node in world.nodes:
        node.start()
    try:
        world.loop.run(_story(world, schedule, allowed))
        if not world.recorder.troubles:
            world.judge()
    except StuckError as stuck:
        world.recorder.trouble(f"L2: {stuck}")
    return world.report()


def drawn(dice: Dice) -> Allowed:
    """What goes wrong in this world; a few kinds at a time find more than all of them."""
    return Allowed(
        roads=dice.chance(0.8),
        county_kills=dice.chance(0.5),
        county_restores=dice.chance(0.4),
        station_kills=dice.chance(0.6),
        rollback=dice.chance(0.2),
        clone=dice.chance(0.15),
        months=dice.chance(0.15),
        doors=dice.chance(0.5),
        commands=dice.chance(0.5),
        stream=dice.chance(0.5),
        questions=dice.chance(0.3),
        pruning=dice.chance(0.5),
        gaps=dice.chance(0.5),
        new_cards=dice.chance(0.15),
        neighbour=dice.chance(0.25),
    )


async def _story(world: World, schedule: Schedule, allowed: Allowed) -> None:
    village = world.villages[0]
    mischief = Mischief(world, village, allowed)
    await village.node.came_up.wait()
    few = replace(schedule, parcels=NEIGHBOURS_PARCELS)
    people = asyncio.create_task(_people(world, village, schedule))
    others = [asyncio.create_task(_people(world, one, few)) for one in world.villages[1:]]
    await mischief.until(world.loop.time() + schedule.faults_s)
    if world.recorder.troubles:
        await _leave([people, *others])
        return
    await mischief.put_right()
    if village.node.in_order:
        await people
    else:  # who believes an old card may look for a parcel for ever
        await _leave([people])
    await asyncio.gather(*others)
    for one in world.villages:
        async with one.counter:
            await one.tidy()
    await asyncio.sleep(CALM_S)
    if await mischief.grant_where_needed():
        await asyncio.sleep(CALM_S)


async def _leave(people: list[asyncio.Task[None]]) -> None:
    for one in people:
        one.cancel()
    await asyncio.wait(people)


async def _people(world: World, village: Village, schedule: Schedule) -> None:
    dice = world.dice
    visits: list[asyncio.Task[None]] = []
    for number in range(schedule.parcels):
        await asyncio.sleep(dice.between(1.0, schedule.faults_s / schedule.parcels))
        waybill_no, tail = (
            WaybillNo(f"YT77{world.seed % 1000:03d}000{world.villages.index(village)}{number:04d}"),
            dice.one_of(TAILS),
        )
        if await village.check_in(waybill_no, tail):
            after_s = dice.between(1.0, schedule.faults_s / 2)
            visits.append(asyncio.create_task(_visit(world, village, waybill_no, after_s)))
        if dice.chance(0.2):
            await village.guess(tail)
    for visit in visits:
        await visit


async def _visit(world: World, village: Village, waybill_no: WaybillNo, after_s: float) -> None:
    dice = world.dice
    await asyncio.sleep(after_s)
    dawdle_s = dice.one_of((3.0, 3.0, 3.0, 75.0))
    had = await village.collect(waybill_no, by_code=dice.chance(0.5), dawdle_s=dawdle_s)
    if not had and village.node.in_order and village.owed(waybill_no):
        world.recorder.trouble(f"L1: the code of {waybill_no} did not open its door")
