"""A station, its county and a stranger, with keys that are the same in every run."""

import hashlib
from typing import Final

import msgspec

from cloud_sync.wire.broker.topics import topic
from cloud_sync.wire.framing.frame import NONCE, SealedCodec, seal, unseal
from cloud_sync.wire.messages import Ack, Batch, Message, NotEnrolled, Position
from cloud_sync.wire.trust.identity import Identity, KeyId, PublicIdentity
from edge.kernel.ids import CountyId, StationId
from tests.wire.test_golden_chain import LINKS

DEXING: Final = CountyId("dexing")
QINGSHAN: Final = StationId("qingshan-01")
UP: Final = topic(DEXING, QINGSHAN, "up")
DOWN: Final = topic(DEXING, QINGSHAN, "dn")


def identity(name: str) -> Identity:
    """The same for the same name."""
    return Identity.from_secret(hashlib.sha256(name.encode()).digest())


STATION: Final = identity("station")
COUNTY: Final = identity("county")
STRANGER: Final = identity("stranger")


def knows(*ends: Identity) -> "dict[KeyId, PublicIdentity]":
    """What a lookup finds."""
    return {end.public.key_id: end.public for end in ends}


def station_codec(mine: Identity = STATION, station: StationId = QINGSHAN) -> SealedCodec:
    """The station's end of the talk."""
    return SealedCodec(
        mine, lambda: COUNTY.public, knows(COUNTY).get, county=DEXING, station=station
    )


def county_codec(station: StationId = QINGSHAN, county: CountyId = DEXING) -> SealedCodec:
    """The county's end of it."""
    return SealedCodec(
        COUNTY, lambda: STATION.public, knows(STATION).get, county=county, station=station
    )


PLACE = Position(epoch=1, seq=2, hash=LINKS[1][1])
ACK = Ack(session="5e" * 16, county_gen="1-c0", applied=PLACE, durable_seq=0, note="")
BATCH = Batch(session="5e" * 16, previous=PLACE, facts=[msgspec.Raw(LINKS[2][0])])
NO = NotEnrolled(frame=hashlib.sha256(b"a frame").hexdigest())
ONCE = bytes(range(NONCE))


def frame(
    message: Message = BATCH,
    where: str = UP,
    sender: Identity = STATION,
    receiver: PublicIdentity = COUNTY.public,
) -> bytes:
    return seal(message, where, sender, receiver, ONCE)


def at_the_county(wire: bytes, where: str = UP) -> Message:
    return unseal(wire, where, COUNTY, knows(STATION).get)
