"""What addressees agreed to, and whom nobody reached."""

from dataclasses import replace

from edge.domain.agreement import Agreement, after_word
from edge.domain.consent_facts import ConsentNoted, ConsentWanted, ContactTried, NoContact
from edge.domain.state import State
from edge.kernel.ids import WaybillNo
from edge.kernel.time import Instant


def wanted(state: State, fact: ConsentWanted, _at: Instant) -> State:
    """To be asked before it lies in a cell."""
    known = state.parcels[fact.waybill_no].agreement
    return _agreed(state, fact.waybill_no, replace(known, consent=fact.said))


def noted(state: State, fact: ConsentNoted, at: Instant) -> State:
    """What holds from here on."""
    known = state.parcels[fact.waybill_no].agreement
    return _agreed(state, fact.waybill_no, after_word(known, fact, at))


def tried(state: State, fact: ContactTried, at: Instant) -> State:
    """Once more in vain."""
    known = state.parcels[fact.waybill_no].agreement
    wrong = fact.result is NoContact.WRONG_NUMBER
    again = replace(known, tries=known.tries + 1, tried_at=at, wrong_number=wrong)
    return _agreed(state, fact.waybill_no, again)


def _agreed(state: State, waybill_no: WaybillNo, agreement: Agreement) -> State:
    parcel = replace(state.parcels[waybill_no], agreement=agreement)
    return replace(state, parcels=state.parcels.set(waybill_no, parcel))
