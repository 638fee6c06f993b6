"""Moments too short for chance, told step by step in a world that is otherwise calm.

They do no harm, and without the defence that is there for them each breaks its law.
"""

from collections.abc import Callable
from typing import Final

import msgspec
import pytest

from cloud_sync.station import session
from cloud_sync.station.uplink import Acknowledged, Event, Moment, Step, Uplink, step
from edge.kernel.ids import CellId, PhoneTail, WaybillNo
from edge.simulation.story import CALM_S
from edge.simulation.world import World, open_world
from tests.simulation.defences.defence import Off
from tests.simulation.defences.every import DEFENCES


def _believes_an_ack_of_an_older_generation(patch: pytest.MonkeyPatch) -> None:
    """And of an older session, which would give it away as well."""

    def trusting(uplink: Uplink, event: Event, moment: Moment) -> Step:
        if isinstance(event, Acknowledged):
            ack = msgspec.structs.replace(
                event.ack, session=uplink.session, county_gen=uplink.cursor.county_gen
            )
            event = Acknowledged(ack, event.mine)
        return step(uplink, event, moment)

    patch.setattr(session, "step", trusting)


def _everything_the_county_said_comes_again(world: World) -> None:
    """And nothing that it was told, else a county that has lost facts would have them back."""
    for _packet in range(500):
        world.road.replay("dn")
    world.loop.run_for(2.0)


def _an_old_ack_comes_while_the_facts_after_it_are_on_their_way_again(world: World) -> None:
    village = world.villages[0]
    station = village.node.around.station
    world.county.back_up()
    world.loop.run(village.check_in(WaybillNo("YT7700123456"), PhoneTail("3865")))
    world.loop.run_for(30.0)
    world.county.restore(world.county.backups[-1])
    world.county.start()
    process, database = village.node.alive, world.county.database
    assert process is not None
    assert database is not None
    while process.store.cursor().county_gen != database.generation:
        world.loop.run_for(0.01)
    world.road.cut(station)  # what the station sends again gets lost
    world.loop.run_for(0.4)
    world.road.mend()
    _everything_the_county_said_comes_again(world)


def _a_command_comes_minutes_late(world: World) -> None:
    node = world.nodes[0]
    said = world.road.carried
    world.open_from_afar(node.around.station, CellId(1), "")
    while (row := world.county.commands.read(world.commands.newest)) is None or not row["seq"]:
        world.loop.run_for(0.01)
    assert world.road.carried > said
    world.road.cut(node.around.station)
    world.loop.run_for(0.4)
    world.road.mend()
    world.loop.run_for(150.0)
    _everything_the_county_said_comes_again(world)


TALES: Final = (
    (
        _believes_an_ack_of_an_older_generation,
        _an_old_ack_comes_while_the_facts_after_it_are_on_their_way_again,
        "S6",
    ),
    (DEFENCES["lets_a_nonce_die"].off, _a_command_comes_minutes_late, "S8"),
)


def laws_broken(tale: Callable[[World], None]) -> list[str]:
    """The laws that a tale breaks, and those that do not hold after it."""
    with open_world(1) as world:
        world.add_station("qingshan-01").node.start()
        world.loop.run_for(30.0)
        tale(world)
        world.loop.run_for(CALM_S)
        world.judge()
        return [trouble.partition(":")[0] for trouble in world.recorder.troubles]


@pytest.mark.parametrize(("off", "tale", "law"), TALES, ids=["an old ack", "an old command"])
def test_a_moment_that_chance_seldom_meets_does_no_harm_and_its_mistake_is_found(
    off: Off, tale: Callable[[World], None], law: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert laws_broken(tale) == []
    off(monkeypatch)
    assert law in laws_broken(tale)
