"""Whatever clocks, power and people do: no day is counted that was not, and nothing ends twice."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from edge.domain.door import Door
from edge.domain.effects import OpenDoor, Reply
from edge.domain.facts import Fact, ParcelPickedUp, ParcelReceived, ParcelStored
from edge.domain.inputs import Input
from edge.domain.keeping import Cause
from edge.domain.parcel import Stage
from edge.domain.place_facts import Choice, ParcelHandedOut, ParcelShelved
from edge.domain.return_facts import (
    ParcelOverdue,
    ParcelReturned,
    ParcelToReturn,
    ReturnUndone,
    StorageExtended,
)
from edge.kernel.errors import Refused
from edge.kernel.ids import SealNo, WaybillNo
from edge.kernel.time import Instant
from tests.domain.house import HOUR
from tests.domain.long_stay import DAY, LongStay

WAYBILLS = tuple(WaybillNo(f"YT000000000000{n}") for n in range(3))
waybills = st.sampled_from(WAYBILLS)
NEAR = 60_000


class Tossed(LongStay):
    """`true_ms` is the time; what the station knows of it is a bracket, or a guess that jumps."""

    def __init__(self) -> None:
        self.true_ms = 0
        self.when: list[tuple[Fact, Instant, int]] = []
        super().__init__()
        self.true_ms = self.wall_ms
        self.start_ms = self.wall_ms

    def tell(self, told: Input) -> Reply | None:
        before = len(self.journal)
        reply = super().tell(told)
        self.when += [(*entry, self.true_ms) for entry in self.journal[before:]]
        return reply

    def wait(self, ms: int) -> None:
        super().wait(ms)
        self.true_ms += ms

    def hears_the_county(self) -> None:
        """It believes a time that is not behind its own; so its own never goes back."""
        if self.wall_ms <= self.true_ms + NEAR:
            self.wall_ms = self.true_ms
            self.learns_the_time()


class Village(RuleBasedStateMachine):
    """People, vans, power cuts and bad clocks over weeks."""

    def __init__(self) -> None:
        super().__init__()
        self.house = Tossed()

    def wish(self, wish: Callable[[], Any]) -> None:
        """It may be refused; the door that it opens is opened, emptied and shut at once."""
        try:
            wish()
        except Refused:
            return
        for effect in self.house.last.effects:
            if isinstance(effect, OpenDoor) and self.house.door(effect.cell) is Door.ASKED:
                self.house.opens(effect.cell)
                self.house.shuts(effect.cell)

    @rule(hours=st.sampled_from([1, 20, 24, 50, 75, 100]))
    def time_passes(self, hours: int) -> None:
        self.house.tick(hours * HOUR)

    @rule(hours=st.sampled_from([0, 1, 20, 900]), luck=st.integers(0, 3))
    def nobody_knows_the_time(self, hours: int, luck: int) -> None:
        self.house.loses_the_time()
        self.house.wall_ms += hours * HOUR if luck == 0 else 0

    @rule()
    def the_county_tells_it(self) -> None:
        self.house.hears_the_county()

    @rule(hours=st.integers(0, 200))
    def power_cut(self, hours: int) -> None:
        self.house.true_ms += hours * HOUR
        self.house.comes_back(off_ms=0, trusted=False)
        self.house.check_in_on()

    @rule(waybill_no=waybills, shelf=st.booleans())
    def comes_in(self, waybill_no: WaybillNo, *, shelf: bool) -> None:
        if self.house.state.dock.handover is None:
            choice = Choice.SHELF if shelf else None
            self.house.place(choice, None)
            self.wish(lambda: self.house.scan(waybill_no))
            self.wish(lambda: self.house.tail(waybill_no))

    @rule(waybill_no=waybills)
    def is_collected(self, waybill_no: WaybillNo) -> None:
        tokens = [slip.token for slip in self.house.slips if slip.waybill_no == waybill_no]
        if tokens:
            self.wish(lambda: self.house.token(tokens[-1]))
            self.wish(lambda: self.house.release(waybill_no))

    @rule(waybill_no=waybills)
    def is_refused(self, waybill_no: WaybillNo) -> None:
        self.wish(lambda: self.house.refuses(waybill_no))

    @rule(waybill_no=waybills, days=st.integers(1, 7))
    def stays_longer(self, waybill_no: WaybillNo, days: int) -> None:
        self.wish(lambda: self.house.extends(days, waybill_no))

    @rule(waybill_no=waybills)
    def goes_back(self, waybill_no: WaybillNo) -> None:
        self.wish(lambda: self.house.to_return(waybill_no))
        self.wish(lambda: self.house.bag_it(waybill_no))

    @rule(waybill_no=waybills, days=st.integers(1, 7))
    def does_not_go_back(self, waybill_no: WaybillNo, days: int) -> None:
        self.wish(lambda: self.house.not_to_return(waybill_no, days))

    @rule(waybill_no=waybills, days=st.integers(3, 9))
    def lies_for_long(self, waybill_no: WaybillNo, days: int) -> None:
        """The whole way, as for those who forget it."""
        self.comes_in(waybill_no, shelf=False)
        self.house.tick(days * DAY)
        self.power_cut(hours=1)
        self.the_county_tells_it()
        self.stays_longer(waybill_no, 7)
        self.house.tick(4 * DAY)

    @rule(waybill_no=waybills, luck=st.integers(0, 2))
    def the_van_takes_it(self, waybill_no: WaybillNo, luck: int) -> None:
        self.wish(self.house.arrives)
        self.wish(lambda: self.house.bag(SealNo(waybill_no)))
        if luck == 0:
            self.wish(self.house.loads_all)
        if luck < 2:
            self.wish(self.house.agrees)
        self.wish(self.house.holds_up)
        self.wish(self.house.check_in_on)

    @invariant()
    def no_day_is_counted_that_was_not(self) -> None:
        since: dict[WaybillNo, int] = {}
        promised: dict[WaybillNo, int] = {}
        for fact, at, true_ms in self.house.when:
            match fact:
                case ParcelReceived():
                    since.pop(fact.waybill_no, None)
                    promised.pop(fact.waybill_no, None)
                case ParcelStored() | ParcelShelved():
                    since.setdefault(fact.waybill_no, true_ms)
                case StorageExtended() | ReturnUndone():
                    promised[fact.waybill_no] = true_ms + fact.days * DAY
                case ParcelOverdue():
                    assert at.wall_hi_ms is not None
                    assert true_ms - since[fact.waybill_no] >= 3 * DAY
                    assert true_ms >= promised.get(fact.waybill_no, 0)
                case ParcelToReturn(cause=Cause.OVERDUE):
                    assert at.wall_hi_ms is not None
                    assert true_ms - since[fact.waybill_no] >= 7 * DAY
                    assert true_ms >= promised.get(fact.waybill_no, 0)
                case _:
                    pass

    @invariant()
    def a_parcel_ends_once(self) -> None:
        ended: set[WaybillNo] = set()
        for fact, _at, _true_ms in self.house.when:
            match fact:
                case ParcelReceived():
                    ended.discard(fact.waybill_no)
                case ParcelPickedUp() | ParcelHandedOut() | ParcelReturned():
                    assert fact.waybill_no not in ended
                    ended.add(fact.waybill_no)
                case _:
                    pass

    @invariant()
    def what_is_in_the_bag_lies_nowhere_else(self) -> None:
        state = self.house.state
        bagged = {no for no, parcel in state.parcels.items() if parcel.stage is Stage.BAGGED}
        lying = {content.waybill_no for content in state.cells.values()} | set(state.slots.values())
        assert not bagged & lying
        if state.dock.handover is not None:
            assert set(state.dock.handover.returns) <= bagged

    @invariant()
    def looking_again_brings_nothing_more(self) -> None:
        house = self.house
        house.tick()
        assert house.due_ms() != 0

    def teardown(self) -> None:
        assert self.house.replayed() == self.house.state


Village.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestTheLawsOfReturnsHold = Village.TestCase
