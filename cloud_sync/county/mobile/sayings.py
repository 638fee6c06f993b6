"""What all of the phones' pages share: sentences with their blanks, moments, the county itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from edge.kernel.village_time import village_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A sentence of edge.words with its blanks, said in both languages."""

    key: str
    blanks: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """When a station is open, and its number; empty for what nobody has said."""

    hours: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What pages say of the county itself: its name, its desk's number, its stations by id.

    `pages` is where phones reach it, for a link that goes from hand to hand.
    """

    county: str
    phone: str = ""
    pages: str = ""
    counters: Mapping[str, Counter] = field(default_factory=dict)


def moment(wall_ms: int) -> dict[str, Any]:
    """The blanks of a moment, as the village's clock shows it."""
    at = village_time(wall_ms)
    return {"month": at.month, "day": at.day, "clock": f"{at:%H:%M}"}
