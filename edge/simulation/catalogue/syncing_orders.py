"""What happens to the county's commands on their way: late, twice, astray, out of order."""

from collections.abc import Sequence
from typing import Final

from cloud_sync.wire.messages import LiveCommand
from edge.kernel.ids import CellId
from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.syncing_gate import Gate, Seen, gate, home
from edge.simulation.parts.links import Packet

ONE: Final = CellId(1)
TWO: Final = CellId(2)
SENT_S: Final = 60.0
_DAY_S: Final = 86_400.0
_SETTLED_S: Final = 90.0


async def _ordered(bench: Bench, post: Gate, cell: CellId) -> Seen:
    """An operator wants a cell opened; the command that leaves for it."""
    before = len(post.of(LiveCommand))
    bench.world.open_from_afar(bench.node.around.station, cell, "")
    await bench.until(lambda: len(post.of(LiveCommand)) > before, SENT_S, "a command is sent")
    return post.of(LiveCommand)[-1]


def _opened(bench: Bench, cell: CellId) -> int:
    return sum(pulse.cell == cell for pulse in bench.pulses())


def _refusals(bench: Bench) -> list[str]:
    return [body["reason"] for body in bench.facts("remote.refused")]


def _hold_commands(one: Seen) -> Sequence[Packet]:
    return () if isinstance(one.message, LiveCommand) else (one.packet,)


async def the_same_command_again(bench: Bench) -> None:
    """F069."""
    await home(bench)
    with gate(bench) as post:
        order = await _ordered(bench, post, ONE)
        await bench.until(lambda: _opened(bench, ONE) > 0, 10.0, "the door is pulsed")
        for _copy in range(bench.dice.number(1, 8)):
            await bench.world.sleep(bench.dice.between(0.0, 10.0))
            post.send([order.packet])
        await bench.world.sleep(_SETTLED_S)
    bench.expect(_opened(bench, ONE) == 1, "one command is one pulse")
    bench.expect(len(bench.facts("remote.ended")) == 1, "one command has one end")
    bench.expect(_refusals(bench) == [], "a copy is no new command")


async def a_command_that_comes_too_late(bench: Bench) -> None:
    """F070."""
    await home(bench)
    with gate(bench) as post:
        post.passes = _hold_commands
        order = await _ordered(bench, post, ONE)
        if bench.dice.chance(0.5):
            await bench.world.sleep(bench.dice.between(61.0, 1_800.0))
        else:  # three days, a night of them without power
            bench.node.kill()
            bench.world.county.resting = True
            await bench.world.sleep(3 * _DAY_S)
            bench.world.county.resting = False
            bench.node.start()
            await bench.node.came_up.wait()
            await home(bench)
        post.send([order.packet])
        await bench.world.sleep(_SETTLED_S)
    bench.expect(_opened(bench, ONE) == 0, "a command that was kept back opens nothing")
    refused = _refusals(bench)
    bench.expect(refused == ["stale"], f"it is refused as stale, told once: {refused}")


async def a_command_for_somebody_else(bench: Bench) -> None:
    """F071."""
    world = bench.world
    neighbour = world.add_station("lindai-02")
    neighbour.node.start()
    await neighbour.node.came_up.wait()
    await home(bench)
    with gate(bench) as post:
        order = await _ordered(bench, post, ONE)
        astray = order.packet._replace(station=neighbour.node.around.station)
        for _copy in range(bench.dice.number(1, 5)):
            await world.sleep(bench.dice.between(0.0, 5.0))
            post.send([astray])
        await world.sleep(_SETTLED_S)
    bench.expect(len(neighbour.node.cabinet.pulses) == 0, "no door of the other station moves")
    bench.expect(_opened(bench, ONE) == 1, "the station that was meant opens its own")


async def an_older_command_after_a_newer(bench: Bench) -> None:
    """F072."""
    await home(bench)
    with gate(bench) as post:
        post.passes = _hold_commands
        first = await _ordered(bench, post, ONE)
        await bench.world.sleep(bench.dice.between(2.0, 10.0))
        post.passes = lambda one: (one.packet,)
        await _ordered(bench, post, TWO)
        await bench.until(lambda: _opened(bench, TWO) > 0, 10.0, "the newer one opens its door")
        post.send([first.packet])
        await bench.world.sleep(_SETTLED_S)
    bench.expect(_opened(bench, ONE) == 0, "the older one opens nothing any more")
    refused = _refusals(bench)
    bench.expect(refused == ["fence"], f"it is refused for its number: {refused}")


async def power_goes_between_command_and_pulse(bench: Bench) -> None:
    """F074."""
    await home(bench)
    before = len(bench.pulses())
    with gate(bench) as post:
        bench.node.burn_at_pulse(bench.dice.number(1, 2))
        await _ordered(bench, post, ONE)
        await bench.until(lambda: bench.node.alive is None, 10.0, "the power goes")
        fired = len(bench.pulses())
        bench.expect(fired - before <= 1, "at most one pulse was begun")
        await bench.back_on()
        await bench.world.sleep(_SETTLED_S)
    bench.expect(len(bench.pulses()) == fired, "nothing is pulsed by itself after the start")
    results = [body["result"] for body in bench.facts("remote.ended")]
    bench.expect(results == ["indeterminate"], f"nobody claims to know: {results}")
