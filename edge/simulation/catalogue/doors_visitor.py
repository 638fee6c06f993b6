"""People at a kiosk and at a counter, for scenarios: what they do, and what they are shown."""

from typing import Final

from edge.daemon.devices.scans import ScanReader
from edge.daemon.front import InputMaker, LinkView, PrintQueueView
from edge.domain.cabinet import CellState
from edge.domain.door import Door
from edge.domain.effects import Reply
from edge.domain.inputs import (
    CellInspected,
    CodeTyped,
    DoorStuckReported,
    PutBackAsked,
    ReprintAsked,
    TakenReported,
)
from edge.domain.parcel import Stage
from edge.domain.state import State, cell_of, door_of
from edge.kernel.errors import Refused, StoreError
from edge.kernel.ids import AuthId, CellId, WaybillNo
from edge.simulation.catalogue.bench import Bench
from edge.simulation.people import LI, Slip
from edge.web.kiosk_screen import KioskView, Screen, kiosk_view
from edge.web.snapshot import Snapshot
from hardware.ports import DeviceHealth

NO_ANSWER: Final = Reply(key="", ok=False)
"""The machine died under somebody's hands."""
LANGUAGE: Final = "zh"
_PATIENCE_S: Final = 6.0


async def tell(bench: Bench, make: InputMaker) -> Reply:
    """The machine's answer; a refusal is an answer too."""
    try:
        reply = await bench.daemon.station.tell(make)
    except Refused as refused:
        return Reply(key=refused.reason, ok=False)
    except StoreError:
        return NO_ANSWER
    bench.village.slips.pull()
    return reply or NO_ANSWER


def state_of(bench: Bench) -> State:
    """What the station knows."""
    return bench.daemon.station.state


def door(bench: Bench, cell: CellId) -> Door:
    """What it knows of a door."""
    return door_of(state_of(bench), cell).door


def cell_at(bench: Bench, cell: CellId) -> CellState:
    """What it counts in a cell."""
    return cell_of(state_of(bench), cell)


def stage(bench: Bench, waybill_no: WaybillNo) -> Stage:
    """Where it counts a parcel."""
    return state_of(bench).parcels[waybill_no].stage


def kiosk(bench: Bench, devices: tuple[DeviceHealth, ...] = ()) -> KioskView:
    """The kiosk's screen as a page that is loaded just now shows it."""
    station = bench.daemon.station
    seen = Snapshot(
        station_name=bench.node.name,
        simulated=True,
        state=station.state,
        policy=station.policy,
        now=station.now(),
        link=LinkView(online=True, waiting=0),
        devices=devices,
        prints=PrintQueueView(waiting=0),
        announcement=station.announcement(),
    )
    return kiosk_view(seen, LANGUAGE)


class Visitor:
    """A villager with the newest slip of one parcel."""

    def __init__(self, bench: Bench, waybill_no: WaybillNo) -> None:
        self.bench, self.waybill_no = bench, waybill_no
        self.auth = AuthId("")

    @property
    def slip(self) -> Slip:
        """The paper in the hand."""
        return self.bench.village.slips.out[self.waybill_no]

    @property
    def cell(self) -> CellId:
        """Where the slip says that the parcel is."""
        return self.slip.cell

    @property
    def screen(self) -> Screen:
        """What the kiosk shows."""
        return kiosk(self.bench).screen

    async def show(self, *, by_code: bool | None = None) -> Reply:
        """Present the slip, by its QR or by typing."""
        if by_code is None:
            by_code = self.bench.dice.chance(0.5)
        reply = await tell(self.bench, self.typed() if by_code else self.scanned())
        if reply.ok and reply.auth is not None:
            self.auth = reply.auth
        return reply

    def typed(self) -> InputMaker:
        """Phone tail and digits."""
        slip, mac = self.slip, self.bench.daemon.store.key.mac_code(self.slip.digits)
        return lambda at, fresh: CodeTyped(
            at=at, phone_tail=slip.phone_tail, code_mac=mac, fresh=fresh
        )

    def scanned(self) -> InputMaker:
        """The QR code. Raises ValueError where the slip has none."""
        daemon = self.bench.daemon
        make = ScanReader(daemon.store.key, lambda: daemon.station.state).read(self.slip.token)
        if make is None:
            raise ValueError("no token on this slip")
        return make

    async def say_stuck(self) -> Reply:
        """Tell the kiosk that it did not open."""
        cell, auth = self.cell, self.auth
        return await tell(
            self.bench,
            lambda at, fresh: DoorStuckReported(at=at, cell=cell, auth=auth, fresh=fresh),
        )

    async def say_taken(self) -> Reply:
        """Tell the kiosk that it did open, and that the parcel is out."""
        cell, auth = self.cell, self.auth
        return await tell(self.bench, lambda at, _fresh: TakenReported(at=at, cell=cell, auth=auth))

    async def ask_again(self) -> Reply:
        """Ask for the same door once more."""
        auth = self.auth
        return await tell(self.bench, lambda at, fresh: PutBackAsked(at=at, auth=auth, fresh=fresh))

    async def see_open(self, within_s: float = _PATIENCE_S) -> None:
        """The door stands open, and the station has seen it."""
        await self.bench.until(
            lambda: door(self.bench, self.cell) is Door.OPEN, within_s, f"door {self.cell} opens"
        )

    def take(self) -> None:
        """Take the parcel out of the open door."""
        cabinet = self.bench.cabinet
        self.bench.expect(self.cell in cabinet.open, f"door {self.cell} stands open")
        found = cabinet.inside.pop(self.cell, None)
        self.bench.expect(found == self.waybill_no, f"{self.waybill_no} lies in cell {self.cell}")

    async def push_shut(self) -> None:
        """Push the door shut, and let the station see it."""
        self.bench.cabinet.shut(self.cell)
        await self.bench.world.sleep(0.5)

    async def collect(self) -> None:
        """A visit without trouble, from the slip to the shut door."""
        reply = await self.show()
        self.bench.expect(reply.ok, f"the slip of {self.waybill_no} opens its door")
        if not reply.ok:
            return
        await self.see_open()
        await self.bench.world.sleep(self.bench.dice.between(1.0, 8.0))
        self.take()
        await self.push_shut()
        self.has_it()

    def has_it(self) -> None:
        """The station counts the parcel as collected."""
        self.bench.expect(
            stage(self.bench, self.waybill_no) is Stage.PICKED_UP,
            f"{self.waybill_no} counts as collected",
        )


async def visitor_of_new(bench: Bench) -> Visitor:
    """A parcel is checked in, and its owner comes some time later."""
    who = Visitor(bench, await bench.parcel())
    await bench.world.sleep(bench.dice.between(5.0, 120.0))
    return who


async def tidy(bench: Bench) -> None:
    """The keeper shuts what stands open and looks into every cell that asks for it."""
    async with bench.village.counter:
        await bench.village.tidy()


async def says_empty(bench: Bench, cell: CellId) -> Reply:
    """The keeper says of a cell that nothing is inside, without opening it."""
    await _at_the_desk(bench)
    return await tell(
        bench,
        lambda at, fresh: CellInspected(at=at, keeper=LI, cell=cell, holds=None, fresh=fresh),
    )


async def reprint(bench: Bench, waybill_no: WaybillNo) -> Reply:
    """The keeper wants a new slip."""
    await _at_the_desk(bench)
    return await tell(
        bench,
        lambda at, fresh: ReprintAsked(at=at, keeper=LI, waybill_no=waybill_no, fresh=fresh),
    )


async def _at_the_desk(bench: Bench) -> None:
    bench.expect(state_of(bench).desk.keeper == LI, "the keeper is signed in")
