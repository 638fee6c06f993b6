"""A station in whose journal hundreds of parcels are stored already, and what their slips say.

Everything but the hands is the station's own: settings, decisions, facts, journal. Slips count as
printed long ago.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from edge.daemon.chance import SystemChance
from edge.daemon.recovery import recover_state
from edge.daemon.station import actor_of, entry_of
from edge.domain.decision import Decision
from edge.domain.effects import OpenDoor, QueueSlip
from edge.domain.inputs import (
    CheckInSwitched,
    DoorMoved,
    EndedInOrder,
    Input,
    KeeperEntered,
    PhoneTailGiven,
    StationBooted,
    WaybillScanned,
)
from edge.domain.station import decide, evolve
from edge.kernel.ids import CellId, KeeperId, PhoneTail, WaybillNo
from edge.kernel.time import Instant
from edge.settings.reading import read_settings
from edge.settings.tables import policy_of
from edge.store.database import Store
from edge.tools.people import Keeper

_KEEPER: Final = KeeperId(Keeper.NAME)
_STEP_MS: Final = 500
_TAILS: Final = 10_000


def fill_house(folder: Path, parcels: int) -> Sequence[QueueSlip]:
    """Check in so many parcels, cells first; the slips in that order.

    Raises Refused where one of them finds no place.
    """
    house = _House(folder)
    try:
        house.open_shop()
        return [slip for number in range(parcels) for slip in house.check_in(number)]
    finally:
        house.leave()


class _House:
    def __init__(self, folder: Path) -> None:
        self._policy = policy_of(read_settings(folder))
        self._store = Store.open(folder)
        self._chance = SystemChance(self._store.key)
        self._state = recover_state(self._store, self._policy)
        self._mono_ms = 0
        self._wall_ms = time.time_ns() // 1_000_000

    def open_shop(self) -> None:
        self._tell(StationBooted(at=self._now(), version="filled"))
        for cell in self._policy.cells:
            self._sees(cell.cell, is_open=False)
        self._tell(KeeperEntered(at=self._now(), keeper=_KEEPER))
        self._tell(CheckInSwitched(at=self._now(), keeper=_KEEPER, on=True))

    def check_in(self, number: int) -> list[QueueSlip]:
        """The slip of one parcel."""
        waybill_no = WaybillNo(f"YT{number:013d}")
        fresh = self._chance.fresh()
        scanned = self._tell(WaybillScanned(at=self._now(), waybill_no=waybill_no, fresh=fresh))
        opened = [effect.cell for effect in scanned.effects if isinstance(effect, OpenDoor)]
        told = [scanned, *(self._sees(cell, is_open=True) for cell in opened)]
        told.append(
            self._tell(
                PhoneTailGiven(
                    at=self._now(),
                    keeper=_KEEPER,
                    waybill_no=waybill_no,
                    phone_tail=PhoneTail(f"{number % _TAILS:04d}"),
                    fresh=self._chance.fresh(),
                )
            )
        )
        told += [self._sees(cell, is_open=False) for cell in opened]
        return [
            effect
            for decision in told
            for effect in decision.effects
            if isinstance(effect, QueueSlip)
        ]

    def leave(self) -> None:
        """The machine is switched off in order, and switched on later."""
        self._tell(EndedInOrder(at=self._now()))
        self._store.close()

    def _sees(self, cell: CellId, *, is_open: bool) -> Decision:
        fresh = self._chance.fresh()
        return self._tell(DoorMoved(at=self._now(), cell=cell, is_open=is_open, fresh=fresh))

    def _now(self) -> Instant:
        self._mono_ms += _STEP_MS
        return Instant(
            boot=self._store.boot,
            mono_ms=self._mono_ms,
            wall_lo_ms=self._wall_ms,
            wall_hi_ms=None,
        )

    def _tell(self, told: Input) -> Decision:
        decision = decide(self._state, told, self._policy)
        if decision.facts:
            entries = [entry_of(fact, actor_of(told)) for fact in decision.facts]
            self._store.commit(entries, (), told.at)
        for fact in decision.facts:
            self._state = evolve(self._state, fact, told.at)
        return decision
