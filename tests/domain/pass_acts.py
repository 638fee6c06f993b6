"""What somebody with a pass does, and what the county says of passes, at a station's core."""

from dataclasses import dataclass, replace
from typing import Literal

from edge.domain.county_word import CountyWord, EndedPass
from edge.domain.effects import Reply
from edge.domain.inputs import CountyStateTold
from edge.domain.proxy_answers import ProxyAnswer
from edge.domain.proxy_inputs import PassScanned, ProxyAnswered, ProxyRevokeAsked
from edge.kernel.ids import CredentialId, WaybillNo
from edge.kernel.time import Instant
from edge.kernel.village_time import DAY_MS, EAST_MS, village_day
from tests.domain.house import LI, YT
from tests.domain.proxy_acts import ProxyCounty

Flaw = Literal[ProxyAnswer.FORGED, ProxyAnswer.ELSEWHERE]


@dataclass(frozen=True)
class Pass:
    """A pass in somebody's hand."""

    credential: CredentialId
    waybill_no: WaybillNo
    until_ms: int


class PassHouse(ProxyCounty):
    """A house whose clock is told to the second, as the county's is, until somebody says not."""

    trusted = True
    passes = 0

    @property
    def now(self) -> Instant:
        now = super().now
        return replace(now, wall_hi_ms=now.wall_lo_ms + 1_000) if self.trusted else now

    def made(self, waybill_no: WaybillNo = YT) -> Pass:
        """On the phone, today."""
        self.passes += 1
        until_ms = (village_day(self.wall_ms) + 1) * DAY_MS - EAST_MS - 1
        return Pass(CredentialId(f"pass-{self.passes:016x}"), waybill_no, until_ms)

    def scans_pass(self, shown: Pass, flaw: Flaw | None = None) -> Reply:
        here = shown.waybill_no in self.state.parcels and flaw is None
        told = PassScanned(
            at=self.now,
            credential=shown.credential,
            waybill_no=shown.waybill_no if here else None,
            until_ms=shown.until_ms,
            flaw=flaw,
            fresh=self.fresh(),
        )
        return self.hear(told)

    def is_told_of_the_end(self, *ended: Pass) -> None:
        """The county's word has come."""
        words = tuple(
            CountyWord(seq=n, kind="pass_end", key=one.credential, body="{}")
            for n, one in enumerate(ended, start=1)
        )
        told = tuple(EndedPass(credential=p.credential, until_ms=p.until_ms) for p in ended)
        self.tell(CountyStateTold(at=self.now, words=words, sweep=0, ended=told))

    def keeper_ends(self, shown: Pass) -> Reply:
        return self.hear(ProxyRevokeAsked(at=self.now, keeper=LI, credential=shown.credential))

    def keeper_answers(self, shown: Pass, *, agreed: bool) -> Reply:
        told = ProxyAnswered(
            at=self.now,
            keeper=LI,
            credential=shown.credential,
            waybill_no=shown.waybill_no,
            agreed=agreed,
            seen=frozenset(),
            fresh=self.fresh(),
        )
        return self.hear(told)
