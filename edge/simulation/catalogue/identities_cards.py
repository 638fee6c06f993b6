"""Cards that are new, copied or old."""

from typing import Final

from edge.domain.inputs import CountSigned, CountyJudged
from edge.domain.parcel import Stage
from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.syncing_gate import alarms, home
from edge.simulation.ground.rhythm import hurried
from edge.simulation.people import LI

_TOLD_S: Final = 240.0
_BEGUN_S: Final = 300.0


def verdict(bench: Bench) -> str:
    """What the county last said of the card; empty while it takes its facts, or nobody runs."""
    process = bench.node.alive
    return "" if process is None or process.status is None else process.status.verdict


async def _granted(bench: Bench) -> None:
    bench.world.county.grant(bench.node.around.station)
    await bench.until(
        lambda: bench.node.granted and bench.node.alive is not None,
        _BEGUN_S,
        "a new epoch begins once a person has granted it",
    )


async def another_card(bench: Bench) -> None:
    """F091."""
    with hurried():  # the key of codes travels with the first snapshot
        bench.node.restart()
        await bench.node.came_up.wait()
        kept = [await bench.parcel(tail) for tail in ("3865", "0971")]
        gone = await bench.parcel("2222")
        bench.expect(await bench.village.collect(gone, by_code=False), "one is collected before")
        await bench.world.sleep(150.0)
        await home(bench)
    bench.world.new_card(bench.node)
    bench.node.start()
    await bench.node.came_up.wait()
    await bench.until(lambda: verdict(bench) != "", _TOLD_S, "the county refuses an empty card")
    await _granted(bench)
    bench.expect(bench.daemon.store.epoch > 1, "it is a new epoch")
    state = bench.daemon.station.state
    inside = {cell.waybill_no for cell in state.cells.values()} - {None}
    bench.expect(inside == set(kept), "parcels are where the county had them")
    bench.expect(state.counting, "the keeper is asked to count")
    await bench.world.sleep(5.0)
    async with bench.village.counter:
        await bench.village.tidy()
        await bench.village.stand_ready()
        await bench.village.tell(lambda at, _fresh: CountSigned(at=at, keeper=LI))
    bench.expect(not bench.daemon.station.state.counting, "the count can be signed")
    for waybill_no in kept:
        had = await bench.village.collect(waybill_no, by_code=bench.dice.chance(0.5))
        bench.expect(had, f"the old slip of {waybill_no} opens its door")


async def two_machines_of_one_name(bench: Bench) -> None:
    """F092."""
    await bench.parcel()
    await home(bench)
    twin = bench.world.clone(bench.node, "twin")
    twin.node.start()
    await twin.node.came_up.wait()
    await bench.world.sleep(bench.dice.between(1.0, 60.0))
    await bench.until(
        lambda: bool(alarms(bench) & {"clone_suspect", "fork", "rollback"}),
        _TOLD_S,
        "two machines of one name are an alarm",
    )
    process = twin.node.alive
    told = "" if process is None or process.status is None else process.status.verdict
    held = {told, verdict(bench)} - {""}
    bench.expect(bool(held), "one of them at least is refused")


def _judged(bench: Bench) -> None:
    """What a daemon's front does with the county's verdict; worlds have none before the session."""
    said = verdict(bench)
    bench.daemon.station.report(lambda at, _fresh: CountyJudged(at=at, verdict=said))


async def an_old_image(bench: Bench) -> None:
    """F093."""
    waybill_no = await bench.parcel()
    await home(bench)
    image = bench.world.image(bench.node)
    slip = bench.village.slips.out[waybill_no]
    bench.expect(await bench.village.collect(waybill_no, by_code=True), "it is collected")
    await home(bench)
    bench.world.put_back(bench.node, image)
    await bench.world.sleep(bench.dice.between(1.0, 60.0))
    bench.node.start()
    await bench.node.came_up.wait()
    await bench.until(lambda: verdict(bench) == "rollback", _TOLD_S, "the county tells it")
    _judged(bench)
    await bench.until(lambda: bench.daemon.station.state.doubted, 10.0, "and the station knows")
    before = len(bench.pulses())
    for by_code in (True, False):
        reply = await bench.village.show(slip, by_code=by_code)
        bench.expect(reply is None or not reply.ok, "a code that was spent opens nothing")
    await bench.world.sleep(5.0)
    bench.expect(len(bench.pulses()) == before, "and nothing is pulsed")
    bench.expect("rollback" in alarms(bench), "the county raises an alarm")
    await _granted(bench)
    parcel = bench.daemon.station.state.parcels.get(waybill_no)
    left = parcel is None or parcel.stage is Stage.PICKED_UP
    bench.expect(left, "the new epoch knows that it has left")
