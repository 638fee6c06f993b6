"""Chance from the operating system: authorisations, pickup codes and QR tokens."""

import re
import secrets
from typing import Final, Protocol

from edge.domain.inputs import Fresh, PickupSecret
from edge.kernel.ids import AuthId, CredentialId, Mac

TOKEN: Final = re.compile(r"CY1:[A-Z2-7]{26}")
"""130 random bits in base32: survives keyboard scanners, and no waybill has a colon."""
TOKEN_LETTERS: Final = 26
SPARES: Final = 2
"""Secrets drawn for one decision. A clash has odds of about 1e-7, so two will do."""
_LETTERS: Final = bytes(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[byte % 32] for byte in range(256))
"""For each byte a letter of base32; 256 is eight times 32, so all are equally likely."""


class MacKey(Protocol):
    """The part of the station key that turns clear codes into what may be stored."""

    def mac_code(self, digits: str) -> Mac:
        """Keyed hash of eight digits."""

    def mac_token(self, token: str) -> Mac:
        """Keyed hash of a QR token."""


class SealsCodes(Protocol):
    """What makes a code readable for the county alone."""

    def seal(self, credential: CredentialId, digits: str, token: str) -> str:
        """The sealed code, empty while the county has said no key."""


class SystemChance:
    """Draws fresh values that no one can foresee."""

    def __init__(self, key: MacKey, seals: SealsCodes | None = None) -> None:
        self._key, self._seals = key, seals

    def fresh(self) -> Fresh:
        """Values for one decision, never drawn before."""
        return Fresh(
            auth=AuthId(f"a-{secrets.token_hex(12)}"),
            secrets=tuple(self._secret() for _ in range(SPARES)),
        )

    def _secret(self) -> PickupSecret:
        digits = f"{secrets.randbelow(10**8):08d}"
        token = "CY1:" + secrets.token_bytes(TOKEN_LETTERS).translate(_LETTERS).decode()
        credential = CredentialId(f"c-{secrets.token_hex(12)}")
        return PickupSecret(
            credential=credential,
            digits=digits,
            token=token,
            code_mac=self._key.mac_code(digits),
            token_mac=self._key.mac_token(token),
            sealed="" if self._seals is None else self._seals.seal(credential, digits, token),
        )
