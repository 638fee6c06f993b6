"""One story: people come and go, things go wrong, all is put right, and then it is judged."""

import asyncio
import traceback
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final

from edge.simulation.allowed import NO_MISHAPS, Allowed, drawn
from edge.simulation.ground.chance import Dice
from edge.simulation.ground.virtual_loop import StuckError
from edge.simulation.mischief import Mischief
from edge.simulation.plan import DAY_S, HOUR_S, Event, plan
from edge.simulation.report import Report
from edge.simulation.world import World, open_world

__all__ = [
    "CALM_S",
    "NO_MISHAPS",
    "Report",
    "Schedule",
    "drawn",
    "judged",
    "plan_of",
    "run",
    "tell_story",
]

CALM_S: Final = 240.0
"""In which everything has to arrive, once faults have stopped (S4)."""
STATIONS: Final = ("qingshan-01", "lindai-02", "baishi-03")
_AFTERWARDS_S: Final = 300.0
"""A story that is cut down to some of its events ends so long after the last of them."""
_LONGEST_DWELL_S: Final = 1_800.0
_ON_ITS_WAY_S: Final = 15
"""Some exchanges on a line that is well again; what is stuck waits for the next heartbeat."""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How long faults go on, how many parcels come, and what may go wrong; None: the seed says.

    `only` are the numbers of those events of the plan that happen, `stations` how many stations
    there are at most.
    """

    faults_s: float = 900.0
    parcels: int | None = None
    allowed: Allowed | None = None
    only: frozenset[int] | None = None
    stations: int | None = None

    @property
    def brought(self) -> int:
        """Parcels for the first station: 20 an hour in a short story, 10 or 5 in a long one."""
        an_hour = 20 if self.faults_s <= HOUR_S else 10 if self.faults_s < DAY_S else 5
        return self.parcels or max(1, round(self.faults_s / HOUR_S * an_hour))

    def again(self, seed: int) -> str:
        """What to type, or to call, to see this story once more."""
        if self.allowed is not None or self.parcels is not None:
            return f"edge.simulation.story.run({seed}, {self})"
        hours = f"{self.faults_s / HOUR_S:.10g}"  # whole seconds come back from it exactly
        parts = [f"cunyi simulate --start {seed} --seeds 1 --hours {hours}"]
        if self.only is not None:
            parts.append(f"--only {','.join(map(str, sorted(self.only))) or 'none'}")
        if self.stations is not None:
            parts.append(f"--stations {self.stations}")
        return " ".join(parts)


def plan_of(seed: int, schedule: Schedule) -> tuple[Event, ...]:
    """The events of a story; those that are left out keep their numbers."""
    allowed = _allowed(seed, schedule)
    events = plan(seed, allowed, schedule.faults_s, schedule.brought)
    if schedule.only is not None:
        events = tuple(event for event in events if event.number in schedule.only)
    if schedule.stations is not None:
        here = schedule.stations
        events = tuple(one for one in events if not one.kind.person or one.village < here)
    return events


def _allowed(seed: int, schedule: Schedule) -> Allowed:
    return schedule.allowed or drawn(Dice(f"what goes wrong {seed}"))


def run(seed: int, schedule: Schedule | None = None) -> Report:
    """The whole story of a seed."""
    schedule = schedule or Schedule()
    with open_world(seed, hasty=_allowed(seed, schedule).pruning) as world:
        return tell_story(world, schedule)


def tell_story(world: World, schedule: Schedule) -> Report:
    """Run one story in a world that has just begun."""
    allowed = _allowed(world.seed, schedule)
    world.again = schedule.again(world.seed)
    world.gaps_allowed = allowed.gaps
    for name in STATIONS[: min(1 + allowed.neighbours, schedule.stations or len(STATIONS))]:
        world.add_station(name)
    world.trace.note("world", f"{allowed}")
    world.county.start()
    for node in world.nodes:
        node.start()
    return judged(world, _story(world, schedule, allowed))


def judged(world: World, story: Coroutine[Any, Any, None]) -> Report:
    """Run it to its end and judge the world. Whatever ends it early is a trouble, never raised."""
    try:
        world.loop.run(story)
        if not world.recorder.troubles:
            world.judge()
    except StuckError as stuck:
        world.recorder.trouble(f"L2: {stuck}")
    except Exception as failure:  # noqa: BLE001 - whatever ends a world is told like a broken law
        place = traceback.extract_tb(failure.__traceback__)[-1]
        world.recorder.trouble(f"bug: {failure!r} at {place.name} line {place.lineno}")
    return world.report()


async def _story(world: World, schedule: Schedule, allowed: Allowed) -> None:
    village = world.villages[0]
    length_s = schedule.faults_s
    events = plan_of(world.seed, schedule)
    if schedule.only is not None:
        last_s = max((event.at_s for event in events), default=0.0)
        length_s = min(length_s, last_s + _AFTERWARDS_S)
    dwell_s = min(schedule.faults_s / 2, _LONGEST_DWELL_S)
    mischief = Mischief(world, village, allowed, dwell_s=dwell_s)
    await village.node.came_up.wait()
    await mischief.carry_out(events, length_s)
    everybody = [task for _village, task in mischief.people]
    if world.recorder.troubles:
        await _leave(everybody)
        return
    await mischief.put_right()
    # Who believes an old card may look for a parcel for ever.
    await _leave([task for where, task in mischief.people if not where.node.in_order])
    await asyncio.gather(*(task for where, task in mischief.people if where.node.in_order))
    for one in world.villages:
        async with one.counter:
            await one.tidy()
    await asyncio.sleep(CALM_S)
    if await mischief.grant_where_needed():
        await asyncio.sleep(CALM_S)
    await _last_words(world)


async def _last_words(world: World) -> None:
    """A timer may write a fact in the very moment in which the calm ends: it is on its way."""
    for _second in range(_ON_ITS_WAY_S):
        told = [node.alive.status for node in world.nodes if node.in_order and node.alive]
        if not any(status is not None and status.waiting for status in told):
            return
        await asyncio.sleep(1)


async def _leave(people: Sequence[asyncio.Task[None]]) -> None:
    for one in people:
        one.cancel()
    await asyncio.gather(*people, return_exceptions=True)
