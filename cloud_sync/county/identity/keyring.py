"""Whose frames the county reads and for whom it seals: the devices of its database, in memory.

While the county changes its key, a station that does not know the new one is still answered with
the old: with whichever the station last sealed for.
"""

import hashlib
import secrets

from cloud_sync.county.database import Database
from cloud_sync.county.identity.devices import ACTIVE, Device, all_devices
from cloud_sync.county.identity.own_keys import OwnKeys
from cloud_sync.wire.broker.topics import topic
from cloud_sync.wire.framing.frame import (
    NONCE,
    Codec,
    StrangerError,
    receiver_of,
    seal,
    sign_only,
    unseal,
)
from cloud_sync.wire.messages import Message, NotEnrolled
from cloud_sync.wire.trust.identity import Identity, KeyId, PublicIdentity
from edge.kernel.ids import CountyId, StationId


class KeyRing:
    """See the module's docstring. `reload` after each change of the devices; from any thread."""

    def __init__(self, database: Database, keys: OwnKeys) -> None:
        self._database, self._keys = database, keys
        self._devices: dict[StationId, Device] = {}
        self._spoken_to: dict[StationId, KeyId] = {}
        self._codecs: dict[StationId, CountyCodec] = {}
        self.reload()

    @property
    def own(self) -> OwnKeys:
        """The county's own keys, which may change while it runs."""
        return self._keys

    def reload(self, keys: OwnKeys | None = None) -> None:
        """Read the devices again, and take over the county's new keys if there are any."""
        self._keys = keys or self._keys
        with self._database.read() as connection:
            devices = all_devices(connection)
        self._devices = {one.station: one for one in devices if one.state == ACTIVE}

    def device(self, station: StationId) -> Device | None:
        """The device that speaks for a station now."""
        return self._devices.get(station)

    def codec(self, station: StationId) -> "CountyCodec":
        """The county's end of the talk with a station, enrolled or not."""
        codec = self._codecs.get(station)
        if codec is None:
            codec = CountyCodec(self, self._keys.county, station)
            if station in self._devices:  # a flood of made-up names must not fill the memory
                self._codecs[station] = codec
        return codec

    def speaks_for(self, station: StationId, key_id: KeyId) -> PublicIdentity | None:
        """The key, if it is the one that speaks for this station now."""
        device = self._devices.get(station)
        return device.public if device is not None and device.key_id == key_id else None

    def addressed(self, station: StationId, key_id: KeyId) -> None:
        """A station sealed something for this key of the county's."""
        self._spoken_to[station] = key_id

    def identity_for(self, station: StationId) -> Identity:
        """The county's key that a station surely knows."""
        wanted = self._spoken_to.get(station)
        return self.identity(wanted) or self._keys.identities[0]

    def answer_stranger(self, station: StationId, wire: bytes) -> bytes:
        """The frame for `dn` that says so, signed with the key that the stranger spoke to."""
        mine = self.identity(receiver_of(wire)) or self._keys.identities[0]
        answer = NotEnrolled(frame=hashlib.sha256(wire).hexdigest())
        return sign_only(answer, topic(self._keys.county, station, "dn"), mine)

    def identity(self, key_id: KeyId | None) -> Identity | None:
        """One of the county's keys."""
        return next((one for one in self._keys.identities if one.public.key_id == key_id), None)


class CountyCodec:
    """Fits Codec: the county's end of the talk with one station."""

    def __init__(self, ring: KeyRing, county: CountyId, station: StationId) -> None:
        self._ring, self._county, self._station = ring, county, station

    def pack(self, lane: str, message: Message) -> bytes:
        """The sealed frame. Raises StrangerError for a station that nobody has enrolled."""
        device = self._ring.device(self._station)
        if device is None:
            raise StrangerError(f"{self._station} is not enrolled")
        mine = self._ring.identity_for(self._station)
        return seal(message, self._topic(lane), mine, device.public, secrets.token_bytes(NONCE))

    def unpack(self, lane: str, wire: bytes) -> Message:
        """The message of the station's frame. Raises StrangerError for any other key."""
        receiver = receiver_of(wire)
        mine = self._ring.identity(receiver)
        if mine is None:
            # A frame for a key that the county has given up is from somebody who cannot know us.
            raise StrangerError("sealed for a key that is not ours")
        message = unseal(
            wire, self._topic(lane), mine, lambda key: self._ring.speaks_for(self._station, key)
        )
        self._ring.addressed(self._station, mine.public.key_id)
        return message

    def _topic(self, lane: str) -> str:
        return topic(self._county, self._station, lane)


def _conforms(codec: CountyCodec) -> Codec:
    return codec
