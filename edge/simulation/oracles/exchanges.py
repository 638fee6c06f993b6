"""Counts what a station says: L3 at any time, and S4 with a bound, not "some day".

A line in a village is slow and paid for by the byte. Whatever it loses, doubles or delays, a
station that talks ever more makes it worse.
"""

import asyncio
import math
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from cloud_sync.station.posting import MAX_FACTS
from cloud_sync.wire.messages import (
    Ack,
    Batch,
    Hello,
    Message,
    Position,
    SnapshotPiece,
    Welcome,
)
from edge.kernel.ids import StationId
from edge.simulation.oracles.county import CountyOracle
from edge.simulation.oracles.recorder import Recorder
from edge.simulation.parts.station_node import StationNode

_MORE: Final = 4
"""Beside the batches: a HELLO, and what was on its way before it."""
A_MINUTE: Final = 100
"""So many messages a station says in any minute, beside pieces of a snapshot for the first time.

The most in a sound world of the gate was 50.
"""


@dataclass(kw_only=True)
class _Way:
    """A station's way to the head that it had when all faults stopped."""

    epoch: int
    target: int
    at_most: int
    said: int = 0
    arrived: bool = False


@dataclass
class ExchangeOracle:
    """Hears both ends. `calm` tells when all faults have stopped."""

    recorder: Recorder
    _ways: dict[StationId, _Way] = field(default_factory=dict)
    _lately: dict[str, deque[float]] = field(default_factory=dict)
    """By station, when it said something within the last minute."""
    _pieces: dict[str, tuple[str, str, set[int]]] = field(default_factory=dict)
    """By station: session and digest of a snapshot, and which pieces of it have been sent there."""
    most: int = 0
    """The longest way of all, in HELLOs and batches."""

    def calm(self, oracle: CountyOracle, node: StationNode) -> None:
        """Faults have stopped: from here on it counts, for a card that is in order."""
        process = node.alive
        if process is None or not node.in_order:
            return
        seq, _digest = process.store.head()
        epoch, at, _hash = oracle.head(node.around.station)
        missing = seq - at if epoch == process.store.epoch else seq
        self._ways[node.around.station] = _Way(
            epoch=process.store.epoch,
            target=seq,
            at_most=2 * math.ceil(max(0, missing) / MAX_FACTS) + _MORE,
        )

    def said(self, node: StationNode, message: Message) -> None:
        """A station says something."""
        if not self._is_a_new_piece(node.name, message):
            self._counts(node.name)
        way = self._ways.get(node.around.station)
        if way is not None and not way.arrived and isinstance(message, Hello | Batch):
            way.said += 1

    def _is_a_new_piece(self, name: str, message: Message) -> bool:
        if not isinstance(message, SnapshotPiece):
            return False
        session, digest, sent = self._pieces.get(name, ("", "", set[int]()))
        if (session, digest) != (message.session, message.digest):
            sent = set()
            self._pieces[name] = message.session, message.digest, sent
        new = message.index not in sent
        sent.add(message.index)
        return new

    def _counts(self, name: str) -> None:
        lately, now = self._lately.setdefault(name, deque()), asyncio.get_running_loop().time()
        lately.append(now)
        while lately[0] <= now - 60.0:
            lately.popleft()
        if len(lately) > A_MINUTE:
            self.recorder.trouble(f"L3: {name} says more than {A_MINUTE} messages in a minute")

    def heard(self, station: StationId, message: Message) -> None:
        """The county says something."""
        way = self._ways.get(station)
        if way is None or way.arrived or not isinstance(message, Welcome | Ack):
            return
        way.arrived = _reaches(message.applied, way)
        if way.arrived:
            self.most = max(self.most, way.said)
            if way.said > way.at_most:
                self.recorder.trouble(
                    f"S4: {station} needed {way.said} exchanges, {way.at_most} are allowed"
                )


def _reaches(applied: Position, way: _Way) -> bool:
    return (applied.epoch, applied.seq) >= (way.epoch, way.target)
