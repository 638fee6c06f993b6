"""A station that restarts again and again: an alarm at the county until it stays up."""

from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from cloud_sync.county.tables import RESTARTS
from tests.county.offices import OpenOffice, alarms
from tests.county.village import NOON_MS, Village, open_county


def test_too_many_restarts_are_an_alarm_that_names_the_cell_until_the_station_stays_up(
    served: OpenOffice, web: httpx.Client, village: Village
) -> None:
    village.tell("station.safe_entered", starts=3, cell=None)
    served.hear(village)
    assert alarms(web) == [("bad", "连续断电重启，柜门先不开")]
    village.tell("station.started", version="0.1.0")
    village.tell("station.safe_entered", starts=4, cell=7)
    served.hear(village, "n2")
    served.office.presence.parted(village.station)  # it keeps its last word
    assert alarms(web) == [("bad", "连续断电重启，柜门先不开，都在开 7 号柜时")]
    village.tell("station.safe_left")
    served.hear(village, "n3")
    assert alarms(web) == []
    facts = web.get("/api/facts").json()["facts"]
    assert [(one["text"], one["mood"]) for one in facts][-2:] == [
        ("连续断电重启 4 次，柜门先不开，都在开 7 号柜时", "bad"),
        ("不再断电，柜门恢复", "ok"),
    ]


@pytest.mark.parametrize("started", [True, False])
def test_the_alarm_is_over_once_the_station_ended_in_order_or_started_after_that(
    served: OpenOffice, web: httpx.Client, village: Village, *, started: bool
) -> None:
    village.tell("station.safe_entered", starts=3, cell=None)
    if started:
        village.tell("station.started", version="0.1.0")
    else:
        village.tell("station.steady")
    served.hear(village)
    assert alarms(web) == []


def test_a_cell_at_which_the_power_fails_says_so_at_the_county(
    served: OpenOffice, web: httpx.Client, village: Village
) -> None:
    village.tell("cell.faulted", cell=7, reason="cut_off_twice")
    served.hear(village)
    level, title = alarms(web)[0]
    assert (level, "两次一开锁就断电重启" in title) == ("warn", True)


def test_a_county_of_before_learns_of_restarts_without_losing_anything(
    tmp_path: Path, village: Village
) -> None:
    with open_county(tmp_path) as county:
        county.deliver(village)
        with county.database.write() as connection:
            connection.execute(text("DROP TABLE restarts"))
    village.tell("station.steady")
    village.tell("station.safe_entered", starts=3, cell=7)
    with open_county(tmp_path) as county:
        county.deliver(village)
        assert county.rows(RESTARTS, "station", "seq") == [
            {"safe_ms": NOON_MS + 3_000, "starts": 3, "cell": 7}
        ]
