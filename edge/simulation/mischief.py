"""Carries out a plan: one event after another, with a look at all laws; and puts all right."""

import asyncio
from collections.abc import Iterable
from typing import Final

from edge.simulation import io_mishaps
from edge.simulation.allowed import Allowed
from edge.simulation.ground.chance import Dice
from edge.simulation.mishaps import FAIR, Scene
from edge.simulation.parts.station_node import StationNode
from edge.simulation.people import Village
from edge.simulation.plan import Event, plan
from edge.simulation.world import World

__all__ = ["Allowed", "Mischief"]

_LOOK_S: Final = 300.0
"""In a calm stretch all laws are judged as often as this."""


class Mischief:
    """See the module's docstring. `people` are those who came so far, each with his village."""

    def __init__(
        self, world: World, village: Village, allowed: Allowed, *, dwell_s: float = 450.0
    ) -> None:
        self._world, self._village = world, village
        self.scene = Scene(world, allowed, dwell_s)
        self.people: list[tuple[Village, asyncio.Task[None]]] = []
        self._looked_s = 0.0

    async def until(self, end_s: float) -> None:
        """Mishap after mishap until then, or until a law is broken: that is what was wanted."""
        world = self._world
        length_s = end_s - world.loop.time()
        events = plan(world.seed, self.scene.allowed, length_s, parcels=0)
        await self.carry_out((event for event in events if not event.kind.person), length_s)

    async def carry_out(self, events: Iterable[Event], length_s: float) -> None:
        """All of them at their moments, up to the end or until a law is broken.

        Moments are counted without the months in which everybody was switched off.
        """
        world = self._world
        began_s = world.loop.time() - world.away_s
        for event in events:
            await self._reach(began_s + event.at_s)
            if world.recorder.troubles:
                return
            await self._begin(event)
        await self._reach(began_s + length_s)

    async def _reach(self, awake_s: float) -> None:
        world, loop = self._world, self._world.loop
        while (left_s := awake_s + world.away_s - loop.time()) > 0:
            await asyncio.sleep(min(left_s, _LOOK_S))
            if loop.time() - self._looked_s >= _LOOK_S:
                self._look()
            if world.recorder.troubles:
                return

    async def _begin(self, event: Event) -> None:
        world, kind = self._world, event.kind
        village = world.villages[event.village % len(world.villages)]
        world.trace.note(village.node.name, f"event {event.number}: {kind.name}")
        world.happened[kind.name] += 1
        dice = Dice(f"{world.seed} {event.number} {kind.name}")
        if kind.person:
            task = asyncio.ensure_future(self._come(event, village, dice))
            self.people.append((village, task))
            return
        await kind.happens(self.scene, village, dice)
        self._look()

    async def _come(self, event: Event, village: Village, dice: Dice) -> None:
        await event.kind.happens(self.scene, village, dice)

    def _look(self) -> None:
        self._looked_s = self._world.loop.time()
        self._world.look()

    async def put_right(self) -> None:
        """All faults stop, and everybody comes up again."""
        world = self._world
        world.trace.note("world", "put right")
        self.scene.over = True
        for chore in self.scene.chores:
            chore.cancel()
        world.road.weather = FAIR
        world.road.clear_attic()
        world.county.burn(0)
        await asyncio.sleep(1.0)  # a county that is dying right now comes up as well
        io_mishaps.put_right(world)
        world.road.mend()
        world.county.resting = False
        world.county.start()
        for node in world.nodes:
            node.cabinet.stuck.clear()
            await self._up(node)
        world.calm()

    async def _up(self, node: StationNode) -> None:
        node.burn(1_000_000_000)
        node.burn_at_pulse(0)
        node.start()
        await node.came_up.wait()

    async def grant_where_needed(self) -> bool:
        """A person lets a card that the county refuses begin anew; a copy is taken away first."""
        return self._world.grant_where_needed()
