"""Who has agreed to what: no parcel goes into a cell, and none has a code, without a yes.

Rule in force since 2024-03-01: a parcel is left at a station or in a locker only with its
addressee's consent. A yes may come before the parcel (a manifest), with it (a station whose people
agreed once for all), or by the keeper's call. It may be taken back as long as the parcel is here:
then its code dies at once, and the keeper is told to take it out of its cell. What a keeper finds
in a cell is told as it is, agreed to or not.
"""

from dataclasses import replace
from typing import Final

from edge.domain.advice import Consent
from edge.domain.agreement import after_word
from edge.domain.answers import Answer, RevokeReason
from edge.domain.codes import find, first_code, has_live_code, require_at_rest, revoke
from edge.domain.consent_facts import ConsentNoted, ConsentWanted, ContactTried, NoContact
from edge.domain.consent_inputs import ConsentGiven, ContactFailed
from edge.domain.decision import NOTHING, Decision
from edge.domain.effects import Reply
from edge.domain.inputs import WaybillScanned
from edge.domain.parcel import IN_CARE, Parcel, Stage
from edge.domain.place_facts import Choice
from edge.domain.places import place_of
from edge.domain.placing import PuttingDown, set_aside
from edge.domain.policy import Policy
from edge.domain.state import State

SAME_TRY_MS: Final = 30_000
"""A key that is pressed twice is one call."""


def to_ask(state: State, told: WaybillScanned, policy: Policy) -> tuple[ConsentWanted, ...]:
    """That the addressee of a parcel which is taken in has to be asked.

    A word that was given to the station itself outlasts a check-in that was taken back.
    """
    before = state.parcels.get(told.waybill_no)
    if before is not None and before.agreement.how is not None:
        return ()
    said = policy.unannounced if told.advice is None else told.advice.consent
    return () if said is Consent.YES else (ConsentWanted(waybill_no=told.waybill_no, said=said),)


def note(state: State, told: ConsentGiven, policy: Policy) -> Decision:
    """What was agreed to. A code comes with a yes, and dies with what takes the yes back."""
    before = find(state, told.waybill_no, IN_CARE)
    noted = ConsentNoted(
        waybill_no=before.waybill_no,
        wish=told.wish,
        how=told.how,
        giver=told.giver,
        keeper=told.keeper,
    )
    parcel = replace(before, agreement=after_word(before.agreement, noted, told.at))
    if replace(parcel.agreement, noted_at=before.agreement.noted_at) == before.agreement:
        return Decision(reply=_about(_noted(parcel), parcel))  # the same word once more
    dead = () if parcel.agreement.to_a_code else revoke(state, parcel, RevokeReason.NO_CONSENT)
    if dead:
        require_at_rest(state, parcel.cell)
    wish = PuttingDown(
        parcel=parcel, keeper=told.keeper, at=told.at, fresh=told.fresh, choice=Choice.SHELF
    )
    if parcel.unagreed and (aside := set_aside(state, wish, policy, (*dead, noted))):
        return aside
    issued = _code(state, parcel, told)
    key = Answer.SLIP_QUEUED if issued.effects else _noted(parcel)
    return Decision(
        facts=(*dead, noted, *issued.facts), effects=issued.effects, reply=_about(key, parcel)
    )


def reached_nobody(state: State, told: ContactFailed, _policy: Policy) -> Decision:
    """A try that reached nobody counts; the parcel waits for the next one."""
    parcel = find(state, told.waybill_no, IN_CARE)
    tried = ContactTried(waybill_no=parcel.waybill_no, result=told.result, keeper=told.keeper)
    wrong = told.result is NoContact.WRONG_NUMBER
    known = parcel.agreement
    age_ms = None if known.tried_at is None else told.at.since_ms(known.tried_at)
    again = age_ms is not None and age_ms < SAME_TRY_MS and known.wrong_number == wrong
    reply = _about(Answer.WRONG_NUMBER if wrong else Answer.CONTACT_NOTED, parcel)
    return Decision(facts=() if again else (tried,), reply=reply)


def _code(state: State, parcel: Parcel, told: ConsentGiven) -> Decision:
    """The code of a parcel that waits for its person and has none."""
    if parcel.stage is not Stage.STORED or not parcel.agreement.to_a_code:
        return NOTHING
    if not has_live_code(state, parcel):
        require_at_rest(state, parcel.cell)
    return first_code(state, parcel, place_of(parcel), told.fresh)


def _noted(parcel: Parcel) -> Answer:
    if parcel.cell is not None and parcel.unagreed:
        return Answer.LIES_IN_CELL
    if parcel.agreement.to_a_code and parcel.phone_tail is None:
        return Answer.AGREED_WITHOUT_TAIL
    return Answer.CONSENT_NOTED


def _about(key: Answer, parcel: Parcel) -> Reply:
    return Reply(key=key, ok=True, cell=parcel.cell, slot=parcel.slot, waybill_no=parcel.waybill_no)
