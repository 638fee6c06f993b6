"""The laws of proxies where some of them come with passes from a phone."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from edge.domain.facts import ParcelPickedUp
from edge.domain.place_facts import ParcelHandedOut
from edge.domain.proxy_facts import (
    ProxyAccepted,
    ProxyCodeRevoked,
    ProxyPassRevoked,
    ProxyPassTaken,
)
from edge.domain.state import State
from edge.kernel.ids import CredentialId, WaybillNo
from tests.domain.house import policy_of
from tests.domain.pass_acts import Pass, PassHouse
from tests.domain.steel import Steel, Where
from tests.domain.test_laws_of_proxies import VillageOfProxies
from tests.domain.village_of_places import TAILS, WAYBILLS, waybills

back = st.integers(1, 3)


class VillageOfPasses(VillageOfProxies):
    """A village where addressees send others by phone."""

    house: PassHouse

    def __init__(self) -> None:
        super().__init__()
        self.house = PassHouse("SSM", policy=policy_of("SSM", shelves="A", floor=1))
        self.house.open_shop()
        self.steel = Steel(tuple(cell.cell for cell in self.house.policy.cells))
        self.steel.elsewhere = dict.fromkeys(WAYBILLS, Where.KEEPER)
        self.reported = dict.fromkeys(self.steel.cells, False)
        self.read_to = len(self.house.history)
        self.made: list[Pass] = []

    @rule(waybill_no=waybills)
    def make_a_pass(self, waybill_no: WaybillNo) -> None:
        self.made.append(self.house.made(waybill_no))

    @rule(back=back, doors=st.integers(0, 2))
    def come_with_a_pass(self, back: int, doors: int) -> None:
        for one in self.made[-back:][:1]:
            shown = self.wish(lambda one=one: self.house.scans_pass(one))  # type: ignore[misc] # bound at once
            for _ in range(doors):
                self.press_the_button(shown)

    @rule(waybill_no=waybills)
    def check_in_and_send_with_a_pass(self, waybill_no: WaybillNo) -> None:
        """The whole way, as on most days."""
        self.check_in(waybill_no, TAILS[0])
        self.make_a_pass(waybill_no)
        self.come_with_a_pass(back=1, doors=1)

    @rule(waybill_no=waybills, seen=st.booleans())
    def think_better_of_it(self, waybill_no: WaybillNo, seen: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        """The whole way of a pass that is taken back."""
        self.check_in(waybill_no, TAILS[0])
        self.make_a_pass(waybill_no)
        if seen:
            self.come_with_a_pass(back=1, doors=0)
        self.take_a_pass_back(back=1)
        self.come_with_a_pass(back=1, doors=1)

    @rule(back=back)
    def take_a_pass_back(self, back: int) -> None:
        for one in self.made[-back:][:1]:
            self.house.is_told_of_the_end(one)

    @rule(trusted=st.booleans())
    def somebody_tells_the_time_or_not(self, trusted: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        self.house.trusted = trusted

    @invariant()
    def no_code_opens_but_what_is_named_and_has_not_gone_since(self) -> None:
        """A code's law has no room for passes: what they open is told below."""

    @invariant()
    def a_pass_opens_its_own_parcel_alone_and_never_after_it_has_gone(self) -> None:
        named: dict[CredentialId, set[WaybillNo]] = {}
        dead: set[CredentialId] = set()
        for fact, _at in self.house.journal:
            match fact:
                case ProxyPassTaken():
                    assert fact.credential not in named, "taken once"
                    assert fact.credential not in dead
                    named[fact.credential] = {fact.waybill_no}
                case ProxyPassRevoked() | ProxyCodeRevoked():
                    dead.add(fact.credential)
                case ParcelHandedOut() | ParcelPickedUp():
                    for those in named.values():
                        those.discard(fact.waybill_no)
                case ProxyAccepted() if fact.credential.startswith("pass-"):
                    assert fact.waybill_no in named.get(fact.credential, set())
                    assert fact.credential not in dead
                case _:
                    pass

    @invariant()
    def a_restart_remembers_every_pass(self) -> None:
        replayed: State = self.house.replayed()
        assert replayed.proxies == self.house.state.proxies

    def open_from_afar(self, **_drawn: Any) -> None:
        """No rule of this village."""


VillageOfPasses.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestTheLawsOfPassesHold = VillageOfPasses.TestCase
