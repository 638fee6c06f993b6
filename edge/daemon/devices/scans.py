"""What a scanned text is: a pickup token, a pass, a bag's seal, a waybill number, or no code."""

import re
from collections.abc import Callable
from typing import Final

from cloud_sync.wire.trust.proxy_pass import PASS
from edge.daemon.chance import TOKEN, MacKey
from edge.daemon.county.manifests import Manifests
from edge.daemon.county.passes import PassReader, no_keys
from edge.daemon.front import InputMaker
from edge.domain.inputs import Fresh, Input, TokenScanned, WaybillScanned
from edge.domain.parcel import read_waybill
from edge.domain.state import State
from edge.domain.trip_inputs import SealScanned
from edge.kernel.ids import CountyId, SealNo, StationId, WaybillNo
from edge.kernel.time import Instant

_SEAL: Final = re.compile(r"(?=.*[0-9])[A-Z0-9-]{5,30}")


class ScanReader:
    """Reads codes; what manifests say of one is looked up at the moment of its decision."""

    def __init__(
        self, key: MacKey, state: Callable[[], State], manifests: Manifests | None = None
    ) -> None:
        self._key, self._state = key, state
        self.manifests = manifests
        """Where the county's word is; a station may have none."""
        self.passes = PassReader(county=CountyId(""), station=StationId(""), keys=no_keys)
        """By whose keys passes for proxies are read; nobody's until a county is named."""

    def read(self, text: str) -> InputMaker | None:
        """The input that a code stands for, or None when it is no code of ours.

        The clear token goes no further than here: only its keyed hash enters the core.
        """
        compact = text.strip()
        if not compact.isascii():  # some strange letters become ours as capitals
            return None
        compact = compact.upper()
        if TOKEN.fullmatch(compact):
            mac = self._key.mac_token(compact)

            def token(at: Instant, fresh: Fresh) -> TokenScanned:
                return TokenScanned(at=at, token_mac=mac, fresh=fresh)

            return token
        if PASS.fullmatch(compact):
            return self.passes.read(compact, self._state)
        waybill_no = read_waybill(text)
        if waybill_no is None and not _SEAL.fullmatch(compact):
            return None
        if waybill_no is None and self._state().dock.handover is None:
            return None

        def code(at: Instant, fresh: Fresh) -> Input:
            return self._code(at, fresh, compact, waybill_no)

        return code

    def _code(self, at: Instant, fresh: Fresh, compact: str, waybill_no: WaybillNo | None) -> Input:
        handover = self._state().dock.handover
        if handover is not None or waybill_no is None:
            seal = SealNo(compact)
            advice = known = None
            if self.manifests is not None:
                advice = self.manifests.bag(seal, handover.trip if handover else None)
                known = self.manifests.parcel(WaybillNo(compact)) if advice is None else None
            return SealScanned(at=at, seal=seal, advice=advice, is_waybill=known is not None)
        if self.manifests is None:
            return WaybillScanned(at=at, waybill_no=waybill_no, fresh=fresh)
        parcel = self.manifests.parcel(waybill_no)
        is_seal = parcel is None and self.manifests.bag(SealNo(waybill_no)) is not None
        return WaybillScanned(
            at=at, waybill_no=waybill_no, fresh=fresh, advice=parcel, is_seal=is_seal
        )
