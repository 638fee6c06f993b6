"""How long a parcel has lain here for certain. A clock that is not trusted counts no day.

A limit is past once both ends of the bracket are, and then from the next morning on: so a day has
one list, which is there when the shop opens, and a station wakes for it once a day at most.
"""

from typing import Final

from edge.kernel.time import Expiry, Instant, judge
from edge.kernel.village_time import DAY_MS, EAST_MS, village_day

_OPENS_MS: Final = 6 * 3_600_000 + 1_800_000
"""At half past six the shop opens."""
_DRIFT: Final = 5_000
"""A quartz is wrong by less than one part of these: 200 ppm, as the daemon's clock has it."""


def passed_by_ms(moment: Instant, told_ms: int | None, now: Instant) -> int | None:
    """When a moment was over for certain, in UTC; None where no trusted clock can tell.

    `told_ms` is what was found out later of a moment without a trusted clock. In one boot the
    time since counts, whatever became of the wall clock.
    """
    if now.wall_hi_ms is None:
        return None
    elapsed_ms = now.since_ms(moment)
    if elapsed_ms is not None:
        return now.wall_hi_ms - (elapsed_ms - elapsed_ms // _DRIFT)
    return told_ms if moment.wall_hi_ms is None else moment.wall_hi_ms


def over(moment: Instant, told_ms: int | None, days: int, now: Instant) -> bool:
    """Whether so many whole days have passed since a moment, and the morning after has come."""
    by_ms = passed_by_ms(moment, told_ms, now)
    if by_ms is None:
        return False
    return judge(now, morning_after(by_ms + days * DAY_MS) - 1) is Expiry.EXPIRED


def certainly_not(moment: Instant, days: int, now: Instant) -> bool:
    """A cheap look: whether so many days cannot have passed yet."""
    return now.wall_hi_ms is None or now.wall_hi_ms - moment.wall_lo_ms < days * DAY_MS


def morning_after(wall_ms: int) -> int:
    """The first opening of the shop that is not before a moment."""
    local_ms = wall_ms + EAST_MS - _OPENS_MS
    return -(-local_ms // DAY_MS) * DAY_MS - EAST_MS + _OPENS_MS


def day_of(stored_at: Instant, now: Instant) -> int:
    """The day of a stay by the village's calendar, as people count it: 1 is the day it came."""
    return max(0, village_day(now.wall_lo_ms) - village_day(stored_at.wall_lo_ms)) + 1
