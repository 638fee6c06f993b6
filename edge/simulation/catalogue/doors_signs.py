"""Doors that give no sign, a wrong one, or too many: F022, F023, F025 to F028."""

from typing import Final

from edge.domain.answers import CellReason
from edge.domain.cabinet import Occupancy
from edge.domain.door import Door
from edge.domain.parcel import Stage
from edge.kernel.ids import CellId
from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.doors_steel import TrickyCabinet, fit
from edge.simulation.catalogue.doors_visitor import (
    Visitor,
    cell_at,
    door,
    says_empty,
    stage,
    state_of,
    tidy,
    visitor_of_new,
)
from edge.web.kiosk_screen import Screen
from hardware.ports import DoorReading

SILENT_S: Final = 3.6
"""Three seconds, and what an answer takes."""
NOT_BEFORE_S: Final = 2.7
VOICE_S: Final = 10.0
LEFT_OPEN_S: Final = 60.0
GIVEN_UP_S: Final = 65.0
RETRIES: Final = 2


async def opens_without_a_sign(bench: Bench) -> None:
    """F022: the door springs open, its sensor says shut."""
    steel, who = await fit(bench), await visitor_of_new(bench)
    before = len(bench.pulses())
    steel.stick(who.cell, DoorReading.SHUT)
    await _first_silence(bench, who, before)
    await _second_silence(bench, who, before)
    steel.mend()  # it stands open, as it has from the first pulse on
    await who.see_open()
    who.take()
    await who.push_shut()
    who.has_it()
    bench.expect(cell_at(bench, who.cell).occupancy is Occupancy.FAULTED, "the cell rests")
    await tidy(bench)
    bench.expect(cell_at(bench, who.cell).occupancy is Occupancy.FREE, "a look frees the cell")


async def never_says_shut(bench: Bench) -> None:
    """F023: the sensor goes on to say open after the door was shut."""
    steel, who = await fit(bench), await visitor_of_new(bench)
    await who.show()
    await who.see_open()
    opened_s = bench.loop.time()
    steel.stick(who.cell, DoorReading.OPEN)
    await bench.world.sleep(bench.dice.between(1.0, 8.0))
    who.take()
    await who.push_shut()
    await bench.until(lambda: who.screen is Screen.LEFT_OPEN, 10.0, "the voice")
    bench.expect(bench.loop.time() - opened_s > VOICE_S - 1.0, "the voice waits for ten seconds")
    bench.expect(stage(bench, who.waybill_no) is Stage.STORED, "nothing is settled yet")
    await bench.until(lambda: bool(bench.facts("door.left_open")), 52.0, "the alarm")
    bench.expect(bench.loop.time() - opened_s > LEFT_OPEN_S - 1.0, "the alarm waits for a minute")
    who.has_it()
    await _never_free(bench, who.cell)
    await _others_serve(bench, but=who.cell)
    steel.mend()
    await bench.until(
        lambda: cell_at(bench, who.cell).occupancy is Occupancy.FREE, 1.0, "the free cell"
    )


async def relay_is_dead(bench: Bench) -> None:
    """F025: a pulse moves nothing; at a pickup, or at a check-in."""
    steel = await fit(bench)
    if bench.dice.chance(0.5):
        await _dead_at_check_in(bench, steel)
        return
    who = await visitor_of_new(bench)
    before = len(bench.pulses())
    steel.stuck.add(who.cell)
    await _first_silence(bench, who, before)
    await _second_silence(bench, who, before)
    bench.expect(stage(bench, who.waybill_no) is Stage.KEEPER_ASSIST, "the keeper hands it out")
    await bench.until(lambda: door(bench, who.cell) is Door.SHUT, GIVEN_UP_S, "it is given up")
    bench.expect((await who.show()).key == "ask_keeper", "the code is answered: ask the keeper")
    bench.expect(bench.cabinet.inside.get(who.cell) == who.waybill_no, "the parcel is inside")
    steel.mend()
    await tidy(bench)
    await who.collect()


async def _dead_at_check_in(bench: Bench, steel: TrickyCabinet) -> None:
    """The next parcel goes into another cell, without anybody's help."""
    dead = min(steel.cells)  # it would be taken first
    steel.stuck.add(dead)
    who = Visitor(bench, await bench.parcel())
    bench.expect(who.cell != dead, "the parcel lies in another cell")
    bench.expect(cell_at(bench, dead).reason == CellReason.NO_SIGN_TWICE, "its cell is faulted")
    asked = [fact for fact in bench.facts("door.asked") if fact["cell"] == dead]
    bench.expect(len(asked) == RETRIES, "its lock was fired twice and no more")
    await bench.until(lambda: door(bench, dead) is Door.SHUT, GIVEN_UP_S, "it is given up")
    steel.mend()
    await tidy(bench)
    bench.expect(cell_at(bench, dead).occupancy is Occupancy.FREE, "a look frees the cell")
    await who.collect()


async def says_open_for_ever(bench: Bench) -> None:
    """F026: a sensor dies at an empty cell: it is offered to nobody."""
    steel = await fit(bench)
    await bench.world.sleep(bench.dice.between(4.0, 60.0))
    dead = bench.dice.one_of(steel.cells)
    steel.stick(dead, DoorReading.OPEN)
    await bench.until(lambda: door(bench, dead) is Door.FORCED, 2.0, "the alarm")
    await _never_free(bench, dead)
    waiting = [Visitor(bench, await bench.parcel()) for _ in range(len(steel.cells) - 1)]
    bench.expect(dead not in {who.cell for who in waiting}, "no parcel goes into that cell")
    refused = await says_empty(bench, dead)
    bench.expect(refused.key == "door_not_shut", "nobody calls it empty while it says open")
    steel.mend()
    await bench.world.sleep(1.0)
    await _never_free(bench, dead)
    await tidy(bench)
    bench.expect(cell_at(bench, dead).occupancy is Occupancy.FREE, "a look frees the cell")
    for who in waiting:
        await who.collect()


async def says_shut_for_ever(bench: Bench) -> None:
    """F027: collected because the person says so; no opening is claimed."""
    steel, who = await fit(bench), await visitor_of_new(bench)
    before = len(bench.pulses())
    steel.stick(who.cell, DoorReading.SHUT)
    await who.show()
    await bench.world.sleep(bench.dice.between(1.0, 2.5))
    who.take()
    await who.push_shut()
    await bench.until(lambda: door(bench, who.cell) is Door.SILENT, SILENT_S, "the question")
    await bench.world.sleep(bench.dice.between(0.0, 50.0))
    bench.expect((await who.say_taken()).key == "pickup_noted", "the person's word is taken")
    who.has_it()
    opened = {fact["auth"] for fact in bench.facts("door.opened")}
    bench.expect(who.auth not in opened, "no opening is claimed that nobody saw")
    bench.expect(_cells(bench, before) == [who.cell], "one pulse")
    looked = await says_empty(bench, who.cell)
    bench.expect(looked.key == "look_inside_first", "nobody calls it empty without a look")
    bench.expect(cell_at(bench, who.cell).occupancy is Occupancy.FAULTED, "the cell rests")
    steel.mend()
    await tidy(bench)
    bench.expect(cell_at(bench, who.cell).occupancy is Occupancy.FREE, "a look frees the cell")


async def chatters(bench: Bench) -> None:
    """F028: each reading comes several times, and the one before it once more."""
    steel = await fit(bench)
    steel.repeats = bench.dice.number(1, 6)
    who = await visitor_of_new(bench)
    seen = [len(bench.facts(kind)) for kind in _MOVES]
    await who.collect()
    more = [len(bench.facts(kind)) - n for kind, n in zip(_MOVES, seen, strict=True)]
    bench.expect(more == [1, 1, 0], "one opening, one shutting, no alarm")
    bench.expect(cell_at(bench, who.cell).occupancy is Occupancy.FREE, "the cell is free")
    steel.mend()


_MOVES: Final = ("door.opened", "door.shut", "door.forced")


async def _first_silence(bench: Bench, who: Visitor, before: int) -> None:
    """The person is asked after three seconds, and nothing is pulsed again by itself."""
    asked_s = bench.loop.time()
    bench.expect((await who.show()).ok, "the code is good")
    await bench.until(lambda: who.screen is Screen.DID_IT_OPEN, SILENT_S, "the question")
    bench.expect(bench.loop.time() - asked_s > NOT_BEFORE_S, "a door has three seconds to open")
    await bench.world.sleep(bench.dice.between(3.0, 50.0))
    bench.expect(_cells(bench, before) == [who.cell], "one pulse until a person asks again")


async def _second_silence(bench: Bench, who: Visitor, before: int) -> None:
    """One retry, by a tap or by showing the code once more; and then no third pulse."""
    again = await (who.say_stuck() if bench.dice.chance(0.5) else who.show())
    bench.expect(again.ok and again.auth == who.auth, "the retry is of the same authorisation")
    await bench.until(lambda: who.screen is Screen.ASK_KEEPER, SILENT_S, "the keeper's turn")
    await bench.world.sleep(5.0)
    bench.expect(not (await who.say_stuck()).ok, "a tap finds nothing to retry")
    bench.expect(not (await who.show()).ok, "the code opens nothing more")
    bench.expect(_cells(bench, before) == [who.cell] * RETRIES, "two pulses and no third")
    bench.expect(
        cell_at(bench, who.cell).reason == CellReason.NO_SIGN_TWICE, "the door is for the repairman"
    )


async def _never_free(bench: Bench, cell: CellId) -> None:
    await bench.world.sleep(bench.dice.between(0.0, 30.0))
    bench.expect(cell_at(bench, cell).occupancy is Occupancy.QUESTIONED, f"cell {cell} is no offer")


async def _others_serve(bench: Bench, but: CellId) -> None:
    neighbour = Visitor(bench, await bench.parcel())
    bench.expect(neighbour.cell != but, "another cell is taken")
    await neighbour.collect()
    bench.expect(state_of(bench).cells[but].occupancy is Occupancy.QUESTIONED, "as before")


def _cells(bench: Bench, before: int) -> list[CellId]:
    """What was pulsed since."""
    return [pulse.cell for pulse in bench.pulses()[before:]]
