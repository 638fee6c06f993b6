"""Ends in the middle of a write, as they are played: F003 to F005, F015 and F016.

When the power goes, each sector that no sync has followed is on the card or not. Where a process
alone is killed the kernel lives on: what it was given stays, in order, and only the rest is
missing.
"""

import itertools
from collections.abc import Callable
from functools import partial
from typing import Final

from edge.domain.door import Door
from edge.domain.state import door_of
from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.storage_scenes import collect, collect_open_or_shut, hashes
from edge.simulation.ground.chance import Dice
from edge.simulation.parts.card import connection_of
from edge.simulation.parts.disk import FULL, SECTOR, Disk, Image, Write, accesses, image_of
from edge.simulation.parts.doubt import unseen
from edge.simulation.parts.station_node import AGAIN_S

_GONE_S: Final = 10.0
_UP_S: Final = 60.0
_SLIPS: Final = 2
_REST_S: Final = 330.0
"""After so long doors that were let rest open again."""
_COMMITS_OF_A_PICKUP: Final = 3
_OPENING_S: Final = 0.6
"""Within which a code that was shown is stored, its lock fired and its door seen to open."""

Left = Callable[[Image, Image, Dice], Image]
"""What an end in a commit leaves of it: from the files before it, as they would be after it."""


def _cut_short(before: Image, after: Image, dice: Dice) -> Image:
    return Disk(before, FULL).cut([after], dice)


def _one_sector_missing(before: Image, after: Image, dice: Dice) -> Image:
    """One of the last sectors that are new has what it had before, or nothing."""
    old = before.log.ljust(len(after.log), b"\0")
    new = [
        place
        for place in range(0, len(after.log), SECTOR)
        if after.log[place : place + SECTOR] != old[place : place + SECTOR]
    ]
    place = dice.one_of(new[-4:])
    end = min(place + SECTOR, len(after.log))
    return Image(database=before.database, log=after.log[:place] + old[place:end] + after.log[end:])


def _first_writes(before: Image, after: Image, dice: Dice) -> Image:
    """Some writes are made whole, one after another, and the rest not at all."""
    writes = [one for one in accesses(before, after, FULL) if isinstance(one, Write)]
    log = bytearray(before.log)
    for write in writes[: dice.number(0, len(writes))]:
        log[write.place : write.place + len(write.data)] = write.data
    return Image(database=before.database, log=bytes(log))


def _ends_in_commit(bench: Bench, number: int, left: Left) -> None:
    """The daemon that runs now ends in one of its next commits, and `left` tells what stays."""
    process, node, count = bench.daemon, bench.node, itertools.count(1)
    as_ever = process.cut_within

    def cut_within(call: Callable[[], object]) -> bool:
        commits = isinstance(call, partial) and call.func == process.store.commit
        if process.dead or not commits or next(count) != number or process.reader is None:
            return as_ever(call)
        before = image_of(node.folder)
        call()
        node.doubtful = unseen(process.reader, connection_of(process.store))
        node.kill(left(before, image_of(node.folder), node.card.dice))
        return True

    vars(process)["cut_within"] = cut_within


async def _cut_in_commit(bench: Bench, left: Left) -> None:
    """Somebody shows a code, and the power goes while that is stored, or that the door opened."""
    waybill_no = await bench.parcel()
    slip, number = bench.village.slips.out[waybill_no], bench.dice.number(1, 2)
    known = hashes(bench)
    _ends_in_commit(bench, number, left)
    reply = await bench.village.show(slip, by_code=bench.dice.chance(0.5))
    await bench.until(lambda: bench.node.alive is None, _GONE_S, "the power goes in a commit")
    bench.expect(reply is None or number > 1, "nobody is answered who is not on the card")
    doubtful, fired = {row.hash for row in bench.node.doubtful}, len(bench.pulses())
    bench.expect(bool(doubtful), "facts were on their way to the card")
    await bench.back_on()
    there = hashes(bench)
    bench.expect(known <= there, "what was on the card is on it")
    if doubtful & there:
        bench.expect(doubtful <= there, "the decision is there, and whole")
        bench.expect(left is not _one_sector_missing, "a torn commit is not believed")
    else:
        bench.expect(not doubtful & there, "nothing of the decision is there")

    def seen() -> bool:
        return door_of(bench.daemon.station.state, slip.cell).door is not Door.UNKNOWN

    await bench.until(seen, _UP_S, "the door is seen")
    bench.expect(len(bench.pulses()) == fired, "a start fires no lock")
    await collect_open_or_shut(bench, waybill_no, slip.cell)


async def in_a_commit(bench: Bench) -> None:
    """F003: of what no sync had followed, each sector is on the card or not."""
    await _cut_in_commit(bench, _cut_short)


async def torn_at_the_end(bench: Bench) -> None:
    """F005: the commit is all there but for one of its last sectors."""
    await _cut_in_commit(bench, _one_sector_missing)


async def in_a_checkpoint(bench: Bench) -> None:
    """F004: a slip is on paper, and its code is wiped from file and log when the power goes."""
    sealed = list[bytes]()
    for _slip in range(_SLIPS):
        sealed.append(await _cut_in_wiping(bench))
        await bench.world.sleep(_REST_S)
    await bench.parcel()
    now = image_of(bench.node.folder)
    left = [code for code in sealed if code in now.database or code in now.log]
    bench.expect(not left, "with the next slip no code on paper is left in file or log")
    for waybill_no in list(bench.village.slips.out):
        await collect(bench, waybill_no)


async def _cut_in_wiping(bench: Bench) -> bytes:
    """A parcel comes, and its slip's own wiping is cut. Returns its code, as it was kept."""
    process, sealed = bench.daemon, list[bytes]()
    as_ever = process.cut_within

    def cut_within(call: Callable[[], object]) -> bool:
        if not isinstance(call, partial) or sealed or process.dead:
            return as_ever(call)
        if call.func.__name__ == "print_done":
            (row,) = process.store.read(
                "SELECT sealed FROM print_queue WHERE job = :job", {"job": call.args[0]}
            )
            sealed.append(row[0])
            process.fuse = 1
        return as_ever(call)

    vars(process)["cut_within"] = cut_within
    coming = bench.loop.create_task(bench.parcel())
    await bench.until(lambda: process.dead, _UP_S, "the power goes in the checkpoint")
    bench.expect(bool(sealed), "a code was to be wiped")
    await bench.back_on()
    await coming
    return sealed[0] if sealed else b""


async def _started_again(bench: Bench) -> None:
    """As systemd does it, a few seconds after a process was killed."""
    await bench.until(lambda: bench.node.alive is None, _GONE_S, "the process is killed")
    await bench.world.sleep(AGAIN_S)
    bench.node.start()
    await bench.node.came_up.wait()


async def out_of_memory(bench: Bench) -> None:
    """F015: the kernel picks the daemon at some moment of a pickup; what is written is written."""
    waybill_no = await bench.parcel()
    slip, node = bench.village.slips.out[waybill_no], bench.node
    showing = bench.loop.create_task(bench.village.show(slip, by_code=bench.dice.chance(0.5)))
    await bench.world.sleep(bench.dice.between(0.0, _OPENING_S))
    answered, fired = hashes(bench), len(bench.pulses())
    node.kill(image_of(node.folder))
    await _started_again(bench)
    await showing
    bench.expect(answered <= hashes(bench), "what was answered is there")

    def seen() -> bool:
        return door_of(bench.daemon.station.state, slip.cell).door is not Door.UNKNOWN

    await bench.until(seen, _UP_S, "the door is seen")
    bench.expect(len(bench.pulses()) == fired, "the start fires no lock")
    await collect_open_or_shut(bench, waybill_no, slip.cell)


async def killed_anywhere(bench: Bench) -> None:
    """F016: before or after a pulse, or in a commit after any of its writes."""
    waybill_no = await bench.parcel()
    if bench.dice.chance(0.5):
        bench.node.burn_at_pulse(bench.dice.number(1, 2))
    else:
        number = bench.dice.number(1, _COMMITS_OF_A_PICKUP)
        _ends_in_commit(bench, number, _first_writes)
    again = bench.loop.create_task(_started_again(bench))
    await collect(bench, waybill_no)
    await again
    bench.expect(bench.node.kills == 1, "it was killed once")
