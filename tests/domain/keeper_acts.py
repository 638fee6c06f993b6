"""What a keeper does about places, marks and handing out, with hands on a station's core."""

from typing import Final

from edge.domain.consent_facts import Giver, How, NoContact, Wish
from edge.domain.consent_inputs import ConsentGiven, ContactFailed
from edge.domain.effects import QueueSlip, Reply
from edge.domain.inputs import (
    CellInspected,
    CellLockAsked,
    CellOpenAsked,
    CellUnlockAsked,
    CheckInCancelled,
    FlagsGiven,
    Fresh,
    HandOutUndone,
    Input,
    MoveAsked,
    PlaceAsked,
    ReleaseAsked,
)
from edge.domain.place_facts import Choice, Flag, Seen
from edge.kernel.ids import CellId, KeeperId, PhoneTail, WaybillNo
from edge.kernel.time import Instant

KEEPER: Final = KeeperId("李店主")
FIRST: Final = WaybillNo("YT7700123456789")
TAIL: Final = PhoneTail("3865")


class KeeperActs:
    """Part of House."""

    @property
    def now(self) -> Instant:
        raise NotImplementedError

    def fresh(self) -> Fresh:
        """Values never drawn before."""
        raise NotImplementedError

    def tell(self, told: Input) -> Reply | None:
        """Decide, fold, remember."""
        raise NotImplementedError

    @property
    def slips(self) -> list[QueueSlip]:
        """Every slip so far."""
        raise NotImplementedError

    def scan(self, waybill_no: WaybillNo = FIRST) -> Reply:
        """A waybill at the counter."""
        raise NotImplementedError

    def tail(self, waybill_no: WaybillNo = FIRST, tail: PhoneTail = TAIL) -> Reply:
        """The phone's last four digits."""
        raise NotImplementedError

    def hear(self, told: Input) -> Reply:
        """The answer to a wish; every wish of a person has one."""
        reply = self.tell(told)
        assert reply is not None, "a wish without an answer"
        return reply

    def take_back(self, waybill_no: WaybillNo = FIRST) -> Reply:
        """Undo a handing out."""
        told = HandOutUndone(at=self.now, keeper=KEEPER, waybill_no=waybill_no)
        return self.hear(told)

    def place(self, choice: Choice | None, waybill_no: WaybillNo | None = FIRST) -> Reply:
        told = PlaceAsked(
            at=self.now, keeper=KEEPER, waybill_no=waybill_no, choice=choice, fresh=self.fresh()
        )
        return self.hear(told)

    def word(
        self,
        wish: Wish,
        waybill_no: WaybillNo = FIRST,
        *,
        how: How = How.PHONE,
        giver: Giver = Giver.ADDRESSEE,
        fresh: Fresh | None = None,
    ) -> Reply:
        """What the addressee says to the keeper."""
        told = ConsentGiven(
            at=self.now,
            keeper=KEEPER,
            waybill_no=waybill_no,
            wish=wish,
            how=how,
            giver=giver,
            fresh=fresh or self.fresh(),
        )
        return self.hear(told)

    def reaches_nobody(
        self, result: NoContact = NoContact.NO_ANSWER, waybill_no: WaybillNo = FIRST
    ) -> Reply:
        told = ContactFailed(at=self.now, keeper=KEEPER, waybill_no=waybill_no, result=result)
        return self.hear(told)

    def move(self, waybill_no: WaybillNo = FIRST) -> Reply:
        told = MoveAsked(at=self.now, keeper=KEEPER, waybill_no=waybill_no, fresh=self.fresh())
        return self.hear(told)

    def flag(self, waybill_no: WaybillNo = FIRST, *flags: Flag, fen: int = 0) -> Reply:
        told = FlagsGiven(
            at=self.now,
            keeper=KEEPER,
            waybill_no=waybill_no,
            flags=flags,
            cash_due_fen=fen,
            fresh=self.fresh(),
        )
        return self.hear(told)

    def lock(self, cell: CellId, reason: str = "锁坏了") -> Reply:
        told = CellLockAsked(
            at=self.now, keeper=KEEPER, cell=cell, reason=reason, fresh=self.fresh()
        )
        return self.hear(told)

    def unlock(self, cell: CellId) -> Reply:
        return self.hear(CellUnlockAsked(at=self.now, keeper=KEEPER, cell=cell))

    def release(self, waybill_no: WaybillNo = FIRST, *seen: Seen) -> Reply:
        told = ReleaseAsked(
            at=self.now,
            keeper=KEEPER,
            waybill_no=waybill_no,
            fresh=self.fresh(),
            seen=frozenset(seen),
        )
        return self.hear(told)

    def cancel(self, waybill_no: WaybillNo = FIRST) -> Reply:
        told = CheckInCancelled(
            at=self.now, keeper=KEEPER, waybill_no=waybill_no, fresh=self.fresh()
        )
        return self.hear(told)

    def inspect(self, cell: CellId, holds: WaybillNo | None) -> Reply:
        told = CellInspected(at=self.now, keeper=KEEPER, cell=cell, holds=holds, fresh=self.fresh())
        return self.hear(told)

    def open_by_hand(self, cell: CellId, reason: str = "看看") -> Reply:
        told = CellOpenAsked(
            at=self.now, keeper=KEEPER, cell=cell, reason=reason, fresh=self.fresh()
        )
        return self.hear(told)

    def shelve(self, waybill_no: WaybillNo = FIRST, tail: PhoneTail = TAIL) -> QueueSlip:
        """A parcel from the scan to its slip, onto a shelf."""
        self.place(Choice.SHELF, None)
        self.scan(waybill_no)
        self.tail(waybill_no, tail)
        return self.slips[-1]
