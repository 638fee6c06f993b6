"""Saying something to stations by way of the county's own socket."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from cloud_sync.county.local_socket import Handler
from cloud_sync.county.stream.desk import StateDesk
from edge.kernel.ids import StationId

ALL: Final = "all"
_PATIENCE_S: Final = 10.0


def say_notice(desk: StateDesk, wall_ms: Callable[[], int]) -> Handler:
    """The handler of {"ask": "say", "station": ID or "all", "title": ..., "text": ...}."""

    def say(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        station = str(asked.get("station", ""))
        notice = {
            "title": asked.get("title"),
            "text": asked.get("text"),
            "until_ms": asked.get("until_ms", 0),
        }
        told = desk.say(
            None if station == ALL else StationId(station), "notice", f"n{wall_ms()}", notice
        )
        yield {"told": told.result(timeout=_PATIENCE_S)}
        yield {"end": True}

    return say
