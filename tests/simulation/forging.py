"""A small world whose judges are silent, and a hand that writes what nobody did."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Final

from edge.daemon.station import entry_of
from edge.domain.facts import Fact, ParcelReceived
from edge.domain.inputs import KeeperEntered
from edge.kernel.ids import CellId, KeeperId, PhoneTail, Seq, WaybillNo
from edge.kernel.time import Instant
from edge.simulation.world import World, open_world

HERE: Final = WaybillNo("YT7700000000001")
"""A parcel that was checked in as it should be, into cell 1."""
OTHER: Final = WaybillNo("YT7700000000002")
TAIL: Final = PhoneTail("3865")
ONE, TWO = CellId(1), CellId(2)


@contextlib.contextmanager
def small_world() -> Iterator[World]:
    """A small world with one parcel in it, of which no judge has anything to say."""
    with open_world(5) as made:
        village = made.add_station("qingshan-01")
        made.county.start()
        village.node.start()
        made.loop.run(village.node.came_up.wait())
        made.loop.run_for(2.0)
        assert made.loop.run(village.check_in(HERE, TAIL))
        made.look()
        assert made.recorder.troubles == []
        assert village.node.cabinet.inside == {ONE: HERE}
        yield made


def forge(
    world: World,
    *facts: Fact,
    actor: str = "keeper:x",
    later: Callable[[Instant], Instant] = lambda at: at,
) -> None:
    """Write facts behind the machine's back, and let it write one of its own after them."""
    village = world.villages[0]
    process = village.node.alive
    assert process is not None
    for fact in facts:
        process.store.commit([entry_of(fact, actor)], [], later(process.station.now()))
    told = KeeperId(f"somebody {len(process.store.rows_after(process.store.epoch, Seq(0), 999))}")
    world.loop.run(village.tell(lambda at, _fresh: KeeperEntered(at=at, keeper=told)))


def laws(world: World) -> str:
    """All that was said, for a look into it."""
    world.look()
    return "\n".join(world.recorder.troubles)


def received(waybill_no: WaybillNo, keeper: str = "x") -> Fact:
    """A parcel in a keeper's hand."""
    return ParcelReceived(waybill_no=waybill_no, carrier="", keeper=KeeperId(keeper))
