"""The county's card: by what keys its messages are known, signed by its certificate authority.

A station keeps the card that it was given when it was enrolled. Whoever brings a newer one may be
anybody: the authority's signature says that it is the county's. So the county may change its key,
and the old one overlaps with the new for as long as both stand on the card.
"""

from typing import Final

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey as PublicKey

from cloud_sync.wire.trust.identity import KeyId, PublicIdentity
from edge.kernel.errors import CunyiError
from edge.kernel.ids import CountyId

_PURPOSE: Final = b"cunyi county card 1\0"
_MOST_KEYS: Final = 8
_KEY_BYTES: Final = 32


class CardError(CunyiError):
    """It is no card, or none of the authority that we trust."""


class CardKey(msgspec.Struct, frozen=True, kw_only=True):
    """A PublicIdentity in hex digits."""

    sign: str
    seal: str


class CountyCard(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on it. Of two cards of one authority the one with the higher `number` holds."""

    county: str
    number: int
    ca: str
    keys: list[CardKey]

    @property
    def county_id(self) -> CountyId:
        """Whose card it is."""
        return CountyId(self.county)

    @property
    def identities(self) -> tuple[PublicIdentity, ...]:
        """The county's keys, the present one first."""
        return tuple(
            PublicIdentity(sign=bytes.fromhex(key.sign), seal=bytes.fromhex(key.seal))
            for key in self.keys
        )

    def lookup(self, key_id: KeyId) -> PublicIdentity | None:
        """Fits cloud_sync.wire.framing.frame.Lookup."""
        return next((one for one in self.identities if one.key_id == key_id), None)


class _Signed(msgspec.Struct, frozen=True, kw_only=True):
    """The card's text as it was signed; a field that came later changes no old signature."""

    card: str
    signature: str


def issue_card(card: CountyCard, ca_key: EllipticCurvePrivateKey) -> bytes:
    """The card with the authority's signature, as it lies in a file."""
    text = msgspec.json.encode(card)
    signature = ca_key.sign(_PURPOSE + text, ECDSA(hashes.SHA256()))
    return msgspec.json.encode(_Signed(card=text.decode(), signature=signature.hex()))


def read_card(issued: bytes, *, ca: str | None = None) -> CountyCard:
    """Read a card and check its signature. Raises CardError.

    `ca` is the certificate of the authority that is trusted already; without one the card may
    name any, and only what it came with can vouch for it.
    """
    try:
        signed = msgspec.json.decode(issued, type=_Signed)
        card = msgspec.json.decode(signed.card, type=CountyCard)
        ca_key = x509.load_pem_x509_certificate(card.ca.encode()).public_key()
        signature = bytes.fromhex(signed.signature)
        keys_are_whole = all(
            len(key.sign) == len(key.seal) == _KEY_BYTES for key in card.identities
        )
    except (msgspec.DecodeError, ValueError, RecursionError, UnsupportedAlgorithm) as cause:
        raise CardError("this is no county's card") from cause
    if not keys_are_whole or not 1 <= len(card.keys) <= _MOST_KEYS:
        raise CardError("this is no county's card")
    if ca is not None and card.ca != ca:
        raise CardError("this card is of another authority than ours")
    if not isinstance(ca_key, PublicKey):
        raise CardError("this authority has a key of another kind")
    try:
        ca_key.verify(signature, _PURPOSE + signed.card.encode(), ECDSA(hashes.SHA256()))
    except InvalidSignature as cause:
        raise CardError("the signature is not the authority's") from cause
    return card
