"""Whose broker it is, where it listens, and where its files will lie."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from cloud_sync.county.identity.own_keys import TLS_NAME
from edge.kernel.ids import CountyId, StationId

COUNTY_NAME: Final = TLS_NAME
MOST_BYTES: Final = 131_072
"""Of one packet: twice our largest message. A broker need not take more, and so does not."""
EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 - every listener asks for a certificate
PORT: Final = 8883
UP_LANES: Final = ("up", "ask", "tel")
DOWN_LANES: Final = ("dn", "ans")


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerPlan:
    """One county's broker.

    `folder` is where its configuration and the four files ca.pem, crl.pem, broker.pem and
    broker.key will lie on the broker's machine, `data` where it may write. `workers` is how many
    connections the county has at once.
    """

    county: CountyId
    stations: tuple[StationId, ...]
    folder: PurePath
    data: PurePath
    host: str = EVERYWHERE
    port: int = PORT
    workers: int = 1
