"""An outage as the county sees it: since when, how much is left, and how long it took."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from cloud_sync.county.tables import SUPPLIES
from tests.county.offices import WELL, OpenOffice, alarms
from tests.county.village import NOON_MS, Village, open_county

MINUTE = 60_000


def fed(word: str) -> dict[str, str]:
    return {**WELL, "power": word}


def station(web: httpx.Client) -> dict[str, Any]:
    view: dict[str, Any] = web.get("/api/stations/pingshang").json()
    return view


def supply(folder: Path, village: Village) -> list[dict[str, Any]]:
    with open_county(folder) as county:
        county.deliver(village)
        return county.rows(SUPPLIES, "station", "seq")


def test_an_outage_is_an_alarm_with_what_is_left_until_it_is_over_and_then_has_a_duration(
    served: OpenOffice, web: httpx.Client, village: Village
) -> None:
    village.tell("power.lost")
    served.hear(village, devices=fed("battery.87"))
    assert alarms(web) == [("warn", "停电，用电池供电，剩 87%")]
    view = station(web)
    assert view["supply"] == "12:00:02 停电，不到 1 分钟，电池 87%"
    assert view["without_mains"]
    assert [one["text"] for one in view["devices"] if one["name"] == "power"] == ["电池供电 87%"]
    village.tell("power.restored", duration_ms=43 * MINUTE)
    served.hear(village, "n2", devices=fed("mains.88"))
    assert alarms(web) == []
    view = station(web)
    assert view["supply"] == "12:00:03 来电，停了 43 分钟"
    assert not view["without_mains"]
    facts = web.get("/api/facts?lang=en").json()["facts"]
    assert [one["text"] for one in facts][-2:] == [
        "Mains lost, on battery",
        "Mains back after 43 min",
    ]


def test_a_battery_nearly_empty_is_urgent_and_a_silent_station_keeps_its_last_word(
    served: OpenOffice, web: httpx.Client, village: Village
) -> None:
    village.tell("power.lost")
    village.tell("power.battery_low", battery_percent=9)
    village.tell("station.stopping", reason="battery_low")
    served.hear(village, devices=fed("battery.9"))
    served.office.presence.parted(village.station)
    told = "停电，电池快没电，柜门先不开，剩 9%，已关机"
    assert alarms(web) == [("bad", told)]
    facts = web.get("/api/facts").json()["facts"]
    assert [one["text"] for one in facts][-2:] == [
        "电池快没电，剩 9%，柜门先不开",
        "站点关机：电池快没电",
    ]


def test_a_supply_that_does_not_tell_is_a_trouble_of_the_device_alone(
    served: OpenOffice, web: httpx.Client, village: Village
) -> None:
    served.hear(village, devices=fed("power.unsure"))
    assert alarms(web) == [("warn", "电源：看不出有没有市电")]
    served.hear(village, "n2", devices=fed("mains"))
    assert alarms(web, "en") == []


def test_an_outage_ends_with_the_supply_itself_where_a_station_no_longer_has_one(
    served: OpenOffice, web: httpx.Client, village: Village
) -> None:
    village.tell("power.lost")
    village.tell("station.started", version="0.1.0")
    served.hear(village)
    assert alarms(web) == []
    assert station(web)["supply"] == ""


def test_an_outage_that_a_restart_lies_in_began_when_it_was_told_first(
    tmp_path: Path, village: Village
) -> None:
    village.tell("power.lost")
    village.tell("power.battery_low", battery_percent=None)
    village.tell("station.stopping", reason="battery_low")
    village.tell("station.started", version="0.1.0")
    village.tell("power.lost")
    assert supply(tmp_path, village) == [
        {
            "lost_ms": NOON_MS + 2_000,
            "low_ms": None,
            "stopped": False,
            "restored_ms": None,
            "lasted_ms": None,
        }
    ]


def test_an_outage_of_unknown_length_is_over_all_the_same(
    served: OpenOffice, web: httpx.Client, village: Village
) -> None:
    village.tell("power.lost")
    village.tell("power.restored", duration_ms=None)
    served.hear(village, devices=fed("mains"))
    assert station(web)["supply"] == "12:00:03 来电"


def test_a_county_of_before_learns_of_outages_without_losing_anything(
    tmp_path: Path, village: Village
) -> None:
    with open_county(tmp_path) as county:
        county.deliver(village)
        with county.database.write() as connection:
            connection.execute(text("DROP TABLE supplies"))
    village.tell("power.lost")
    assert supply(tmp_path, village)[0]["lost_ms"] == NOON_MS + 2_000


@pytest.mark.parametrize(
    ("duration_ms", "said"),
    [
        (59_999, "不到 1 分钟"),
        (43 * MINUTE, "43 分钟"),
        (60 * MINUTE, "1 小时"),
        (91 * MINUTE, "1 小时 31 分钟"),
        (50 * 60 * MINUTE, "50 小时"),
    ],
)
def test_how_long_is_said_to_the_minute(
    served: OpenOffice, web: httpx.Client, village: Village, duration_ms: int, said: str
) -> None:
    village.tell("power.lost")
    village.tell("power.restored", duration_ms=duration_ms)
    served.hear(village, devices=fed("mains"))
    assert station(web)["supply"] == f"12:00:03 来电，停了 {said}"
