"""F087: whatever zone its machine is set to, every screen shows the village's time."""

import time
from collections.abc import Iterator

import pytest

from cloud_sync.county.web import sentences
from edge.tools.sync import event_line
from edge.web.snapshot import clock_text, moment_text, same_day
from tests.web.support import scenes as s

MINUTE = 60_000
MIDNIGHT = s.NOON + 12 * 60 * MINUTE


@pytest.fixture(
    params=["UTC0", "EST5EDT,M3.2.0,M11.1.0", "XJT-6", "NOWHERE+11"],
    ids=["utc", "summer-time", "urumqi", "far-away"],
)
def zone(request: pytest.FixtureRequest) -> Iterator[None]:
    """The machine's zone, as POSIX writes it, so that no table of zones is needed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("zone")
def test_a_machine_in_a_wrong_zone_or_with_summer_time_shows_the_villages_time() -> None:
    assert clock_text(s.NOON) == "12:00"
    assert moment_text(s.NOON, s.at(0), "en").endswith("12:00")
    assert sentences.clock_text(s.NOON, s.NOON) == "12:00:00"
    assert sentences.wall_text(s.NOON).endswith("12:00")
    event = {"what": "link_up", "detail": {}, "wall_ms": s.NOON}
    assert event_line(event).endswith("12:00:00 LINK UP")


@pytest.mark.usefixtures("zone")
def test_a_day_ends_at_the_villages_midnight() -> None:
    assert same_day(s.NOON, MIDNIGHT - 1)
    assert not same_day(s.NOON, MIDNIGHT)


@pytest.mark.usefixtures("zone")
def test_the_hour_that_summer_time_leaves_out_or_repeats_is_like_any_other() -> None:
    in_spring, in_autumn = 1_805_007_600_000, 1_825_567_200_000  # both of 2027, where there is one
    for moment in (in_spring, in_autumn):
        shown = {clock_text(moment + minutes * MINUTE) for minutes in range(-120, 121, 30)}
        assert len(shown) == 9
