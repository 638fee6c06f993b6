"""Stations at one moment, made by hand: what the views are pure functions of."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from immutables import Map

from edge.daemon.front import Announcement, LinkView, PowerView, PrintQueueView
from edge.domain.cabinet import CellState, Occupancy
from edge.domain.door import Door, DoorState
from edge.domain.effects import Reply
from edge.domain.facts import Proof, Purpose
from edge.domain.parcel import Parcel, Stage
from edge.domain.pickup import Auth, Credential
from edge.domain.policy import Cell, CellSize, Policy
from edge.domain.state import Desk, State, Visit
from edge.kernel.ids import AuthId, CellId, CredentialId, KeeperId, Mac, PhoneTail, WaybillNo
from edge.kernel.time import Instant
from edge.web.snapshot import Snapshot
from hardware.ports import DeviceHealth

NOON: Final = 1_795_492_800_000
"""2026-11-24 12:00 in the village."""
KEEPER: Final = KeeperId("店主")
WAYBILL: Final = WaybillNo("YT7700123456789")
VISIT: Final = AuthId("a-visit")
SEVEN: Final = CellId(7)
CANARY: Final = Mac("cafe" * 16)


def policy(cells: int = 24) -> Policy:
    """A cabinet like the demo's: 13 to 20 medium, 21 to 24 large."""

    def size(n: int) -> CellSize:
        return CellSize.SMALL if n < 13 else CellSize.MEDIUM if n < 21 else CellSize.LARGE

    return Policy(cells=tuple(Cell(cell=CellId(n), size=size(n)) for n in range(1, cells + 1)))


def at(seconds: float = 0, boot: int = 1) -> Instant:
    """So many seconds after noon, and as many after the start of the boot."""
    ms = int(seconds * 1_000)
    return Instant(boot=boot, mono_ms=100_000 + ms, wall_lo_ms=NOON + ms, wall_hi_ms=NOON + ms)


def empty_state(rules: Policy) -> State:
    """All doors shut, all cells free."""
    shut = DoorState(door=Door.SHUT, since=at())
    free = CellState(occupancy=Occupancy.FREE)
    return State(
        boot=1,
        doors=Map({cell.cell: shut for cell in rules.cells}),
        cells=Map({cell.cell: free for cell in rules.cells}),
    )


def parcel(  # noqa: PLR0913 - each part of a parcel by name
    waybill_no: str = WAYBILL,
    *,
    stage: Stage = Stage.STORED,
    cell: int | None = 7,
    tail: str | None = "3865",
    carrier: str = "圆通",
    seconds: float = 0,
) -> Parcel:
    """A parcel that came in so many seconds after noon."""
    ended = at(seconds + 60) if stage is Stage.PICKED_UP else None
    return Parcel(
        waybill_no=WaybillNo(waybill_no),
        carrier=carrier,
        stage=stage,
        cell=None if cell is None else CellId(cell),
        received_at=at(seconds),
        stored_at=None if stage is Stage.RECEIVED else at(seconds + 10),
        ended_at=ended,
        collected_at=ended,
        proof=Proof.CODE if ended else None,
        phone_tail=None if tail is None else PhoneTail(tail),
        credential=CredentialId("c-1"),
    )


def with_parcels(state: State, *parcels: Parcel) -> State:
    """Parcels in their cells, each with a live code whose hashes must never be shown."""
    held = {
        p.cell: CellState(occupancy=Occupancy.HELD, waybill_no=p.waybill_no)
        for p in parcels
        if p.cell is not None and p.stage in (Stage.STORED, Stage.KEEPER_ASSIST)
    }
    codes = {
        CredentialId(f"c-{n}"): Credential(
            credential=CredentialId(f"c-{n}"),
            waybill_no=p.waybill_no,
            phone_tail=p.phone_tail or PhoneTail("0000"),
            code_mac=CANARY,
            token_mac=CANARY,
            live=True,
        )
        for n, p in enumerate(parcels)
    }
    return replace(
        state,
        parcels=state.parcels.update({p.waybill_no: p for p in parcels}),
        cells=state.cells.update(held),
        credentials=state.credentials.update(codes),
        by_token=state.by_token.set(CANARY, CredentialId("c-0")),
    )


def with_door(  # noqa: PLR0913 - each part of a door by name
    state: State,
    door: Door,
    *,
    cell: CellId = SEVEN,
    auth: AuthId = VISIT,
    purpose: Purpose = Purpose.PICKUP,
    attempt: int = 1,
    reminded: bool = False,
    left_open_told: bool = False,
) -> State:
    """One door in use."""
    moved = DoorState(
        door=door,
        since=at(),
        auth=auth,
        purpose=purpose,
        attempt=attempt,
        reminded=reminded,
        left_open_told=left_open_told,
    )
    return replace(state, doors=state.doors.set(cell, moved))


def with_visit(state: State, *, done_at: Instant | None = None, pulses: int = 1) -> State:
    """Somebody whose code was good stands at cell 7 since noon."""
    visit = Visit(auth=VISIT, cell=SEVEN, waybill_no=WAYBILL, since=at(), done_at=done_at)
    auth = Auth(
        auth=VISIT,
        cell=SEVEN,
        purpose=Purpose.PICKUP,
        attempt=pulses,
        actor="kiosk",
        asked_at=at(),
        waybill_no=WAYBILL,
    )
    if done_at is not None:
        emptied = CellState(occupancy=Occupancy.FREE, emptied_of=WAYBILL)
        state = replace(state, cells=state.cells.set(SEVEN, emptied))
    return replace(state, visit=visit, auths=state.auths.set(VISIT, auth))


def with_desk(state: State, *, checking_in: bool = False, in_hand: str | None = None) -> State:
    """The keeper at the counter."""
    hand = None if in_hand is None else WaybillNo(in_hand)
    return replace(state, desk=Desk(keeper=KEEPER, checking_in=checking_in, in_hand=hand))


def with_cell(
    state: State,
    cell: int,
    occupancy: Occupancy,
    *,
    reason: str = "",
    waybill_no: str | None = None,
) -> State:
    """One cell that holds something, or about which nobody knows."""
    content = CellState(
        occupancy=occupancy,
        reason=reason,
        waybill_no=None if waybill_no is None else WaybillNo(waybill_no),
    )
    return replace(state, cells=state.cells.set(CellId(cell), content))


def devices(**notes: str) -> tuple[DeviceHealth, ...]:
    """Three devices; a note puts one in trouble."""
    names = ("lock-board-1", "scanner", "printer")
    return tuple(
        DeviceHealth(
            name=name,
            present=not notes.get(name.split("-")[0], ""),
            simulated=True,
            note=notes.get(name.split("-")[0], ""),
        )
        for name in names
    )


def announced(reply: Reply, *, serial: int = 1, seconds: float = 0) -> Announcement:
    """The answer to a scan so many seconds after noon."""
    return Announcement(serial=serial, reply=reply, at=at(seconds))


def seen(  # noqa: PLR0913 - each part of a snapshot by name
    state: State | None = None,
    *,
    rules: Policy | None = None,
    now: Instant | None = None,
    link: LinkView | None = None,
    hardware: tuple[DeviceHealth, ...] | None = None,
    prints: PrintQueueView | None = None,
    announcement: Announcement | None = None,
    power: PowerView | None = None,
    articles: Mapping[CellId, bool] | None = None,
    simulated: bool = True,
) -> Snapshot:
    """A quiet station, but for what is named."""
    rules = rules or policy()
    return Snapshot(
        station_name="坪上村服务站",
        simulated=simulated,
        state=state if state is not None else empty_state(rules),
        policy=rules,
        now=now or at(1),
        link=link or LinkView(online=True, waiting=0),
        devices=hardware if hardware is not None else devices(),
        prints=prints or PrintQueueView(waiting=0),
        announcement=announcement,
        power=power,
        articles=articles or {},
    )
