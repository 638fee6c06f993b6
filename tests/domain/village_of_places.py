"""What a keeper does with parcels, shelves and cells, and the laws of places; part of test_laws."""

from collections.abc import Callable
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from edge.domain.cabinet import Occupancy
from edge.domain.effects import OpenDoor, Reply
from edge.domain.facts import CellReserved, CheckInUndone
from edge.domain.place_facts import (
    CellLocked,
    CellUnlocked,
    Choice,
    Flag,
    ParcelHandedBack,
    ParcelHandedOut,
    ParcelShelved,
    ParcelTakenOut,
)
from edge.domain.placing import on_its_way
from edge.domain.rest import why_doors_rest
from edge.kernel.errors import Refused
from edge.kernel.ids import CellId, PhoneTail, SlotCode, WaybillNo
from tests.domain.county import County
from tests.domain.steel import Errand, Steel, Where

WAYBILLS: Final = tuple(WaybillNo(f"YT000000000000{n}") for n in range(4))
TAILS: Final = (PhoneTail("3865"), PhoneTail("0971"))
waybills = st.sampled_from(WAYBILLS)
cells = st.sampled_from([CellId(n) for n in (1, 2, 3)])


class VillageOfPlaces(RuleBasedStateMachine):
    """A house with shelves, and a keeper who moves parcels about."""

    house: County
    steel: Steel
    wished: list[OpenDoor]

    def wish(self, wish: Callable[[], Reply]) -> Reply | None:
        """A wish may be refused; then nothing has changed."""
        before = self.house.state
        try:
            reply = wish()
        except Refused:
            assert self.house.state == before
            return None
        opens = [e for e in self.house.last.effects if isinstance(e, OpenDoor)]
        assert not opens or why_doors_rest(before, self.house.now) is None
        self.wished += opens
        return reply

    def scan(self, waybill_no: WaybillNo) -> None:
        """A parcel that is in the keeper's hands."""
        raise NotImplementedError

    def report(self, cell: CellId) -> None:
        """The sensor of a door tells what is new."""
        raise NotImplementedError

    def it_goes_as_it_should(self) -> None:
        """The next door opens, its person does what was wished for, and it is shut."""
        raise NotImplementedError

    def puts_down(self, wish: Callable[[], Reply], waybill_no: WaybillNo) -> None:
        """The parcel is in the keeper's hands and goes where the station says."""
        reply = self.wish(wish)
        if reply is None or not reply.ok:
            return
        if reply.slot is not None:
            self.steel.lay(waybill_no)
        elif reply.auth is not None and reply.cell is not None:
            self.steel.send(reply.cell, Errand.PUT, waybill_no)

    @rule(waybill_no=waybills, choice=st.none() | st.sampled_from(Choice))
    def choose_another_place(self, waybill_no: WaybillNo, choice: Choice | None) -> None:
        """Only a parcel that is still in her hands: what she put into a cell stays there."""
        if self.steel.elsewhere.get(waybill_no) is Where.KEEPER:
            self.puts_down(lambda: self.house.place(choice, waybill_no), waybill_no)

    @rule(choice=st.none() | st.sampled_from([c for c in Choice if c is not Choice.LARGER]))
    def choose_for_the_next(self, choice: Choice | None) -> None:
        self.wish(lambda: self.house.place(choice, None))

    @rule(
        waybill_no=waybills,
        choice=st.sampled_from([Choice.SHELF, Choice.FLOOR]),
        tail=st.sampled_from(TAILS),
    )
    def onto_a_slot(self, waybill_no: WaybillNo, choice: Choice, tail: PhoneTail) -> None:
        """The whole way, as on most days."""
        self.choose_for_the_next(choice)
        self.scan(waybill_no)
        self.wish(lambda: self.house.tail(waybill_no, tail))

    @rule(waybill_no=waybills, choice=st.none() | st.sampled_from(Choice))
    def too_small(self, waybill_no: WaybillNo, choice: Choice | None) -> None:
        """Its door has opened, and the keeper wants another place for it."""
        self.scan(waybill_no)
        if self.wished:
            pulse = self.wished.pop(0)
            self.steel.open.add(pulse.cell)
            self.report(pulse.cell)
        self.choose_another_place(waybill_no, choice)

    @rule(waybill_no=waybills)
    def move(self, waybill_no: WaybillNo) -> None:
        reply = self.wish(lambda: self.house.move(waybill_no))
        if reply is None or not reply.ok:
            return
        if reply.cell is None:
            self.steel.elsewhere[waybill_no] = Where.KEEPER
        else:
            self.steel.send(reply.cell, Errand.FETCH, waybill_no)

    @rule(waybill_no=waybills)
    def move_and_put_down(self, waybill_no: WaybillNo) -> None:
        """The whole way, as on most days."""
        self.move(waybill_no)
        while self.wished:
            self.it_goes_as_it_should()
        self.choose_another_place(waybill_no, None)

    @rule(cell=cells, luck=st.integers(0, 3))
    def lock_or_unlock(self, cell: CellId, luck: int) -> None:
        if luck == 0:
            inside = self.house.state.cells[cell].waybill_no
            if inside is None or self.house.cell(cell) is not Occupancy.RESERVED:
                self.wish(lambda: self.house.lock(cell))
            elif self.steel.elsewhere.get(inside) is Where.KEEPER:
                self.puts_down(lambda: self.house.lock(cell), inside)
        else:
            self.wish(lambda: self.house.unlock(cell))

    @rule(waybill_no=waybills, flags=st.sets(st.sampled_from(Flag)), fen=st.sampled_from([0, 1200]))
    def flag(self, waybill_no: WaybillNo, flags: set[Flag], fen: int) -> None:
        """Before an open door she still has it in her hands, or says nothing."""
        if (
            not self.is_under_way(waybill_no)
            or self.steel.elsewhere.get(waybill_no) is Where.KEEPER
        ):
            self.puts_down(lambda: self.house.flag(waybill_no, *flags, fen=fen), waybill_no)

    def is_under_way(self, waybill_no: WaybillNo) -> bool:
        """Whether the station takes it to be on its way into a cell."""
        parcel = self.house.state.parcels.get(waybill_no)
        cell = parcel.cell if parcel is not None else None
        return cell is not None and on_its_way(self.house.state, cell)

    @rule(waybill_no=waybills)
    def undo_a_handing_out(self, waybill_no: WaybillNo) -> None:
        if self.steel.elsewhere.get(waybill_no) is Where.OWNER:
            reply = self.wish(lambda: self.house.take_back(waybill_no))
            if reply is not None and reply.ok:
                self.steel.lay(waybill_no)

    @invariant()
    def a_slot_in_use_holds_its_parcel(self) -> None:
        for waybill_no in self.house.state.slots.values():
            assert self.steel.elsewhere.get(waybill_no) is Where.SLOT

    @invariant()
    def no_slot_is_given_while_something_lies_on_it(self) -> None:
        lying: dict[SlotCode, WaybillNo] = {}
        for fact, _at in self.house.journal:
            match fact:
                case ParcelShelved() | ParcelHandedBack():
                    assert fact.slot not in lying, f"{fact.slot} was given twice"
                    lying[fact.slot] = fact.waybill_no
                case ParcelTakenOut() | ParcelHandedOut() | CheckInUndone():
                    lying = {s: w for s, w in lying.items() if w != fact.waybill_no}
                case _:
                    pass
        assert lying == dict(self.house.state.slots)

    @invariant()
    def a_locked_cell_is_not_offered(self) -> None:
        locked: set[CellId] = set()
        for fact, _at in self.house.journal:
            match fact:
                case CellLocked():
                    locked.add(fact.cell)
                case CellUnlocked():
                    locked.discard(fact.cell)
                case CellReserved():
                    assert fact.cell not in locked
                case _:
                    pass
