"""A station that does not believe the county's time: the county reads so, and what to do."""

import httpx
import pytest

from edge.daemon.clock import COUNTY_AHEAD, COUNTY_BEHIND
from tests.county.offices import WELL, OpenOffice, alarms
from tests.county.village import Village


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (COUNTY_AHEAD, "时钟：这里的时间比站点所知的晚一天以上，站点不信"),
        (COUNTY_BEHIND, "时钟：这里的时间比站点的早，站点不信"),
    ],
)
def test_a_station_that_does_not_believe_our_time_is_an_alarm_with_words(
    served: OpenOffice, web: httpx.Client, village: Village, note: str, said: str
) -> None:
    village.tell("station.started", version="0.1.0")
    served.hear(village, devices={**WELL, "clock": note})
    assert alarms(web) == [("warn", said)]
    served.hear(village, "n2", devices=dict(WELL))
    assert alarms(web) == []
