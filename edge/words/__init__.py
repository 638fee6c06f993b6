"""Every sentence that a person reads or hears, in Chinese and in English, by key.

A blank stands in {braces}. A part in 〔tortoise brackets〕 is left out when one of its blanks is
missing or empty, so that one sentence serves with and without a time, a cell or a number of tries.
"""

import re
from collections.abc import Mapping
from string import Formatter
from types import MappingProxyType
from typing import Final

from edge.words import (
    accounts,
    answers,
    answers_consent,
    answers_places,
    answers_proxy,
    answers_returns,
    commissioning,
    consent,
    county,
    county_sync,
    devices,
    dock,
    hamlets,
    keeper,
    keeper_places,
    keeper_returns,
    kiosk,
    labels,
    mobile,
    notices,
    page,
    places,
    power,
    proxy,
    remote,
    returns,
    slip,
    sync,
    tools,
    tracking,
    trip_answers,
    trips,
    voice,
    workbench,
)
from edge.words.sentence import Sentence

__all__ = ["LANGUAGES", "WORDS", "Sentence", "say"]

LANGUAGES: Final = ("zh", "en")
_ROOMS: Final = (
    accounts,
    answers,
    answers_consent,
    answers_places,
    answers_proxy,
    answers_returns,
    commissioning,
    consent,
    county,
    county_sync,
    devices,
    dock,
    hamlets,
    keeper,
    keeper_places,
    keeper_returns,
    kiosk,
    labels,
    mobile,
    notices,
    page,
    places,
    power,
    proxy,
    remote,
    returns,
    slip,
    sync,
    tools,
    tracking,
    trip_answers,
    trips,
    voice,
    workbench,
)
_OPTIONAL: Final = re.compile(r"〔([^〔〕]*)〕")


def join_rooms() -> Mapping[str, Sentence]:
    """All tables in one. Raises ValueError when two rooms say the same key."""
    joined: dict[str, Sentence] = {}
    for room in _ROOMS:
        if twice := sorted(joined.keys() & room.WORDS.keys()):
            raise ValueError(f"{room.__name__} says {', '.join(twice)} again")
        joined |= room.WORDS
    return MappingProxyType(joined)


WORDS: Final = join_rooms()
"""All rooms in one table; a key belongs to exactly one of them."""


def say(key: str, language: str = "zh", **blanks: str | int) -> str:
    """The sentence for `key`; any language but "en" is Chinese. Blanks too many do no harm.

    Raises KeyError for an unknown key, ValueError for a blank that is needed and not given.
    """
    sentence = WORDS[key]
    text = sentence.en if language == "en" else sentence.zh

    def optional(found: re.Match[str]) -> str:
        part = found.group(1)
        full = all(blanks.get(name, "") != "" for name in blanks_of(part))
        return part if full else ""

    text = _OPTIONAL.sub(optional, text)
    if missing := sorted(blanks_of(text) - blanks.keys()):
        raise ValueError(f"{key} needs {', '.join(missing)}")
    return text.format(**blanks).strip()


def blanks_of(text: str) -> frozenset[str]:
    """The names of the blanks in a text."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
