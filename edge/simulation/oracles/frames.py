"""Judges frames from outside: nobody hears what the other end did not say on that very topic."""

from dataclasses import dataclass, field

import msgspec

from cloud_sync.wire.messages import Message
from edge.kernel.ids import StationId
from edge.simulation.oracles.recorder import Recorder

_BYTES = msgspec.msgpack.Encoder()


@dataclass
class FrameOracle:
    """Every message by its topic and bytes; a late copy of one is still that one."""

    recorder: Recorder
    _said: set[tuple[StationId, str, bytes]] = field(default_factory=set)

    def said(self, station: StationId, lane: str, message: Message) -> None:
        """Somebody at one end of a station's talk says something."""
        self._said.add((station, lane, _BYTES.encode(message)))

    def heard(self, station: StationId, lane: str, message: Message) -> None:
        """X4: the other end has found a frame to be good."""
        if (station, lane, _BYTES.encode(message)) not in self._said:
            self.recorder.trouble(
                f"X4: {type(message).__name__} was heard on {lane} of {station}, never said there"
            )
