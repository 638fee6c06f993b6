"""The laws of test_laws where people send others, and what no proxy may ever do."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from edge.domain.effects import QueueProxySlip, Reply
from edge.domain.facts import ParcelPickedUp, ParcelReceived
from edge.domain.place_facts import Flag, ParcelFlagged, ParcelHandedOut, Seen
from edge.domain.proxy_facts import ProxyAccepted, ProxyAuthorised, ProxyCodeRevoked, ProxyDeclined
from edge.kernel.ids import CredentialId, WaybillNo
from tests.domain.house import policy_of
from tests.domain.proxy_acts import ProxyCounty
from tests.domain.steel import Errand, Steel, Where
from tests.domain.test_laws import Village
from tests.domain.village_of_places import TAILS, WAYBILLS, waybills

several = st.lists(waybills, min_size=1, max_size=3)


class VillageOfProxies(Village):
    """A village where people send others."""

    house: ProxyCounty

    def __init__(self) -> None:
        super().__init__()
        self.house = ProxyCounty("SSM", policy=policy_of("SSM", shelves="A", floor=1))
        self.house.open_shop()
        self.steel = Steel(tuple(cell.cell for cell in self.house.policy.cells))
        self.steel.elsewhere = dict.fromkeys(WAYBILLS, Where.KEEPER)
        self.reported = dict.fromkeys(self.steel.cells, False)
        self.read_to = len(self.house.history)

    def open_from_afar(self, **_drawn: Any) -> None:
        """No rule of this village."""

    def guess(self, **_drawn: Any) -> None:
        """Nor this."""

    @rule(waybill_no=waybills, fen=st.sampled_from([0, 0, 500]))
    def check_in_and_send(self, waybill_no: WaybillNo, fen: int) -> None:
        """The whole way, as on most days."""
        self.check_in(waybill_no, TAILS[0])
        self.flag(waybill_no, set(), fen)
        self.send_somebody([waybill_no])
        self.come_for_somebody(back=1, by_code=True, doors=1)

    @rule(those=several)
    def send_somebody(self, those: list[WaybillNo]) -> None:
        self.wish(lambda: self.house.wants_proxy(*those))

    @rule(back=st.integers(1, 3))
    def take_the_code_back(self, back: int) -> None:
        if slip := self.slip(back):
            self.wish(lambda: self.house.takes_code_back(slip))

    @rule(back=st.integers(1, 3), by_code=st.booleans(), doors=st.integers(0, 2))
    def come_for_somebody(self, back: int, by_code: bool, doors: int) -> None:  # noqa: FBT001 - drawn by hypothesis
        slip = self.slip(back)
        if slip is None:
            return
        tail, digits, token = slip.phone_tail, slip.digits, slip.token
        shown = self.wish(
            lambda: self.house.code(digits, tail) if by_code else self.house.token(token)
        )
        for _ in range(doors):
            self.press_the_button(shown)

    def slip(self, back: int) -> QueueProxySlip | None:
        """One of the last that were printed."""
        return next(iter(self.house.proxy_slips[-back:]), None)

    def press_the_button(self, shown: Reply | None) -> None:
        if shown is None or shown.auth is None:
            return
        visit = shown.auth
        reply = self.wish(lambda: self.house.opens_next(visit))
        if reply is not None and reply.ok and reply.cell is not None:
            self.steel.send(reply.cell, Errand.TAKE, reply.waybill_no)

    @rule(waybill_no=waybills, agreed=st.booleans())
    def the_keeper_says(self, waybill_no: WaybillNo, agreed: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        slip = self.slip(1)
        if slip is None:
            return
        reply = self.wish(lambda: self.house.keeper_says(slip, waybill_no, *Seen, agreed=agreed))
        if reply is None or not reply.ok or not agreed:
            return
        if reply.cell is None:
            self.steel.elsewhere[waybill_no] = Where.OWNER
        else:
            self.steel.send(reply.cell, Errand.TAKE, waybill_no)

    @invariant()
    def no_kiosk_opens_a_barred_parcel_for_a_proxy(self) -> None:
        barred: set[WaybillNo] = set()
        for fact, _at in self.house.journal:
            match fact:
                case ParcelFlagged():
                    mind = fact.cash_due_fen or {Flag.SIGNATURE, Flag.VALUABLE} & set(fact.flags)
                    (barred.add if mind else barred.discard)(fact.waybill_no)
                case ParcelReceived():
                    barred.discard(fact.waybill_no)
                case ProxyAccepted():
                    assert fact.waybill_no not in barred
                case _:
                    pass

    @invariant()
    def no_code_opens_but_what_is_named_and_has_not_gone_since(self) -> None:
        named: dict[CredentialId, set[WaybillNo]] = {}
        for fact, _at in self.house.journal:
            match fact:
                case ProxyAuthorised():
                    named.setdefault(fact.credential, set()).add(fact.waybill_no)
                case ProxyCodeRevoked():
                    named.pop(fact.credential)
                case ProxyDeclined():
                    named[fact.credential].discard(fact.waybill_no)
                case ParcelHandedOut() | ParcelPickedUp():
                    for those in named.values():
                        those.discard(fact.waybill_no)
                case ProxyAccepted():
                    assert fact.waybill_no in named.get(fact.credential, set())
                case _:
                    pass


VillageOfProxies.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestTheLawsOfProxiesHold = VillageOfProxies.TestCase
