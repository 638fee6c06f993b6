"""Keys for stations of the tests: each has its own, drawn from its name, so that it is always the
same one, and enrolled in a county's folder without a code.
"""

import hashlib
from pathlib import Path

from cloud_sync.county.database import Database
from cloud_sync.county.identity.enrolling import Applicant, Registry
from cloud_sync.county.identity.own_keys import OwnKeys
from cloud_sync.wire.framing.frame import SealedCodec
from cloud_sync.wire.trust.certificates import draw_tls_key, request_pem
from cloud_sync.wire.trust.county_card import CountyCard
from cloud_sync.wire.trust.identity import Identity
from edge.kernel.ids import StationId

NOW_MS = 1_795_492_800_000


def key_of(name: str) -> Identity:
    """The same identity for the same name, another for any other."""
    return Identity.from_secret(hashlib.sha256(name.encode()).digest())


def applicant(station: str, identity: Identity, *, machine: str = "", hosts: str = "") -> Applicant:
    """A request to enrol, with a fresh key for TLS; `hosts` stand in one text."""
    return Applicant(
        station=StationId(station),
        public=identity.public,
        csr=request_pem(draw_tls_key(), station),
        machine=machine,
        hosts=tuple(hosts.split()),
    )


def enrol_in(folder: Path, station: str, identity: Identity | None = None) -> SealedCodec:
    """Enrol a station while the county does not run; what the station speaks with."""
    mine = identity or key_of(station)
    database = Database.open(folder)
    try:
        keys = OwnKeys.read(folder, database.county)
        with database.write() as connection:
            wanted = applicant(station, mine)
            Registry(keys, ()).enrol(connection, wanted, replace=False, now_ms=NOW_MS)
    finally:
        database.close()
    return station_codec(mine, keys.card, station)


def station_codec(mine: Identity, card: CountyCard, station: str) -> SealedCodec:
    """The station's end of its talk with the county of a card."""
    return SealedCodec(
        mine,
        lambda: card.identities[0],
        card.lookup,
        county=card.county_id,
        station=StationId(station),
    )
