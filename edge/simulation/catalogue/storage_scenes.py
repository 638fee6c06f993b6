"""Power that goes and cards that fail, as they are played: F001, F002 and F006 to F018."""

from collections.abc import Callable
from typing import Final

from cloud_sync.county.alarms import FORK
from edge.domain.door import Door
from edge.domain.epochs import ROLLBACK
from edge.domain.state import door_of
from edge.kernel.ids import CellId, PhoneTail, WaybillNo
from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.syncing_gate import at_county
from edge.simulation.ground.places import copy_folder, world_folder
from edge.simulation.oracles.recorder import hashes_on
from edge.simulation.parts.card import Stall
from edge.simulation.parts.disk import LOG
from edge.simulation.parts.station_node import AGAIN_S, WATCHDOG_S
from edge.simulation.people import Slip

_LONG_S: Final = 30.0
_UP_S: Final = 60.0
_FUSE: Final = 60
_SHORT_STARTS: Final = 2
_PARCELS_TO_A_PAGE: Final = 20
_TO_COUNTY_S: Final = 90.0


async def collect(bench: Bench, waybill_no: WaybillNo) -> None:
    """Somebody comes with a slip, again and again where need be, and gets the parcel."""
    had = await bench.village.collect(waybill_no, by_code=bench.dice.chance(0.5))
    bench.expect(had, f"{waybill_no} is in the hands of whom it belongs to")


async def settled(bench: Bench, cell: CellId) -> None:
    """Every door is seen, and nothing was pulsed by the start itself."""
    before = len(bench.pulses())
    await bench.back_on()

    def seen() -> bool:
        return door_of(bench.daemon.station.state, cell).door is not Door.UNKNOWN

    await bench.until(seen, _UP_S, "the door is seen")
    bench.expect(len(bench.pulses()) == before, "a start pulses no lock")


async def _cut_at_pulse(bench: Bench, steps: int) -> None:
    waybill_no = await bench.parcel()
    before = len(bench.pulses())
    bench.node.burn_at_pulse(steps)
    slip = bench.village.slips.out[waybill_no]
    await bench.village.show(slip, by_code=bench.dice.chance(0.5))
    await bench.until(lambda: bench.node.alive is None, 5.0, "the power is gone")
    bench.expect(len(bench.pulses()) == before + steps - 1, f"{steps - 1} pulses before the cut")
    await settled(bench, slip.cell)
    if steps == 1:
        bench.expect(slip.cell not in bench.cabinet.open, "the door stays shut")
    await collect_open_or_shut(bench, waybill_no, slip.cell)


async def collect_open_or_shut(bench: Bench, waybill_no: WaybillNo, cell: CellId) -> None:
    """Who stands before an open door takes what is in it; before a shut one, shows it once more."""
    if cell in bench.cabinet.open:
        had = bench.village.take_out(waybill_no, cell)
        bench.expect(had, f"{waybill_no} lies behind its door")
        bench.cabinet.shut(cell)
        return
    await collect(bench, waybill_no)


async def before_the_pulse(bench: Bench) -> None:
    """F001: the wish is on the card, and no lock has moved."""
    await _cut_at_pulse(bench, 1)


async def after_the_pulse(bench: Bench) -> None:
    """F002: the door has sprung open, and nothing is written of it."""
    await _cut_at_pulse(bench, 2)


async def _with_another_log(bench: Bench, spoil: Callable[[bytes], bytes]) -> None:
    """Facts that the county has are gone from the card: it is told so, and begins anew."""
    await collect(bench, await bench.parcel())
    await bench.world.sleep(_TO_COUNTY_S)
    node = bench.node
    node.kill()
    before = _facts_of(bench)
    log = node.folder / LOG
    log.write_bytes(spoil(log.read_bytes()))
    gone = before - _facts_of(bench)
    bench.expect(bool(gone), "facts are gone with the log")
    bench.world.recorder.gone |= gone
    node.in_order = False
    await bench.back_on()
    await _told_of_what_is_gone(bench)


async def _told_of_what_is_gone(bench: Bench) -> None:
    """The county has facts that the card has not."""
    await bench.until(lambda: bench.daemon.refused, _TO_COUNTY_S, "the county takes no more facts")
    status = bench.daemon.status
    # Whose start has written as many facts as were lost, has another history of that length.
    told = status is not None and status.verdict in {ROLLBACK, FORK}
    bench.expect(told, "a card put back, it says")


def _facts_of(bench: Bench) -> set[bytes]:
    """Of a card that is not in use; a copy is opened, for whoever opens it folds the log."""
    with world_folder() as place:
        return hashes_on(copy_folder(bench.node.folder, place / "look"))


async def log_spoilt(bench: Bench) -> None:
    """F006: one bit of the log has changed; nothing from there on is believed."""

    def flip(log: bytes) -> bytes:
        place = bench.dice.number(32, len(log) // 2)
        return log[:place] + bytes([log[place] ^ 1 << bench.dice.number(0, 7)]) + log[place + 1 :]

    await _with_another_log(bench, flip)


async def log_deleted(bench: Bench) -> None:
    """F008: somebody cleans up, and the log is gone."""
    await _with_another_log(bench, lambda _log: b"")


async def _until_well(bench: Bench, cure: Callable[[], None]) -> None:
    """While the card cannot be written the daemon starts again and again, and no lock moves."""
    before = len(bench.pulses())
    await bench.until(lambda: bench.node.alive is None, _UP_S, "the daemon ends at once")
    await bench.world.sleep(bench.dice.between(0.0, 4 * AGAIN_S))
    bench.expect(len(bench.pulses()) == before, "no pulse without its wish on the card")
    cure()
    await bench.until(lambda: bench.node.alive is not None, _UP_S, "it is up again by itself")


async def full(bench: Bench) -> None:
    """F009: not one page more; then somebody makes room."""
    waybill_no = await bench.parcel()
    card, kills, before = bench.node.card, bench.node.kills, hashes(bench)
    card.full = True
    for number in range(_PARCELS_TO_A_PAGE):
        if bench.node.kills > kills:
            break
        another = WaybillNo(f"YT99{number:011d}")
        if await bench.village.check_in(another, PhoneTail("0971"), tries=1):
            await bench.village.collect(another, by_code=False, tries=1)
    bench.expect(bench.node.kills > kills, "the daemon ends where it cannot write")
    await _nobody_is_served(bench, bench.village.slips.out[waybill_no])
    card.heal()
    await bench.node.came_up.wait()
    bench.expect(before <= hashes(bench), "what was on the card is on it")
    await collect(bench, waybill_no)


async def _nobody_is_served(bench: Bench, slip: Slip) -> None:
    """Between two starts that fail there is nobody who could be asked."""
    fired = len(bench.pulses())
    for _try in range(bench.dice.number(1, 4)):
        await bench.world.sleep(bench.dice.between(0.0, AGAIN_S))
        reply = await bench.village.show(slip, by_code=bench.dice.chance(0.5))
        bench.expect(reply is None or not reply.ok, "no code opens a door that cannot be written")
    bench.expect(len(bench.pulses()) == fired, "no lock is fired")


def hashes(bench: Bench) -> set[bytes]:
    """Of all facts that the running daemon has."""
    reader = bench.daemon.reader
    return set() if reader is None else {row.hash for row in reader.rows}


async def read_only(bench: Bench) -> None:
    """F011: the file system is put out of writing under the running daemon."""
    waybill_no = await bench.parcel()
    card = bench.node.card
    card.read_only = True
    await bench.village.show(bench.village.slips.out[waybill_no], by_code=True)
    await _until_well(bench, card.heal)
    await collect(bench, waybill_no)


async def input_output_error(bench: Bench) -> None:
    """F012: a write or a sync of a commit fails, and perhaps once more after the next start."""
    waybill_no = await bench.parcel()
    card = bench.node.card
    for _failure in range(bench.dice.number(1, 2)):
        card.bad_write, card.bad_sync = bench.dice.one_of(((True, False), (False, True)))
        await bench.village.show(bench.village.slips.out[waybill_no], by_code=True)
        await _until_well(bench, card.heal)
    boots = bench.daemon.station.state.boots
    bench.expect(boots.safe == (boots.starts > _SHORT_STARTS), "the third start lets doors rest")
    await collect(bench, waybill_no)


async def lying(bench: Bench) -> None:
    """F013: the card had answered syncs that it never made, and the power goes."""
    node, card = bench.node, bench.node.card
    await bench.parcel()
    await bench.world.sleep(bench.dice.between(0.0, _TO_COUNTY_S))
    card.lies = True
    node.burn(bench.dice.number(_FUSE // 4, _FUSE))
    coming = bench.loop.create_task(bench.parcel())
    await bench.until(lambda: node.alive is None, _UP_S, "the power goes")
    card.lies = False
    known, left = at_county(bench), len(_facts_of(bench))
    await bench.back_on()
    if known > left:
        await _told_of_what_is_gone(bench)
    await coming


async def stalls(bench: Bench) -> None:
    """F014: the card hangs; for too long, and the watchdog ends the daemon."""
    waybill_no = await bench.parcel()
    seconds = bench.dice.one_of((bench.dice.between(1.0, WATCHDOG_S - 1.0), _LONG_S))
    node, before, kills = bench.node, len(bench.pulses()), bench.node.kills
    slip = bench.village.slips.out[waybill_no]
    node.card.stall = Stall(seconds=seconds, done_first=bench.dice.chance(0.5))
    showing = bench.loop.create_task(bench.village.show(slip, by_code=True))
    await bench.world.sleep(seconds - 0.5)
    bench.expect(len(bench.pulses()) == before, "no coil is driven while the card hangs")
    bench.expect((seconds < WATCHDOG_S) == (node.kills == kills), "the watchdog bites in time")
    reply = await showing
    bench.expect((reply is None) == (seconds > WATCHDOG_S), "an answer once the card answers")
    await node.came_up.wait()
    await collect_open_or_shut(bench, waybill_no, slip.cell)


async def reboots(bench: Bench) -> None:
    """F018: the supply gives way again and again; the third start lets the doors rest."""
    waybill_no = await bench.parcel()
    for _fall in range(3):
        await bench.world.sleep(bench.dice.between(1.0, 20.0))
        bench.node.kill()
        await bench.back_on()
    before = len(bench.pulses())
    bench.expect(bench.daemon.station.state.boots.safe, "doors rest after the third start")
    await bench.village.show(bench.village.slips.out[waybill_no], by_code=True)
    bench.expect(len(bench.pulses()) == before, "no lock is fired while doors rest")
    await collect(bench, waybill_no)
