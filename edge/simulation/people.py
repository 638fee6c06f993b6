"""The people of a village: a keeper who checks parcels in, villagers who collect them.

They act on what they see: an answer on a screen, and a door that is open or not. When the machine
dies under their hands they come back later.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from cloud_sync.station.talks.questions import Answered
from edge.daemon.front import InputMaker
from edge.domain.cabinet import TO_LOOK
from edge.domain.door import Door
from edge.domain.effects import Reply
from edge.domain.facts import RefusalReason
from edge.domain.inputs import (
    CellInspected,
    CellOpenAsked,
    CheckInSwitched,
    CodeTyped,
    DoorStuckReported,
    KeeperEntered,
    PhoneTailGiven,
    TokenScanned,
    WaybillScanned,
)
from edge.domain.parcel import Stage
from edge.domain.state import State, door_of
from edge.kernel.errors import Refused, StoreError
from edge.kernel.ids import AuthId, CellId, KeeperId, PhoneTail, WaybillNo
from edge.simulation.ground.chance import Dice
from edge.simulation.ground.trace import Trace
from edge.simulation.oracles.stream import AnswerOracle
from edge.simulation.parts.county_node import ECHO
from edge.simulation.parts.station_node import Process, StationNode

LI: Final = KeeperId("李店主")
_GUESSED: Final = frozenset(
    {
        RefusalReason.WRONG_CODE,
        RefusalReason.LOCKED_OUT,
        RefusalReason.STATION_BUSY_GUESSING,
    }
)
_PATIENCE_S: Final = 6.0
_AGAIN_S: Final = 20.0
_TRIES: Final = 300
_CURIOSITY_S: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A printed slip in somebody's hand."""

    waybill_no: WaybillNo
    phone_tail: PhoneTail
    digits: str
    token: str
    cell: CellId


@dataclass
class Slips:
    """The printer's tray, read as paper comes out."""

    node: StationNode
    out: dict[WaybillNo, Slip] = field(default_factory=dict)
    printed: list[Slip] = field(default_factory=list)
    """For whoever collects them and empties this."""

    def pull(self) -> None:
        """Print whatever waits."""
        process = self.node.alive
        if process is None:
            return
        while not process.dead and (job := process.store.next_print_job()) is not None:
            if not process.store.print_started(job.job):
                continue
            said = msgspec.json.decode(job.content)
            if "digits" in said:  # a list for the keeper, or a receipt, opens no door
                self._tear_off(said)
            process.store.print_done(job.job)

    def _tear_off(self, said: Mapping[str, Any]) -> None:
        slip = Slip(
            waybill_no=WaybillNo(said["waybill_no"]),
            phone_tail=PhoneTail(said["phone_tail"]),
            digits=said["digits"],
            token=said["token"],
            cell=CellId(said["cell"]),
        )
        self.out[slip.waybill_no] = slip
        self.printed.append(slip)


class Village:
    """Everybody around one station."""

    def __init__(self, node: StationNode, dice: Dice, trace: Trace) -> None:
        self.node, self._dice, self._trace = node, dice, trace
        self.slips = Slips(node)
        self.collected: dict[WaybillNo, int] = {}
        """By parcel, how often its code had to be shown until it was in somebody's hands."""
        self.wrong_hands: list[str] = []
        self.astray: set[WaybillNo] = set()
        """Parcels that people moved, or left, without telling the machine what it cannot see."""
        self.shelf: set[WaybillNo] = set()
        """Parcels that lie on the counter, and are handed out there."""
        self.left_alone: set[WaybillNo] = set()
        """Parcels whose check-in somebody gave up, who may not have told their tail."""
        self.told_wrong = 0
        """How often somebody was told that a code is wrong."""
        self.waiting: dict[int, tuple[float, Process]] = {}
        """Who waits for an answer: since when, and of which daemon."""
        self._asked = 0
        self.counter = asyncio.Lock()
        """One person at the counter or the kiosk at a time."""

    # -- asking the machine

    async def tell(self, make: InputMaker) -> Reply | None:
        """The machine's answer; None when it refused or died."""
        process = self.node.alive
        if process is None:
            return None
        self._asked += 1
        turn = self._asked
        self.waiting[turn] = (asyncio.get_running_loop().time(), process)
        try:
            reply = await process.station.tell(make)
        except (Refused, StoreError):
            return None
        finally:
            del self.waiting[turn]
        if reply is not None and reply.key == RefusalReason.WRONG_CODE:
            self.told_wrong += 1
        self.slips.pull()
        return reply

    def state(self) -> State | None:
        """What the keeper's page shows."""
        process = self.node.alive
        return process.station.state if process is not None else None

    # -- the keeper

    async def check_in(
        self, waybill_no: WaybillNo, tail: PhoneTail, *, tries: int = _TRIES
    ) -> bool:
        """Bring a parcel in, whatever happens; False when it had to stay outside."""
        for _try in range(tries):
            await self.node.came_up.wait()
            async with self.counter:
                if await self._try_check_in(waybill_no, tail):
                    return True
                await self.tidy()
            await asyncio.sleep(_AGAIN_S)
        return False

    async def _try_check_in(self, waybill_no: WaybillNo, tail: PhoneTail) -> bool:
        await self.stand_ready()
        if not self.in_care(waybill_no):
            reply = await self.tell(
                lambda at, fresh: WaybillScanned(at=at, waybill_no=waybill_no, fresh=fresh)
            )
            if reply is not None and reply.ok and reply.cell is not None:
                await self._put_in(waybill_no, reply)
        if not self.in_care(waybill_no):
            return False
        if not self._has_code(waybill_no):
            await self.tell(
                lambda at, fresh: PhoneTailGiven(
                    at=at, keeper=LI, waybill_no=waybill_no, phone_tail=tail, fresh=fresh
                )
            )
        await asyncio.sleep(1.0)
        self.slips.pull()
        return self._has_code(waybill_no) and waybill_no in self.slips.out

    async def stand_ready(self) -> None:
        """Sign in at the counter, and have check-in on."""
        state = self.state()
        if state is not None and state.desk.keeper != LI:
            await self.tell(lambda at, _fresh: KeeperEntered(at=at, keeper=LI))
            state = self.state()
        if state is not None and not state.desk.checking_in:
            await self.tell(lambda at, _fresh: CheckInSwitched(at=at, keeper=LI, on=True))

    async def _put_in(self, waybill_no: WaybillNo, reply: Reply) -> None:
        cell, cabinet = reply.cell, self.node.cabinet
        if cell is None or not await self.door_opens(cell, reply.auth):
            return
        await asyncio.sleep(self._dice.between(2.0, 6.0))
        self.put_in(waybill_no, cell)
        cabinet.shut(cell)
        await asyncio.sleep(0.5)

    def put_in(self, waybill_no: WaybillNo, cell: CellId) -> None:
        """Lay a parcel behind an open door; what was left there by somebody has to go first."""
        inside = self.node.cabinet.inside
        if inside.get(cell, waybill_no) != waybill_no:
            self.to_the_counter(cell)
        if waybill_no not in inside.values():
            inside[cell] = waybill_no
            self.shelf.discard(waybill_no)

    def to_the_counter(self, cell: CellId) -> None:
        """Take out what lies behind an open door and should not: its owner gets it by hand."""
        found = self.node.cabinet.inside.pop(cell)
        self.astray.add(found)
        self.shelf.add(found)

    async def door_opens(self, cell: CellId, auth: AuthId | None) -> bool:
        """Wait for a door, and say once that it is stuck."""
        if await self.node.cabinet.opened(cell, _PATIENCE_S):
            return True
        if auth is not None:
            await self.tell(
                lambda at, fresh: DoorStuckReported(at=at, cell=cell, auth=auth, fresh=fresh)
            )
        return await self.node.cabinet.opened(cell, _PATIENCE_S)

    async def tidy(self) -> None:
        """Look into every cell that asks for it, and shut whatever stands open."""
        cabinet = self.node.cabinet
        for cell in sorted(cabinet.open):
            cabinet.shut(cell)
        await asyncio.sleep(0.5)
        state = self.state()
        for cell in sorted(state.cells) if state is not None else ():
            await self._look_into(cell)

    async def _look_into(self, cell: CellId) -> None:
        state = self.state()
        if state is None or state.cells[cell].occupancy not in TO_LOOK:
            return
        if door_of(state, cell).door is not Door.SHUT:
            return
        await self.stand_ready()
        reply = await self.tell(
            lambda at, fresh: CellOpenAsked(at=at, keeper=LI, cell=cell, reason="看看", fresh=fresh)
        )
        if reply is None or not reply.ok or not await self.door_opens(cell, reply.auth):
            return
        await asyncio.sleep(2.0)
        holds = self.node.cabinet.inside.get(cell)
        if holds is not None and not self.in_care(holds):
            del self.node.cabinet.inside[cell]  # the machine does not know it: back to the counter
            holds = None
        self.node.cabinet.shut(cell)
        await asyncio.sleep(0.5)
        await self.tell(
            lambda at, fresh: CellInspected(at=at, keeper=LI, cell=cell, holds=holds, fresh=fresh)
        )

    def in_care(self, waybill_no: WaybillNo) -> bool:
        """Whether the machine says that this parcel lies in a cell."""
        state = self.state()
        parcel = state.parcels.get(waybill_no) if state is not None else None
        return parcel is not None and parcel.stage in {Stage.STORED, Stage.KEEPER_ASSIST}

    def _has_code(self, waybill_no: WaybillNo) -> bool:
        state = self.state()
        parcel = state.parcels.get(waybill_no) if state is not None else None
        if state is None or parcel is None or parcel.credential is None:
            return False
        return state.credentials[parcel.credential].live

    # -- a villager

    async def collect(
        self,
        waybill_no: WaybillNo,
        *,
        by_code: bool,
        dawdle_s: float = 4.0,
        tries: int = _TRIES,
    ) -> bool:
        """Get a parcel with the newest slip; False when it could not be had."""
        for attempt in range(1, tries + 1):
            await self.node.came_up.wait()
            async with self.counter:
                if await self._try_collect(waybill_no, by_code=by_code, dawdle_s=dawdle_s):
                    self.collected[waybill_no] = attempt
                    return True
                await self.tidy()
            if not self.in_care(waybill_no) and self.state() is not None:
                return False
            await asyncio.sleep(_AGAIN_S)
        return False

    def owed(self, waybill_no: WaybillNo) -> bool:
        """Whether the machine says that this parcel waits for whoever holds its slip."""
        state = self.state()
        parcel = state.parcels.get(waybill_no) if state is not None else None
        stored = parcel is not None and parcel.stage is Stage.STORED
        return stored and waybill_no in self.slips.out and waybill_no not in self.astray

    async def _try_collect(self, waybill_no: WaybillNo, *, by_code: bool, dawdle_s: float) -> bool:
        if waybill_no in self.shelf:
            self.shelf.discard(waybill_no)
            return True
        slip = self.slips.out.get(waybill_no)
        if slip is None:
            return False
        reply = await self.show(slip, by_code=by_code)
        if by_code and self.told_wrong and reply is not None and reply.key in _GUESSED:
            reply = await self.show(
                slip, by_code=False
            )  # somebody has guessed: the QR always works
        if reply is None or not reply.ok or reply.cell is None:
            return False
        if not await self.door_opens(reply.cell, reply.auth):
            return False
        await asyncio.sleep(dawdle_s)
        had = self.take_out(waybill_no, reply.cell)
        self.node.cabinet.shut(reply.cell)
        await asyncio.sleep(0.5)
        return had

    def take_out(self, waybill_no: WaybillNo, cell: CellId) -> bool:
        """Take what lies behind an open door; who finds another's parcel brings it to the counter.

        That is a broken law, but where people had left one of the two astray.
        """
        inside = self.node.cabinet.inside
        found = inside.get(cell)
        if found == waybill_no:
            del inside[cell]
            return True
        if found is not None:
            if not self.astray & {found, waybill_no}:
                self.wrong_hands.append(f"P3: {waybill_no} was wanted, {found} lay in cell {cell}")
            self.to_the_counter(cell)
        return False

    async def show(self, slip: Slip, *, by_code: bool) -> Reply | None:
        """Type what a slip says, or hold it before the scanner."""
        process = self.node.alive
        if process is None:
            return None
        key = process.store.key
        if by_code:
            mac = key.mac_code(slip.digits)
            return await self.tell(
                lambda at, fresh: CodeTyped(
                    at=at, phone_tail=slip.phone_tail, code_mac=mac, fresh=fresh
                )
            )
        token = key.mac_token(slip.token)
        return await self.tell(lambda at, fresh: TokenScanned(at=at, token_mac=token, fresh=fresh))

    async def ask(self, answers: AnswerOracle) -> None:
        """The counter asks the county something; no answer is no harm, a wrong one is."""
        process, number = self.node.alive, answers.number()
        if process is None:
            return
        told = await process.questions.ask(ECHO, {"number": number}, _CURIOSITY_S)
        if isinstance(told, Answered):
            answers.answered(self.node, number, told.body)

    async def guess(self, tail: PhoneTail) -> None:
        """Somebody types digits that are nobody's."""
        process = self.node.alive
        if process is None:
            return
        mac = process.store.key.mac_code(f"{self._dice.number(0, 99_999_999):08d}")
        async with self.counter:
            reply = await self.tell(
                lambda at, fresh: CodeTyped(at=at, phone_tail=tail, code_mac=mac, fresh=fresh)
            )
        if reply is not None and reply.ok:
            self.wrong_hands.append(f"P3: somebody guessed, and cell {reply.cell} opened")
