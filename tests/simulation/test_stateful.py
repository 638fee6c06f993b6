"""The laws under any order of mishaps that a machine can think of, over the real code."""

import asyncio
import contextlib
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from edge.kernel.ids import CellId, PhoneTail, WaybillNo
from edge.simulation.mischief import Allowed, Mischief
from edge.simulation.parts.links import Weather
from edge.simulation.story import CALM_S
from edge.simulation.world import open_world

TAIL: Final = PhoneTail("3865")
PATIENCE_S: Final = 60.0
WAITS: Final = st.sampled_from([0.2, 3.0, 20.0, 70.0])
NODES: Final = st.integers(0, 1)


class Worlds(RuleBasedStateMachine):
    """One world; each rule is something that people or fate may do."""

    def __init__(self) -> None:
        super().__init__()
        self.open = contextlib.ExitStack()
        self.world = self.open.enter_context(open_world(0, hasty=True))
        self.world.gaps_allowed = True  # any backup may be put back
        self.village = self.world.add_station("qingshan-01")
        self.village.node.start()
        self.world.loop.run_for(5.0)
        self.parcels: list[WaybillNo] = []
        self.rolled = self.cloned = False
        self.mischief = Mischief(self.world, self.village, Allowed())

    def _patiently(self, what: "asyncio.Future[bool]") -> None:
        async def wait() -> None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_S):
                    await what

        self.world.loop.run(wait())

    # -- people

    @rule()
    def check_in(self) -> None:
        waybill_no = WaybillNo(f"YT770000000{len(self.parcels):04d}")
        self.parcels.append(waybill_no)
        task = self.world.loop.create_task(self.village.check_in(waybill_no, TAIL))
        self._patiently(task)

    @precondition(lambda self: self.parcels)
    @rule(by_code=st.booleans(), which=st.integers(0, 3))
    def collect(self, by_code: bool, which: int) -> None:  # noqa: FBT001 - hypothesis passes by name
        waybill_no = self.parcels[which % len(self.parcels)]
        self._patiently(
            self.world.loop.create_task(self.village.collect(waybill_no, by_code=by_code))
        )

    @rule(cell=st.integers(1, 4), wishes=st.integers(1, 5))
    def command(self, cell: int, wishes: int) -> None:
        station = self.village.node.around.station
        for _wish in range(wishes):
            self.world.open_from_afar(station, CellId(cell), "")
        self.world.loop.run_for(3.0)

    @rule(key=st.sampled_from("ab"), value=st.integers(0, 3))
    def say(self, key: str, value: int) -> None:
        body = {"key": key, "value": f"{value}"} if value else {}
        self.world.say(self.village.node.around.station, "config", key, body)

    @rule(questions=st.integers(1, 3))
    def ask(self, questions: int) -> None:
        for _question in range(questions):
            self.world.loop.create_task(self.village.ask(self.world.answers))
        self.world.loop.run_for(0.5)

    @rule()
    def grant(self) -> None:
        self.world.loop.run(self.mischief.grant_where_needed())

    @rule(seconds=WAITS)
    def wait(self, seconds: float) -> None:
        self.world.loop.run_for(seconds)

    # -- the road

    @rule(lost=st.sampled_from([0.0, 0.5]), doubled=st.sampled_from([0.0, 0.5]), mad=st.booleans())
    def weather(self, lost: float, doubled: float, mad: bool) -> None:  # noqa: FBT001 - as above
        self.world.road.weather = Weather(
            lost=lost, doubled=doubled, mad=0.2 if mad else 0.0, month=0.2, delay_s=10.0
        )

    @rule()
    def cut(self) -> None:
        self.world.road.cut(self.village.node.around.station)

    @rule()
    def mend(self) -> None:
        self.world.road.mend()

    @rule()
    def wipe(self) -> None:
        self.world.road.wipe()

    @rule(packets=st.integers(1, 10))
    def replay(self, packets: int) -> None:
        for _packet in range(packets):
            self.world.road.replay()

    @rule()
    def late_packets_come(self) -> None:
        self.world.road.clear_attic()

    # -- the county

    @rule()
    def county_dies(self) -> None:
        self.world.county.kill()

    @rule(answers=st.integers(1, 4))
    def county_dies_before_an_answer(self, answers: int) -> None:
        self.world.county.burn(answers)

    @rule()
    def county_starts(self) -> None:
        self.world.county.start()

    @rule()
    def back_up(self) -> None:
        self.world.county.back_up()

    @precondition(lambda self: self.world.county.backups)
    @rule(which=st.integers(0, 5))
    def restore(self, which: int) -> None:
        backups = self.world.county.backups
        self.world.county.restore(backups[which % len(backups)])
        self.world.county.start()

    # -- stations

    @rule(which=NODES)
    def station_dies(self, which: int) -> None:
        self.world.nodes[which % len(self.world.nodes)].kill()

    @rule(which=NODES, steps=st.integers(1, 40))
    def station_dies_after_some_steps(self, which: int, steps: int) -> None:
        self.world.nodes[which % len(self.world.nodes)].burn(steps)

    @rule(which=NODES)
    def station_starts(self, which: int) -> None:
        self.world.nodes[which % len(self.world.nodes)].start()

    @precondition(lambda self: not self.rolled and self.village.node.alive is not None)
    @rule(later=WAITS)
    def roll_back(self, later: float) -> None:
        self.rolled = True
        image = self.world.image(self.village.node)
        self.world.loop.run_for(later)
        self.world.put_back(self.village.node, image)
        self.village.node.start()

    @precondition(lambda self: not self.cloned and self.village.node.alive is not None)
    @rule()
    def clone(self) -> None:
        self.cloned = True
        self.world.clone(self.village.node, "twin").node.start()

    # -- what must hold

    @invariant()
    def laws_hold(self) -> None:
        self.world.look()
        troubles = self.world.recorder.troubles
        assert troubles == [], self.world.report().told()

    def teardown(self) -> None:
        try:
            self.world.loop.run(self.mischief.put_right())
            self.world.loop.run_for(CALM_S)
            self.world.judge()
            assert self.world.recorder.troubles == [], self.world.report().told()
        finally:
            self.open.close()


def _how_many(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


class ManyWorlds(Worlds):
    """The same for a long look."""


TestWorlds = Worlds.TestCase
TestWorlds.settings = _how_many(40, 25)
TestManyWorlds = pytest.mark.slow(pytest.mark.timeout(1_800)(ManyWorlds.TestCase))
TestManyWorlds.settings = _how_many(300, 40)
