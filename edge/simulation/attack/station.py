"""The station that is attacked: the real core, with time, power, doors and people at its door."""

from collections.abc import Callable
from typing import Final

from edge.domain.answers import Answer
from edge.domain.decision import Decision
from edge.domain.effects import OpenDoor, QueueSlip
from edge.domain.facts import RefusalReason
from edge.domain.inputs import (
    CheckInSwitched,
    CodeTyped,
    DoorMoved,
    Fresh,
    Input,
    KeeperEntered,
    PhoneTailGiven,
    PickupSecret,
    ReleaseAsked,
    StationBooted,
    TimePassed,
    TokenScanned,
    WaybillScanned,
)
from edge.domain.policy import Cell, CellSize, Policy
from edge.domain.station import decide, evolve, initial_state, next_deadline_ms
from edge.kernel.ids import AuthId, CellId, CredentialId, KeeperId, PhoneTail, WaybillNo
from edge.kernel.time import Instant
from edge.simulation.ground.chance import Dice
from edge.simulation.people import Slip
from edge.store.key import KEY_BYTES, StationKey

CELLS: Final = 16
"""With five tries each, its codes are worth more units than the station has in a day."""
RULES: Final = Policy(
    cells=tuple(Cell(cell=CellId(n), size=CellSize.SMALL) for n in range(1, CELLS + 1))
)
"""A small cabinet, and every rule as stations have it."""
KEEPER: Final = KeeperId("李店主")
SPARES: Final = 5
"""With four digits two codes of a tail are often alike, and the next secret is taken."""
FROM_POWER_TO_CORE_MS: Final = 20
AT_A_DOOR_MS: Final = 4_000
_1970_MS: Final = 0
_2100_MS: Final = 4_102_444_800_000
_NOON_MS: Final = 1_795_492_800_000


class Station:
    """Decides and folds as the daemon does.

    `ran_ms` is its running time by a watch of our own. What passed between the last fact and a
    power cut is not in it, since no journal can know of it; that makes a stretch of 24 hours longer
    for somebody with a watch, and what is promised for it stricter.
    """

    def __init__(self, rules: Policy, digits: int, dice: Dice) -> None:
        self.policy, self.digits = rules, digits
        self.ran_ms = self._written_ms = 0
        self.decisions = 0
        self._dice = dice
        self._key = StationKey(dice.draw(KEY_BYTES))
        self._state = initial_state(rules)
        self._drawn = 0
        self._boot, self._mono_ms, self._wall_ms = 0, 0, _NOON_MS
        self._come_up()

    # -- time and power

    @property
    def now(self) -> Instant:
        """This moment, with a clock on the wall that nobody vouches for."""
        return Instant(
            boot=self._boot,
            mono_ms=self._mono_ms,
            wall_lo_ms=self._wall_ms,
            wall_hi_ms=self._wall_ms + 1,
        )

    def wait(self, ms: int) -> None:
        """Time passes; a boot that has lasted is told so, as the daemon does."""
        left_ms = ms
        while self._state.boots.starts:
            due_ms = next_deadline_ms(self._state, self.policy, self.now)
            if due_ms is None or due_ms > left_ms:
                break
            self._pass(due_ms)
            left_ms -= due_ms
            self.tell(TimePassed(at=self.now))
        self._pass(left_ms)

    def cut_power(self) -> None:
        """The plug is pulled, for up to a day, and put in again; the board looks at every door."""
        self.ran_ms = self._written_ms
        self._wall_ms += self._dice.number(1_000, 86_400_000)
        self._come_up()

    def turn_clock(self) -> None:
        """Somebody sets the clock on the wall: to any moment of 130 years."""
        self._wall_ms = self._dice.number(_1970_MS, _2100_MS)

    def _come_up(self) -> None:
        self._boot, self._mono_ms = self._boot + 1, 0
        self._pass(FROM_POWER_TO_CORE_MS)
        self.tell(StationBooted(at=self.now, version="attacked"))
        for cell in self.policy.cells:
            self._sees(cell.cell, is_open=False)

    def _pass(self, ms: int) -> None:
        self._mono_ms += ms
        self._wall_ms += ms
        self.ran_ms += ms

    # -- the core

    def tell(self, told: Input) -> Decision:
        """Decide and fold. Raises Refused like decide."""
        self.decisions += 1
        decision = decide(self._state, told, self.policy)
        for fact in decision.facts:
            self._state = evolve(self._state, fact, told.at)
            self._written_ms = self.ran_ms
        return decision

    # -- people

    def patiently(self, wish: Callable[[], Decision]) -> Decision:
        """What somebody wants, once more after a wait where doors rest after power cuts."""
        decision = wish()
        if answer_of(decision) not in DOORS_REST:
            return decision
        self.wait(self.policy.safe_ms)
        return wish()

    def type_code(self, tail: PhoneTail, digits: str) -> Decision:
        """Somebody types a tail and a code."""
        return self.tell(
            CodeTyped(
                at=self.now,
                phone_tail=tail,
                code_mac=self._key.mac_code(digits),
                fresh=self._fresh(),
            )
        )

    def show_qr(self, token: str) -> Decision:
        """Somebody shows a slip."""
        return self.tell(
            TokenScanned(at=self.now, token_mac=self._key.mac_token(token), fresh=self._fresh())
        )

    def release(self, waybill_no: WaybillNo) -> Decision:
        """The keeper hands out by hand. Raises Refused."""
        self._keeper_is_there()
        return self.tell(
            ReleaseAsked(at=self.now, keeper=KEEPER, waybill_no=waybill_no, fresh=self._fresh())
        )

    def check_in(self, waybill_no: WaybillNo, tail: PhoneTail) -> Slip:
        """The keeper takes a parcel in; here is its slip."""
        self._keeper_is_there()
        cell = opened_by(self.patiently(lambda: self._scan(waybill_no)))
        self._sees(cell, is_open=True)
        self.tell(
            PhoneTailGiven(
                at=self.now,
                keeper=KEEPER,
                waybill_no=waybill_no,
                phone_tail=tail,
                fresh=self._fresh(),
            )
        )
        self._pass(AT_A_DOOR_MS)
        shut = self._sees(cell, is_open=False, secrets=self._secrets())
        (queued,) = (effect for effect in shut.effects if isinstance(effect, QueueSlip))
        return Slip(
            waybill_no=queued.waybill_no,
            phone_tail=queued.phone_tail,
            digits=queued.digits,
            token=queued.token,
            cell=cell,
        )

    def take_out(self, cell: CellId) -> None:
        """Whoever made a door open takes out what is behind it, and pushes it shut."""
        self._sees(cell, is_open=True)
        self._pass(AT_A_DOOR_MS)
        self._sees(cell, is_open=False)

    def _scan(self, waybill_no: WaybillNo) -> Decision:
        return self.tell(WaybillScanned(at=self.now, waybill_no=waybill_no, fresh=self._fresh()))

    def _keeper_is_there(self) -> None:
        desk = self._state.desk
        if desk.keeper is None:
            self.tell(KeeperEntered(at=self.now, keeper=KEEPER))
        if not desk.checking_in:
            self.tell(CheckInSwitched(at=self.now, keeper=KEEPER, on=True))

    def _sees(
        self, cell: CellId, *, is_open: bool, secrets: tuple[PickupSecret, ...] = ()
    ) -> Decision:
        return self.tell(
            DoorMoved(at=self.now, cell=cell, is_open=is_open, fresh=self._fresh(secrets))
        )

    # -- chance

    def _fresh(self, secrets: tuple[PickupSecret, ...] = ()) -> Fresh:
        self._drawn += 1
        return Fresh(auth=AuthId(f"a-{self._drawn}"), secrets=secrets)

    def _secrets(self) -> tuple[PickupSecret, ...]:
        return tuple(self._secret(spare) for spare in range(SPARES))

    def _secret(self, spare: int) -> PickupSecret:
        digits = in_digits(self._dice.number(0, 10**self.digits - 1), self.digits)
        token = f"token-{self._drawn}-{spare}"
        return PickupSecret(
            credential=CredentialId(f"c-{self._drawn}-{spare}"),
            digits=digits,
            token=token,
            code_mac=self._key.mac_code(digits),
            token_mac=self._key.mac_token(token),
        )


def in_digits(number: int, digits: int) -> str:
    """As it is printed and typed."""
    return f"{number:0{digits}d}"


def doors_of(decision: Decision) -> list[CellId]:
    """The doors that a decision opens."""
    return [effect.cell for effect in decision.effects if isinstance(effect, OpenDoor)]


def opened_by(decision: Decision) -> CellId:
    """The one door that a decision opens."""
    (cell,) = doors_of(decision)
    return cell


def answer_of(decision: Decision) -> str:
    """The word that the person reads."""
    return "" if decision.reply is None else str(decision.reply.key)


NOT_LOOKED_AT: Final = frozenset(
    {RefusalReason.LOCKED_OUT.value, RefusalReason.STATION_BUSY_GUESSING.value}
)
"""Answers to a try whose digits nobody looked at."""
DOORS_REST: Final = frozenset({RefusalReason.JUST_RESTARTED.value, Answer.CHECK_IN_WAITS.value})
"""... and to somebody whose station has just started three times in a row."""
