"""Codes and the people who show them: alike, twice, too late, or two at the same moment."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Final

from edge.domain.effects import Reply
from edge.domain.facts import RefusalReason
from edge.domain.inputs import ReleaseAsked, ReprintAsked, WaybillScanned
from edge.kernel.ids import CellId, WaybillNo
from edge.simulation.catalogue.bench import Bench
from edge.simulation.people import LI, Slip

_AN_HOUR_S: Final = 3_600.0


def _slip(bench: Bench, waybill_no: WaybillNo) -> Slip:
    return bench.village.slips.out[waybill_no]


async def _take(bench: Bench, waybill_no: WaybillNo, cell: CellId) -> None:
    """Somebody stands before the cell and gets what is inside."""
    await bench.until(lambda: cell in bench.cabinet.open, 6.0, f"cell {cell} opens")
    await bench.world.sleep(bench.dice.between(1.0, 5.0))
    bench.village.take_out(waybill_no, cell)
    bench.cabinet.shut(cell)
    await bench.world.sleep(1.0)


async def _in_any_order(
    bench: Bench, things: Sequence[Awaitable[Reply | None]]
) -> list[Reply | None]:
    """All at one moment; which is heard first is chance. Answers in the order of `things`."""
    order = [*range(len(things))]
    if bench.dice.chance(0.5):
        order.reverse()
    answers = await asyncio.gather(*(things[index] for index in order))
    return [answers[order.index(index)] for index in range(len(things))]


async def two_villagers_with_one_phone_tail(bench: Bench) -> None:
    """F095."""
    mine, yours = [await bench.parcel("3865") for _person in range(2)]
    first, second = bench.dice.one_of(((mine, yours), (yours, mine)))
    for waybill_no in (first, second):
        before, slip = len(bench.pulses()), _slip(bench, waybill_no)
        async with bench.village.counter:
            reply = await bench.village.show(slip, by_code=True)
            bench.expect(reply is not None and reply.cell == slip.cell, "each code is one parcel's")
            await _take(bench, waybill_no, slip.cell)
        fired = [pulse.cell for pulse in bench.pulses()[before:]]
        bench.expect(fired == [slip.cell], f"only its own door opens: {fired}")


async def one_villager_with_several_parcels(bench: Bench) -> None:
    """F096."""
    wanted = [await bench.parcel("0971") for _parcel in range(3)]
    before = len(bench.facts("pickup.accepted"))
    for waybill_no in wanted:
        slip = _slip(bench, waybill_no)
        async with bench.village.counter:
            reply = await bench.village.show(slip, by_code=bench.dice.chance(0.5))
            bench.expect(reply is not None and reply.ok, f"{waybill_no} is let out")
            await _take(bench, waybill_no, slip.cell)
    accepted = bench.facts("pickup.accepted")[before:]
    intents = {body["auth"]: body["cell"] for body in bench.facts("door.asked")}
    bench.expect(len({body["auth"] for body in accepted}) == len(wanted), "each on its own")
    bench.expect(
        all(intents.get(body["auth"]) == body["cell"] for body in accepted),
        "each opening has an intent of its own on the card",
    )
    bench.expect(len(bench.facts("parcel.picked_up")) == len(wanted), "all are collected")


async def a_copied_code_after_the_pickup(bench: Bench) -> None:
    """F098."""
    waybill_no = await bench.parcel()
    slip = _slip(bench, waybill_no)
    bench.expect(await bench.village.collect(waybill_no, by_code=False), "it is collected")
    before = len(bench.pulses())
    for by_code in (True, False):
        await bench.world.sleep(bench.dice.between(1.0, _AN_HOUR_S))
        reply = await bench.village.show(slip, by_code=by_code)
        spent = reply is not None and reply.key == RefusalReason.ALREADY_COLLECTED
        bench.expect(spent, "whoever shows it again is told that it was collected, and when")
    await bench.world.sleep(5.0)
    bench.expect(len(bench.pulses()) == before, "nothing is pulsed")


async def a_new_slip_while_the_old_one_is_shown(bench: Bench) -> None:
    """F099."""
    waybill_no, village = await bench.parcel(), bench.village
    old = _slip(bench, waybill_no)
    async with village.counter:
        await village.stand_ready()
        shown, printed = await _in_any_order(
            bench,
            (
                village.show(old, by_code=bench.dice.chance(0.5)),
                village.tell(
                    lambda at, fresh: ReprintAsked(
                        at=at, keeper=LI, waybill_no=waybill_no, fresh=fresh
                    )
                ),
            ),
        )
        opened = shown is not None and shown.ok
        anew = printed is not None and printed.ok
        bench.expect(opened != anew, f"one of the two wins: opened {opened}, printed {anew}")
        if opened:
            await _take(bench, waybill_no, old.cell)
            return
        bench.expect(not bench.pulses()[1:], "the old slip opens nothing")
        again = await village.show(old, by_code=False)
        revoked = again is not None and again.key == RefusalReason.REVOKED
        bench.expect(revoked, "the old slip is told to be replaced")
    await bench.world.sleep(2.0)
    village.slips.pull()
    bench.expect(await village.collect(waybill_no, by_code=False), "the new slip opens the door")


async def scanned_in_again_during_its_pickup(bench: Bench) -> None:
    """F100."""
    waybill_no, village = await bench.parcel(), bench.village
    slip, before = _slip(bench, waybill_no), len(bench.pulses())
    async with village.counter:
        await village.stand_ready()
        shown, _scanned = await _in_any_order(
            bench,
            (
                village.show(slip, by_code=False),
                village.tell(
                    lambda at, fresh: WaybillScanned(at=at, waybill_no=waybill_no, fresh=fresh)
                ),
            ),
        )
        bench.expect(shown is not None and shown.cell == slip.cell, "the pickup keeps its door")
        await _take(bench, waybill_no, slip.cell)
    fired = [pulse.cell for pulse in bench.pulses()[before:]]
    bench.expect(fired == [slip.cell], f"no other door was given to it: {fired}")


async def pickup_and_handing_out_at_once(bench: Bench) -> None:
    """F101."""
    waybill_no, village = await bench.parcel(), bench.village
    slip, before = _slip(bench, waybill_no), len(bench.pulses())
    async with village.counter:
        await village.stand_ready()
        answers = await _in_any_order(
            bench,
            (
                village.show(slip, by_code=bench.dice.chance(0.5)),
                village.tell(
                    lambda at, fresh: ReleaseAsked(
                        at=at, keeper=LI, waybill_no=waybill_no, fresh=fresh
                    )
                ),
            ),
        )
        won = [reply for reply in answers if reply is not None and reply.ok]
        bench.expect(len(won) == 1, f"one of the two gets it: {len(won)}")
        await _take(bench, waybill_no, slip.cell)
        gone = await village.show(slip, by_code=False)
        bench.expect(gone is not None and not gone.ok, "the other one is told that it is gone")
    await bench.world.sleep(5.0)
    bench.expect(len(bench.pulses()) == before + 1, "there was one pulse")
    bench.expect(len(bench.facts("parcel.picked_up")) == 1, "it left once")
