"""Plays one fault in a world of its own; afterwards all is put right and judged as always."""

import asyncio
from collections.abc import Awaitable
from typing import Final

from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.fault import Fault
from edge.simulation.mischief import Mischief
from edge.simulation.people import Village
from edge.simulation.story import CALM_S, NO_MISHAPS, judged
from edge.simulation.world import Report, World, open_world

STATION: Final = "qingshan-01"
_LOOK_S: Final = 3_600.0


def play(fault: Fault, seed: int) -> Report:
    """The report of one world. Raises ValueError for a fault that no world can show."""
    if fault.scenario is None:
        raise ValueError(f"{fault.code} is not played in a world")
    with open_world(seed) as world:
        village = world.add_station(STATION)
        world.again = f"cunyi simulate --fault {fault.code} --start {seed} --seeds 1"
        world.trace.note("world", fault.code)
        world.county.start()
        village.node.start()
        return judged(world, _played(world, village, fault))


async def _played(world: World, village: Village, fault: Fault) -> None:
    assert fault.scenario is not None  # noqa: S101 - asked above
    await village.node.came_up.wait()
    await _until_told(world, fault.scenario(Bench(world, fault.code)))
    if world.recorder.troubles:
        return
    mischief = Mischief(world, village, NO_MISHAPS)
    await mischief.put_right()
    for one in world.villages:
        async with one.counter:
            await one.tidy()
    await world.sleep(CALM_S)
    if await mischief.grant_where_needed():
        await world.sleep(CALM_S)


async def _until_told(world: World, scenario: Awaitable[None]) -> None:
    """The whole scenario. Where a law is broken it is left an hour or two later: it may wait for
    ever for a station that will not start again.
    """
    playing = asyncio.ensure_future(scenario)
    while not playing.done() and not world.recorder.troubles:
        await asyncio.wait({playing}, timeout=_LOOK_S)
    await asyncio.wait({playing}, timeout=_LOOK_S)
    if not playing.done():
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
        return
    await playing
