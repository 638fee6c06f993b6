"""Bodies of facts about the clock; import them by way of bodies."""

from typing import ClassVar

from cloud_sync.wire.bodies import Body, Ms


class ClockSyncedV1(Body, frozen=True):
    KIND: ClassVar[str] = "clock.synced"
    county_ms: Ms
    error_ms: Ms
