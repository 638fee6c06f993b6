"""Seals each new pickup code for the county, as soon as that has said with what."""

import structlog

from cloud_sync.wire.trust.sealed_codes import ClearCode, CodeSealer
from edge.kernel.ids import CredentialId, StationId

log = structlog.get_logger(__name__)


class CodeSeals:
    """Fits SealsCodes. Without a key, as of an older county, it seals nothing."""

    def __init__(self, station: StationId, keep_days: int) -> None:
        """`keep_days`: how long a parcel lies here before it goes back."""
        self._station, self._keep_days = station, keep_days
        self._key = ""
        self._sealer: CodeSealer | None = None

    def use(self, key: str) -> bool:
        """Seal with this key of the county, in hex digits, empty for none; tells if it is new."""
        if key == self._key:
            return False
        self._key, self._sealer = key, None
        if key:
            try:
                self._sealer = CodeSealer(self._station, bytes.fromhex(key))
            except ValueError as unfit:  # a point with which the secret would be no secret
                log.warning("code_key_unfit", reason=str(unfit))
        return True

    def seal(self, credential: CredentialId, digits: str, token: str) -> str:
        """The sealed code, empty while there is nothing to seal it with."""
        if self._sealer is None:
            return ""
        return self._sealer.seal(credential, ClearCode(digits, token, self._keep_days))
