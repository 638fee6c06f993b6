"""Clocks that lie, jump, stand still or belong to a county that is wrong itself."""

from typing import Final

from cloud_sync.wire.envelope import decode
from edge.domain.facts import RefusalReason
from edge.kernel.ids import PhoneTail, WaybillNo
from edge.kernel.time import Instant
from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.syncing_gate import home

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
CENTURY_MS: Final = 36_500 * DAY_MS
SINCE_1970_MS: Final = 1_795_492_800_000
"""Between the beginning of time and the beginning of every world."""
TO_2038_MS: Final = 2_147_483_647_000 - SINCE_1970_MS
_STATION_TRIES: Final = 5
_LEFT_OPEN_S: Final = 60.0
_A_LITTLE_MS: Final = 60_000


def _now(bench: Bench) -> Instant:
    return bench.daemon.station.now()


def _newest_fact_ms(bench: Bench) -> int:
    """The earliest that the newest fact on the card can be of."""
    reader = bench.daemon.reader
    return 0 if reader is None else decode(reader.rows[-1].fact).wall_lo


async def _starts_with(bench: Bench, error_ms: int) -> None:
    """Off for a while, and on again with another time on the machine's clock."""
    bench.node.kill()
    bench.node.wall_error_ms = error_ms
    await bench.world.sleep(bench.dice.between(5.0, 600.0))
    bench.node.start()
    await bench.node.came_up.wait()


async def _collects(bench: Bench, waybill_no: WaybillNo) -> None:
    had = await bench.village.collect(waybill_no, by_code=bench.dice.chance(0.5))
    bench.expect(had, f"{waybill_no} is collected as ever")


async def starts_in_1970(bench: Bench) -> None:
    """F083."""
    waybill_no = await bench.parcel()
    await home(bench)
    bench.world.road.cut(bench.node.around.station)
    before = _newest_fact_ms(bench)
    await _starts_with(bench, -SINCE_1970_MS)
    after = _now(bench)
    bench.expect(after.wall_lo_ms >= before, "time goes on where the journal ended")
    bench.expect(after.wall_hi_ms is None, "nobody claims to know the time")
    await _collects(bench, waybill_no)


async def starts_in_another_century(bench: Bench) -> None:
    """F084."""
    waybill_no = await bench.parcel()
    await home(bench)
    village, tail = bench.village, PhoneTail("3865")
    for _try in range(_STATION_TRIES):
        await village.guess(tail)
    before = _now(bench).wall_lo_ms
    bench.world.road.cut(bench.node.around.station)
    jump_ms = bench.dice.one_of((TO_2038_MS, CENTURY_MS))
    if bench.dice.chance(0.5):
        await _starts_with(bench, jump_ms)
    else:
        bench.node.wall_error_ms = jump_ms
        await bench.world.sleep(60.0)
    bench.expect(_now(bench).wall_lo_ms - before <= DAY_MS, "such a jump is not believed")
    slip = village.slips.out[waybill_no]
    reply = await village.show(slip, by_code=True)
    locked = reply is not None and reply.key == RefusalReason.LOCKED_OUT
    bench.expect(locked, "a jump gives no tries back")
    had = await village.collect(waybill_no, by_code=False)
    bench.expect(had, f"{waybill_no} has not expired")


async def goes_back_while_running(bench: Bench) -> None:
    """F085."""
    waybill_no = await bench.parcel()
    before = _now(bench)
    bench.node.wall_error_ms -= bench.dice.number(HOUR_MS // 2, 2 * HOUR_MS)
    await _collects(bench, waybill_no)
    after = _now(bench)
    bench.expect(after.wall_lo_ms > before.wall_lo_ms, "the station's time does not go back")
    passed = after.since_ms(before)
    bench.expect(passed is not None and passed > 0, "durations are counted on")


async def steps_in_mid_pulse(bench: Bench) -> None:
    """F086."""
    waybill_no = await bench.parcel()
    before, dice = len(bench.pulses()), bench.dice
    step_ms = dice.one_of((-HOUR_MS, HOUR_MS, CENTURY_MS, -SINCE_1970_MS))
    village = bench.village
    async with village.counter:
        reply = await village.show(village.slips.out[waybill_no], by_code=False)
        bench.expect(reply is not None and reply.ok and reply.cell is not None, "it is accepted")
        await bench.until(lambda: len(bench.pulses()) > before, 5.0, "the lock is pulsed")
        await bench.world.sleep(dice.between(0.0, 0.3))
        bench.node.wall_error_ms += step_ms
        if reply is None or reply.cell is None:
            return
        await bench.until(lambda: reply.cell in bench.cabinet.open, 2.0, "the door opens")
        await bench.world.sleep(_LEFT_OPEN_S + dice.between(10.0, 20.0))
        told = [body for body in bench.facts("door.left_open") if body["cell"] == reply.cell]
        bench.expect(len(told) == 1, "a door that stands open is told after its minute")
        village.take_out(waybill_no, reply.cell)
        bench.cabinet.shut(reply.cell)
        await bench.world.sleep(2.0)
    bench.expect(len(bench.pulses()) == before + 1, "there was one pulse")
    bench.expect(not bench.facts("door.silent"), "no door was called silent")


async def no_battery_behind_the_clock(bench: Bench) -> None:
    """F088."""
    waybill_no = await bench.parcel()
    await home(bench)
    bench.world.road.cut(bench.node.around.station)
    for _start in range(bench.dice.number(2, 4)):
        seen = _newest_fact_ms(bench)
        await _starts_with(bench, -bench.world.wall_ms())
        bench.expect(_now(bench).wall_lo_ms >= seen, "no start moves time behind a fact")
        await bench.world.sleep(bench.dice.between(10.0, 90.0))
    bench.world.road.mend()
    await bench.until(lambda: _now(bench).wall_hi_ms is not None, 240.0, "the county tells it")
    now, true_ms = _now(bench), bench.world.wall_ms()
    knows = now.wall_lo_ms <= true_ms <= (now.wall_hi_ms or 0)
    bench.expect(knows, "the true time lies within what the station knows")
    await _collects(bench, waybill_no)


async def county_is_a_day_wrong(bench: Bench) -> None:
    """F089."""
    world, county = bench.world, bench.world.county
    waybill_no = await bench.parcel()
    await home(bench)
    before, hours = _now(bench).wall_lo_ms, bench.dice.between(25.0, 24.0 * 400)
    wrong_ms = round(hours * HOUR_MS) * bench.dice.one_of((1, -1))
    _set_county_clock(bench, wrong_ms)
    bench.node.restart()  # a county is asked for the time in each session
    await bench.node.came_up.wait()
    await world.sleep(bench.dice.between(120.0, 1_200.0))
    moved_ms = _now(bench).wall_lo_ms - before
    bench.expect(0 <= moved_ms < DAY_MS, f"its time is not believed: moved by {moved_ms} ms")
    await _collects(bench, waybill_no)
    _set_county_clock(bench, 0)
    bench.expect(county.up, "the county goes on")


def _set_county_clock(bench: Bench, error_ms: int) -> None:
    """The county's machine is set to another time, and its daemon started anew."""
    world = bench.world
    world.county.kill()
    vars(world.county)["_true_wall_ms"] = lambda: world.wall_ms() + error_ms
    world.county.start()


async def machine_is_suspended(bench: Bench) -> None:
    """F090."""
    waybill_no = await bench.parcel()
    await bench.village.guess(PhoneTail("3865"))
    before, hours = _now(bench), bench.dice.between(0.2, 20.0)
    bench.loop.jump(hours * 3_600.0)
    await bench.world.sleep(1.0)
    passed = _now(bench).since_ms(before)
    slept_ms = hours * HOUR_MS
    bench.expect(passed is not None and passed >= slept_ms, "what it slept through is counted")
    moved_ms = _now(bench).wall_lo_ms - before.wall_lo_ms
    bench.expect(moved_ms >= slept_ms * 0.99 - _A_LITTLE_MS, "and so is the time of day")
    await _collects(bench, waybill_no)
