"""The laws of docs/acceptance.md under any order of people, doors, time and power cuts.

Steel moves by its own physics, reports reach the station late or never, pulses get lost between
the commit and the coil, and after every step the laws are read off the state, the journal and the
steel.
"""

from collections import Counter
from collections.abc import Callable

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from edge.domain.answers import Answer
from edge.domain.cabinet import TO_LOOK, Occupancy
from edge.domain.door import IN_MOTION, MOST_PULSES, Door
from edge.domain.effects import OpenDoor, Reply
from edge.domain.facts import ParcelPickedUp, ParcelPutBack
from edge.domain.inspection import may_be_called_empty
from edge.domain.parcel import IN_CARE, Stage
from edge.domain.place_facts import (
    Seen,
)
from edge.domain.remote_facts import RemoteAccepted, RemoteEnded
from edge.domain.rest import why_doors_rest
from edge.domain.state import State
from edge.domain.station import evolve, initial_state
from edge.kernel.ids import AuthId, CellId, PhoneTail, WaybillNo
from tests.domain.county import County
from tests.domain.house import SECOND, explained, heard, policy_of
from tests.domain.paths import HUMAN_ACTS, PATHS
from tests.domain.steel import Errand, Steel, Where
from tests.domain.village_of_places import TAILS, WAYBILLS, VillageOfPlaces, cells, waybills


class Village(VillageOfPlaces):
    """One house, its steel, and everybody around it."""

    def __init__(self) -> None:
        super().__init__()
        self.house = County("SSM", policy=policy_of("SSM", shelves="A", floor=1))
        self.house.open_shop()
        self.steel = Steel(tuple(cell.cell for cell in self.house.policy.cells))
        self.steel.elsewhere = dict.fromkeys(WAYBILLS, Where.KEEPER)
        self.reported: dict[CellId, bool | None] = dict.fromkeys(self.steel.cells, False)
        self.wished: list[OpenDoor] = []
        self.read_to = len(self.house.history)

    # -- people

    def wish_at_door(
        self, wish: Callable[[], Reply], errand: Errand, waybill_no: WaybillNo | None
    ) -> None:
        reply = self.wish(wish)
        if reply is not None and reply.auth is not None and reply.ok and reply.cell is not None:
            self.steel.send(reply.cell, errand, waybill_no)

    @rule()
    def keeper_comes(self) -> None:
        self.house.enter()
        self.wish(lambda: heard(self.house.check_in_on()))

    @rule(waybill_no=waybills)
    def scan(self, waybill_no: WaybillNo) -> None:
        if self.steel.elsewhere.get(waybill_no) is Where.KEEPER:
            self.puts_down(lambda: self.house.scan(waybill_no), waybill_no)

    @rule(waybill_no=waybills, tail=st.sampled_from(TAILS))
    def type_tail(self, waybill_no: WaybillNo, tail: PhoneTail) -> None:
        self.wish(lambda: self.house.tail(waybill_no, tail))

    @rule(waybill_no=waybills)
    def reprint(self, waybill_no: WaybillNo) -> None:
        self.wish(lambda: self.house.reprint(waybill_no))

    @rule(waybill_no=waybills)
    def release(self, waybill_no: WaybillNo) -> None:
        reply = self.wish(lambda: self.house.release(waybill_no, *Seen))
        if reply is not None and reply.cell is not None and reply.ok:
            self.steel.send(reply.cell, Errand.TAKE, waybill_no)
        elif reply is not None and reply.ok:
            self.steel.elsewhere[waybill_no] = Where.OWNER

    @rule(waybill_no=waybills)
    def cancel(self, waybill_no: WaybillNo) -> None:
        reply = self.wish(lambda: self.house.cancel(waybill_no))
        if reply is not None and reply.cell is not None:
            taking = reply.key == Answer.TAKE_IT_OUT
            self.steel.send(reply.cell, Errand.TAKE if taking else Errand.CLEAR, waybill_no)
        elif reply is not None and self.steel.elsewhere.get(waybill_no) is Where.SLOT:
            self.steel.elsewhere[waybill_no] = Where.KEEPER

    @rule(cell=cells, luck=st.integers(0, 2))
    def open_by_hand(self, cell: CellId, luck: int) -> None:
        if luck == 0:
            self.wish_at_door(lambda: self.house.open_by_hand(cell), Errand.CLEAR, None)

    @rule(cell=cells, luck=st.integers(0, 2))
    def open_from_afar(self, cell: CellId, luck: int) -> None:
        """The county opens a door, and nobody has been sent to it."""
        before = self.house.state
        if luck == 0 and not self.house.remote(cell):
            assert why_doors_rest(before, self.house.now) is None
            self.wished += [e for e in self.house.last.effects if isinstance(e, OpenDoor)]

    @rule(cell=cells)
    def look_inside(self, cell: CellId) -> None:
        """The keeper tells the truth about a cell, or nothing."""
        if cell not in self.steel.open:
            self.wish(lambda: self.house.inspect(cell, self.steel.inside.get(cell)))

    @rule(cell=cells)
    def call_it_empty_at_a_glance(self, cell: CellId) -> None:
        """A keeper in a hurry: a cell that was never open since the doubt arose is not freed."""
        if not may_be_called_empty(self.house.state, cell):
            reply = self.wish(lambda: self.house.inspect(cell, None))
            assert reply is None or reply.key == Answer.LOOK_INSIDE_FIRST

    @rule(cell=cells)
    def open_and_look_inside(self, cell: CellId) -> None:
        """The whole way, as on most days."""
        if self.house.state.cells[cell].occupancy in TO_LOOK:
            self.wish_at_door(lambda: self.house.open_by_hand(cell), Errand.CLEAR, None)
            while self.wished:
                self.it_goes_as_it_should()
            self.look_inside(cell)

    @rule(waybill_no=waybills, by_code=st.booleans(), old=st.booleans())
    def collect(self, waybill_no: WaybillNo, by_code: bool, old: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        slips = [slip for slip in self.house.slips if slip.waybill_no == waybill_no]
        if not slips:
            return
        slip = slips[0 if old else -1]

        def show() -> Reply:
            if by_code:
                return self.house.code(slip.digits, slip.phone_tail)
            return self.house.token(slip.token)

        self.wish_at_door(show, Errand.TAKE, slip.waybill_no)

    @rule(waybill_no=waybills)
    def show_the_slip(self, waybill_no: WaybillNo) -> None:
        self.collect(waybill_no, by_code=False, old=False)

    @rule(tail=st.sampled_from([*TAILS, PhoneTail("1111")]))
    def guess(self, tail: PhoneTail) -> None:
        assert not self.house.code("wrong", tail).ok

    @rule(cell=cells, it_did=st.booleans())
    def say_whether_it_opened(self, cell: CellId, it_did: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        """Whether or not it is true."""
        auth = self.house.state.doors[cell].auth
        say = self.house.taken if it_did else self.house.stuck
        if auth is not None:
            self.wish(lambda: say(cell, auth))

    @rule(back=st.integers(1, 3), keeps=st.booleans())
    def put_back(self, back: int, keeps: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        collected = self.house.facts(ParcelPickedUp)[-back:]
        if collected:
            last = collected[0]
            if self.steel.elsewhere.get(last.waybill_no) is Where.OWNER:
                auth, waybill_no = last.auth, last.waybill_no
                errand = Errand.TAKE if keeps else Errand.PUT
                self.wish_at_door(lambda: self.house.put_back(auth), errand, waybill_no)

    # -- steel

    @precondition(lambda self: self.wished)
    @rule(outcome=st.sampled_from(["opens", "opens", "opens", "nothing", "fails", "wrong"]))
    def coil(self, outcome: str) -> None:
        pulse = self.wished.pop(0)
        if outcome == "opens":
            self.steel.open.add(pulse.cell)
        elif outcome == "fails":
            self.house.pulse_failed(pulse.cell, pulse.auth)
        elif outcome == "wrong":
            self.crowbar(CellId(pulse.cell % 3 + 1), thief=False)

    @precondition(lambda self: self.wished)
    @rule()
    def it_goes_as_it_should(self) -> None:
        pulse = self.wished.pop(0)
        self.steel.open.add(pulse.cell)
        self.report(pulse.cell)
        self.push_shut(pulse.cell)
        self.report(pulse.cell)

    @rule(waybill_no=waybills, tail=st.sampled_from(TAILS))
    def check_in(self, waybill_no: WaybillNo, tail: PhoneTail) -> None:
        """The whole way, as on most days."""
        self.scan(waybill_no)
        while self.wished:
            self.it_goes_as_it_should()
        self.type_tail(waybill_no, tail)

    @rule(cell=cells, thief=st.booleans(), luck=st.integers(0, 5))
    def force(self, cell: CellId, thief: bool, luck: int) -> None:  # noqa: FBT001 - drawn by hypothesis
        if luck == 0:
            self.crowbar(cell, thief=thief)

    def crowbar(self, cell: CellId, *, thief: bool) -> None:
        """A door opens although it should not; no sensor could tell of what it does not see."""
        if cell in self.steel.open or self.reported[cell] is None:
            return
        self.steel.open.add(cell)
        self.report(cell)
        if thief:
            self.steel.steal(cell)

    @rule(cell=cells)
    def push_shut(self, cell: CellId) -> None:
        if cell in self.steel.open:
            undone = {w for w, p in self.house.state.parcels.items() if p.stage is Stage.UNDONE}
            self.steel.push_shut(cell, clear=frozenset(undone))

    @rule(cell=cells)
    def report(self, cell: CellId) -> None:
        reading = self.steel.reading(cell)
        if reading is not self.reported[cell]:
            self.reported[cell] = reading
            self.house.sensor(cell, is_open=reading)

    @rule()
    def report_all(self) -> None:
        for cell in self.steel.cells:
            self.report(cell)

    @rule(cell=cells, luck=st.integers(0, 3))
    def sensor_fails_or_recovers(self, cell: CellId, luck: int) -> None:
        self.steel.blind = self.steel.blind ^ {cell} if luck == 0 else set()

    # -- time and power

    @rule(ms=st.sampled_from([500, 3 * SECOND, 11 * SECOND, 61 * SECOND, 700 * SECOND]))
    def time_passes(self, ms: int) -> None:
        self.house.tick(ms)
        due_ms = self.house.due_ms()
        assert due_ms is None or due_ms > 0, "a look at the deadlines left one overdue"

    @rule(luck=st.integers(0, 3), long=st.booleans(), sags_at=st.none() | cells)
    def power_cut(self, luck: int, long: bool, sags_at: CellId | None) -> None:  # noqa: FBT001 - drawn by hypothesis
        for _ in range(0 if luck else 1 if sags_at is None else 4):
            if sags_at is not None:
                self.wish_at_door(lambda: self.house.open_by_hand(sags_at), Errand.CLEAR, None)
            self.wished.clear()
            self.house.restart()
            self.reported = dict.fromkeys(self.steel.cells)
            if not long:
                self.report_all()
                self.keeper_comes()

    @rule(mains=st.sampled_from([True, True, False, None]), low=st.booleans())
    def supply_tells(self, mains: bool | None, low: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        self.house.power(mains=mains, low=low)

    # -- laws

    @invariant()
    def every_pulse_has_its_own_intent_and_a_human_act(self) -> None:
        new, self.read_to = self.house.history[self.read_to :], len(self.house.history)
        for told in new:
            assert explained(told)
            if any(isinstance(effect, OpenDoor) for effect in told.decision.effects):
                assert isinstance(told.told, HUMAN_ACTS)

    @invariant()
    def no_authorisation_pulses_more_than_twice_or_two_doors(self) -> None:
        pulses = self.house.pulses
        assert all(n <= MOST_PULSES for n in Counter(p.auth for p in pulses).values())
        assert len({p.auth for p in pulses}) == len({(p.auth, p.cell) for p in pulses})

    @invariant()
    def a_free_cell_is_empty_steel(self) -> None:
        for cell, content in self.house.state.cells.items():
            if content.occupancy is Occupancy.FREE and cell not in self.steel.open:
                assert cell not in self.steel.inside, f"cell {cell} is free and full"

    @invariant()
    def a_held_cell_behind_a_shut_door_holds_its_parcel(self) -> None:
        for cell, content in self.house.state.cells.items():
            if content.occupancy is Occupancy.HELD and self.house.door(cell) is Door.SHUT:
                assert self.steel.inside.get(cell) == content.waybill_no

    @invariant()
    def each_parcel_in_care_is_in_one_cell_on_one_slot_or_in_one_hand(self) -> None:
        state = self.house.state
        in_cells = [(c.waybill_no, cell) for cell, c in state.cells.items() if c.waybill_no]
        on_slots = [(waybill_no, slot) for slot, waybill_no in state.slots.items()]
        in_care = {w: p for w, p in state.parcels.items() if p.stage in IN_CARE}
        places = {w: p.cell or p.slot for w, p in in_care.items() if not p.in_hand}
        assert sorted(map(str, [*in_cells, *on_slots])) == sorted(map(str, places.items()))
        assert all(p.cell is None or p.slot is None for p in state.parcels.values())
        assert set(state.ended) == set(state.parcels) - set(in_care)

    @invariant()
    def occupancy_and_stage_agree(self) -> None:
        state = self.house.state
        for content in state.cells.values():
            stage = state.parcels[content.waybill_no].stage if content.waybill_no else None
            match content.occupancy:
                case Occupancy.FREE:
                    assert stage is None
                case Occupancy.RESERVED:
                    assert stage is Stage.RECEIVED
                case Occupancy.HELD:
                    assert stage is Stage.STORED
                case _:
                    assert stage is not Stage.STORED or content.settled
            assert (content.occupancy in TO_LOOK) == bool(content.reason)

    @invariant()
    def a_reserved_cell_is_in_motion(self) -> None:
        for cell, content in self.house.state.cells.items():
            if content.occupancy is Occupancy.RESERVED:
                assert self.house.door(cell) in IN_MOTION

    @invariant()
    def codes_are_live_only_for_parcels_in_a_cell(self) -> None:
        state = self.house.state
        for key, known in state.credentials.items():
            parcel = state.parcels[known.waybill_no]
            assert key in {parcel.credential, parcel.former}
            assert not known.live or (parcel.stage in IN_CARE and parcel.credential == key)
            assert known.auth is None or state.auths[known.auth].credential == key
        assert set(state.by_token.values()) == set(state.credentials)
        by_tail = [key for keys in state.by_tail.values() for key in keys]
        assert sorted(by_tail) == sorted(state.credentials)

    @invariant()
    def what_is_opened_from_afar_is_opened_once_and_comes_to_one_end(self) -> None:
        accepted = {fact.auth: fact.command for fact in self.house.facts(RemoteAccepted)}
        pulses = Counter(p.auth for p in self.house.pulses)
        assert all(pulses[auth] == 1 for auth in accepted)
        ended = Counter(fact.command for fact in self.house.facts(RemoteEnded))
        under_way = set(self.house.state.remote.under_way.values())
        assert all(ended[name] == (name not in under_way) for name in accepted.values())

    @invariant()
    def no_authorisation_outlives_its_use(self) -> None:
        state = self.house.state
        moving = {door.auth for door in state.doors.values() if door.auth}
        ended = {p.ended_by for p in state.parcels.values() if p.ended_by}
        assert set(state.auths) <= moving | ended

    @invariant()
    def every_pickup_names_an_authorisation_of_its_own_but_for_one_put_back_between(self) -> None:
        auths: list[AuthId] = [fact.auth for fact in self.house.facts(ParcelPickedUp)]
        assert len(auths) - len(set(auths)) <= len(self.house.facts(ParcelPutBack))
        assert max(Counter(auths).values(), default=0) <= MOST_PULSES

    def teardown(self) -> None:
        replayed, stages = self.replay()
        assert replayed == self.house.state
        for before, after in stages:
            assert after in PATHS[before], f"{before} became {after}"

    def replay(self) -> tuple[State, set[tuple[Stage | None, Stage]]]:
        """The state from the journal, and every change of a parcel's stage on the way."""
        state, changes = initial_state(self.house.policy), set[tuple[Stage | None, Stage]]()
        stages: dict[WaybillNo, Stage] = {}
        for fact, at in self.house.journal:
            state = evolve(state, fact, at)
            for waybill_no, parcel in state.parcels.items():
                before = stages.get(waybill_no)
                if before is not parcel.stage:
                    changes.add((before, parcel.stage))
                    stages[waybill_no] = parcel.stage
        return state, changes


Village.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestTheLawsHoldWhateverHappens = Village.TestCase
