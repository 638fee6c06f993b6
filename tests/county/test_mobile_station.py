"""M8 站点: on an addressee's page, today's notices and the van of each station that matters."""

from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from cloud_sync.county.board.book import NewNotice, post, withdraw
from cloud_sync.county.mobile.station_view import MOST_NOTICES
from cloud_sync.county.recipients.book import keep_phones
from cloud_sync.county.trips import book
from cloud_sync.county.trips.manifest import read_manifest
from cloud_sync.county.trips.vans import AHEAD_MS, OVERDUE_MS
from cloud_sync.wire.bodies.state import TripStop
from edge.kernel.village_time import DAY_MS
from tests.county.phones import HIS, MINE, VAULT, PhoneOffice, open_phones
from tests.county.test_mobile import JT, SF, YT, stored, text_of
from tests.county.test_recipients import phone_of
from tests.county.test_trips import Stop
from tests.county.village import NOON_MS, Village
from tests.support.statements import each_statement

HOUR_MS = 3_600_000
POWER_CUT = NewNotice(
    stations=("pingshang",),
    title="停电通知",
    text="明天八点到十二点停电。\n请早做饭。",
    since_ms=NOON_MS - HOUR_MS,
    until_ms=NOON_MS + DAY_MS // 2,
    operator="王芳",
)
HERE, THERE = "pingshang", "shexi"


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[PhoneOffice]:
    with open_phones(tmp_path) as phones:
        yield phones


def posted(phones: PhoneOffice, notice: NewNotice = POWER_CUT) -> int:
    with phones.open.county.database.write() as connection:
        return post(connection, notice, NOON_MS)


def runs(phones: PhoneOffice, trip: str, *stops: tuple[str, int], parcel: str = "YT99") -> None:
    """A manifest with one parcel for its last stop; stops are at hours from noon."""
    planned = [TripStop(place=place, at_ms=NOON_MS + hour * HOUR_MS) for place, hour in stops]
    text = f"seal,to,waybill\nFQ00{trip}000,{stops[-1][0]},{parcel.ljust(12, '0')}\n"
    manifest = read_manifest(text, trip=trip, operator="县运", stops=planned, as_json=False)
    with phones.open.county.database.write() as connection:
        book.keep_manifest(connection, lambda *_said: 1, manifest, NOON_MS)


def page(phones: PhoneOffice, waybill_no: str = YT) -> str:
    return text_of(httpx.get(phones.link(waybill_no)))


# -- notices


def test_m8_todays_notices_of_the_station_stand_with_their_lines(phones: PhoneOffice) -> None:
    stored(phones)
    posted(phones)
    answer = httpx.get(phones.link(YT))
    assert "坪上村站 营业 8:00-18:30" in text_of(answer)
    said = "Today's notices 停电通知 点开看 Read 明天八点到十二点停电。 请早做饭。 到 11月24日为止"
    assert f"今天的通知 {said}" in unescape(text_of(answer))
    assert "停电。\n请早做饭" in answer.text, "a line stays a line"
    assert "王芳" not in answer.text, "who posted it is the county's own matter"


def test_m8_what_is_over_to_come_withdrawn_or_of_another_village_is_not_shown(
    phones: PhoneOffice,
) -> None:
    stored(phones)
    day = {"since_ms": NOON_MS + HOUR_MS, "until_ms": NOON_MS + DAY_MS}
    for title, changed in (
        ("还没到", day),
        ("已过去", {"until_ms": NOON_MS + 1}),
        ("别的村", {"stations": (THERE,)}),
    ):
        posted(phones, replace(POWER_CUT, title=title, **changed))
    gone = posted(phones, replace(POWER_CUT, title="撤回的"))
    with phones.open.county.database.write() as connection:
        withdraw(connection, gone, "王芳", NOON_MS)
    assert "今天的通知" not in page(phones)
    phones.wall_ms = NOON_MS + HOUR_MS
    assert "还没到" in page(phones)


def test_m8_the_newest_come_first_and_the_rest_is_counted(phones: PhoneOffice) -> None:
    stored(phones)
    for number in range(MOST_NOTICES):
        posted(phones, replace(POWER_CUT, title=f"通知{number}"))
    assert "没列出" not in page(phones)
    for number in range(MOST_NOTICES, MOST_NOTICES + 2):
        posted(phones, replace(POWER_CUT, title=f"通知{number}", stations=()))
    said = page(phones)
    assert [f"通知{n}" in said for n in range(5)] == [False, False, True, True, True]
    assert said.index("通知4") < said.index("通知3") < said.index("通知2")
    assert "另有 2 条通知没列出" in said


def test_m8_a_notice_runs_no_markup(phones: PhoneOffice) -> None:
    stored(phones)
    posted(phones, replace(POWER_CUT, title="<script>x</script>", text='<img src="x">&'))
    answer = httpx.get(phones.link(YT))
    assert "<script" not in answer.text
    assert "&lt;script&gt;x" in answer.text
    assert '<img src="x"' not in answer.text


# -- vans


@pytest.mark.parametrize(
    ("hour", "says"),
    [
        (2, "送货班车 The van 计划今天 14:00 到 Planned for today 14:00 11月24日 12:01 的情况"),
        (23, "计划明天 11:00 到"),
        (47, "计划 11月26日 11:00 到"),
        (-1, "计划今天 11:00 到，还没到"),
        (0, "计划今天 12:00 到，还没到"),
    ],
)
def test_m8_a_van_is_told_as_planned_and_as_overdue_once_its_time_has_passed(
    phones: PhoneOffice, hour: int, says: str
) -> None:
    stored(phones)
    runs(phones, "t-1", (THERE, -3), (HERE, hour))
    assert says in page(phones)
    assert page(phones).count("送货班车") == 1


def test_m8_a_van_of_last_night_is_overdue_with_its_day(phones: PhoneOffice) -> None:
    stored(phones)
    runs(phones, "t-1", (HERE, 11))
    phones.wall_ms = NOON_MS + 13 * HOUR_MS
    assert "计划 11月24日 23:00 到，还没到（没有到站消息）" in page(phones)


def test_m8_a_van_that_came_is_told_with_its_moment_and_the_next_below(
    phones: PhoneOffice,
) -> None:
    village = stored(phones)
    runs(phones, "t-1", (HERE, 1))
    runs(phones, "t-2", (HERE, 5))
    runs(phones, "t-3", (HERE, 3))
    phones.wall_ms = NOON_MS + HOUR_MS
    assert "计划今天 13:00 到，还没到" in page(phones)
    assert "计划今天 15:00 到" in page(phones), "the next, not the one after it"
    assert "17:00" not in page(phones)
    village.tell("trip.arrived", trip="t-1", operator="县运", courier="陈师傅", keeper="li")
    phones.open.hear(village, "n2")
    said = page(phones)
    assert "今天 12:00 已到" in said
    assert "还没到" not in said
    assert said.index("已到") < said.index("15:00")


def test_m8_a_van_that_was_signed_for_came_also_if_nobody_told_of_its_arrival(
    phones: PhoneOffice,
) -> None:
    village = Stop(HERE)
    village.check_in(YT, 7)
    village.signs("t-1", 1, 1)
    runs(phones, "t-1", (HERE, 1))
    phones.open.hear(village)
    phones.addressed({YT: MINE})
    assert "今天 12:00 已到" in page(phones)
    phones.wall_ms = NOON_MS + DAY_MS // 2
    assert "送货班车" not in page(phones), "what came yesterday is of no use"


def test_m8_a_van_that_left_without_a_signature_is_not_called_overdue(
    phones: PhoneOffice,
) -> None:
    village = stored(phones)
    runs(phones, "t-1", (HERE, -1))
    village.tell("handover.suspended", trip="t-1", courier="陈师傅", reason="人不在")
    phones.open.hear(village, "n2")
    assert "送货班车" not in page(phones)
    assert "陈师傅" not in page(phones)


def test_m8_a_van_of_other_places_of_long_ago_or_far_ahead_is_not_told(
    phones: PhoneOffice,
) -> None:
    stored(phones)
    runs(phones, "t-1", (THERE, 2))
    runs(phones, "t-2", (HERE, -OVERDUE_MS // HOUR_MS))
    runs(phones, "t-3", (HERE, AHEAD_MS // HOUR_MS + 1))
    runs(phones, "t-4", (THERE, 2), (HERE, 100))
    assert "送货班车" not in page(phones)
    phones.wall_ms += HOUR_MS
    assert "计划 11月27日 13:00 到" in page(phones)


def test_m8_only_the_bag_goes_there_and_not_the_van(phones: PhoneOffice) -> None:
    """A bag's station hears of a trip that does not stop there."""
    stored(phones)
    runs(phones, "t-1", (HERE, 2), (THERE, 3))
    runs(phones, "t-2", (THERE, 4))
    text = f"seal,to,waybill\nFQ00X000,{HERE},YT9988000000\n"
    stop = TripStop(place=THERE, at_ms=NOON_MS + 2 * HOUR_MS)
    manifest = read_manifest(text, trip="t-1", operator="", stops=[stop], as_json=False)
    with phones.open.county.database.write() as connection:
        book.keep_manifest(connection, lambda *_said: 1, manifest, NOON_MS)
    assert "送货班车" not in page(phones)


# -- which stations


def test_m8_what_is_on_its_way_shows_the_station_where_it_goes(phones: PhoneOffice) -> None:
    runs(phones, "t-9", (HERE, 1), (THERE, 2), parcel=JT)
    posted(phones, replace(POWER_CUT, title="坪上的"))
    posted(phones, replace(POWER_CUT, title="社溪的", stations=(THERE,)))
    with phones.open.county.database.write() as connection:
        keep_phones(connection, VAULT, "t-9", {JT: phone_of(MINE)}, NOON_MS)
    said = page(phones, JT)
    assert "在路上 On its way 社溪村站" in said
    assert ("社溪的" in said, "坪上的" in said) == (True, False)
    assert "计划今天 14:00 到" in said
    assert "13:00" not in said


def test_m8_where_it_goes_is_what_its_last_manifest_says_as_corrected(
    phones: PhoneOffice,
) -> None:
    for trip, to in (("t-7", THERE), ("t-8", THERE), ("t-8", HERE), ("t-9", THERE)):
        runs(phones, trip, (to, 1), parcel=JT)
    with phones.open.county.database.write() as connection:
        keep_phones(connection, VAULT, "t-8", {JT: phone_of(MINE)}, NOON_MS)
    said = page(phones, JT)
    assert "在路上 On its way 坪上村站" in said
    assert "社溪村站" not in said


def test_m8_two_stations_stand_apart_and_what_is_collected_has_none(phones: PhoneOffice) -> None:
    village = stored(phones)
    far = Village(THERE)
    far.check_in(SF, 3)
    phones.open.hear(far, "n2")
    phones.addressed({SF: MINE})
    posted(phones)
    runs(phones, "t-1", (THERE, 2))
    said = page(phones)
    assert said.count("停电通知") == 1
    here, there = said.rindex("坪上村站"), said.rindex("社溪村站")
    first, second = sorted((here, there))
    cards = {first: said[first:second], second: said[second:]}
    assert ("停电通知" in cards[here], "送货班车" in cards[here]) == (True, False)
    assert ("停电通知" in cards[there], "送货班车" in cards[there]) == (False, True)
    village.pick_up(YT, 7)
    phones.open.hear(village, "n3")
    assert "停电通知" not in page(phones)


def test_m8_of_other_people_the_page_tells_nothing_by_notices_or_vans(
    phones: PhoneOffice,
) -> None:
    stored(phones)
    posted(phones)
    runs(phones, "t-1", (HERE, 1), parcel=SF)
    phones.addressed({SF: HIS})
    mine = httpx.get(phones.link(YT)).text
    assert "7890" not in mine
    assert "t-1" not in mine
    assert "县运" not in mine
    assert "http" not in mine, "nothing has to be fetched from anywhere else"


def test_m8_where_no_station_is_known_or_nothing_of_it_there_is_no_card(
    phones: PhoneOffice,
) -> None:
    phones.addressed({JT: MINE})
    posted(phones, replace(POWER_CUT, stations=()))
    assert "停电通知" not in page(phones, JT), "no manifest says where it goes"
    far = Village(THERE)
    far.check_in(SF, 3)
    phones.open.hear(far)
    phones.addressed({SF: HIS})
    phones.wall_ms = NOON_MS + DAY_MS
    assert page(phones, SF).count("社溪村站") == 1, "on the parcel's own card alone"


def test_m8_a_page_looks_neither_through_all_trips_nor_through_all_notices(
    phones: PhoneOffice,
) -> None:
    stored(phones)
    posted(phones)
    runs(phones, "t-1", (HERE, 1))
    asked: list[tuple[str, Any]] = []

    with each_statement(lambda words, values: asked.append((words, values))):
        assert "送货班车" in page(phones)
    with phones.open.county.database.read() as connection:
        steps = [
            (row.detail, words)
            for words, values in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", tuple(values))
        ]
    indexes = ("trips_by_planned", "village_notices_by_station", "recipient_parcels_by_recipient")
    assert [one for one in indexes if not any(one in step for step, _words in steps)] == []
    assert [one for one in steps if one[0].startswith("SCAN")] == []


def test_m8_a_van_that_came_elsewhere_has_not_come_here(phones: PhoneOffice) -> None:
    stored(phones)
    runs(phones, "t-1", (THERE, -1), (HERE, 1))
    before = Stop(THERE)
    before.arrives("t-1")
    phones.open.hear(before, "n2")
    assert "已到" not in page(phones)
    assert "计划今天 13:00 到" in page(phones)
