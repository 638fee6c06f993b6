"""The clock and the calendar of a village. Inside everything is UTC; people read this."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

DAY_MS: Final = 86_400_000
EAST_MS: Final = 8 * 3_600_000
"""So far the village's clock is ahead of UTC, in summer as in winter."""
CHINA: Final = timezone(timedelta(milliseconds=EAST_MS))


def village_time(wall_ms: int) -> datetime:
    """A moment of UTC, in ms since 1970, as the village's clock shows it."""
    return datetime.fromtimestamp(wall_ms / 1_000, UTC).astimezone(CHINA)


def village_day(wall_ms: int) -> int:
    """The day in the village, counted from 1970."""
    return (wall_ms + EAST_MS) // DAY_MS
