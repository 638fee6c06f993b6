"""Scanners that stammer, break off or are gone: F044 to F048, F056."""

from typing import Final

from edge.domain.door import Door
from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.counter_scanner import SUFFIX, LineScanner, scanner_at
from edge.simulation.catalogue.doors_visitor import (
    Visitor,
    door,
    kiosk,
    visitor_of_new,
)
from edge.simulation.ground.chance import Dice
from firmware_bridge.scanner.line import HALF_S

SAME_S: Final = 4.9
"""Within five seconds the same code is the same request."""
SILENT_S: Final = 3.5
COMMANDS: Final = (b"\x1b@", b"\x1bp\x00\x19\x19", b"\x1dV\x00", b"\x10\x14\x01")
"""What a receipt printer would obey: start anew, open the till, cut, pulse."""


async def scanned_twice(bench: Bench) -> None:
    """F044: within five seconds, past the scanner's own window or not, door open or silent."""
    who = await visitor_of_new(bench)
    silent = bench.dice.chance(0.5)
    if silent:
        bench.cabinet.stuck.add(who.cell)
    before = len(bench.pulses())
    async with scanner_at(bench, window_s=bench.dice.one_of((0.0, 2.0))) as scanner:
        scanner.scan(who.slip.token)
        gap_s = bench.dice.between(SILENT_S, SAME_S) if silent else bench.dice.between(0.02, SAME_S)
        await bench.world.sleep(gap_s)
        scanner.scan(who.slip.token)
        await bench.world.sleep(0.05)
    told = bench.daemon.station.announcement()
    answer = None if told is None else told.reply
    bench.expect(answer is not None and answer.ok and answer.cell == who.cell, "the same answer")
    bench.expect(len(bench.facts("pickup.accepted")) == 1, "one request")
    bench.expect(len(bench.pulses()) == before + 1, "one pulse")
    if silent:
        bench.expect(door(bench, who.cell) is Door.SILENT, "nobody has asked again")
        bench.cabinet.stuck.clear()
        await bench.until(lambda: door(bench, who.cell) is Door.SHUT, 62.0, "it is given up")
        await who.collect()
        return
    await _out(bench, who)


async def interleaved(bench: Bench) -> None:
    """F045: the letters of a slip and of a waybill come mixed."""
    who = await visitor_of_new(bench)
    facts = _facts(bench)
    async with scanner_at(bench) as scanner:
        for number in range(bench.dice.number(1, 4)):
            mixed = _mixed(bench.dice, who.slip.token, f"YT7700123456{number:03d}")
            scanner.scan(mixed)
            await bench.world.sleep(bench.dice.between(0.01, 3.0))
            told = bench.daemon.station.announcement()
            read = None if told is None else told.reply.key
            bench.expect(read == "unreadable", f"{mixed} is no code: {read}")
        bench.expect(_facts(bench) == facts, "nothing has changed")
        await _whole_scan_opens(bench, scanner, who)


async def half_a_code(bench: Bench) -> None:
    """F046: the scanner breaks off; a moment later the next scan is whole."""
    who = await visitor_of_new(bench)
    facts = _facts(bench)
    async with scanner_at(bench) as scanner:
        token = who.slip.token
        for _half in range(bench.dice.number(1, 3)):
            scanner.send(token[: bench.dice.number(1, len(token) - 1)].encode())
            await bench.world.sleep(HALF_S + bench.dice.between(0.01, 3.0))
        bench.expect(_facts(bench) == facts, "no try is charged and nothing has changed")
        await _whole_scan_opens(bench, scanner, who)
        bench.expect(scanner.bad_frames > 0, "what broke off is counted")
    bench.expect(not bench.facts("pickup.refused"), "nobody was refused")


async def no_suffix(bench: Bench) -> None:
    """F047: a scanner that was set to end its codes with nothing."""
    who = await visitor_of_new(bench)
    facts = _facts(bench)
    async with scanner_at(bench) as scanner:
        for _twice in range(2):
            scanner.send(who.slip.token.encode())
            await bench.world.sleep(HALF_S + bench.dice.between(0.2, 5.0))
        bench.expect(scanner.health().note == "scanner.no_suffix", "it is said what to set")
        bench.expect(_facts(bench) == facts, "nothing has changed")
        await _whole_scan_opens(bench, scanner, who)  # it was set right
        bench.expect(scanner.health().note == "", "nothing is to be set any more")


async def unplugged(bench: Bench) -> None:
    """F048: the keypad path remains."""
    who, other = await visitor_of_new(bench), await visitor_of_new(bench)
    async with scanner_at(bench) as scanner:
        bench.expect(kiosk(bench, (scanner.health(),)).scanner_ok, "a slip may be scanned")
        scanner.present = False
        scanner.scan(who.slip.token)
        await bench.world.sleep(1.0)
        bench.expect(not kiosk(bench, (scanner.health(),)).scanner_ok, "the kiosk asks to type")
        bench.expect((await who.show(by_code=True)).ok, "typed digits open the door")
        await _out(bench, who)
        scanner.present = True
        await _whole_scan_opens(bench, scanner, other)


async def commands_in_a_code(bench: Bench) -> None:
    """F056: a barcode that carries what a printer or a till would obey."""
    who = await visitor_of_new(bench)
    facts, jobs = _facts(bench), bench.daemon.store.print_queue_length()
    async with scanner_at(bench) as scanner:
        for _code in range(bench.dice.number(1, 4)):
            code = who.slip.token.encode()
            cut = bench.dice.number(0, len(code))
            scanner.send(code[:cut] + bench.dice.one_of(COMMANDS) + code[cut:] + SUFFIX)
            await bench.world.sleep(bench.dice.between(0.4, 2.0))
        bench.expect(_facts(bench) == facts, "nothing has changed")
        bench.expect(bench.daemon.store.print_queue_length() == jobs, "nothing is to be printed")
        await _whole_scan_opens(bench, scanner, who)


async def _whole_scan_opens(bench: Bench, scanner: LineScanner, who: Visitor) -> None:
    scanner.scan(who.slip.token)
    await _out(bench, who)


async def _out(bench: Bench, who: Visitor) -> None:
    """The door opens, and the parcel leaves."""
    await who.see_open()
    await bench.world.sleep(bench.dice.between(0.5, 8.0))
    who.take()
    await who.push_shut()
    who.has_it()


def _facts(bench: Bench) -> int:
    """How many facts of people and doors are on the card; those of the link come by themselves."""
    reader = bench.daemon.reader
    rows = [] if reader is None else reader.rows
    return sum(row.kind.startswith(("pickup.", "parcel.", "door.", "cell.")) for row in rows)


def _mixed(dice: Dice, one: str, other: str) -> str:
    """Both, each in its own order, none of them whole."""
    left, right, mixed = list(one), list(other), ""
    mixed += left.pop(0) + right.pop(0)
    while left or right:
        mixed += (left if left and (not right or dice.chance(0.5)) else right).pop(0)
    return mixed
