"""What people do with parcels, doors and the keeper's page, one move at a time.

Who asks gives up soon: a machine that is dead now is met again by the next visitor.
"""

import asyncio
from typing import Final

from edge.domain.effects import Reply
from edge.domain.inputs import (
    CellInspected,
    CellOpenAsked,
    CheckInCancelled,
    DoorStuckReported,
    PutBackAsked,
    WaybillScanned,
)
from edge.kernel.ids import AuthId, CellId, PhoneTail, WaybillNo
from edge.simulation.ground.chance import Dice
from edge.simulation.people import LI, Slip, Village

TAILS: Final = tuple(PhoneTail(tail) for tail in ("3865", "0971", "4410"))
_FEW_TRIES: Final = 3
_AGAIN_S: Final = 5.0


def new_waybill(dice: Dice) -> WaybillNo:
    """A parcel that nobody has seen before."""
    return WaybillNo(f"YT78{dice.number(0, 99_999_999_999):011d}")


async def bring_in(village: Village, dice: Dice, tail: PhoneTail | None = None) -> Slip | None:
    """A parcel comes in the usual way, if it can within a few tries."""
    waybill_no = new_waybill(dice)
    tail = tail or dice.one_of(TAILS)
    await try_in(village, waybill_no, tail)
    return village.slips.out.get(waybill_no)


async def try_in(village: Village, waybill_no: WaybillNo, tail: PhoneTail) -> None:
    """Bring a parcel in, or give up soon."""
    if not await village.check_in(waybill_no, tail, tries=_FEW_TRIES):
        village.left_alone.add(waybill_no)


async def bring_in_and_out(village: Village, waybill_no: WaybillNo, dice: Dice) -> None:
    """What was begun carelessly is done properly, and the parcel's owner comes."""
    await try_in(village, waybill_no, dice.one_of(TAILS))
    slip = village.slips.out.get(waybill_no)
    if slip is not None:
        await fetch(village, slip, dice)
        await hand_over(village, slip.waybill_no)
    else:
        await hand_over(village, waybill_no)


async def fetch(village: Village, slip: Slip, dice: Dice, *, dawdle_s: float = 3.0) -> bool:
    """Come with the slip, and give up soon."""
    return await village.collect(
        slip.waybill_no, by_code=dice.chance(0.5), dawdle_s=dawdle_s, tries=_FEW_TRIES
    )


async def hand_over(village: Village, waybill_no: WaybillNo) -> None:
    """Whoever is owed a parcel still, asks at the counter for it: the keeper gets it out."""
    cabinet = village.node.cabinet
    for _try in range(_FEW_TRIES):
        if waybill_no not in cabinet.inside.values() and not village.in_care(waybill_no):
            if village.state() is None:  # nobody there to ask: its owner goes away
                village.left_alone.add(waybill_no)
            break
        await village.node.came_up.wait()
        async with village.counter:
            await village.tidy()
            await village.stand_ready()
            lies = next((c for c, no in cabinet.inside.items() if no == waybill_no), None)
            if village.in_care(waybill_no):
                await take_back(village, waybill_no)
            elif lies is not None and await opens(village, await open_by_hand(village, lies)):
                cabinet.inside.pop(lies, None)
                village.shelf.add(waybill_no)
                await shut(village, lies)
            await village.tidy()
        await asyncio.sleep(_AGAIN_S)
    else:
        village.left_alone.add(waybill_no)
    village.shelf.discard(waybill_no)


async def take_back(village: Village, waybill_no: WaybillNo) -> None:
    """The keeper takes a check-in back, with the parcel."""
    reply = await village.tell(
        lambda at, fresh: CheckInCancelled(at=at, keeper=LI, waybill_no=waybill_no, fresh=fresh)
    )
    if await opens(village, reply) and reply is not None and reply.cell is not None:
        village.take_out(waybill_no, reply.cell)
        await shut(village, reply.cell)


async def opens(village: Village, reply: Reply | None) -> bool:
    """Whether the door opens that an answer promises."""
    if reply is None or not reply.ok or reply.cell is None:
        return False
    return reply.cell in village.node.cabinet.open or await village.door_opens(
        reply.cell, reply.auth
    )


async def take(village: Village, slip: Slip, reply: Reply | None) -> bool:
    """Take the parcel behind the door that an answer promises, and shut it."""
    if not await opens(village, reply) or reply is None or reply.cell is None:
        return False
    await asyncio.sleep(2.0)
    had = village.take_out(slip.waybill_no, reply.cell)
    await shut(village, reply.cell)
    return had


async def shut(village: Village, cell: CellId) -> None:
    """Push a door shut."""
    await asyncio.sleep(1.0)
    village.node.cabinet.shut(cell)
    await asyncio.sleep(0.5)


async def ask_again(village: Village, reply: Reply | None) -> Reply | None:
    """The same door once more, please."""
    auth = reply.auth if reply is not None and reply.auth is not None else AuthId("")
    return await village.tell(lambda at, fresh: PutBackAsked(at=at, auth=auth, fresh=fresh))


async def say_stuck(village: Village, reply: Reply | None) -> None:
    """It does not open."""
    if reply is not None and reply.cell is not None and reply.auth is not None:
        cell, auth = reply.cell, reply.auth
        await village.tell(
            lambda at, fresh: DoorStuckReported(at=at, cell=cell, auth=auth, fresh=fresh)
        )


async def scan(village: Village, waybill_no: WaybillNo) -> Reply | None:
    """A waybill before the scanner."""
    return await village.tell(
        lambda at, fresh: WaybillScanned(at=at, waybill_no=waybill_no, fresh=fresh)
    )


async def lay_in(
    village: Village, waybill_no: WaybillNo, reply: Reply | None, dawdle_s: float
) -> None:
    """Lay a parcel behind the door that an answer promises, and shut it later."""
    if await opens(village, reply) and reply is not None and reply.cell is not None:
        village.put_in(waybill_no, reply.cell)
        await asyncio.sleep(dawdle_s)
        await shut(village, reply.cell)


async def open_by_hand(village: Village, cell: CellId) -> Reply | None:
    """The keeper wants to look inside."""
    return await village.tell(
        lambda at, fresh: CellOpenAsked(at=at, keeper=LI, cell=cell, reason="看看", fresh=fresh)
    )


async def say_inside(village: Village, cell: CellId, holds: WaybillNo | None) -> None:
    """The keeper says what is inside."""
    await village.tell(
        lambda at, fresh: CellInspected(at=at, keeper=LI, cell=cell, holds=holds, fresh=fresh)
    )
