"""What a keeper and a proxy do, with hands on a station's core."""

from dataclasses import replace
from typing import Final

from edge.domain.effects import QueueProxySlip, Reply
from edge.domain.inputs import PickupSecret, ReleaseAsked, Stand
from edge.domain.place_facts import Seen
from edge.domain.proxy_code import ProxyCode
from edge.domain.proxy_facts import Relation
from edge.domain.proxy_inputs import ProxyAnswered, ProxyOpenAsked, ProxyRevokeAsked, ProxyWanted
from edge.kernel.ids import AuthId, KeeperId, PhoneTail, WaybillNo
from tests.domain.county import County
from tests.domain.house import LI, TAIL, YT, House, auth_in, cell_in

PROXY: Final = "王**"
OWNER: Final = "刘**"


class ProxyHouse(House):
    """A house where people send others."""

    @property
    def code_now(self) -> ProxyCode:
        """The last code that was made for a proxy."""
        return self.state.proxies[-1]

    @property
    def proxy_slips(self) -> list[QueueProxySlip]:
        """Every proxy's slip so far."""
        return [
            effect
            for entry in self.history
            for effect in entry.decision.effects
            if isinstance(effect, QueueProxySlip)
        ]

    def sends(
        self, *waybills: WaybillNo, proxy: str = PROXY, keeper: KeeperId = LI
    ) -> QueueProxySlip:
        """The keeper makes a code; here is its slip."""
        self.wants_proxy(*waybills, proxy=proxy, keeper=keeper)
        return self.proxy_slips[-1]

    def wants_proxy(
        self,
        *waybills: WaybillNo,
        proxy: str = PROXY,
        keeper: KeeperId = LI,
        secrets: tuple[PickupSecret, ...] | None = None,
    ) -> Reply:
        """`secrets` stand in the place of those that the station draws."""
        fresh = self.fresh()
        told = ProxyWanted(
            at=self.now,
            keeper=keeper,
            waybills=waybills or (YT,),
            proxy=proxy,
            relation=Relation.FAMILY,
            owner=OWNER,
            fresh=fresh if secrets is None else replace(fresh, secrets=secrets),
        )
        return self.hear(told)

    def takes_code_back(self, slip: QueueProxySlip) -> Reply:
        told = ProxyRevokeAsked(at=self.now, keeper=LI, credential=slip.credential)
        return self.hear(told)

    def opens_next(self, visit: AuthId) -> Reply:
        """The button of the kiosk."""
        return self.hear(ProxyOpenAsked(at=self.now, visit=visit, fresh=self.fresh()))

    def keeper_says(
        self, slip: QueueProxySlip, waybill_no: WaybillNo = YT, *seen: Seen, agreed: bool = True
    ) -> Reply:
        told = ProxyAnswered(
            at=self.now,
            keeper=LI,
            credential=slip.credential,
            waybill_no=waybill_no,
            agreed=agreed,
            seen=frozenset(seen),
            fresh=self.fresh(),
        )
        return self.hear(told)

    def gives_to_proxy(
        self,
        waybill_no: WaybillNo = YT,
        *seen: Seen,
        name: str = PROXY,
        owner: str = OWNER,
        tail: PhoneTail = TAIL,
    ) -> Reply:
        """The keeper hands out without a code, and asks the proxy for digits and names."""
        stand = Stand(name=name, relation=Relation.NEIGHBOUR, owner=owner, phone_tail=tail)
        told = ReleaseAsked(
            at=self.now,
            keeper=LI,
            waybill_no=waybill_no,
            fresh=self.fresh(),
            seen=frozenset(seen),
            proxy=stand,
        )
        return self.hear(told)

    def shows(self, slip: QueueProxySlip) -> AuthId:
        """The proxy holds the slip before the scanner."""
        return auth_in(self.token(slip.token))

    def collects(self, visit: AuthId) -> Reply:
        """One parcel from the button to the shut door."""
        reply = self.opens_next(visit)
        self.opens(cell_in(reply))
        self.wait(4_000)
        self.shuts(cell_in(reply))
        return reply


class ProxyCounty(ProxyHouse, County):
    """... and the county opens doors there too."""
