"""The only translator between facts and wire bodies loses nothing and guesses nothing."""

import dataclasses
from typing import Any, get_args, get_type_hints

import pytest

from cloud_sync.wire.bodies.registry import read_body
from cloud_sync.wire.envelope import Envelope
from edge.domain.advice import Consent
from edge.domain.consent_facts import Giver, How, NoContact, Wish
from edge.domain.dock import Verdict
from edge.domain.facts import (
    CheckInBegun,
    DoorAsked,
    Fact,
    PickupRefused,
    Proof,
    Purpose,
    RefusalReason,
)
from edge.domain.keeping import Cause, Liable, Way
from edge.domain.place_facts import Choice, Flag, ParcelShelved, Seen
from edge.domain.proxy_facts import ProxyEnd, Relation
from edge.domain.troubles import TroubleKind, TroubleState
from edge.kernel.ids import (
    AuthId,
    CellId,
    CredentialId,
    KeeperId,
    SealNo,
    SlotCode,
    WaybillNo,
)
from edge.wire_map import WireMapError, to_body, to_fact

KINDS: tuple[Any, ...] = get_args(Fact)
_EXAMPLES: dict[Any, Any] = {
    int: 2,
    CellId: CellId(7),
    int | None: None,
    CellId | None: CellId(7),
    Purpose: Purpose.CHECK_IN,
    Proof: Proof.TOKEN,
    RefusalReason: RefusalReason.WRONG_CODE,
    tuple[CredentialId, ...]: (CredentialId("c-1"), CredentialId("c-2")),
    tuple[str, ...]: ("notice", "price_list"),
    tuple[SealNo, ...]: (SealNo("FQ0000001"),),
    Verdict: Verdict.EXPECTED,
    Consent: Consent.YES,
    tuple[Flag, ...]: (Flag.BULKY, Flag.SIGNATURE),
    tuple[Seen, ...]: (Seen.ID, Seen.PAID),
    Choice | None: Choice.SHELF,
    Way: Way.PHONE,
    Liable: Liable.CARRIER,
    Cause: Cause.REFUSED,
    TroubleKind: TroubleKind.BAG_SHORT,
    TroubleState: TroubleState.SETTLED,
    Wish: Wish.HOME,
    How: How.MESSAGE,
    Giver: Giver.FAMILY,
    NoContact: NoContact.WRONG_NUMBER,
    Relation: Relation.NEIGHBOUR,
    ProxyEnd: ProxyEnd.DAY_OVER,
    SlotCode: SlotCode("B-3-407"),
    SlotCode | None: SlotCode("地2"),
}
_TEXTS = {
    "waybill_no": "YT7700123000001",
    "phone_tail": "3865",
    "code_mac": "ab" * 32,
    "token_mac": "cd" * 32,
    "digest": "ef" * 32,
    "parent_hash": "ab" * 32,
    "snapshot": "cd" * 32,
    "result": "opened",
    "seal": "FQ0000001",
    "subject": "FQ0000001",
    "proxy": "王**",
    "owner": "刘**",
}


def example(kind: Any) -> Fact:
    hints = get_type_hints(kind)
    fields = {
        field.name: _EXAMPLES.get(hints[field.name], _TEXTS.get(field.name, "x"))
        for field in dataclasses.fields(kind)
    }
    fact: Fact = kind(**fields)
    return fact


def envelope(kind: str, schema: int, body: dict[str, Any]) -> Envelope:
    return Envelope(
        epoch=1,
        seq=9,
        boot=1,
        mono_ms=1,
        wall_lo=1,
        wall_hi=None,
        kind=kind,
        schema=schema,
        actor="desk",
        body=body,
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.KIND))
def test_every_fact_survives_the_way_to_the_wire_and_back(kind: Any) -> None:
    fact = example(kind)
    name, schema, body = to_body(fact)
    read_body(name, schema, body)  # the county can read it
    again = to_fact(envelope(name, schema, body))
    assert again == fact
    assert type(again) is type(fact)


def test_a_fact_that_no_reader_would_take_is_refused_before_it_is_stored() -> None:
    with pytest.raises(WireMapError, match=r"check_in\.begun"):
        to_body(CheckInBegun(keeper=KeeperId("x" * 65)))


def test_only_a_door_that_is_opened_for_the_county_needs_the_second_schema() -> None:
    asked = DoorAsked(
        cell=CellId(7),
        auth=AuthId("a-1"),
        attempt=1,
        purpose=Purpose.PICKUP,
        actor="kiosk",
        reason="",
    )
    _kind, schema, body = to_body(asked)
    assert (schema, to_fact(envelope("door.asked", 1, body))) == (1, asked)
    with pytest.raises(WireMapError, match="fact 9 cannot be read"):
        to_fact(envelope("door.asked", 1, body | {"purpose": "remote"}))
    remote = dataclasses.replace(asked, purpose=Purpose.REMOTE)
    _kind, schema, body = to_body(remote)
    assert (schema, to_fact(envelope("door.asked", 2, body))) == (2, remote)


@pytest.mark.parametrize(("purpose", "number"), [(Purpose.MOVE, 3), (Purpose.RETURN, 4)])
def test_only_a_door_from_which_a_parcel_goes_elsewhere_needs_a_later_schema(
    purpose: Purpose, number: int
) -> None:
    asked = DoorAsked(
        cell=CellId(7),
        auth=AuthId("a-1"),
        attempt=1,
        purpose=purpose,
        actor="keeper:李店主",
        reason="",
    )
    _kind, schema, body = to_body(asked)
    assert (schema, to_fact(envelope("door.asked", number, body))) == (number, asked)


@pytest.mark.parametrize("slot", ["B-3-4007", "AB-9-101", "地1", "地120"])
def test_a_slot_is_named_as_it_is_painted(slot: str) -> None:
    fact = ParcelShelved(
        waybill_no=WaybillNo("YT7700123000001"), slot=SlotCode(slot), keeper=KeeperId("x")
    )
    assert to_body(fact)[2]["slot"] == slot
    for wrong in (f"{slot}\n", slot.lower() + "-", f" {slot}", "B-0-101", "B-1-801"):
        with pytest.raises(WireMapError):
            to_body(dataclasses.replace(fact, slot=SlotCode(wrong)))


def test_no_two_facts_share_a_kind_and_schema() -> None:
    names = [(kind.KIND, kind.SCHEMA) for kind in KINDS]
    assert len(set(names)) == len(names)


def test_a_body_holds_plain_words_numbers_and_lists() -> None:
    fact = PickupRefused(
        reason=RefusalReason.LOCKED_OUT,
        proof=Proof.CODE,
        charged=2,
        credentials=(CredentialId("c-1"),),
    )
    _kind, _schema, body = to_body(fact)
    assert body == {
        "reason": "locked_out",
        "proof": "code",
        "charged": 2,
        "credentials": ["c-1"],
    }
    assert {type(value) for value in body.values()} == {str, int, list}


@pytest.mark.parametrize(("kind", "schema"), [("parcel.flown", 1), ("check_in.begun", 2)])
def test_a_fact_from_a_newer_version_names_its_kind_and_schema(kind: str, schema: int) -> None:
    with pytest.raises(WireMapError, match=rf"fact 9 is {kind} schema {schema}"):
        to_fact(envelope(kind, schema, {}))


@pytest.mark.parametrize("body", [{}, {"keeper": 7}, {"keeper": "x", "more": 1}])
def test_a_body_that_does_not_fit_its_kind_is_refused(body: dict[str, Any]) -> None:
    known = to_body(CheckInBegun(keeper=KeeperId("x")))[0]
    with pytest.raises(WireMapError, match="fact 9 cannot be read"):
        to_fact(envelope(known, 1, body))
