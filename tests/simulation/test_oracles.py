"""A judge that cannot speak is worthless: laws of parcels and steel are broken here by hand."""

from collections.abc import Iterator
from typing import Final

import pytest

from edge.domain.facts import (
    CellFreed,
    CellReserved,
    CheckInUndone,
    DoorAsked,
    DoorOpened,
    Fact,
    ParcelMissing,
    ParcelPickedUp,
    ParcelPutBack,
    ParcelStored,
    PhoneTailNoted,
    PickupCodeIssued,
    PickupRefused,
    Proof,
    Purpose,
    RefusalReason,
    StationStarted,
)
from edge.kernel.ids import (
    AuthId,
    CellId,
    CredentialId,
    KeeperId,
    Mac,
    PhoneTail,
    StationId,
    WaybillNo,
)
from edge.simulation.careless import forces_a_door
from edge.simulation.ground.chance import Dice
from edge.simulation.oracles.county import Gap
from edge.simulation.parts.cabinet import POLL_S, Cabinet
from edge.simulation.people import Village
from edge.simulation.world import World
from tests.simulation.defences.every import DEFENCES
from tests.simulation.forging import (
    HERE,
    ONE,
    OTHER,
    TAIL,
    TWO,
    forge,
    laws,
    received,
    small_world,
)

NOBODYS: Final = AuthId("auth-of-nobody")


@pytest.fixture
def world() -> Iterator[World]:
    """See `small_world`."""
    with small_world() as made:
        yield made


@pytest.fixture
def village(world: World) -> Village:
    """Everybody around its one station."""
    return world.villages[0]


def asked(cell: CellId, auth: str, purpose: Purpose = Purpose.RELEASE, attempt: int = 1) -> Fact:
    return DoorAsked(
        cell=cell,
        auth=AuthId(auth),
        attempt=attempt,
        purpose=purpose,
        actor="keeper:x",
        reason="",
    )


def picked_up(waybill_no: WaybillNo, auth: str, cell: CellId = ONE) -> Fact:
    return ParcelPickedUp(
        waybill_no=waybill_no,
        cell=cell,
        auth=AuthId(auth),
        proof=Proof.KEEPER,
        actor="keeper:x",
    )


def undone(waybill_no: WaybillNo) -> Fact:
    return CheckInUndone(waybill_no=waybill_no, keeper=KeeperId("x"))


def stored(waybill_no: WaybillNo, cell: CellId) -> Fact:
    return ParcelStored(waybill_no=waybill_no, cell=cell)


FORGED: Final[dict[str, tuple[str, tuple[Fact, ...]]]] = {
    "received while it is stored": ("P1", (received(HERE),)),
    "in two cells": (
        "P1: YT7700000000001 is in cells 1 and 2",
        (stored(HERE, TWO),),
    ),
    "picked up and never here": (
        "P1",
        (received(OTHER), asked(TWO, "a"), picked_up(OTHER, "a", TWO)),
    ),
    "two parcels in a cell": ("P2", (received(OTHER), stored(OTHER, ONE))),
    "freed with a parcel in it": ("P2", (CellFreed(cell=ONE),)),
    "reserved though it is not free": (
        "P2",
        (received(OTHER), CellReserved(cell=ONE, waybill_no=OTHER)),
    ),
    "picked up by nobody": ("P3", (picked_up(HERE, NOBODYS),)),
    "an authorisation for another parcel": (
        "P3",
        (received(OTHER), stored(OTHER, TWO), asked(TWO, "a"), picked_up(HERE, "a")),
    ),
    "consumed twice": ("P3", (asked(ONE, "a"), picked_up(HERE, "a"), picked_up(HERE, "a"))),
    "received anew after its pickup": (
        "P4",
        (asked(ONE, "a"), picked_up(HERE, "a"), received(HERE)),
    ),
    "stored after it was taken back": ("P4", (undone(HERE), stored(HERE, TWO))),
    "put back and nobody asked": (
        "P4",
        (asked(ONE, "a"), picked_up(HERE, "a"), ParcelPutBack(waybill_no=HERE, cell=ONE)),
    ),
    "missing after its end": (
        "P4",
        (undone(HERE), ParcelMissing(waybill_no=HERE, cell=ONE, keeper=KeeperId("x"))),
    ),
    "one authorisation for two doors": ("D1", (asked(ONE, "a"), asked(TWO, "a"))),
    "another door opens for it": (
        "D1",
        (asked(ONE, "a"), DoorOpened(cell=TWO, auth=AuthId("a"))),
    ),
    "asked again while it is open": (
        "D1",
        (asked(ONE, "a"), DoorOpened(cell=ONE, auth=AuthId("a")), asked(ONE, "a", attempt=2)),
    ),
    "opens for nobody's authorisation": ("D2", (DoorOpened(cell=TWO, auth=NOBODYS),)),
    "opens after three short starts": (
        "L4",
        (*(StationStarted(version="x") for _start in range(3)), asked(ONE, "a")),
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_the_book_tells_of_a_forged_history(world: World, name: str) -> None:
    law, facts = FORGED[name]
    forge(world, *facts)
    assert law in laws(world)


def test_a_door_that_nobody_asked_for_is_named(world: World) -> None:
    forge(world, asked(ONE, "a"), actor="station")
    assert "D3: door 1 is asked to open, by nobody" in laws(world)


# -- codes


def coded(waybill_no: WaybillNo) -> Fact:
    return PickupCodeIssued(
        credential=CredentialId(f"c-{waybill_no}"),
        waybill_no=waybill_no,
        phone_tail=TAIL,
        code_mac=Mac("1" * 64),
        token_mac=Mac("2" * 64),
    )


@pytest.mark.parametrize("code", [(), (coded(OTHER),)])
def test_a_parcel_with_a_phone_tail_that_gets_no_code_is_told(
    world: World, code: tuple[Fact, ...]
) -> None:
    noted = PhoneTailNoted(waybill_no=OTHER, phone_tail=TAIL)
    forge(world, received(OTHER), noted, stored(OTHER, TWO), *code)
    world.loop.run_for(1.0)
    forge(world)
    told = f"L1: {OTHER} is stored with a phone tail, and no code was issued" in laws(world)
    assert told is not bool(code)


def test_a_phone_tail_that_changes_nothing_on_a_slip_is_told(world: World) -> None:
    forge(world, PhoneTailNoted(waybill_no=HERE, phone_tail=PhoneTail("0971")))
    world.loop.run_for(1.0)
    forge(world)
    assert f"L1: {HERE} is stored with a phone tail, and no code was issued" in laws(world)


def test_a_try_that_is_counted_at_two_tails_is_told(world: World) -> None:
    tails = (CredentialId("tail-0000"), CredentialId("tail-0001"))
    for credentials in (tails[:1], tails):
        assert "X1" not in laws(world)
        refused = PickupRefused(
            reason=RefusalReason.WRONG_CODE,
            proof=Proof.CODE,
            charged=len(credentials),
            credentials=credentials,
        )
        forge(world, refused)
    assert "X1: one try is aimed at the tails ['tail-0000', 'tail-0001']" in laws(world)


# -- in steel


def test_a_parcel_in_a_free_cell_is_found(world: World, village: Village) -> None:
    village.node.cabinet.inside[TWO] = OTHER
    assert f"P2: cell 2 is free, and {OTHER} lies in it" in laws(world)


def test_a_parcel_that_people_left_astray_is_no_fault_of_the_machine(
    world: World, village: Village
) -> None:
    village.node.cabinet.inside[TWO] = OTHER
    village.astray.add(OTHER)
    assert laws(world) == ""


def test_a_parcel_that_is_gone_from_its_cell_is_missed(world: World, village: Village) -> None:
    del village.node.cabinet.inside[ONE]
    assert f"P1: {HERE} should lie in cell 1, there is None" in laws(world)


def test_a_parcel_in_another_cell_than_told_is_found(world: World, village: Village) -> None:
    village.node.cabinet.inside = {TWO: HERE}
    assert f"P1: {HERE} is told to be in 1 and lies in 2" in laws(world)


def test_anothers_parcel_in_somebodys_hands_is_told(world: World, village: Village) -> None:
    village.node.cabinet.inside[ONE] = OTHER
    world.loop.run(village.collect(HERE, by_code=False, tries=1))
    assert f"P3: {HERE} was wanted, {OTHER} lay in cell 1" in laws(world)


def test_a_guess_that_opens_a_cell_is_told(
    world: World, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.loop.run(village.guess(TAIL))
    assert laws(world) == ""
    DEFENCES["compares_the_digits"].off(monkeypatch)
    world.loop.run(village.guess(TAIL))
    assert "P3: somebody guessed, and cell 1 opened" in laws(world)


def test_two_coils_at_once_are_told(world: World, village: Village) -> None:
    village.node.cabinet.fire(TWO)
    assert "D4" not in laws(world)
    village.node.cabinet.fire(ONE)
    assert "D4: two coils at once" in laws(world)


def test_a_coil_that_is_driven_again_and_again_is_told(world: World, village: Village) -> None:
    for _pulse in range(20):
        village.node.cabinet.fire(TWO)
        world.loop.run_for(1.0)
    assert "D4" not in laws(world)
    village.node.cabinet.fire(TWO)
    assert "D4: coil 2 driven 21 times in a minute" in laws(world)


def test_a_machine_that_has_another_list_of_parcels_is_told(world: World) -> None:
    forge(world, received(OTHER))  # on the card, and not in the daemon's memory
    world.judge()
    assert f"P1: {OTHER} is received, the machine has None" in laws(world)


def test_a_forced_door_that_no_fact_tells_of_is_told(
    world: World, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cabinet, "_tell", lambda *_anything: None)
    village.node.cabinet.force(TWO)
    world.loop.run_for(1.9)
    assert laws(world) == ""
    world.loop.run_for(0.2)
    assert "D5: door 2 of qingshan-01 was forced, and nobody was told" in laws(world)


def test_a_forced_door_that_is_told_is_no_trouble(world: World, village: Village) -> None:
    village.node.cabinet.force(TWO)
    world.loop.run_for(5.0)
    process = village.node.alive
    assert process is not None
    assert process.reader is not None
    assert "door.forced" in {row.kind for row in process.reader.rows}
    assert laws(world) == ""


def test_what_is_done_to_a_door_between_two_looks_at_it_is_told_by_nobody(
    world: World, village: Village
) -> None:
    cabinet = village.node.cabinet
    cabinet.force(TWO)
    cabinet.shut(TWO)  # before it was seen open
    world.loop.run_for(3.0)
    cabinet.force(TWO)
    world.loop.run_for(3.0)
    cabinet.shut(TWO)
    world.loop.run_for(POLL_S / 2)
    cabinet.force(TWO)  # before it was seen shut
    world.loop.run_for(3.0)
    assert laws(world) == ""


def test_a_theft_that_no_sensor_saw_is_no_fault_of_the_machine(
    world: World, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    cabinet = village.node.cabinet
    monkeypatch.setattr(cabinet, "cells", (TWO,))
    cabinet.inside[TWO] = OTHER
    thief = world.loop.create_task(forces_a_door(village, Dice("a thief")))
    world.loop.run_for(POLL_S / 2)
    cabinet.shut(TWO)
    world.loop.run_for(3.0)
    assert OTHER in village.astray
    cabinet.inside[TWO] = OTHER
    thief.cancel()
    thief = world.loop.create_task(forces_a_door(village, Dice("another")))
    world.loop.run_for(3.0)
    assert OTHER not in village.astray
    thief.cancel()


def test_a_dead_machine_that_fires_a_lock_is_told(world: World, village: Village) -> None:
    village.node.kill()
    assert laws(world) == ""
    village.node.cabinet.fire(TWO)
    assert "D6: qingshan-01 is dead and fires a lock" in laws(world)


def test_a_coil_that_stays_driven_after_a_kill_is_told(world: World, village: Village) -> None:
    village.node.cabinet.driven_until_s = world.loop.time() + 10.0
    assert laws(world) == ""
    village.node.kill()
    assert "D6: qingshan-01 is dead and a coil of it stays driven" in laws(world)


@pytest.mark.parametrize(
    ("gaps", "told"),
    [
        ([(10, 44, b"x"), (45, 76, b"to")], True),  # put back twice
        ([(10, 76, b"to")], True),
        ([(10, 44, b"x"), (46, 76, b"to")], False),  # 45 is lost and nobody says so
        ([(11, 76, b"to")], False),
        ([(10, 44, b"x")], False),
    ],
)
def test_what_is_missing_is_told_by_gaps_that_meet(
    world: World, gaps: list[tuple[int, int, bytes]], *, told: bool
) -> None:
    name = StationId("qingshan-01")
    world.oracle.gaps = [
        Gap(station=name, epoch=1, first=first, last=last, hash=digest, settled=True)
        for first, last, digest in gaps
    ]
    judge = world.oracle._told_gap  # noqa: SLF001 - the rule alone, without a county
    assert judge(name, b"to", (1, 9, b"head")) is told


def test_a_fact_that_is_found_at_a_start_was_decided_before_the_power_went(
    world: World, village: Village
) -> None:
    node = village.node
    process = node.alive
    assert process is not None
    assert process.reader is not None
    cut_off, other = process.reader.rows[-2:]
    world.loop.run_for(1.0)
    node.doubt([cut_off])
    doubted_s = world.loop.time()
    world.loop.run_for(300.0)
    assert node.decided_s(cut_off) == doubted_s
    assert node.decided_s(other) == world.loop.time()
