"""What the county answers, asks and tells besides facts: each subject is a desk beside the ingest.

The worker gives every message to the desk that hears its kind and sends what comes back. All of
it runs in the one ingest thread, so a desk may write to the database; what other threads ask of a
desk, it takes through its own queue and does at the next `tick`.
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from cloud_sync.wire.messages import Message
from edge.kernel.ids import StationId


class Letter(NamedTuple):
    """A message for one station, on the lane `dn` or `ans`."""

    station: StationId
    lane: str
    message: Message


class Desk(Protocol):
    """One subject."""

    hears: tuple[type[Message], ...]
    """The messages that are for this desk and nobody else."""

    def hear(self, station: StationId, message: Message) -> Iterable[Letter]:
        """A station said something. One that does not fit is ignored. May raise StoreError."""

    def welcomed(
        self, station: StationId, session: str, state_seq: int, heard: str
    ) -> Iterable[Letter]:
        """A session opened with verdict ok, and the station is about to hear of it. It has the
        state stream up to `state_seq`, as the county of the generation `heard` numbered it.
        """

    def committed(self, station: StationId) -> Iterable[Letter]:
        """Facts of this station may have been committed just now."""

    def tick(self) -> Iterable[Letter]:
        """About once a second, and soon after `nudge` of the worker."""
