"""What addressees say to the keeper, and the laws of consent; the rest is as in test_laws."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from edge.domain.advice import Consent
from edge.domain.codes import has_live_code
from edge.domain.consent_facts import ConsentNoted, ConsentWanted, NoContact, Wish
from edge.domain.facts import CellReserved, ParcelMissing, ParcelReceived, ParcelStored
from edge.domain.parcel import IN_CARE
from edge.domain.place_facts import Flag, ParcelFlagged
from edge.kernel.ids import CellId, WaybillNo
from tests.domain.steel import Where
from tests.domain.test_laws import Village
from tests.domain.village_of_places import waybills


class VillageOfConsent(Village):
    """A village whose station may have to ask everybody."""

    @initialize(said=st.sampled_from(Consent))
    def nobody_announces_parcels(self, said: Consent) -> None:
        self.house.policy = replace(self.house.policy, unannounced=said)

    @rule(waybill_no=waybills, wish=st.sampled_from(Wish))
    def say(self, waybill_no: WaybillNo, wish: Wish) -> None:
        """Before an open door the keeper still has it in her hands, or says nothing."""
        if (
            not self.is_under_way(waybill_no)
            or self.steel.elsewhere.get(waybill_no) is Where.KEEPER
        ):
            self.puts_down(lambda: self.house.word(wish, waybill_no), waybill_no)

    @rule(waybill_no=waybills)
    def agree_and_put_in(self, waybill_no: WaybillNo) -> None:
        """The whole way, as on most days."""
        self.say(waybill_no, Wish.CELL)
        self.move_and_put_down(waybill_no)
        while self.wished:
            self.it_goes_as_it_should()

    @rule(waybill_no=waybills, result=st.sampled_from(NoContact))
    def call_in_vain(self, waybill_no: WaybillNo, result: NoContact) -> None:
        self.wish(lambda: self.house.reaches_nobody(result, waybill_no))

    @invariant()
    def no_cell_is_opened_for_what_nobody_agreed_to_put_there(self) -> None:
        """And none is said to hold it, but the one in which it lay when the yes was taken back."""
        barred: set[WaybillNo] = set()
        word: set[WaybillNo] = set()
        lay: dict[WaybillNo, CellId | None] = {}
        for fact, _at in self.house.journal:
            match fact:
                case ParcelReceived() if fact.waybill_no not in word:
                    barred.discard(fact.waybill_no)
                case ConsentWanted():
                    barred.add(fact.waybill_no)
                case ConsentNoted():
                    word.add(fact.waybill_no)
                    (barred.discard if fact.wish is Wish.CELL else barred.add)(fact.waybill_no)
                case CellReserved():
                    assert fact.waybill_no not in barred
                    lay[fact.waybill_no] = fact.cell
                case ParcelMissing():
                    lay[fact.waybill_no] = None  # wherever it turns up
                case ParcelStored() if fact.waybill_no in barred:
                    assert lay[fact.waybill_no] in {fact.cell, None}
                case ParcelStored():
                    lay[fact.waybill_no] = fact.cell
                case _:
                    pass

    @invariant()
    def what_is_delicate_is_put_into_no_cell_that_nobody_named(self) -> None:
        delicate: set[WaybillNo] = set()
        named: dict[WaybillNo, Wish] = {}
        for fact, _at in self.house.journal:
            match fact:
                case ParcelReceived():
                    delicate.discard(fact.waybill_no)
                case ParcelFlagged():
                    minds = not {Flag.FRESH, Flag.VALUABLE}.isdisjoint(fact.flags)
                    (delicate.add if minds else delicate.discard)(fact.waybill_no)
                case ConsentNoted():
                    named[fact.waybill_no] = fact.wish
                case CellReserved() if fact.waybill_no in delicate:
                    assert named.get(fact.waybill_no) is Wish.CELL
                case _:
                    pass

    @invariant()
    def nobody_who_has_not_agreed_has_a_code(self) -> None:
        for parcel in self.house.state.parcels.values():
            if parcel.stage in IN_CARE and not parcel.agreement.to_a_code:
                assert not has_live_code(self.house.state, parcel)
