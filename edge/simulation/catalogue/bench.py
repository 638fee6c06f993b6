"""A world laid out for one fault: one station, one county, and short words for what is done."""

from collections.abc import Callable
from typing import Any, Final

from cloud_sync.wire.envelope import decode
from edge.kernel.ids import PhoneTail, WaybillNo
from edge.simulation.ground.chance import Dice
from edge.simulation.ground.virtual_loop import VirtualLoop
from edge.simulation.parts.cabinet import Cabinet, Pulse
from edge.simulation.parts.station_node import Process, StationNode
from edge.simulation.people import Village
from edge.simulation.world import World

LOOK_S: Final = 0.25


class Bench:
    """See the module's docstring. Everything beyond these words is on `world` itself."""

    def __init__(self, world: World, code: str) -> None:
        self.world, self.code = world, code
        self.village: Village = world.villages[0]
        self._numbers = 0

    @property
    def node(self) -> StationNode:
        """The station."""
        return self.village.node

    @property
    def cabinet(self) -> Cabinet:
        """Its steel."""
        return self.node.cabinet

    @property
    def dice(self) -> Dice:
        """Chance: when exactly something happens should differ from seed to seed."""
        return self.world.dice

    @property
    def loop(self) -> VirtualLoop:
        """Virtual time."""
        return self.world.loop

    @property
    def daemon(self) -> Process:
        """The running daemon. Raises RuntimeError where none runs."""
        process = self.node.alive
        if process is None:
            raise RuntimeError(f"{self.code}: no daemon runs")
        return process

    # -- doing

    async def parcel(self, tail: str = "3865") -> WaybillNo:
        """A parcel is checked in, whatever it takes."""
        self._numbers += 1
        waybill_no = WaybillNo(f"YT88{self.world.seed % 1000:03d}{self._numbers:08d}")
        stored = await self.village.check_in(waybill_no, PhoneTail(tail))
        self.expect(stored, f"{waybill_no} is checked in")
        return waybill_no

    async def back_on(self) -> None:
        """Power comes back after a while, and the station is up again."""
        await self.world.sleep(self.dice.between(2.0, 60.0))
        self.node.start()
        await self.node.came_up.wait()

    async def until(self, seen: Callable[[], bool], within_s: float, what: str) -> None:
        """Wait until something is to be seen; a law is broken where it is not in time."""
        end_s = self.loop.time() + within_s
        while not seen() and self.loop.time() < end_s:
            await self.world.sleep(LOOK_S)
        self.expect(seen(), f"{what} within {within_s:g} s")

    # -- seeing

    def expect(self, so: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
        """A law of this fault's own."""
        if not so:
            self.world.recorder.trouble(f"{self.code}: not so: {what}")

    def facts(self, kind: str) -> list[dict[str, Any]]:
        """Bodies of all facts of a kind on the card, oldest first."""
        reader = self.daemon.reader
        rows = [] if reader is None else reader.rows
        return [decode(row.fact).body for row in rows if row.kind == kind]

    def pulses(self) -> tuple[Pulse, ...]:
        """All firings of locks so far."""
        return tuple(self.cabinet.pulses)
