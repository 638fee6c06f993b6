"""Three days without a broker: nobody notices at the doors, and nothing is missing afterwards."""

import asyncio
from typing import Final

import pytest
from sqlalchemy import select

from cloud_sync.county.tables import FACTS
from edge.kernel.ids import PhoneTail, WaybillNo
from edge.simulation.people import Village
from edge.simulation.world import World, open_world

PARCELS: Final = 960
HOURS: Final = 72
EVERY_S: Final = HOURS * 3_600 / PARCELS
CELLS: Final = 24


async def _keeper(world: World, village: Village) -> None:
    await village.node.came_up.wait()
    visits: list[asyncio.Task[bool]] = []
    begun_s = world.loop.time()
    for number in range(PARCELS):
        await asyncio.sleep(max(0.0, begun_s + number * EVERY_S - world.loop.time()))
        waybill_no, tail = WaybillNo(f"YT7700{number:09d}"), PhoneTail(f"{number % 700:04d}")
        assert await village.check_in(waybill_no, tail), waybill_no
        visits.append(asyncio.create_task(_visit(world, village, waybill_no, number)))
    await asyncio.gather(*visits)


async def _visit(world: World, village: Village, waybill_no: WaybillNo, number: int) -> bool:
    await asyncio.sleep(world.dice.between(60.0, 14 * EVERY_S))  # virtual time, until they come
    dawdle_s = 75.0 if number % 50 == 0 else 4.0
    return await village.collect(waybill_no, by_code=number % 2 == 0, dawdle_s=dawdle_s)


@pytest.mark.slow
def test_after_72_hours_without_a_broker_the_county_has_each_fact_once_and_in_order() -> None:
    with open_world(72) as world:
        village = world.add_station("qingshan-01", cells=CELLS)
        world.road.broker_away()
        world.county.resting = True
        village.node.start()
        world.loop.run(_keeper(world, village))
        assert (len(village.collected), set(village.collected.values())) == (PARCELS, {1})
        assert world.loop.time() > (HOURS - 1) * 3_600
        assert world.county.database is not None
        with world.county.database.read() as connection:
            assert connection.execute(select(FACTS.c.seq)).all() == []
        world.county.resting = False
        world.road.mend()
        world.loop.run_for(600.0)
        world.judge()
        report = world.report()
        assert report.troubles == (), report.told()
        process = village.node.alive
        assert process is not None
        assert process.reader is not None
        with world.county.database.read() as connection:
            at_county = connection.execute(select(FACTS.c.seq, FACTS.c.fact).order_by("number"))
            facts = [(row.seq, bytes(row.fact)) for row in at_county]
        assert facts == [(row.seq, row.fact) for row in process.reader.rows]
        assert len(facts) > 10 * PARCELS
