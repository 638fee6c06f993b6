"""Passes for proxies as this station reads them: by the county's card alone, so offline too."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

import structlog

from cloud_sync.wire.trust.identity import PublicIdentity
from cloud_sync.wire.trust.proxy_pass import PassError, ProxyPass, read_pass
from edge.daemon.front import InputMaker
from edge.domain.inputs import Fresh
from edge.domain.proxy_answers import ProxyAnswer
from edge.domain.proxy_inputs import PassScanned
from edge.domain.state import State
from edge.kernel.ids import CountyId, CredentialId, StationId, WaybillNo
from edge.kernel.time import Instant

log = structlog.get_logger(__name__)

_Flaw = Literal[ProxyAnswer.FORGED, ProxyAnswer.ELSEWHERE]
_NOTHING: Final = ProxyPass(pass_id="", station=b"", parcel=b"", until_ms=0)


def pass_credential(pass_id: str) -> CredentialId:
    """The one-time number of a pass among the credentials of a station."""
    return CredentialId(f"pass-{pass_id}")


def no_keys() -> tuple[PublicIdentity, ...]:
    """Of a station that no county has taken in."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PassReader:
    """`keys` are the county's, those of its card as it is now: it changes its keys now and then."""

    county: CountyId
    station: StationId
    keys: Callable[[], Iterable[PublicIdentity]]

    def read(self, text: str, state: Callable[[], State]) -> InputMaker:
        """The input that a PASS stands for. Its parcel is looked for when it is decided on."""
        said, flaw = self._judge(text)

        def scanned(at: Instant, fresh: Fresh) -> PassScanned:
            parcels = () if flaw is not None else state().parcels
            return PassScanned(
                at=at,
                credential=pass_credential(said.pass_id),
                waybill_no=_parcel_of(said, parcels),
                until_ms=said.until_ms,
                flaw=flaw,
                fresh=fresh,
            )

        return scanned

    def _judge(self, text: str) -> tuple[ProxyPass, _Flaw | None]:
        try:
            said = read_pass(text, self.county, self.keys())
        except PassError as cause:
            log.info("proxy_pass_refused", reason=str(cause))
            return _NOTHING, ProxyAnswer.FORGED
        return said, None if said.is_for_station(self.station) else ProxyAnswer.ELSEWHERE


def _parcel_of(said: ProxyPass, parcels: Iterable[WaybillNo]) -> WaybillNo | None:
    return next((one for one in parcels if said.is_for_parcel(one)), None)
