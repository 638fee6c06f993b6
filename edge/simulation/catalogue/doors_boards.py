"""Lock boards that are gone for a while, and a supply that is too weak: F039, F041, F043."""

from typing import Final

from edge.domain.answers import CellReason
from edge.domain.cabinet import Occupancy
from edge.domain.door import Door
from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.doors_steel import fit, up_again
from edge.simulation.catalogue.doors_visitor import (
    NO_ANSWER,
    Visitor,
    cell_at,
    door,
    state_of,
    tidy,
    visitor_of_new,
)

STEADY_S: Final = 125.0
REST_S: Final = 300.0
AFTER_BOOTS: Final = 3


async def pulled_in_mid_pulse(bench: Bench) -> None:
    """F039: the adapter is pulled while a lock is fired; the lock may have moved or not."""
    steel, who = await fit(bench), await visitor_of_new(bench)
    moved, before = bench.dice.chance(0.5), len(bench.pulses())
    if not moved:
        steel.stuck.add(who.cell)
    steel.pulled_at_pulse = True
    await who.show()
    await bench.until(lambda: door(bench, who.cell) is Door.UNKNOWN, 1.0, "no sight of the door")
    await _blind(bench, who, before + 1)
    steel.mend()
    if moved:
        await who.see_open()
        who.take()
        await who.push_shut()
        who.has_it()
        doubt = cell_at(bench, who.cell)
        bench.expect(doubt.occupancy is Occupancy.QUESTIONED, "a look, for nobody has watched it")
    else:
        await bench.until(lambda: door(bench, who.cell) is Door.SHUT, 2.0, "the door is seen")
        bench.expect(len(bench.pulses()) == before + 1, "nothing is pulsed by itself")
        await who.collect()
    await tidy(bench)
    bench.expect(cell_at(bench, who.cell).occupancy is Occupancy.FREE, "a look frees the cell")


async def board_starts_anew(bench: Bench) -> None:
    """F041: no door is known until each was read again; what opened meanwhile is found out."""
    steel, who = await fit(bench), await visitor_of_new(bench)
    before, another = len(bench.pulses()), bench.dice.one_of(steel.cells)
    steel.unplug()
    await bench.until(lambda: door(bench, who.cell) is Door.UNKNOWN, 1.0, "no sight of the door")
    opened = another != who.cell and bench.dice.chance(0.5)
    if opened:
        steel.by_key(another)
    await _blind(bench, who, before)
    steel.plug_in()
    await bench.until(lambda: door(bench, who.cell) is Door.SHUT, 2.0, "the door is seen")
    bench.expect(len(bench.pulses()) == before, "nothing is pulsed by itself")
    if opened:
        why = cell_at(bench, another).reason
        bench.expect(why == CellReason.FORCED, "a door found open is in doubt")
    await who.collect()


async def _blind(bench: Bench, who: Visitor, pulses: int) -> None:
    """While nobody sees the door no lock is fired, whatever a person does."""
    for _try in range(bench.dice.number(1, 3)):
        await bench.world.sleep(bench.dice.between(1.0, 60.0))
        bench.expect((await who.show()).key == "door_unseen", "the door cannot be seen now")
    bench.expect(len(bench.pulses()) == pulses, "no pulse at a door that nobody sees")


async def supply_sags(bench: Bench) -> None:
    """F043: the pulse pulls the supply down and the machine with it; people try again."""
    steel = await fit(bench)
    who, neighbour = Visitor(bench, await bench.parcel()), await visitor_of_new(bench)
    await bench.world.sleep(STEADY_S)  # this boot has lasted
    steel.stuck.update(steel.cells)  # no force is left for a lock
    before = len(bench.pulses())
    for _twice in range(2):
        await _falls(bench, who)
    reason = cell_at(bench, who.cell).reason
    bench.expect(reason == CellReason.CUT_OFF_TWICE, "the cell is for the repairman")
    bench.expect((await who.show()).key == "ask_keeper", "its code fires no lock a third time")
    await _falls(bench, neighbour)
    await _rest(bench, neighbour)
    bench.expect(len(bench.pulses()) == before + AFTER_BOOTS, "each pulse was a person's wish")
    steel.mend()
    await tidy(bench)
    await who.collect()
    await neighbour.collect()


async def _falls(bench: Bench, who: Visitor) -> None:
    """One try at the kiosk, in which the machine goes off and comes on."""
    bench.node.burn_at_pulse(2)
    reply = await who.show()
    bench.expect(reply == NO_ANSWER or reply.ok, "no refusal")
    await bench.world.sleep(bench.dice.between(1.0, 5.0))
    bench.expect(bench.node.alive is None, "the machine is off")
    await up_again(bench)


async def _rest(bench: Bench, who: Visitor) -> None:
    """The third start in a row lets all doors rest, says so to everybody, and ends it by itself."""
    bench.expect(state_of(bench).boots.safe, "doors rest from the third start on")
    bench.expect(bool(bench.facts("station.safe_entered")), "the county hears it")
    for _try in range(bench.dice.number(1, 4)):
        bench.expect(
            (await who.show()).key == "just_restarted", "the kiosk says why and until when"
        )
        await bench.world.sleep(bench.dice.between(5.0, 60.0))
    await bench.until(lambda: not state_of(bench).boots.safe, REST_S + 10.0, "the end of the rest")
    await bench.world.sleep(1.0)
