"""A house with a van before its door: manifests, couriers and bags are the test's."""

from typing import Final

from edge.domain.advice import BagAdvice, Consent, ParcelAdvice
from edge.domain.dock import Handover
from edge.domain.effects import QueueHandoverSlip, Reply
from edge.domain.inputs import WaybillScanned
from edge.domain.policy import Cell, CellSize, Policy, Shelf
from edge.domain.trip_inputs import (
    BagDone,
    BagFoundDamaged,
    BagsTurned,
    BagUnscanned,
    CountDisputed,
    CourierArrived,
    HandoverAgreed,
    HandoverHeldUp,
    SealScanned,
)
from edge.kernel.ids import (
    NO_HAMLET,
    CellId,
    CourierId,
    KeeperId,
    PhoneTail,
    Place,
    SealNo,
    TripId,
    WaybillNo,
)
from tests.domain.house import LI, TAIL, House, heard

CHEN: Final = CourierId("陈师傅")
RUN3: Final = TripId("2026-11-25-3")
HERE: Final = Place("pingshang")
THERE: Final = Place("shuinan")
TOWN: Final = Place("zhen")
BAG, BAG2, BAG3 = SealNo("FQ0000001"), SealNo("FQ0000002"), SealNo("FQ0000003")


def van_policy(*, hub: bool = False) -> Policy:
    cells = tuple(Cell(cell=CellId(n), size=CellSize.SMALL) for n in range(1, 9))
    shelves = (Shelf(name="A", layers=1),)
    return Policy(cells=cells, place=HERE, hub=hub, shelves=shelves, floor_slots=1)


def bag_for(
    to: Place = HERE, *, trip: TripId = RUN3, next_hop: Place = TOWN, run: bool = False
) -> BagAdvice:
    return BagAdvice(trip=trip, to=to, parcels=3, next_hop=next_hop, run=run)


def parcel_in(
    bag: frozenset[WaybillNo],
    *,
    to: Place = HERE,
    seal: SealNo = BAG,
    tail: PhoneTail | None = TAIL,
    consent: Consent = Consent.YES,
) -> ParcelAdvice:
    return ParcelAdvice(
        trip=RUN3,
        seal=seal,
        to=to,
        carrier="圆通",
        piece=1,
        pieces=2,
        phone_tail=tail,
        consent=consent,
        hamlet=NO_HAMLET,
        next_hop=TOWN,
        bag=bag,
    )


class Van(House):
    """See the module's docstring."""

    def __init__(self, *, hub: bool = False) -> None:
        super().__init__(policy=van_policy(hub=hub))
        self.see_all_shut()
        self.enter()

    @property
    def handover(self) -> Handover:
        assert self.state.dock.handover is not None, "no handover is under way"
        return self.state.dock.handover

    @property
    def papers(self) -> list[QueueHandoverSlip]:
        return [
            effect
            for entry in self.history
            for effect in entry.decision.effects
            if isinstance(effect, QueueHandoverSlip)
        ]

    def arrives(self, courier: CourierId = CHEN, trip: TripId = RUN3) -> Reply:
        told = CourierArrived(at=self.now, keeper=LI, courier=courier, trip=trip, operator="县运")
        return heard(self.tell(told))

    def bag(
        self, seal: SealNo = BAG, advice: BagAdvice | None = None, *, is_waybill: bool = False
    ) -> Reply:
        told = SealScanned(at=self.now, seal=seal, advice=advice, is_waybill=is_waybill)
        return heard(self.tell(told))

    def unscans(self, seal: SealNo = BAG) -> Reply:
        return heard(self.tell(BagUnscanned(at=self.now, keeper=LI, seal=seal)))

    def finds_damaged(self, seal: SealNo = BAG, note: str = "封签断") -> Reply:
        return heard(self.tell(BagFoundDamaged(at=self.now, keeper=LI, seal=seal, note=note)))

    def turns(self, direction: str, next_hop: Place = TOWN) -> Reply:
        told = BagsTurned(
            at=self.now, keeper=LI, network="post", direction=direction, next_hop=next_hop
        )
        return heard(self.tell(told))

    def disputes(self, count: int) -> Reply:
        return heard(self.tell(CountDisputed(at=self.now, keeper=LI, courier_count=count)))

    def holds_up(
        self, reason: str = "店主不在", courier: CourierId = CHEN, trip: TripId = RUN3
    ) -> Reply:
        told = HandoverHeldUp(at=self.now, courier=courier, trip=trip, reason=reason)
        return heard(self.tell(told))

    def agrees(self, *expected: SealNo, courier: CourierId = CHEN, keeper: KeeperId = LI) -> Reply:
        told = HandoverAgreed(
            at=self.now, keeper=keeper, courier=courier, expected=frozenset(expected)
        )
        return heard(self.tell(told))

    def takes(self, *seals: SealNo) -> None:
        """A whole handover of bags that the manifest names."""
        self.arrives()
        for seal in seals:
            self.bag(seal, bag_for())
        self.agrees(*seals)

    def unpacks(
        self, waybill_no: WaybillNo, advice: ParcelAdvice | None, *, is_seal: bool = False
    ) -> Reply:
        told = WaybillScanned(
            at=self.now,
            waybill_no=waybill_no,
            fresh=self.fresh(),
            advice=advice,
            is_seal=is_seal,
        )
        return heard(self.tell(told))

    def puts_in(self, waybill_no: WaybillNo, advice: ParcelAdvice | None) -> None:
        reply = self.unpacks(waybill_no, advice)
        assert reply.cell is not None, reply
        self.opens(reply.cell)
        self.wait(4_000)
        self.shuts(reply.cell)

    def empties(self, seal: SealNo, *advised: WaybillNo) -> Reply:
        told = BagDone(at=self.now, keeper=LI, seal=seal, advised=frozenset(advised))
        return heard(self.tell(told))
