"""Saying something to stations by way of the county's own socket."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from cloud_sync.county.local_socket import Handler
from cloud_sync.county.stream.desk import StateDesk
from cloud_sync.wire.bodies.state import (
    MOST_NAME,
    MOST_TEXT,
    MOST_TITLE,
    StateBodyError,
    revocation_key,
)
from edge.kernel.ids import StationId

ALL: Final = "all"
_PATIENCE_S: Final = 10.0
_KEEPER: Final = "keeper"


def stream_asks(desk: StateDesk, wall_ms: Callable[[], int]) -> dict[str, Handler]:
    """The asks of this subject by name, each for one station or "all": `say` and `dismiss`."""
    return {"say": _say_notice(desk, wall_ms), "dismiss": _dismiss_keeper(desk)}


def _say_notice(desk: StateDesk, wall_ms: Callable[[], int]) -> Handler:
    """{"ask": "say", "station": ..., "title": ..., "text": ..., "until_ms": ...}."""

    def say(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        notice = {
            "title": _word(asked, "title", "the title of a notice", MOST_TITLE),
            "text": _word(asked, "text", "the text of a notice", MOST_TEXT, least=0),
            "until_ms": asked.get("until_ms", 0),
        }
        told = desk.say(_to_whom(asked), "notice", f"n{wall_ms()}", notice)
        yield {"told": told.result(timeout=_PATIENCE_S)}

    return say


def _dismiss_keeper(desk: StateDesk) -> Handler:
    """{"ask": "dismiss", "station": ..., "keeper": ..., "readmit": true or false}."""

    def dismiss(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        keeper = _word(asked, "keeper", "a keeper's name", MOST_NAME)
        body = None if asked.get("readmit") else {"what": _KEEPER, "id": keeper}
        told = desk.say(_to_whom(asked), "revocation", revocation_key(_KEEPER, keeper), body)
        yield {"told": told.result(timeout=_PATIENCE_S)}

    return dismiss


def _to_whom(asked: Mapping[str, Any]) -> StationId | None:
    station = str(asked.get("station", ""))
    return None if station == ALL else StationId(station)


def _word(asked: Mapping[str, Any], name: str, what: str, most: int, least: int = 1) -> str:
    """Raises StateBodyError for what is no text of this length."""
    text = asked.get(name, "")
    if not isinstance(text, str) or not least <= len(text.strip()) <= most:
        raise StateBodyError(f"{what} has {least} to {most} letters")
    return text.strip()
