"""The talks of live commands and of the clock."""

import secrets
from collections.abc import Callable

from cloud_sync.station.clock_talk import ClockTalk
from cloud_sync.station.live import LiveTalk
from cloud_sync.station.talk import Talk
from edge.daemon.clock import SystemClock
from edge.daemon.remote_desk import RemoteDesk
from edge.daemon.station import Station
from edge.daemon.timekeeper import Timekeeper
from edge.store.database import Store


def live_talks(
    station: Station, store: Store, clock: SystemClock, asked_at: Callable[[str], int | None]
) -> tuple[Talk, ...]:
    """`asked_at` tells when the session sent the HELLO with a nonce."""
    desk = RemoteDesk(station, station_id=store.station, epoch=lambda: store.epoch)
    live = LiveTalk(desk, clock_ms=clock.mono_ms, draw=secrets.token_bytes)
    desk.tell_with(live.tell)
    told = Timekeeper(station, clock)
    return live, ClockTalk(told, clock_ms=clock.mono_ms, asked_at=asked_at)
