"""Who is who in a world: the identities of county and stations, and the codecs made of them."""

from cloud_sync.wire.framing.frame import Codec, SealedCodec
from cloud_sync.wire.trust.identity import SECRET_BYTES, Identity, KeyId, PublicIdentity
from edge.kernel.ids import CountyId, StationId
from edge.simulation.ground.chance import Dice


class Keyring:
    """Draws an identity for everybody; each knows the public half of everybody else's."""

    def __init__(self, county: CountyId, dice: Dice) -> None:
        self._name, self._dice = county, dice
        self.county = Identity.from_secret(dice.fork("key of the county").draw(SECRET_BYTES))
        self._stations: dict[StationId, Identity] = {}

    def add(self, station: StationId) -> None:
        """A station gets its identity."""
        drawn = self._dice.fork(f"key of {station}").draw(SECRET_BYTES)
        self._stations[station] = Identity.from_secret(drawn)

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
