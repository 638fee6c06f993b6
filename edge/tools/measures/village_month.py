"""A village's month by dice, told to the real core: facts to train and to measure the wire with.

Shop hours, courier rounds, visitors with slips, slips of the fingers, doors left open, a power cut,
a restart now and then. The same seed gives the same month, byte for byte.
"""

import random
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Final

from cloud_sync.wire.envelope import Envelope, encode
from edge import wire_map
from edge.daemon.station import actor_of
from edge.domain.effects import OpenDoor, QueueSlip
from edge.domain.inputs import (
    CellInspected,
    CellOpenAsked,
    CheckInCancelled,
    CheckInSwitched,
    CodeTyped,
    DoorMoved,
    DoorStuckReported,
    EndedInOrder,
    Fresh,
    Input,
    KeeperEntered,
    KeeperLeft,
    PhoneTailGiven,
    PickupSecret,
    PowerMoved,
    PutBackAsked,
    ReleaseAsked,
    ReprintAsked,
    StationBooted,
    TimePassed,
    TokenScanned,
    WaybillScanned,
)
from edge.domain.policy import Cell, CellSize, Policy
from edge.domain.station import decide, evolve, initial_state, next_deadline_ms
from edge.kernel.errors import Refused
from edge.kernel.hashing import keyed_hash
from edge.kernel.ids import AuthId, CellId, CredentialId, KeeperId, Mac, PhoneTail, WaybillNo
from edge.kernel.time import Instant

FACTS_A_DAY: Final = 600
CELLS: Final = 60
SECOND: Final = 1_000
HOUR: Final = 3_600 * SECOND
DAY: Final = 24 * HOUR
_PARCELS: Final = (36, 46)
"""So many a day make FACTS_A_DAY on average."""
_MIDNIGHT: Final = 1_790_006_400_000
_KEEPERS: Final = (KeeperId("王大姐"), KeeperId("李店主"))
_WAYBILLS: Final = ("YT{:013d}", "JT{:013d}", "SF{:013d}", "77{:013d}", "4{:014d}", "{:014d}")
_PIECES: Final = 10**13
_DRIFT: Final = 200e-6
"""What a clock without a county may be wrong by, per time since it last heard one."""
_Errand = Callable[[], None]


class Month:
    """One station with its people. `hears_county` is how often it learns the time."""

    def __init__(self, seed: int, *, hears_county: int = HOUR) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - a month to measure by, no secret
        self._key = self._dice.randbytes(32)
        self._policy = Policy(
            cells=tuple(
                Cell(cell=CellId(n), size=CellSize.SMALL if n % 3 else CellSize.MEDIUM)
                for n in range(1, CELLS + 1)
            )
        )
        self._state = initial_state(self._policy)
        self._hears_county = hears_county
        self._seq = self._boot = self._mono_ms = self._low_ms = 0
        self._wall_ms: int = _MIDNIGHT
        self._heard_ms: int | None = _MIDNIGHT
        self._piece = self._dice.randrange(_PIECES // 2)
        self._facts: list[bytes] = []
        self._opened: list[OpenDoor] = []
        self._slips: dict[WaybillNo, QueueSlip] = {}
        self._restart()

    def facts(self) -> Iterator[bytes]:
        """Facts without end, in canonical form, day by day."""
        while True:
            self._live_a_day()
            yield from self._facts
            self._facts.clear()

    # -- time, chance and the core

    def _now(self) -> Instant:
        if self._heard_ms is None:
            return Instant(
                boot=self._boot,
                mono_ms=self._mono_ms,
                wall_lo_ms=self._low_ms,
                wall_hi_ms=None,
            )
        if self._wall_ms - self._heard_ms > self._hears_county:
            self._heard_ms = self._wall_ms
        doubt_ms = 150 + int((self._wall_ms - self._heard_ms) * _DRIFT)
        self._low_ms = max(self._low_ms, self._wall_ms - doubt_ms)
        return Instant(
            boot=self._boot,
            mono_ms=self._mono_ms,
            wall_lo_ms=self._low_ms,
            wall_hi_ms=self._wall_ms + doubt_ms,
        )

    def _wait(self, ms: int) -> None:
        """Time passes, and the station looks whenever a deadline is due."""
        end_ms = self._mono_ms + ms
        while (due_ms := next_deadline_ms(self._state, self._policy, self._now())) is not None:
            if self._mono_ms + due_ms >= end_ms:
                break
            self._pass(due_ms + self._dice.randrange(1, 40))
            self._tell(TimePassed(at=self._now()))
        self._pass(max(0, end_ms - self._mono_ms))

    def _pass(self, ms: int) -> None:
        self._mono_ms += ms
        self._wall_ms += ms
        if self._heard_ms is None:
            self._low_ms += ms

    def _between(self, low_ms: int, high_ms: int) -> None:
        self._wait(self._dice.randrange(low_ms, high_ms))

    def _happens(self, in_a_thousand: int) -> bool:
        return self._dice.randrange(1_000) < in_a_thousand

    def _fresh(self) -> Fresh:
        return Fresh(auth=AuthId(f"a-{self._hex()}"), secrets=(self._secret(), self._secret()))

    def _hex(self) -> str:
        return self._dice.randbytes(12).hex()

    def _secret(self) -> PickupSecret:
        digits, token = f"{self._dice.randrange(10**8):08d}", f"CY1:{self._hex()}"
        return PickupSecret(
            credential=CredentialId(f"c-{self._hex()}"),
            digits=digits,
            token=token,
            code_mac=self._mac(digits),
            token_mac=self._mac(token),
        )

    def _mac(self, secret: str) -> Mac:
        return keyed_hash(self._key, "code", secret)

    def _tell(self, told: Input) -> None:
        try:
            decision = decide(self._state, told, self._policy)
        except Refused:
            return  # as at the real counter: nothing happens
        for fact in decision.facts:
            self._state = evolve(self._state, fact, told.at)
            kind, schema, body = wire_map.to_body(fact)
            self._seq += 1
            self._facts.append(
                encode(
                    Envelope(
                        epoch=1,
                        seq=self._seq,
                        boot=told.at.boot,
                        mono_ms=told.at.mono_ms,
                        wall_lo=told.at.wall_lo_ms,
                        wall_hi=told.at.wall_hi_ms,
                        kind=kind,
                        schema=schema,
                        actor=actor_of(told),
                        body=body,
                    )
                )
            )
        for effect in decision.effects:
            if isinstance(effect, QueueSlip):
                self._slips[effect.waybill_no] = effect
            elif isinstance(effect, OpenDoor):
                self._opened.append(effect)

    # -- a day

    def _live_a_day(self) -> None:
        midnight_ms = self._wall_ms - (self._wall_ms - _MIDNIGHT) % DAY
        errands: list[tuple[int, _Errand]] = [(midnight_ms + 20 * HOUR, self._close_shop)]

        def at(first: float, last: float, errand: _Errand) -> None:
            hour = self._dice.uniform(first, last)
            errands.append((midnight_ms + int(hour * HOUR), errand))

        at(7.8, 8.3, self._open_shop)
        parcels = self._dice.randrange(*_PARCELS)
        for hour, share in ((9.5, parcels - parcels // 3), (14.5, parcels // 3)):
            at(hour, hour + 1, partial(self._courier_comes, share))
        for _ in range(parcels):
            at(8.5, 19.9, self._visitor_comes)
        for errand, in_a_thousand in (
            (self._power_cut, 120),
            (self._restart, 60),
            (self._look_inside, 250),
            (self._forced, 30),
        ):
            if self._happens(in_a_thousand):
                at(9.0, 19.0, errand)
        for due_ms, errand in sorted(errands, key=lambda planned: planned[0]):
            self._wait(max(0, due_ms - self._wall_ms))
            errand()
        self._wait(midnight_ms + DAY - self._wall_ms)

    def _open_shop(self) -> None:
        keeper = self._dice.choice(_KEEPERS)
        self._tell(KeeperEntered(at=self._now(), keeper=keeper))

    def _close_shop(self) -> None:
        if self._state.desk.keeper is not None:
            self._tell(KeeperLeft(at=self._now(), keeper=self._state.desk.keeper))

    def _keeper(self) -> KeeperId:
        if self._state.desk.keeper is None:
            self._open_shop()
        return self._state.desk.keeper or _KEEPERS[0]

    def _courier_comes(self, parcels: int) -> None:
        self._tell(CheckInSwitched(at=self._now(), keeper=self._keeper(), on=True))
        for _ in range(parcels):
            self._between(6 * SECOND, 40 * SECOND)
            self._check_in()
        self._tell(CheckInSwitched(at=self._now(), keeper=self._keeper(), on=False))

    def _check_in(self) -> None:
        self._piece += self._dice.randrange(1, 10**9)
        pattern = self._dice.choice(_WAYBILLS)
        waybill_no = WaybillNo(pattern.format(self._piece % _PIECES))
        self._tell(WaybillScanned(at=self._now(), waybill_no=waybill_no, fresh=self._fresh()))
        if not self._door_opens_and_shuts(3 * SECOND, 12 * SECOND):
            return
        tail = PhoneTail(f"{self._dice.randrange(10_000):04d}")
        self._between(2 * SECOND, 9 * SECOND)
        self._tell(
            PhoneTailGiven(
                at=self._now(),
                keeper=self._keeper(),
                waybill_no=waybill_no,
                phone_tail=tail,
                fresh=self._fresh(),
            )
        )
        if self._happens(25):
            again = ReprintAsked if self._happens(700) else CheckInCancelled
            self._tell(
                again(
                    at=self._now(),
                    keeper=self._keeper(),
                    waybill_no=waybill_no,
                    fresh=self._fresh(),
                )
            )
            self._door_opens_and_shuts(3 * SECOND, 12 * SECOND)

    def _visitor_comes(self) -> None:
        if not self._slips:
            return
        waybill_no = self._dice.choice(list(self._slips))
        slip = self._slips[waybill_no]
        if self._happens(40):
            self._tell(
                ReleaseAsked(
                    at=self._now(),
                    keeper=self._keeper(),
                    waybill_no=waybill_no,
                    fresh=self._fresh(),
                )
            )
        elif self._happens(450):
            mac = self._mac(slip.token)
            self._tell(TokenScanned(at=self._now(), token_mac=mac, fresh=self._fresh()))
        else:
            self._type_code(slip)
        if self._door_opens_and_shuts(4 * SECOND, 25 * SECOND):
            del self._slips[waybill_no]

    def _type_code(self, slip: QueueSlip) -> None:
        tries = [slip.digits]
        if self._happens(60):
            tries.insert(0, slip.digits[::-1])
        for digits in tries:
            self._tell(
                CodeTyped(
                    at=self._now(),
                    phone_tail=slip.phone_tail,
                    code_mac=self._mac(digits),
                    fresh=self._fresh(),
                )
            )
            if not self._opened:
                self._between(5 * SECOND, 15 * SECOND)

    # -- doors, power

    def _door_opens_and_shuts(self, low_ms: int, high_ms: int) -> bool:
        """What the doors do that were just pulsed. Returns whether there was one."""
        pulsed, self._opened = self._opened, []
        for pulse in pulsed:
            if self._happens(12):
                self._wait(4 * SECOND)
                self._tell(
                    DoorStuckReported(
                        at=self._now(), cell=pulse.cell, auth=pulse.auth, fresh=self._fresh()
                    )
                )
                self._opened.clear()
            self._between(150, 700)
            self._door(pulse.cell, is_open=True)
            longer = 7 if self._happens(50) else 1
            self._between(low_ms * longer, high_ms * longer)
            self._door(pulse.cell, is_open=False)
            if self._happens(8):
                self._between(10 * SECOND, 60 * SECOND)
                self._tell(PutBackAsked(at=self._now(), auth=pulse.auth, fresh=self._fresh()))
        return bool(pulsed)

    def _door(self, cell: CellId, *, is_open: bool) -> None:
        self._tell(DoorMoved(at=self._now(), cell=cell, is_open=is_open, fresh=self._fresh()))

    def _look_inside(self) -> None:
        keeper, cell = self._keeper(), CellId(self._dice.randrange(1, CELLS + 1))
        content = self._state.cells[cell]
        self._tell(
            CellOpenAsked(
                at=self._now(), keeper=keeper, cell=cell, reason="看看", fresh=self._fresh()
            )
        )
        self._door_opens_and_shuts(5 * SECOND, 30 * SECOND)
        self._tell(
            CellInspected(
                at=self._now(),
                keeper=keeper,
                cell=cell,
                holds=content.waybill_no,
                fresh=self._fresh(),
            )
        )

    def _forced(self) -> None:
        cell = CellId(self._dice.randrange(1, CELLS + 1))
        self._door(cell, is_open=True)
        self._between(5 * SECOND, 90 * SECOND)
        self._door(cell, is_open=False)

    def _power_cut(self) -> None:
        self._tell(PowerMoved(at=self._now(), mains=False, battery_percent=None, low=False))
        self._between(60 * SECOND, HOUR)
        self._tell(PowerMoved(at=self._now(), mains=True, battery_percent=None, low=False))

    def _restart(self) -> None:
        if self._boot:
            self._tell(EndedInOrder(at=self._now()))
            self._wall_ms += self._dice.randrange(30 * SECOND, 600 * SECOND)
        self._boot += 1
        self._mono_ms = self._dice.randrange(2 * SECOND, 9 * SECOND)
        self._heard_ms = self._wall_ms if self._hears_county < DAY or self._boot == 1 else None
        self._tell(StationBooted(at=self._now(), version="0.1.0"))
        self._between(300, 900)
        for cell in sorted(self._state.doors):
            self._door(cell, is_open=False)


def month_of_facts(seed: int, days: int, *, hears_county: int = HOUR) -> list[bytes]:
    """So many days' worth of facts, FACTS_A_DAY each."""
    return list(islice(Month(seed, hears_county=hears_county).facts(), days * FACTS_A_DAY))
