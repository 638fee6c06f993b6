"""Random days at a station: memory, journal and tables never drift apart, and no restart hurts."""

import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from edge.daemon.front import InputMaker
from edge.daemon.recovery import recover_state
from edge.domain.inputs import (
    CellInspected,
    CellOpenAsked,
    CheckInCancelled,
    CodeTyped,
    DoorMoved,
    DoorStuckReported,
    PhoneTailGiven,
    PulseFailed,
    PutBackAsked,
    ReleaseAsked,
    ReprintAsked,
    TimePassed,
    TokenScanned,
    WaybillScanned,
)
from edge.kernel.errors import Refused
from edge.kernel.ids import AuthId, CellId, Mac, WaybillNo
from edge.store.verify import verify
from tests.daemon.parts import CELLS, KEEPER, POLICY, TAIL, Rig, station_in
from tests.store.journals import new_journal

pytestmark = pytest.mark.anyio

STEPS: Final = 250
WAYBILLS: Final = [WaybillNo(f"YT77001230000{n:02d}") for n in range(6)]


class Day:
    """Somebody does something, again and again."""

    def __init__(self, rig: Rig, dice: random.Random) -> None:
        self._rig = rig
        self._dice = dice
        self.refusals: list[str] = []

    async def live(self) -> None:
        """So many random steps, most of them sensible."""
        deeds: list[Callable[[], Awaitable[None]]] = [
            self._at_the_desk,
            self._at_the_desk,
            self._at_the_desk,
            self._at_the_kiosk,
            self._sensor,
            self._time,
        ]
        for _ in range(STEPS):
            pulses = len(self._rig.opened_doors)
            await self._dice.choice(deeds)()
            if len(self._rig.opened_doors) > pulses and self._dice.random() < 0.9:
                await self._follow_the_pulse()

    async def _tell(self, make: InputMaker) -> None:
        self._rig.clock.mono_ms += self._dice.randint(0, 4_000)
        try:
            await self._rig.station.tell(make)
        except Refused as refused:
            self.refusals.append(refused.reason)

    def _cell(self) -> CellId:
        return CellId(self._dice.randint(1, CELLS))

    async def _sensor(self) -> None:
        cell, seen = self._cell(), self._dice.choice([True, None, *[False] * 10])
        await self._tell(lambda at, fresh: DoorMoved(at=at, cell=cell, is_open=seen, fresh=fresh))

    async def _follow_the_pulse(self) -> None:
        cell = CellId(self._rig.opened_doors[-1])
        for seen in (True, False):
            await self._tell(
                lambda at, fresh, seen=seen: DoorMoved(  # type: ignore[misc]  # bound early
                    at=at, cell=cell, is_open=seen, fresh=fresh
                )
            )

    async def _time(self) -> None:
        self._rig.clock.mono_ms += self._dice.choice([500, 500, 3_500, 61_000])
        await self._tell(lambda at, _fresh: TimePassed(at=at))

    async def _at_the_desk(self) -> None:
        waybill_no, cell = self._dice.choice(WAYBILLS), self._cell()
        holds = self._dice.choice([None, waybill_no])
        makers: list[InputMaker] = [
            lambda at, fresh: WaybillScanned(at=at, waybill_no=waybill_no, fresh=fresh),
            lambda at, fresh: WaybillScanned(at=at, waybill_no=waybill_no, fresh=fresh),
            lambda at, fresh: PhoneTailGiven(
                at=at, keeper=KEEPER, waybill_no=waybill_no, phone_tail=TAIL, fresh=fresh
            ),
            lambda at, fresh: ReleaseAsked(
                at=at, keeper=KEEPER, waybill_no=waybill_no, fresh=fresh
            ),
            lambda at, fresh: ReprintAsked(
                at=at, keeper=KEEPER, waybill_no=waybill_no, fresh=fresh
            ),
            lambda at, fresh: CheckInCancelled(
                at=at, keeper=KEEPER, waybill_no=waybill_no, fresh=fresh
            ),
            lambda at, fresh: CellInspected(
                at=at, keeper=KEEPER, cell=cell, holds=holds, fresh=fresh
            ),
            lambda at, fresh: CellOpenAsked(
                at=at, keeper=KEEPER, cell=cell, reason="看一看", fresh=fresh
            ),
        ]
        await self._tell(self._dice.choice(makers))

    async def _at_the_kiosk(self) -> None:
        cell = self._cell()
        auths = [*self._rig.station.state.auths, AuthId("a-none")]
        auth = self._dice.choice(sorted(auths))
        macs = [*self._rig.station.state.by_token, Mac("0" * 64)]
        mac = self._dice.choice(sorted(macs))
        makers: list[InputMaker] = [
            lambda at, fresh: TokenScanned(at=at, token_mac=mac, fresh=fresh),
            lambda at, fresh: TokenScanned(at=at, token_mac=mac, fresh=fresh),
            lambda at, fresh: CodeTyped(at=at, phone_tail=TAIL, code_mac=mac, fresh=fresh),
            lambda at, fresh: DoorStuckReported(at=at, cell=cell, auth=auth, fresh=fresh),
            lambda at, fresh: PutBackAsked(at=at, auth=auth, fresh=fresh),
            lambda at, _fresh: PulseFailed(
                at=at, cell=cell, auth=auth, attempt=1, reason="board_gone"
            ),
        ]
        await self._tell(self._dice.choice(makers))


def cells_table(tables: dict[str, list[tuple[Any, ...]]]) -> dict[int, tuple[Any, ...]]:
    return {row[0]: row[1:4] for row in tables["cells"]}


async def assert_memory_and_tables_agree(rig: Rig) -> None:
    state = rig.station.state
    replayed = await rig.thread.run(recover_state, rig.store, POLICY)
    assert replayed == state
    known = cells_table(await rig.thread.run(rig.store.tables))
    for cell, (occupancy, waybill_no, door) in known.items():
        content = state.cells[CellId(cell)]
        assert (cell, occupancy, waybill_no) == (cell, content.occupancy, content.waybill_no)
        assert (cell, door) == (cell, state.doors[CellId(cell)].door)


@pytest.mark.parametrize("seed", range(6))
async def test_after_a_random_day_and_a_restart_everything_agrees(
    tmp_path: Path, seed: int
) -> None:
    new_journal(tmp_path)
    for part in range(2):
        async with station_in(tmp_path) as rig:
            await rig.begin_check_in()
            day = Day(rig, random.Random(seed * 2 + part))
            await day.live()
            assert len(rig.opened_doors) > 10  # something did happen
            assert "try_again" not in day.refusals  # every fact could be stored
            await assert_memory_and_tables_agree(rig)
    assert verify(tmp_path).problems == ()


async def test_every_slip_of_a_random_day_opens_as_its_own_paper(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        await rig.begin_check_in()
        await Day(rig, random.Random(77)).live()
        tokens = []
        while (job := await rig.thread.run(rig.store.next_print_job)) is not None:
            tokens.append(msgspec.json.decode(job.content)["token"])
            await rig.thread.run(rig.store.print_done, job.job)
    assert len(tokens) == len(set(tokens)) > 0
