"""Who is who in a world: the identities of county and stations, and the codecs made of them.

Both ends of every talk live in one process here. What one of them has just signed the other need
not compute again; whatever was changed on its way, or is older, is computed as anywhere else.
"""

from dataclasses import dataclass, field
from typing import Final

from cloud_sync.wire.framing.frame import Codec, SealedCodec
from cloud_sync.wire.trust.identity import SECRET_BYTES, Identity, KeyId, PublicIdentity
from edge.kernel.ids import CountyId, StationId
from edge.simulation.ground.chance import Dice

_KEPT: Final = 512
"""Signatures of each end: what is under way, and what is sent again within some minutes."""


@dataclass(frozen=True)
class _Known(PublicIdentity):
    """The public half of somebody in this process."""

    made: dict[bytes, bytes] = field(default_factory=dict, compare=False, repr=False)
    """Over which message each of the newest signatures was made."""

    def has_signed(self, signature: bytes, message: bytes) -> bool:
        return self.made.get(signature) == message or super().has_signed(signature, message)


class _Somebody(Identity):
    """An identity that notes what it signs."""

    def __init__(self, secret: bytes) -> None:
        super().__init__(secret)
        self._made: dict[bytes, bytes] = {}
        self.public = _Known(self.public.sign, self.public.seal, self._made)

    def sign(self, message: bytes) -> bytes:
        signature = super().sign(message)
        self._made[signature] = message
        if len(self._made) > _KEPT:
            del self._made[next(iter(self._made))]
        return signature


class Keyring:
    """Draws an identity for everybody; each knows the public half of everybody else's."""

    def __init__(self, county: CountyId, dice: Dice) -> None:
        self._name, self._dice = county, dice
        self.county = _Somebody.from_secret(dice.fork("key of the county").draw(SECRET_BYTES))
        self._stations: dict[StationId, Identity] = {}

    def add(self, station: StationId) -> None:
        """A station gets its identity."""
        drawn = self._dice.fork(f"key of {station}").draw(SECRET_BYTES)
        self._stations[station] = _Somebody.from_secret(drawn)

    def station_codec(self, station: StationId) -> Codec:
        """What a station seals and opens with."""
        return SealedCodec(
            self._stations[station],
            lambda: self.county.public,
            self._public,
            county=self._name,
            station=station,
        )

    def county_codec(self, station: StationId) -> Codec:
        """What the county seals and opens with, towards one station."""
        return SealedCodec(
            self.county,
            lambda: self._stations[station].public,
            self._public,
            county=self._name,
            station=station,
        )

    def _public(self, key: KeyId) -> PublicIdentity | None:
        everybody = (self.county, *self._stations.values())
        return next((one.public for one in everybody if one.public.key_id == key), None)
