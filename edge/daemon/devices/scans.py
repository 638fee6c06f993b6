"""What a scanned text is: a pickup token, a waybill number, or nothing of ours."""

from edge.daemon.chance import TOKEN, MacKey
from edge.daemon.front import InputMaker
from edge.domain.inputs import Fresh, TokenScanned, WaybillScanned
from edge.domain.parcel import read_waybill
from edge.kernel.time import Instant


def read_scan(text: str, key: MacKey) -> InputMaker | None:
    """The input that a code stands for, or None when it is no code of ours.

    The clear token goes no further than here: only its keyed hash enters the core.
    """
    compact = text.strip()
    if not compact.isascii():  # some strange letters become ours as capitals
        return None
    compact = compact.upper()
    if TOKEN.fullmatch(compact):
        mac = key.mac_token(compact)

        def token(at: Instant, fresh: Fresh) -> TokenScanned:
            return TokenScanned(at=at, token_mac=mac, fresh=fresh)

        return token
    waybill_no = read_waybill(text)
    if waybill_no is None:
        return None

    def waybill(at: Instant, fresh: Fresh) -> WaybillScanned:
        return WaybillScanned(at=at, waybill_no=waybill_no, fresh=fresh)

    return waybill
