"""When a villager may be told, by what, and how often a carrier is asked again. Pure."""

from dataclasses import dataclass
from typing import Final

from cloud_sync.county.recipients.phone import PhoneKind
from cloud_sync.partners.notify.port import Channel
from edge.kernel.village_time import DAY_MS, EAST_MS

MINUTE_MS: Final = 60_000
FIRST_AGAIN_MS: Final = 30_000
MOST_AGAIN_MS: Final = 30 * MINUTE_MS
MOST_TRIES: Final = 10
"""By one way, about two hours: then the next."""
_WAYS: Final = {
    PhoneKind.MOBILE: (Channel.WECHAT, Channel.SMS, Channel.VOICE),
    PhoneKind.LANDLINE: (Channel.VOICE,),
    PhoneKind.MASKED: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`gather_ms`: what arrives within it is told at once. `quiet_from`, `quiet_to`: minutes of the
    village's day; equal ones for a county that is never quiet.
    """

    gather_ms: int
    quiet_from: int
    quiet_to: int

    def decent_ms(self, wall_ms: int) -> int:
        """The first moment from this one on that is not in the quiet hours."""
        day_ms = (wall_ms + EAST_MS) % DAY_MS
        begins, ends = self.quiet_from * MINUTE_MS, self.quiet_to * MINUTE_MS
        over_night = begins > ends
        quiet = begins <= day_ms or day_ms < ends if over_night else begins <= day_ms < ends
        if not quiet:
            return wall_ms
        return wall_ms + (ends - day_ms) % DAY_MS


def first_way(kind: PhoneKind) -> Channel | None:
    """How somebody with such a number is told, None where only the keeper can."""
    return next(iter(_WAYS[kind]), None)


def next_way(kind: PhoneKind, before: str) -> Channel | None:
    """What follows after a way that reached nobody."""
    ways = _WAYS[kind]
    return next((way for way in ways[1:] if ways[ways.index(way) - 1] == before), None)


def again_ms(tries: int) -> int:
    """How long to wait after so many tries in vain: longer and longer."""
    return int(min(FIRST_AGAIN_MS * 2 ** max(0, tries - 1), MOST_AGAIN_MS))
