"""A station's core with hands on it: time, doors and people are the test's, nothing is random."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from edge.domain.cabinet import Occupancy
from edge.domain.decision import Decision
from edge.domain.door import Door
from edge.domain.effects import OpenDoor, QueueSlip, Reply
from edge.domain.facts import DoorAsked, Fact
from edge.domain.inputs import (
    CheckInSwitched,
    CodeTyped,
    DoorMoved,
    DoorStuckReported,
    Fresh,
    Input,
    KeeperEntered,
    KeeperLeft,
    PhoneTailGiven,
    PickupSecret,
    PowerMoved,
    PulseFailed,
    PutBackAsked,
    ReprintAsked,
    StationBooted,
    TakenReported,
    TimePassed,
    TokenScanned,
    WaybillScanned,
)
from edge.domain.parcel import Parcel, Stage
from edge.domain.policy import Cell, CellSize, Policy, Shelf
from edge.domain.state import State
from edge.domain.station import decide, evolve, initial_state, next_deadline_ms
from edge.kernel.errors import Refused
from edge.kernel.ids import (
    AuthId,
    CellId,
    CredentialId,
    KeeperId,
    Mac,
    PhoneTail,
    SlotCode,
    WaybillNo,
)
from edge.kernel.time import Instant
from tests.domain.keeper_acts import KeeperActs

LI: Final = KeeperId("李店主")
WANG: Final = KeeperId("王姐")
YT: Final = WaybillNo("YT7700123456789")
SF: Final = WaybillNo("SF1234567890123")
ZTO: Final = WaybillNo("76543210987654")
TAIL: Final = PhoneTail("3865")
OTHER_TAIL: Final = PhoneTail("0971")
ONE, TWO, THREE, FOUR = CellId(1), CellId(2), CellId(3), CellId(4)
NOON: Final = 1_795_492_800_000
SECOND: Final = 1_000
HOUR: Final = 3_600_000

F = TypeVar("F")


def mac(text: str) -> Mac:
    """What the shell's keyed hash stands for here; like it, it never shows the clear text."""
    return Mac(f"mac-of-{text}")


def policy_of(sizes: str = "SSML", *, shelves: str = "", floor: int = 0) -> Policy:
    """Cells numbered from 1, a letter each: small, medium, large. Shelves of two layers."""
    by_letter = {"S": CellSize.SMALL, "M": CellSize.MEDIUM, "L": CellSize.LARGE}
    return Policy(
        cells=tuple(
            Cell(cell=CellId(n), size=by_letter[letter]) for n, letter in enumerate(sizes, 1)
        ),
        shelves=tuple(Shelf(name=name, layers=2) for name in shelves),
        floor_slots=floor,
    )


@dataclass(frozen=True)
class Told:
    """One input, what was decided on it, and when."""

    told: Input
    decision: Decision


class House(KeeperActs):
    """Runs decide and evolve as the daemon does, and remembers everything."""

    def __init__(self, sizes: str = "SSML", *, policy: Policy | None = None) -> None:
        self.policy = policy or policy_of(sizes)
        self.state = initial_state(self.policy)
        self.history: list[Told] = []
        self.journal: list[tuple[Fact, Instant]] = []
        self.drawn = 0
        self.boot = 0
        self.mono_ms = 0
        self.wall_ms = NOON
        self.restart()

    # -- time and chance

    @property
    def now(self) -> Instant:
        return Instant(
            boot=self.boot, mono_ms=self.mono_ms, wall_lo_ms=self.wall_ms, wall_hi_ms=None
        )

    def wait(self, ms: int) -> None:
        """Time passes and nobody looks."""
        self.mono_ms += ms
        self.wall_ms += ms

    def tick(self, ms: int = 0) -> Decision:
        """Time passes, then the station looks at its deadlines."""
        self.wait(ms)
        self.tell(TimePassed(at=self.now))
        return self.last

    def restart(self, *, off_ms: int = 60_000) -> Decision:
        """The power was away; the daemon comes up and nobody has seen a door yet."""
        self.boot += 1
        self.mono_ms = 20
        self.wall_ms += off_ms
        self.tell(StationBooted(at=self.now, version="test"))
        return self.last

    def fresh(self) -> Fresh:
        """Values never drawn before."""
        self.drawn += 1
        n = self.drawn
        return Fresh(
            auth=AuthId(f"a-{n}"), secrets=tuple(secret(f"{n}{letter}") for letter in "abc")
        )

    # -- the loop

    def tell(self, told: Input) -> Reply | None:
        """Decide, fold, remember. Raises Refused like decide, with nothing changed."""
        decision = decide(self.state, told, self.policy)
        for fact in decision.facts:
            self.state = evolve(self.state, fact, told.at)
            self.journal.append((fact, told.at))
        self.history.append(Told(told, decision))
        return decision.reply

    @property
    def last(self) -> Decision:
        return self.history[-1].decision

    def news(self) -> tuple[Fact, ...]:
        """The facts of the last decision."""
        return self.last.facts

    @property
    def kinds(self) -> list[str]:
        """The kinds of the facts of the last decision."""
        return [fact.KIND for fact in self.last.facts]

    def facts(self, kind: type[F]) -> list[F]:
        """All facts of one class so far."""
        return [fact for fact, _at in self.journal if isinstance(fact, kind)]

    @property
    def pulses(self) -> list[OpenDoor]:
        """Every wish to open a door so far."""
        return [
            effect
            for entry in self.history
            for effect in entry.decision.effects
            if isinstance(effect, OpenDoor)
        ]

    @property
    def slips(self) -> list[QueueSlip]:
        """Every slip so far."""
        return [
            effect
            for entry in self.history
            for effect in entry.decision.effects
            if isinstance(effect, QueueSlip)
        ]

    def due_ms(self) -> int | None:
        """Time to the next deadline."""
        return next_deadline_ms(self.state, self.policy, self.now)

    # -- what people and sensors do

    def sensor(self, cell: CellId, is_open: bool | None) -> Reply | None:  # noqa: FBT001 - three values, as in DoorMoved
        return self.tell(DoorMoved(at=self.now, cell=cell, is_open=is_open, fresh=self.fresh()))

    def opens(self, *cells: CellId) -> None:
        for cell in cells:
            self.sensor(cell, is_open=True)

    def shuts(self, *cells: CellId) -> None:
        for cell in cells:
            self.sensor(cell, is_open=False)

    def lost(self, *cells: CellId) -> None:
        for cell in cells:
            self.sensor(cell, None)

    def see_all_shut(self) -> "House":
        """The first look of the lock board after a start."""
        self.shuts(*(cell.cell for cell in self.policy.cells))
        return self

    def enter(self, keeper: KeeperId = LI) -> Reply | None:
        return self.tell(KeeperEntered(at=self.now, keeper=keeper))

    def leave(self, keeper: KeeperId = LI) -> Reply | None:
        return self.tell(KeeperLeft(at=self.now, keeper=keeper))

    def check_in_on(self, *, on: bool = True, keeper: KeeperId = LI) -> Reply | None:
        return self.tell(CheckInSwitched(at=self.now, keeper=keeper, on=on))

    def scan(self, waybill_no: WaybillNo = YT) -> Reply:
        return heard(
            self.tell(WaybillScanned(at=self.now, waybill_no=waybill_no, fresh=self.fresh()))
        )

    def token(self, token: str) -> Reply:
        return heard(self.tell(TokenScanned(at=self.now, token_mac=mac(token), fresh=self.fresh())))

    def code(self, digits: str, tail: PhoneTail = TAIL) -> Reply:
        told = CodeTyped(at=self.now, phone_tail=tail, code_mac=mac(digits), fresh=self.fresh())
        return heard(self.tell(told))

    def tail(
        self, waybill_no: WaybillNo = YT, tail: PhoneTail = TAIL, fresh: Fresh | None = None
    ) -> Reply:
        told = PhoneTailGiven(
            at=self.now,
            keeper=LI,
            waybill_no=waybill_no,
            phone_tail=tail,
            fresh=fresh or self.fresh(),
        )
        return heard(self.tell(told))

    def reprint(self, waybill_no: WaybillNo = YT, fresh: Fresh | None = None) -> Reply:
        told = ReprintAsked(
            at=self.now, keeper=LI, waybill_no=waybill_no, fresh=fresh or self.fresh()
        )
        return heard(self.tell(told))

    def stuck(self, cell: CellId, auth: AuthId) -> Reply:
        told = DoorStuckReported(at=self.now, cell=cell, auth=auth, fresh=self.fresh())
        return heard(self.tell(told))

    def taken(self, cell: CellId, auth: AuthId) -> Reply:
        return heard(self.tell(TakenReported(at=self.now, cell=cell, auth=auth)))

    def put_back(self, auth: AuthId) -> Reply:
        return heard(self.tell(PutBackAsked(at=self.now, auth=auth, fresh=self.fresh())))

    def pulse_failed(
        self, cell: CellId, auth: AuthId, reason: str = "board_gone", *, attempt: int = 1
    ) -> None:
        self.tell(PulseFailed(at=self.now, cell=cell, auth=auth, attempt=attempt, reason=reason))

    def power(
        self, *, mains: bool | None, percent: int | None = None, low: bool = False
    ) -> list[str]:
        """The supply tells; returns the kinds of what is new."""
        self.tell(PowerMoved(at=self.now, mains=mains, battery_percent=percent, low=low))
        return self.kinds

    # -- longer ways

    def open_shop(self) -> "House":
        """Doors seen shut, keeper in, check-in on."""
        self.see_all_shut()
        self.enter()
        self.check_in_on()
        return self

    def check_in(
        self, waybill_no: WaybillNo = YT, tail: PhoneTail | None = TAIL
    ) -> QueueSlip | None:
        """One parcel from the scan to its slip."""
        cell = cell_in(self.scan(waybill_no))
        self.opens(cell)
        self.wait(4 * SECOND)
        self.shuts(cell)
        if tail is None:
            return None
        self.tail(waybill_no, tail)
        return self.slips[-1]

    def looks_into(self, cell: CellId) -> None:
        """The keeper opens a cell by hand, looks, and shuts it."""
        self.open_by_hand(cell)
        self.opens(cell)
        self.shuts(cell)

    def silent_twice(self, cell: CellId, auth: AuthId) -> None:
        """Neither pulse opens the door."""
        self.tick(3 * SECOND)
        self.stuck(cell, auth)
        self.tick(3 * SECOND)

    # -- looking

    def door(self, cell: CellId) -> Door:
        return self.state.doors[cell].door

    def cell(self, cell: CellId) -> Occupancy:
        return self.state.cells[cell].occupancy

    def why(self, cell: CellId) -> str:
        return self.state.cells[cell].reason

    def parcel(self, waybill_no: WaybillNo = YT) -> Parcel:
        return self.state.parcels[waybill_no]

    def stage(self, waybill_no: WaybillNo = YT) -> Stage:
        return self.state.parcels[waybill_no].stage

    def thanked_at(self) -> Instant | None:
        """When the visit at the kiosk was done."""
        assert self.state.visit is not None, "nobody is there"
        return self.state.visit.done_at

    def replayed(self) -> State:
        """The state that a restart would read from the journal."""
        state = initial_state(self.policy)
        for fact, at in self.journal:
            state = evolve(state, fact, at)
        return state


def secret(name: str, *, digits: str | None = None) -> PickupSecret:
    """A pickup code whose clear text tells which draw it came from."""
    digits, token = digits or f"digits-{name}", f"token-{name}"
    return PickupSecret(
        credential=CredentialId(f"c-{name}"),
        digits=digits,
        token=token,
        code_mac=mac(digits),
        token_mac=mac(token),
    )


def heard(reply: Reply | None) -> Reply:
    """An answer; every wish of a person has one."""
    assert reply is not None, "a wish without an answer"
    return reply


def cell_in(reply: Reply) -> CellId:
    """The cell that an answer names."""
    assert reply.cell is not None, f"no cell in {reply}"
    return reply.cell


def slot_in(reply: Reply) -> SlotCode:
    """The slot that an answer names."""
    assert reply.slot is not None, f"no slot in {reply}"
    return reply.slot


def auth_in(reply: Reply) -> AuthId:
    """The authorisation that an answer names."""
    assert reply.auth is not None, f"no authorisation in {reply}"
    return reply.auth


def slip_of(slip: QueueSlip | None) -> QueueSlip:
    """A slip that must be there."""
    assert slip is not None, "no slip"
    return slip


def refusal(wish: Callable[[], object]) -> str:
    """The word with which a wish is refused."""
    try:
        wish()
    except Refused as refused:
        return refused.reason
    raise AssertionError("it was not refused")


def explained(told: Told) -> bool:
    """Whether each pulse of a decision stands beside its own intent (D2)."""
    facts, effects = told.decision.facts, told.decision.effects
    asked = [(fact.cell, fact.auth, fact.attempt) for fact in facts if isinstance(fact, DoorAsked)]
    wished = [
        (wish.cell, wish.auth, wish.attempt) for wish in effects if isinstance(wish, OpenDoor)
    ]
    return asked == wished
