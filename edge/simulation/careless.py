"""People as they are: in a hurry, greedy, forgetful, curious. Each does one thing, and goes.

They may find the machine dead at any moment; whatever they leave half done, `Village.tidy` and the
next visitor have to cope with. What they do behind the machine's back goes to `Village.astray`.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from edge.domain.inputs import ReleaseAsked
from edge.kernel.ids import PhoneTail
from edge.simulation.ground.chance import Dice
from edge.simulation.handling import (
    TAILS,
    ask_again,
    bring_in,
    bring_in_and_out,
    fetch,
    hand_over,
    lay_in,
    new_waybill,
    open_by_hand,
    opens,
    say_inside,
    say_stuck,
    scan,
    shut,
    take,
    take_back,
)
from edge.simulation.people import LI, Slip, Village

Act = Callable[[Village, Dice], Coroutine[Any, Any, None]]


# -- villagers


async def shows_the_slip_twice(village: Village, dice: Dice) -> None:
    """Gets the parcel, and tries whether the slip is good for another."""
    slip = await bring_in(village, dice)
    if slip is not None and await fetch(village, slip, dice):
        async with village.counter:
            await take(village, slip, await village.show(slip, by_code=dice.chance(0.5)))
        await hand_over(village, slip.waybill_no)


async def leaves_the_door_open(village: Village, dice: Dice) -> None:
    """Takes the parcel, reads the letter in it, and shuts the door minutes later."""
    slip = await bring_in(village, dice)
    if slip is not None:
        await fetch(village, slip, dice, dawdle_s=dice.between(61.0, 240.0))
        await hand_over(village, slip.waybill_no)


async def shuts_the_door_empty_handed(village: Village, dice: Dice) -> None:
    """Looks at the door, shuts it, remembers what for it was, and asks once more."""
    slip = await bring_in(village, dice)
    if slip is None:
        return
    async with village.counter:
        reply = await village.show(slip, by_code=dice.chance(0.5))
        if await opens(village, reply):
            village.astray.add(slip.waybill_no)  # the machine believes that it is out
            await shut(village, slip.cell)
            again = await ask_again(village, reply)
            await take(village, slip, again)
            await village.tidy()
    await hand_over(village, slip.waybill_no)


async def puts_it_back(village: Village, dice: Dice) -> None:
    """Has no hand free after all: puts the parcel back, and comes for it later."""
    slip = await bring_in(village, dice)
    if slip is None:
        return
    async with village.counter:
        reply = await village.show(slip, by_code=dice.chance(0.5))
        if await take(village, slip, reply):
            if await opens(village, await ask_again(village, reply)):
                village.node.cabinet.inside[slip.cell] = slip.waybill_no
                await shut(village, slip.cell)
            else:
                village.shelf.add(slip.waybill_no)
                village.astray.add(slip.waybill_no)
            await village.tidy()
    await hand_over(village, slip.waybill_no)


async def takes_a_neighbours_slip(village: Village, dice: Dice) -> None:
    """Finds a slip and uses it; its owner comes to an empty cell, and is told so."""
    slip = await bring_in(village, dice)
    if slip is not None and await fetch(village, slip, dice):
        await asyncio.sleep(dice.between(1.0, 60.0))
        async with village.counter:  # the owner
            await take(village, slip, await village.show(slip, by_code=True))
        await hand_over(village, slip.waybill_no)


async def types_anothers_code(village: Village, dice: Dice) -> None:
    """Types the code of another parcel with his own tail, and then reads the slip anew."""
    mine, other = await bring_in(village, dice, TAILS[0]), await bring_in(village, dice, TAILS[1])
    if mine is not None and other is not None:
        mixed = Slip(
            waybill_no=mine.waybill_no,
            phone_tail=mine.phone_tail,
            digits=other.digits,
            token=other.token,
            cell=mine.cell,
        )
        async with village.counter:
            await take(village, mine, await village.show(mixed, by_code=True))
    for slip in (mine, other):
        if slip is not None:
            await fetch(village, slip, dice)
            await hand_over(village, slip.waybill_no)


async def presses_everything_twice(village: Village, dice: Dice) -> None:
    """Types the code twice at once, and says twice that the door is stuck."""
    slip = await bring_in(village, dice)
    if slip is None:
        return
    by_code = dice.chance(0.5)
    async with village.counter:
        twice = await asyncio.gather(*(village.show(slip, by_code=by_code) for _hand in range(2)))
        reply = next((one for one in twice if one is not None and one.ok), None)
        await asyncio.gather(*(say_stuck(village, reply) for _hand in range(2)))
        await take(village, slip, reply)
    await hand_over(village, slip.waybill_no)


async def come_two_at_once(village: Village, dice: Dice) -> None:
    """Two at the kiosk: one types while the other holds a slip before the scanner."""
    slips = [await bring_in(village, dice, tail) for tail in TAILS[:2]]

    async def get(slip: Slip, *, by_code: bool) -> None:
        await take(village, slip, await village.show(slip, by_code=by_code))

    async with village.counter:
        both = [slip for slip in slips if slip is not None]
        await asyncio.gather(*(get(slip, by_code=slip is both[0]) for slip in both))
    for slip in both:
        await hand_over(village, slip.waybill_no)


# -- keepers


async def scans_twice(village: Village, dice: Dice) -> None:
    """Holds the same parcel before the scanner until something happens, and once more after."""
    waybill_no = new_waybill(dice)
    async with village.counter:
        await village.stand_ready()
        answers = [await scan(village, waybill_no) for _time in range(dice.number(2, 4))]
        await lay_in(village, waybill_no, answers[0], dice.between(1.0, 6.0))
        await scan(village, waybill_no)
    await bring_in_and_out(village, waybill_no, dice)


async def forgets_to_shut(village: Village, dice: Dice) -> None:
    """Puts a parcel in and goes to sell salt."""
    waybill_no = new_waybill(dice)
    async with village.counter:
        await village.stand_ready()
        reply = await scan(village, waybill_no)
        await lay_in(village, waybill_no, reply, dice.between(61.0, 200.0))
    await bring_in_and_out(village, waybill_no, dice)


async def puts_it_next_door(village: Village, dice: Dice) -> None:
    """Has two doors open, takes the wrong one, and finds out later."""
    waybill_no, cabinet = new_waybill(dice), village.node.cabinet
    async with village.counter:
        await village.stand_ready()
        empty = [cell for cell in cabinet.cells if cell not in {*cabinet.inside, *cabinet.open}]
        if len(empty) < 2:  # noqa: PLR2004 - one to look into, one for the parcel
            return
        wrong = empty[-1]
        looking = await open_by_hand(village, wrong)
        right = await scan(village, waybill_no) if await opens(village, looking) else None
        if await opens(village, right) and right is not None and right.cell is not None:
            village.astray.add(waybill_no)
            cabinet.inside[wrong] = waybill_no
            await shut(village, right.cell)
        await shut(village, wrong)
        if waybill_no in village.astray and await opens(
            village, await open_by_hand(village, wrong)
        ):
            village.to_the_counter(wrong)
            await shut(village, wrong)
        await village.tidy()
    await hand_over(village, waybill_no)


async def releases_by_hand(village: Village, dice: Dice) -> None:
    """Knows the owner, and needs no slip."""
    slip = await bring_in(village, dice)
    if slip is None:
        return
    async with village.counter:
        await village.stand_ready()
        no = slip.waybill_no
        reply = await village.tell(
            lambda at, fresh: ReleaseAsked(at=at, keeper=LI, waybill_no=no, fresh=fresh)
        )
        await take(village, slip, reply)
    await hand_over(village, slip.waybill_no)


async def takes_a_check_in_back(village: Village, dice: Dice) -> None:
    """Scanned what belongs to the next village: out again, some before the door is shut.

    Asks once more when all is done, to be sure.
    """
    waybill_no = new_waybill(dice)
    async with village.counter:
        await village.stand_ready()
        reply = await scan(village, waybill_no)
        if dice.chance(0.5):
            await lay_in(village, waybill_no, reply, 2.0)
        await take_back(village, waybill_no)
        await village.tidy()
        await take_back(village, waybill_no)
    await bring_in_and_out(village, waybill_no, dice)


async def inspects_with_a_wrong_word(village: Village, dice: Dice) -> None:
    """Says that a cell is empty, and sees the parcel in it when he looks again."""
    slip = await bring_in(village, dice)
    if slip is None:
        return
    no, cell = slip.waybill_no, slip.cell
    async with village.counter:
        await village.stand_ready()
        if await opens(village, await open_by_hand(village, cell)):
            await shut(village, cell)
            village.astray.add(no)
            await say_inside(village, cell, None)
            if await opens(village, await open_by_hand(village, cell)):
                await shut(village, cell)
                await say_inside(village, cell, village.node.cabinet.inside.get(cell))
    await fetch(village, slip, dice)
    await hand_over(village, slip.waybill_no)


# -- others


async def guesses_codes(village: Village, dice: Dice) -> None:
    """Types digits at tails that he has seen, or at tails that nobody has."""
    seen = dice.chance(0.6)
    for _guess in range(dice.number(10, 90) if seen else dice.number(61, 120)):
        nobodys = PhoneTail(f"{dice.number(0, 9_999):04d}")
        await village.guess(dice.one_of(TAILS) if seen else nobodys)
        await asyncio.sleep(dice.between(0.5, 5.0))


async def forces_a_door(village: Village, dice: Dice) -> None:
    """A crowbar; whatever lies behind the door is gone, and the door hangs open."""
    node, cabinet = village.node, village.node.cabinet
    cell, process = dice.one_of(cabinet.cells), node.alive
    if cell in cabinet.open:
        return
    at_s = asyncio.get_running_loop().time()
    cabinet.force(cell)
    taken = cabinet.inside.pop(cell, None)
    if taken is not None:
        village.astray.add(taken)  # until the machine has seen the door
    await asyncio.sleep(1.0)
    # Somebody may have pushed it shut at once: between two looks at a door anything can happen.
    seen = process is not None and node.alive is process and cabinet.was_seen_forced(cell, at_s)
    if taken is not None and seen:
        village.astray.discard(taken)
    await asyncio.sleep(dice.between(1.0, 90.0))
    async with village.counter:
        await village.tidy()


CARELESS: Final[tuple[tuple[str, int, Act], ...]] = tuple(
    (act.__name__, weight, act)
    for weight, act in (
        (4, shows_the_slip_twice),
        (4, leaves_the_door_open),
        (4, shuts_the_door_empty_handed),
        (3, puts_it_back),
        (3, takes_a_neighbours_slip),
        (3, types_anothers_code),
        (4, presses_everything_twice),
        (4, come_two_at_once),
        (4, scans_twice),
        (3, forgets_to_shut),
        (3, puts_it_next_door),
        (3, releases_by_hand),
        (3, takes_a_check_in_back),
        (3, inspects_with_a_wrong_word),
        (4, guesses_codes),
        (2, forces_a_door),
    )
)
"""Name, weight, and what somebody does."""
