"""Careless and greedy people, each alone in a small world: the judges stay silent."""

import asyncio
from collections.abc import Iterator
from typing import Final

import pytest

from edge.kernel.ids import WaybillNo
from edge.simulation.careless import CARELESS, Act
from edge.simulation.ground.chance import Dice
from edge.simulation.handling import TAILS
from edge.simulation.mischief import Mischief
from edge.simulation.people import Village
from edge.simulation.story import CALM_S, drawn, run
from edge.simulation.world import World, open_world

SEEDS: Final = (1, 2)
FAULTS_S: Final = 600.0
FORTY: Final = range(100, 140)
ACTS: Final = {name: act for name, _weight, act in CARELESS}
LEAVES: Final = {
    "shows_the_slip_twice": {"parcel.picked_up"},
    "leaves_the_door_open": {"door.left_open", "parcel.picked_up"},
    "shuts_the_door_empty_handed": {"parcel.put_back", "parcel.picked_up"},
    "puts_it_back": {"parcel.put_back", "parcel.picked_up"},
    "takes_a_neighbours_slip": {"parcel.picked_up"},
    "types_anothers_code": {"pickup.refused", "parcel.picked_up"},
    "presses_everything_twice": {"parcel.picked_up"},
    "come_two_at_once": {"parcel.picked_up"},
    "scans_twice": {"parcel.stored", "parcel.picked_up"},
    "forgets_to_shut": {"door.left_open", "parcel.picked_up"},
    "puts_it_next_door": {"cell.questioned", "parcel.stored"},
    "releases_by_hand": {"pickup.code_revoked", "parcel.picked_up"},
    "takes_a_check_in_back": {"parcel.check_in_undone", "parcel.picked_up"},
    "inspects_with_a_wrong_word": {"parcel.missing", "parcel.picked_up"},
    "guesses_codes": {"pickup.refused"},
    "forces_a_door": {"door.forced", "cell.questioned"},
}
"""What each of them leaves in the journal."""


@pytest.fixture(params=SEEDS)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with open_world(request.param) as made:
        village = made.add_station("qingshan-01")
        made.county.start()
        village.node.start()
        made.loop.run(village.node.came_up.wait())
        made.loop.run_for(2.0)
        yield made


async def _tidy(village: Village) -> None:
    async with village.counter:
        await village.tidy()


def _kinds(village: Village) -> set[str]:
    process = village.node.alive
    assert process is not None
    assert process.reader is not None
    return {row.kind for row in process.reader.rows}


def test_every_act_is_known_here_and_may_be_drawn() -> None:
    assert set(LEAVES) == set(ACTS)
    assert all(weight > 0 for _name, weight, _act in CARELESS)


@pytest.mark.parametrize("name", ACTS)
def test_nobody_is_to_blame_for_what_the_careless_do(world: World, name: str) -> None:
    village = world.villages[0]
    world.loop.run(ACTS[name](village, Dice(f"{name} {world.seed}")))
    world.look()
    world.loop.run(_tidy(village))
    world.loop.run_for(60.0)
    world.judge()
    assert world.recorder.troubles == []
    assert _kinds(village) >= LEAVES[name]
    assert village.node.cabinet.inside == {}, "whoever came, has gone with his parcel"


def test_a_thief_with_a_parcel_is_found_out(world: World) -> None:
    village = world.villages[0]
    waybill_no = WaybillNo("YT7700000000001")
    assert world.loop.run(village.check_in(waybill_no, TAILS[0]))
    cabinet = village.node.cabinet
    (cell,) = cabinet.inside
    cabinet.force(cell)
    del cabinet.inside[cell]
    world.loop.run_for(3.0)
    world.look()
    world.loop.run(_tidy(village))
    world.loop.run_for(60.0)
    world.judge()
    assert world.recorder.troubles == []
    assert "parcel.missing" in _kinds(village)


async def _visits(world: World, village: Village) -> None:
    """One after another and some at once, until faults stop."""
    dice = world.dice.fork("careless")
    end_s, visits = world.loop.time() + FAULTS_S, []
    acts: list[tuple[Act, int]] = [(act, weight) for _name, weight, act in CARELESS]

    async def one(act: Act) -> None:
        await village.node.came_up.wait()
        await act(village, dice)

    while world.loop.time() < end_s:
        await asyncio.sleep(dice.between(5.0, 60.0))
        visits.append(asyncio.create_task(one(dice.weighted(acts))))
    await asyncio.gather(*visits)


async def _story(world: World, village: Village, mischief: Mischief) -> None:
    await village.node.came_up.wait()
    people = asyncio.create_task(_visits(world, village))
    await mischief.until(world.loop.time() + FAULTS_S)
    await mischief.put_right()
    await people
    await _tidy(village)
    await asyncio.sleep(CALM_S)  # virtual time, in which everything has to arrive
    if await mischief.grant_where_needed():
        await asyncio.sleep(CALM_S)  # the same


@pytest.mark.parametrize("seed", range(8))
def test_careless_people_and_every_mishap_at_once_break_no_law(seed: int) -> None:
    allowed = drawn(Dice(f"what goes wrong {seed}"))
    with open_world(seed, hasty=allowed.pruning) as world:
        world.gaps_allowed = allowed.gaps
        village = world.add_station("qingshan-01")
        world.county.start()
        village.node.start()
        world.loop.run(_story(world, village, Mischief(world, village, allowed)))
        world.judge()
        report = world.report()
        assert report.troubles == (), report.told()


@pytest.mark.slow
def test_no_judge_speaks_in_forty_worlds() -> None:
    reports = [run(seed) for seed in FORTY]
    assert [report.told() for report in reports if report.troubles] == []
