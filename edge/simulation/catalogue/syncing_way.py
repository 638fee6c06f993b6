"""What happens to facts on their way: brokers that forget, counties that die or come back old."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Final

from cloud_sync.wire.messages import Ack, Batch, Hello, StateItems
from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.syncing_gate import (
    Gate,
    Seen,
    acknowledged,
    alarms,
    at_county,
    gate,
    home,
    written,
)
from edge.simulation.ground.rhythm import SOON_MS, hurried
from edge.simulation.parts.county_node import CountyNode
from edge.simulation.parts.links import MONTH_S, Packet, Weather

FAIR: Final = Weather()
_OFFLINE_DAYS: Final = (0.25, 0.25, 3.0, 3.0, 30.0)
_VISITS: Final = 6
_FLAPPING_S: Final = (*(1_800.0,) * 5, 86_400.0)
_MOST_PARCELS: Final = 12


async def broker_forgets_what_it_took(bench: Bench) -> None:
    """F057."""
    await home(bench)
    with gate(bench) as post:
        post.lose(Batch)
        before = acknowledged(bench)
        await bench.parcel()
        for _wipe in range(bench.dice.number(1, 3)):
            await bench.world.sleep(bench.dice.between(5.0, 60.0))
            bench.world.road.wipe()
        bench.expect(len(post.of(Batch)) > 0, "the broker took facts")
        bench.expect(acknowledged(bench) == before, "no fact counts as delivered")
        bench.expect(
            bench.daemon.store.hash_at(bench.daemon.store.head()[0]) is not None,
            "every fact is still on the card",
        )
    await home(bench)


async def broker_is_replaced(bench: Bench) -> None:
    """F058."""
    with gate(bench) as post:
        for _time in range(bench.dice.number(1, 3)):
            bench.world.road.broker_away()
            greeted = len(post.of(Hello))
            await bench.parcel()
            await bench.world.sleep(bench.dice.between(1.0, 120.0))
            bench.world.road.mend()
            await bench.until(partial(_greeted, post, greeted), 120.0, "the station greets anew")
            await home(bench)


def _greeted(post: Gate, before: int) -> bool:
    return len(post.of(Hello)) > before


async def everything_comes_twice(bench: Bench) -> None:
    """F059."""
    bench.world.road.weather = Weather(doubled=1.0, delay_s=bench.dice.between(0.1, 10.0))
    for _parcel in range(2):
        await bench.parcel()
        bench.world.road.replay()
    await home(bench)


async def out_of_order(bench: Bench) -> None:
    """F060."""
    bench.world.road.weather = Weather(doubled=0.5, delay_s=bench.dice.between(10.0, 40.0))
    for _parcel in range(2):
        await bench.parcel()
    bench.world.road.weather = FAIR
    await home(bench)


async def a_month_late(bench: Bench) -> None:
    """F061."""
    with gate(bench) as post:
        await bench.parcel()
        await home(bench)
        old = [one.packet for one in post.of(Batch)]
        await _everybody_rests(bench, bench.dice.between(20 * 86_400.0, MONTH_S))
        await home(bench)
        before = at_county(bench)
        post.send(old)
        await bench.world.sleep(30.0)
    bench.expect(len(old) > 0, "facts were sent")
    bench.expect(at_county(bench) == before, "an old batch adds nothing")
    suspected = alarms(bench) & {"clone_suspect", "fork", "rollback"}
    bench.expect(not suspected, f"nobody is called a copy for it: {suspected}")


async def _everybody_rests(bench: Bench, for_s: float) -> None:
    bench.node.kill()
    bench.world.county.resting = True
    await bench.world.sleep(for_s)
    bench.world.county.resting = False
    bench.node.start()
    await bench.node.came_up.wait()


async def acks_are_lost_and_old_ones_come_again(bench: Bench) -> None:
    """F062."""
    dice = bench.dice
    with gate(bench) as post:
        post.passes = lambda one: (
            dice.one_of(((), (), (one.packet,), (one.packet, one.packet)))
            if isinstance(one.message, Ack)
            else (one.packet,)
        )
        for _parcel in range(2):
            await bench.parcel()
        await home(bench)
        reached = acknowledged(bench)
        for old in post.of(Ack):
            post.send([old.packet])
            await bench.world.sleep(1.0)
            bench.expect(acknowledged(bench) >= reached, "an old ACK takes nothing back")
    await home(bench)


async def county_dies_before_its_answer(bench: Bench) -> None:
    """F063."""
    await home(bench)
    with gate(bench) as post:
        acked, before = len(post.of(Ack)), acknowledged(bench)
        bench.world.county.burn(1)
        await bench.parcel()
        await bench.until(lambda: not bench.world.county.up, 60.0, "the county dies")
        bench.expect(len(post.of(Ack)) == acked, "no answer leaves")
        bench.world.county.start()
        bench.expect(at_county(bench) > before, "what was committed is there after the start")
        bench.world.county.burn(0)
    await home(bench)


async def county_dies_before_its_commit(bench: Bench) -> None:
    """F064."""
    await home(bench)
    county = bench.world.county
    with gate(bench) as post:
        before = at_county(bench)
        post.passes = partial(_end_at_a_batch, county)
        await bench.parcel()
        await bench.until(lambda: not county.up, 60.0, "the county dies")
    county.start()
    bench.expect(at_county(bench) == before, "nothing half was kept")
    await home(bench)


def _end_at_a_batch(county: CountyNode, one: Seen) -> Sequence[Packet]:
    if isinstance(one.message, Batch):
        county.kill()
    return (one.packet,)


async def county_is_put_back(bench: Bench) -> None:
    """F065."""
    county = bench.world.county
    await bench.parcel()
    await home(bench)
    county.back_up()
    for _parcel in range(bench.dice.number(1, 3)):
        await bench.parcel()
    await home(bench)
    county.restore(county.backups[-1])
    await bench.world.sleep(bench.dice.between(0.0, 60.0))
    county.start()
    bench.expect(at_county(bench) < written(bench), "the county has forgotten something")
    await home(bench)


async def county_is_older_than_what_cards_keep(bench: Bench) -> None:
    """F066."""
    world, county = bench.world, bench.world.county
    world.gaps_allowed = True
    bench.node.around.keep_ms = SOON_MS
    with hurried():
        bench.node.restart()
        await bench.node.came_up.wait()
        await home(bench)
        county.back_up()
        known = at_county(bench)
        for _parcel in range(_MOST_PARCELS):
            if bench.daemon.store.base().seq > known or world.recorder.troubles:
                break
            await bench.village.collect(await bench.parcel(), by_code=False)
            county.back_up()
            await world.sleep(90.0)
        bench.expect(bench.daemon.store.base().seq > known, "the card has forgotten old facts")
        county.restore(county.backups[0])
        county.start()
        await bench.until(lambda: "gap" in alarms(bench), 240.0, "the county is told of a gap")
        await world.sleep(120.0)


async def a_word_of_the_county_is_lost(bench: Bench) -> None:
    """F073."""
    station, dice = bench.node.around.station, bench.dice
    await home(bench)
    with gate(bench) as post:
        post.passes = lambda one: (
            () if isinstance(one.message, StateItems) and dice.chance(0.6) else (one.packet,)
        )
        for word in range(4):
            key = f"{word % 2}"
            bench.world.say(station, "config", key, {"key": key, "value": f"{word}"})
            await bench.world.sleep(dice.between(0.0, 8.0))
        await bench.world.sleep(60.0)
        post.passes = lambda one: (one.packet,)
        await bench.until(lambda: _newest_words(bench), 120.0, "the newest words are stored")
        bench.expect(len(post.of(StateItems)) > 0, "something was said")


def _newest_words(bench: Bench) -> bool:
    rows = bench.daemon.store.county_state("config")
    said = {row.key: json.loads(row.body)["value"] for row in rows}
    return said == {"0": "2", "1": "3"}


async def a_flapping_line(bench: Bench) -> None:
    """F076: for half an hour or for a day, with a visit in the middle of it."""
    station, road = bench.node.around.station, bench.world.road
    await home(bench)
    lasts_s = bench.dice.one_of(_FLAPPING_S)
    begins_s = bench.loop.time()
    visit, through = None, False
    while bench.loop.time() < begins_s + lasts_s:
        road.cut(station)
        await bench.world.sleep(9.0)
        road.mend()
        await bench.world.sleep(1.0)
        if visit is None and bench.loop.time() > begins_s + lasts_s / 2:
            visit = bench.loop.create_task(_visit(bench))
        through = through or (visit is not None and visit.done() and _all_there(bench))
    if visit is not None:
        await visit
    if lasts_s == max(_FLAPPING_S):
        bench.expect(through, "all came through in the seconds between")
    await home(bench)


async def _visit(bench: Bench) -> None:
    waybill_no = await bench.parcel()
    had = await bench.village.collect(waybill_no, by_code=bench.dice.chance(0.5))
    bench.expect(had, f"{waybill_no} is had on a line that flaps")


def _all_there(bench: Bench) -> bool:
    return at_county(bench) == written(bench)


async def offline_for_long(bench: Bench) -> None:
    """F080: for hours, days or a month."""
    bench.world.road.cut(bench.node.around.station)
    before, slips = acknowledged(bench), []
    part_s = bench.dice.one_of(_OFFLINE_DAYS) * 86_400.0 / _VISITS
    for tail in ("3865", "0971", "2222"):
        slips.append(await bench.parcel(tail))
        await bench.world.sleep(part_s)
    for waybill_no in slips:
        await bench.world.sleep(part_s + bench.dice.between(0.0, 600.0))
        by_code = bench.dice.chance(0.5)
        had = await bench.village.collect(waybill_no, by_code=by_code)
        bench.expect(had, f"{waybill_no} is had without any network")
    bench.expect(acknowledged(bench) == before, "the county has heard nothing all the while")
    bench.world.road.mend()
    await home(bench)
