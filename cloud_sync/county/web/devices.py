"""A station's devices as its heartbeat tells of them: a name and `ok` or what is wrong."""

from typing import Any

from cloud_sync.county.presence import is_well
from cloud_sync.county.web.sentences import word
from cloud_sync.county.web.supply import fed_text
from edge.words import say


def device_view(name: str, note: str, language: str) -> dict[str, Any]:
    """One device for the page; a name or note without words is shown as it is."""
    kind, number = _split(name)
    try:
        label = say(f"county.device.{kind}", language, number=number)
    except KeyError:
        label = name
    well = is_well(note)
    text = fed_text(note, language) or _word_of(note, language, well=well)
    return {"name": name, "label": label, "well": well, "text": text}


def _word_of(note: str, language: str, *, well: bool) -> str:
    return say("county.device_ok", language) if well else word("device_note", note, language)


def kind_of(name: str) -> str:
    """lock-board-2 is a lock-board."""
    return _split(name)[0]


def _split(name: str) -> tuple[str, str]:
    """lock-board-2 is lock board number 2."""
    head, _dash, tail = name.rpartition("-")
    return (head, tail) if head and tail.isdigit() else (name, "")
