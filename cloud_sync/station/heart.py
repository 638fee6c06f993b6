"""The heartbeat: how the station is, told now and then and whenever a device changes."""

from typing import Final

from cloud_sync.station.introduction import Gauges, Introduction
from cloud_sync.wire.messages import Heartbeat

HEARTBEAT_MS: Final = 30_000
"""A county counts three lost heartbeats as offline; any more would cost the village its data."""
LOOK_MS: Final = 1_000
"""A device that failed or came back is told so soon; so no flapping device beats any faster."""


class Heart:
    """Says when to look at the devices, and what is to be told then."""

    def __init__(self, introduction: Introduction, gauges: Gauges) -> None:
        self._introduction, self._gauges = introduction, gauges
        self._beat_at = 0
        self._told: dict[str, str] = {}
        self.look_at: int | None = None

    def begin(self, now_ms: int) -> None:
        """There is a link: beat at once."""
        self._beat_at = self.look_at = now_ms

    def end(self) -> None:
        """The link is gone."""
        self.look_at = None

    def look(self, now_ms: int, head_seq: int, waiting: int) -> Heartbeat | None:
        """What is to be told now, if it is time to look and there is anything to tell."""
        if self.look_at is None or now_ms < self.look_at:
            return None
        read = self._gauges.device_states
        devices, beat = {} if read is None else dict(read()), None
        if now_ms >= self._beat_at or devices != self._told:
            beat = Heartbeat(
                boot=self._introduction.boot,
                up_ms=now_ms,
                head_seq=head_seq,
                waiting=waiting,
                devices=devices,
                simulated=self._introduction.simulated,
                retained=self._gauges.retained(),
            )
            self._beat_at, self._told = now_ms + HEARTBEAT_MS, devices
        looks_at = self._beat_at if read is None else now_ms + LOOK_MS
        self.look_at = min(looks_at, self._beat_at)
        return beat
