"""The talks of live commands and of the clock."""

import secrets
from collections.abc import Callable

from cloud_sync.station.session import SyncSession
from cloud_sync.station.talks.clock_talk import ClockTalk
from cloud_sync.station.talks.live import LiveTalk
from cloud_sync.station.talks.talk import Talk
from edge.daemon.clock import SystemClock
from edge.daemon.county.remote_desk import RemoteDesk
from edge.daemon.county.timekeeper import Timekeeper
from edge.daemon.station import Station
from edge.store.database import Store


def live_talks(
    station: Station,
    store: Store,
    clock: SystemClock,
    session: Callable[[], SyncSession],
) -> tuple[Talk, ...]:
    """`session` gives the session that these talks are part of, once it is made."""
    desk = RemoteDesk(station, station_id=store.station, epoch=lambda: store.epoch)
    live = LiveTalk(desk, clock_ms=clock.mono_ms, draw=secrets.token_bytes)
    desk.tell_with(live.tell)
    time = ClockTalk(
        Timekeeper(station, clock),
        clock_ms=clock.mono_ms,
        asked_at=lambda nonce: session().hello_sent_ms(nonce),
        ask_again=lambda: session().greet_anew(),
    )
    return live, time
