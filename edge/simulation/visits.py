"""People who come with a purpose: a parcel is brought, somebody collects it, somebody guesses."""

import asyncio
from typing import Final

from edge.kernel.ids import PhoneTail, WaybillNo
from edge.simulation.ground.chance import Dice
from edge.simulation.mishaps import Scene
from edge.simulation.people import Village

TAILS: Final = tuple(PhoneTail(f"{n:04d}") for n in (3865, 971, 2222))


async def parcel_comes_and_goes(scene: Scene, village: Village, dice: Dice) -> None:
    """A parcel is checked in, and later somebody collects it."""
    waybill_no = WaybillNo(f"YT77{dice.number(0, 99_999_999_999):011d}")
    tail, by_code = dice.one_of(TAILS), dice.chance(0.5)
    after_s, dawdle_s = dice.between(1.0, scene.dwell_s), dice.one_of((3.0, 3.0, 3.0, 75.0))
    if not await village.check_in(waybill_no, tail):
        return
    await asyncio.sleep(after_s)
    had = await village.collect(waybill_no, by_code=by_code, dawdle_s=dawdle_s)
    if not had and village.node.in_order and village.owed(waybill_no):
        scene.world.recorder.trouble(f"L1: the code of {waybill_no} did not open its door")


async def somebody_guesses(_scene: Scene, village: Village, dice: Dice) -> None:
    """Somebody types a code that is nobody's."""
    await village.guess(dice.one_of(TAILS))
