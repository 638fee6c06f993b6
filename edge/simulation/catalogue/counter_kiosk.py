"""Pages that are loaded again, tapped twice, or lose their stream: F049 to F051."""

import asyncio
from collections.abc import Awaitable, Callable

from edge.domain.door import Door
from edge.domain.effects import Reply
from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.doors_visitor import Visitor, door, kiosk, tidy, visitor_of_new
from edge.web.kiosk_screen import Screen


async def loaded_again(bench: Bench) -> None:
    """F049: the page crashes at any moment of a visit, and its form is sent once more."""
    who = await visitor_of_new(bench)
    before = len(bench.pulses())
    await who.show(by_code=True)
    await bench.world.sleep(bench.dice.between(0.0, 4.5))
    stage = kiosk(bench)
    bench.expect(stage.screen in {Screen.OPENING, Screen.OPEN}, "the page shows how it is")
    bench.expect(stage.door is not None and stage.door.cell == who.cell, "and which door")
    again = await who.show(by_code=True)
    bench.expect(again.ok and again.auth == who.auth, "sent once more it is the same request")
    await who.see_open()
    await bench.world.sleep(bench.dice.between(5.0, 9.0))
    bench.expect((await who.show()).key == "door_in_use", "later it opens nothing either")
    standing = (Screen.OPEN, Screen.LEFT_OPEN)
    bench.expect(kiosk(bench).screen in standing, "and the page still shows how it is")
    who.take()
    await who.push_shut()
    who.has_it()
    bench.expect(kiosk(bench).screen is Screen.THANKS, "whoever loads it now reads thanks")
    bench.expect((await who.show()).key == "already_collected", "the spent code says so")
    bench.expect(len(bench.pulses()) == before + 1, "one pulse")


async def tapped_twice(bench: Bench) -> None:
    """F050: twice on "open", on "it did not open" and on "open again", at the same moment."""
    who = await visitor_of_new(bench)
    before, silent = len(bench.pulses()), bench.dice.chance(0.5)
    if silent:
        bench.cabinet.stuck.add(who.cell)
    one, other = await _twice(bench, lambda: who.show(by_code=True))
    bench.expect(one.ok and other.ok and one.auth == other.auth, "one authorisation")
    if silent:
        await bench.until(lambda: door(bench, who.cell) is Door.SILENT, 3.6, "the question")
        bench.expect(len(bench.pulses()) == before + 1, "one pulse")
        bench.cabinet.stuck.clear()
        await _one_of_two(bench, who.say_stuck)
        await _out(bench, who, before + 2)
        return
    await who.see_open()
    bench.expect(len(bench.pulses()) == before + 1, "one pulse")
    await bench.world.sleep(bench.dice.between(1.0, 20.0))
    await who.push_shut()
    await _one_of_two(bench, who.ask_again)
    await _out(bench, who, before + 2)
    await tidy(bench)
    who.has_it()


async def _twice(bench: Bench, tap: Callable[[], Awaitable[Reply]]) -> list[Reply]:
    async def late() -> Reply:
        await bench.world.sleep(bench.dice.one_of((0.0, 0.01, 0.2)))
        return await tap()

    return list(await asyncio.gather(tap(), late()))


async def _one_of_two(bench: Bench, tap: Callable[[], Awaitable[Reply]]) -> None:
    answers = [reply.ok for reply in await _twice(bench, tap)]
    bench.expect(sorted(answers) == [False, True], "one of two taps is obeyed")


async def _out(bench: Bench, who: Visitor, pulses: int) -> None:
    await who.see_open()
    who.take()
    await who.push_shut()
    bench.expect(len(bench.pulses()) == pulses, "as many pulses as wishes")


async def stream_drops(bench: Bench) -> None:
    """F051: what happened while the page was cut off is in the first word of the new stream."""
    who = await visitor_of_new(bench)
    station = bench.daemon.station
    await who.show()
    seen = station.version
    await who.see_open()
    await bench.world.sleep(bench.dice.between(0.0, 8.0))
    collected = bench.dice.chance(0.5)
    if collected:
        who.take()
        await who.push_shut()
    asked_s = bench.loop.time()
    version = await station.changed(seen, 60.0)
    bench.expect(version > seen and bench.loop.time() == asked_s, "news is there at once")
    shown = kiosk(bench)
    wanted = Screen.THANKS if collected else Screen.OPEN
    bench.expect(shown.screen is wanted, f"{wanted} and not {shown.screen}")
    waiting = asyncio.ensure_future(station.changed(version, 60.0))
    await bench.world.sleep(bench.dice.between(0.1, 1.0))
    bench.expect(not waiting.done(), "without news it waits")
    if collected:
        await who.show()
        station.ring()
    else:
        who.take()
        await who.push_shut()
    bench.expect(await waiting > version, "and the next change comes through")
