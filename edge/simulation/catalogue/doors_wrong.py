"""Doors that open when they should not, or stay open, and people in a hurry: F024, F029 to F032,
F042.
"""

import asyncio
import itertools
from typing import Final

from edge.domain.answers import CellReason
from edge.domain.cabinet import Occupancy
from edge.domain.door import Door
from edge.domain.parcel import Stage
from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.doors_steel import fit
from edge.simulation.catalogue.doors_visitor import (
    Visitor,
    cell_at,
    door,
    stage,
    tell,
    tidy,
    visitor_of_new,
)
from edge.simulation.parts.cabinet import PULSE_S
from edge.web.kiosk_screen import Screen

ALARM_S: Final = 2.0
GIVEN_UP_S: Final = 66.0
CROWD: Final = 20


async def relay_stays_on(bench: Bench) -> None:
    """F024: the bolt is held back; the door does not catch."""
    steel, who = await fit(bench), await visitor_of_new(bench)
    steel.welded.add(who.cell)
    before = len(bench.pulses())
    await who.show()
    await who.see_open()
    await bench.world.sleep(bench.dice.between(1.0, 8.0))
    who.take()
    await who.push_shut()
    bench.expect(door(bench, who.cell) is Door.OPEN, "it does not catch")
    await bench.until(lambda: bool(bench.facts("door.left_open")), 62.0, "the alarm")
    who.has_it()
    bench.expect(cell_at(bench, who.cell).occupancy is Occupancy.QUESTIONED, "it is no offer")
    neighbour = Visitor(bench, await bench.parcel())
    bench.expect(neighbour.cell != who.cell, "another cell is taken")
    await neighbour.collect()
    own = [pulse for pulse in bench.pulses()[before:] if pulse.cell == who.cell]
    bench.expect(len(own) == 1, "nothing is pulsed to shut a door")
    steel.mend()
    await who.push_shut()
    bench.expect(cell_at(bench, who.cell).occupancy is Occupancy.FREE, "shut, it is free")


async def wrong_door(bench: Bench) -> None:
    """F029: the pulse opens another door."""
    await _crossed(bench, own_too=False)


async def two_doors(bench: Bench) -> None:
    """F030: the pulse opens its own door and another."""
    await _crossed(bench, own_too=True)


async def _crossed(bench: Bench, *, own_too: bool) -> None:
    steel, who = await fit(bench), await visitor_of_new(bench)
    other = bench.dice.one_of([cell for cell in steel.cells if cell != who.cell])
    neighbours = [Visitor(bench, await bench.parcel()) for _ in range(bench.dice.number(0, 3))]
    steel.cross(who.cell, (who.cell, other) if own_too else (other,))
    before = len(bench.pulses())
    await who.show()
    await bench.until(lambda: door(bench, other) is Door.FORCED, ALARM_S, "the alarm")
    for cell in (who.cell, other):
        why = cell_at(bench, cell).reason
        bench.expect(why == CellReason.WRONG_DOOR_OPENED, f"cell {cell} is in doubt: {why}")
    if own_too:
        await who.see_open()
        who.take()
        await who.push_shut()
        who.has_it()
    await _no_second_pulse(bench, who, before)
    bench.cabinet.shut(other)
    await bench.until(
        lambda: {door(bench, who.cell), door(bench, other)} == {Door.SHUT}, GIVEN_UP_S, "peace"
    )
    free = [cell_at(bench, cell).occupancy is Occupancy.FREE for cell in (who.cell, other)]
    bench.expect(not any(free), "neither is free before somebody has looked")
    steel.mend()
    await tidy(bench)
    for one in neighbours if own_too else [*neighbours, who]:
        await one.collect()


async def _no_second_pulse(bench: Bench, who: Visitor, before: int) -> None:
    """Whatever the person does now."""
    await bench.world.sleep(bench.dice.between(4.0, 30.0))
    for again in (who.say_stuck, who.show, who.ask_again):
        bench.expect(not (await again()).ok, "whoever asks again is sent to the keeper")
    bench.expect(len(bench.pulses()) == before + 1, "no second pulse")


async def forced(bench: Bench) -> None:
    """F031: a crowbar; the parcel is gone, or still there."""
    await fit(bench)
    who, gone = await visitor_of_new(bench), bench.dice.chance(0.5)
    bench.cabinet.force(who.cell)
    await bench.until(lambda: bool(bench.facts("door.forced")), ALARM_S, "the alarm")
    bench.expect(stage(bench, who.waybill_no) is Stage.KEEPER_ASSIST, "the keeper's turn")
    bench.expect((await who.show()).key == "ask_keeper", "the code is answered: ask the keeper")
    if gone:
        bench.cabinet.inside.pop(who.cell)
    await bench.world.sleep(bench.dice.between(1.0, 300.0))
    await who.push_shut()
    bench.expect(not bench.facts("parcel.picked_up"), "an alarm is no pickup")
    bench.expect(cell_at(bench, who.cell).occupancy is Occupancy.QUESTIONED, "it is no offer")
    await tidy(bench)
    if not gone:
        await who.collect()
        return
    bench.expect(stage(bench, who.waybill_no) is Stage.MISSING, "the parcel is in dispute")
    bench.expect(not (await who.show()).ok, "its code opens nothing")


async def shut_empty_handed(bench: Bench) -> None:
    """F032: shut with the parcel inside, opened again, and never a third time."""
    await fit(bench)
    who = await visitor_of_new(bench)
    before = len(bench.pulses())
    first = await who.show()
    await who.see_open()
    await bench.world.sleep(bench.dice.between(0.5, 50.0))
    await who.push_shut()
    bench.expect(who.screen is Screen.THANKS, "the kiosk says thanks")
    await bench.world.sleep(bench.dice.between(0.0, 590.0))
    again = await who.ask_again()
    bench.expect((again.key, again.auth) == ("open_again", first.auth), "the same authorisation")
    await who.see_open()
    who.take()
    await who.push_shut()
    reason = cell_at(bench, who.cell).reason
    bench.expect(reason == CellReason.PUT_BACK, "the keeper has to look what is inside")
    bench.expect(not (await who.ask_again()).ok, "there is no third time")
    bench.expect(not (await who.show()).ok, "the code opens nothing more")
    own = [pulse.cell for pulse in bench.pulses()[before:]]
    bench.expect(own == [who.cell] * 2, "the same door twice")
    await tidy(bench)
    who.has_it()
    bench.expect(cell_at(bench, who.cell).occupancy is Occupancy.FREE, "a look frees the cell")
    bench.expect(not (await who.ask_again()).ok, "nor after the look")


async def everybody_at_once(bench: Bench) -> None:
    """F042: twenty slips within one second, in a cabinet of twenty cells."""
    crowd = bench
    crowd.village = bench.world.add_station("shanhou-20", cells=CROWD)
    crowd.node.start()
    await crowd.node.came_up.wait()
    people = [Visitor(crowd, await crowd.parcel()) for _ in range(CROWD)]
    before, began_s = len(crowd.pulses()), crowd.loop.time()
    replies = await asyncio.gather(*(_in_a_moment(crowd, who) for who in people))
    crowd.expect(all(replies), "every slip is good")
    await crowd.until(lambda: len(crowd.cabinet.open) == CROWD, CROWD * 0.4 + 2.0, "all doors")
    pulses = crowd.pulses()[before:]
    crowd.expect(sorted(pulse.cell for pulse in pulses) == sorted(crowd.cabinet.cells), "each once")
    gaps = [late.at_s - soon.at_s for soon, late in itertools.pairwise(pulses)]
    crowd.expect(min(gaps) >= PULSE_S, f"one coil after the other: {min(gaps):.3f} s")
    crowd.expect(pulses[-1].at_s - began_s < CROWD * 0.4 + 1.0, "nobody waits for long")
    await crowd.until(
        lambda: all(door(crowd, who.cell) is Door.OPEN for who in people), 2.0, "seen"
    )
    for who in people:
        who.take()
        await who.push_shut()
        who.has_it()


async def _in_a_moment(bench: Bench, who: Visitor) -> bool:
    await bench.world.sleep(bench.dice.between(0.0, 1.0))
    return (await tell(bench, who.scanned())).ok
