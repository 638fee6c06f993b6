"""Bodies of facts about the clock."""

from typing import ClassVar

from cloud_sync.wire.bodies.body import Body, Ms


class ClockSyncedV1(Body, frozen=True):
    KIND: ClassVar[str] = "clock.synced"
    county_ms: Ms
    error_ms: Ms
