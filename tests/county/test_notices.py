"""Notices: one for an arrival, at decent hours, by what reaches people, and each but once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from sqlalchemy import Connection

from cloud_sync.county.notices.opening import carrying_of
from cloud_sync.county.notices.post import NoticePost
from cloud_sync.county.notices.rules import (
    FIRST_AGAIN_MS,
    MINUTE_MS,
    MOST_AGAIN_MS,
    MOST_TRIES,
    Rules,
    again_ms,
)
from cloud_sync.county.recipients.desk import EVERY_MS, RetentionDesk
from cloud_sync.county.settings import NewCounty, make_county, read_county_settings
from cloud_sync.county.tables import NOTICE_PARCELS, NOTICES
from edge.kernel.errors import ConfigError, StoreError
from edge.kernel.village_time import DAY_MS
from tests.county.phones import HIS, MINE, VAULT
from tests.county.town import GATHER_MS, HOUR_MS, JT, RULES, SF, YT, Town, open_town
from tests.county.village import NOON_MS, until

T = TypeVar("T")
BROKER = "mqtt://127.0.0.1:1883"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with open_town(tmp_path) as town:
        yield town


def test_r53_an_arrival_is_told_with_place_day_digits_and_the_link_of_the_page(town: Town) -> None:
    town.arrives(YT, 7)
    assert town.after(0) == []
    ((channel, tail, text),) = town.after(GATHER_MS)
    assert (channel, tail) == ("wechat", "8123")
    assert text.startswith("【村驿】您有 1 件包裹到 坪上村站，保管至 12月1日。取件码 3729 1846。")
    page = httpx.get(text.rsplit(" ", 1)[1])
    assert "7 号柜" in page.text
    assert len(town.after(DAY_MS)) == 1, "told once for good"
    assert town.carrier.asked == 1


def test_r53_what_comes_within_ten_minutes_is_one_notice(town: Town) -> None:
    town.arrives(YT, 7)
    town.after(0)
    town.arrives(SF, 8)
    town.arrives(JT, 9, HIS)
    town.after(GATHER_MS - 1)
    texts = [text for _channel, _tail, text in town.after(1)]
    assert [text[4:10] for text in texts if "2 件" in text] == ["您有 2 件"]
    told = town.after(GATHER_MS)
    assert sorted(tail for _channel, tail, _text in told) == ["5678", "8123"]
    town.arrives("YT7700999999", 10)
    town.after(0)
    assert len(town.after(GATHER_MS)) == 3, "what comes later is another notice"


def test_r53_at_night_nobody_is_woken(town: Town) -> None:
    town.now_ms = NOON_MS + 9 * HOUR_MS - GATHER_MS + MINUTE_MS
    town.arrives(YT, 7)
    town.after(0)
    assert town.after(GATHER_MS) == []
    assert town.after(10 * HOUR_MS + 58 * MINUTE_MS) == []
    assert len(town.after(MINUTE_MS)) == 1


def test_r53_what_was_due_before_an_outage_of_the_county_waits_for_the_morning(town: Town) -> None:
    town.arrives(YT, 7)
    town.after(0)
    assert town.after(10 * HOUR_MS) == []
    assert len(town.after(10 * HOUR_MS)) == 1


def test_r53_a_way_that_reaches_nobody_gives_way_to_the_next_and_then_to_the_keeper(
    town: Town,
) -> None:
    town.breaks(unfollowed=["*"], invalid_number=["8123"])
    town.arrives(YT, 7)
    town.arrives(SF, 8, HIS)
    town.after(0)
    for _way in range(3):
        town.after(GATHER_MS)
    by_tail = {tail: channel for channel, tail, _text in town.after(0)}
    assert by_tail == {"8123": "voice", "5678": "sms"}
    assert ("pingshang", "untold") not in town.phones.open.county.open_alarms()
    town.breaks(unfollowed=["*"], invalid_number=["*"], switched_off=["*"])
    town.arrives(JT, 9)
    town.after(0)
    for _way in range(4):
        town.after(GATHER_MS)
    assert len(town.after(DAY_MS)) == 2
    assert ("pingshang", "untold") in town.phones.open.county.open_alarms()
    town.village.pick_up(JT, 9)
    town.hear()
    town.after(0)
    assert ("pingshang", "untold") not in town.phones.open.county.open_alarms()


def test_r53_an_answer_that_is_lost_makes_no_second_message(town: Town) -> None:
    town.breaks(lost_answer=["*"], late_receipt=["*"])
    town.arrives(YT, 7)
    town.after(0)
    assert len(town.after(GATHER_MS)) == 1
    assert len(town.after(FIRST_AGAIN_MS - 1)) == 1
    assert town.carrier.asked == 1, "not before its time"
    town.breaks(late_receipt=["*"])
    town.post = town.another_post()  # the county has started again meanwhile
    assert len(town.after(1)) == 1
    assert town.carrier.asked == 2
    town.after(DAY_MS)
    assert town.carrier.asked == 2
    (row,) = town.phones.open.county.rows(NOTICES)
    assert (row["state"], row["channel"]) == ("told", "wechat")


def test_r53_a_carrier_that_is_away_is_asked_later_and_later(town: Town) -> None:
    town.breaks(gone=["*"])
    town.arrives(YT, 7)
    town.after(0)
    town.after(GATHER_MS)
    for asked in range(2, MOST_TRIES + 1):
        town.after(again_ms(asked - 1) - 1)
        assert town.carrier.asked == asked - 1
        town.after(1)
        assert town.carrier.asked == asked
    (row,) = town.phones.open.county.rows(NOTICES)
    assert (row["state"], row["channel"]) == ("waiting", "sms")
    town.breaks()
    assert [channel for channel, _tail, _text in town.after(0)] == ["sms"]
    assert again_ms(100) == MOST_AGAIN_MS


def test_r53_a_virtual_number_is_the_keepers_to_call(town: Town) -> None:
    town.arrives(YT, 7, "17000000000-1234")
    town.after(0)
    assert town.after(DAY_MS) == []
    assert town.carrier.asked == 0
    assert ("pingshang", "untold") in town.phones.open.county.open_alarms()


def test_r53_a_landline_is_called(town: Town) -> None:
    town.arrives(YT, 7, "0797-8512345")
    town.after(0)
    assert [channel for channel, _tail, _text in town.after(GATHER_MS)] == ["voice"]


def test_r53_a_parcel_that_stays_too_long_is_told_of_once_more(town: Town) -> None:
    town.arrives(YT, 7)
    town.after(0)
    assert len(town.after(GATHER_MS)) == 1
    town.village.tell("parcel.overdue", waybill_no=YT, days=3)
    town.village.tell("parcel.reminded", waybill_no=YT, way="list", keeper="")
    town.hear()
    town.after(3 * DAY_MS)
    _first, (_channel, _tail, text) = town.after(GATHER_MS)
    assert "您还有 1 件包裹" in text
    assert len(town.after(DAY_MS)) == 2


def test_r53_what_was_collected_meanwhile_is_not_told_of(town: Town) -> None:
    town.arrives(YT, 7)
    town.after(0)
    town.village.pick_up(YT, 7)
    town.hear()
    assert town.after(GATHER_MS) == []
    (row,) = town.phones.open.county.rows(NOTICES)
    assert row["state"] == "moot"


def test_r53_whoever_has_not_agreed_is_asked_by_the_keeper_and_told_by_nobody(town: Town) -> None:
    town.phones.addressed({YT: MINE})
    town.village.tell("parcel.received", waybill_no=YT, carrier="中通", keeper="li")
    town.village.tell("parcel.consent_wanted", waybill_no=YT, said="unknown")
    town.village.tell("parcel.shelved", waybill_no=YT, slot="B-3-407", keeper="li")
    town.hear()
    town.after(0)
    assert town.after(GATHER_MS) == []
    word = {"wish": "shelf", "how": "phone", "giver": "addressee", "keeper": "li"}
    town.village.tell("parcel.consent_noted", schema=1, waybill_no=YT, **word)
    town.hear()
    town.after(0)
    ((_channel, _tail, text),) = town.after(GATHER_MS)
    assert "取件码" not in text, "the station has sealed none"


def test_r53_no_number_no_link_and_no_code_stand_in_a_table_or_a_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_town(tmp_path) as town:
        town.breaks(unfollowed=["*"])
        town.arrives(YT, 7)
        town.after(0)
        town.after(GATHER_MS)
        ((_channel, _tail, text),) = town.after(GATHER_MS)
    at_rest = b"".join(
        one.read_bytes() for one in (tmp_path / "county").rglob("*") if one.is_file()
    )
    out = "".join(capsys.readouterr())
    assert "notice_sent" in out
    for secret in (MINE, text.rsplit("/", 1)[1], "3729 1846", "37291846"):
        assert secret not in out
        assert secret.encode() not in at_rest
    ledger = (tmp_path / "carrier" / "messages.jsonl").read_text(encoding="utf-8")
    assert MINE not in ledger


def test_r53_whose_number_is_forgotten_has_no_notices_either(town: Town) -> None:
    town.arrives(YT, 7)
    town.after(0)
    town.village.pick_up(YT, 7)
    town.hear()
    town.now_ms += 9 * DAY_MS
    desk = RetentionDesk(
        town.phones.open.county.database, mono_ms=lambda: EVERY_MS, wall_ms=lambda: town.now_ms
    )
    desk.tick()
    assert town.phones.open.county.rows(NOTICES) == []
    assert town.phones.open.county.rows(NOTICE_PARCELS) == []


def test_a_county_without_a_carrier_tells_nobody(town: Town) -> None:
    database = town.phones.open.county.database
    town.arrives(YT, 7)
    NoticePost(database, VAULT, None, write=town.write, wall_ms=lambda: NOON_MS).look()
    assert town.phones.open.county.rows(NOTICES) == []


def test_the_post_goes_on_by_itself_after_whoever_writes_was_busy(town: Town) -> None:
    town.arrives(YT, 7)
    town.after(0)
    town.now_ms += GATHER_MS
    busy = [StoreError("the county's database could not be written")]

    class Busy(Town):
        def write(self, work: Callable[[Connection], T]) -> T:
            if busy:
                raise busy.pop()
            return super().write(work)

    other = Busy(town.phones, town.carrier, town.address, now_ms=town.now_ms)
    other.post.start()
    try:
        assert until(lambda: not busy and town.phones.open.county.rows(NOTICES)[0]["told_ms"])
    finally:
        other.post.stop()
    assert (len(town.carrier.taken), town.carrier.asked) == (1, 2), "the same key after the fault"
    silent = NoticePost(
        town.phones.open.county.database, VAULT, None, write=town.write, wall_ms=lambda: 0
    )
    silent.start()
    silent.stop()


def test_the_countys_file_says_who_carries_and_when_it_is_quiet(tmp_path: Path) -> None:
    file = make_county(
        tmp_path, NewCounty(county="shangyou", name="上犹县", broker=BROKER, web_port=8602)
    )
    assert carrying_of(read_county_settings(tmp_path)) is None
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace('gateway = ""', 'gateway = "http://127.0.0.1:8604"'), encoding="utf-8"
    )
    carrying = carrying_of(read_county_settings(tmp_path))
    assert carrying is not None
    assert carrying.rules == RULES
    assert carrying.pages == "http://127.0.0.1:8602"
    file.write_text(text.replace('"21:00"', '"24:00"'), encoding="utf-8")
    with pytest.raises(ConfigError, match="quiet"):
        read_county_settings(tmp_path)


@pytest.mark.parametrize(
    ("quiet", "hour", "waits_h"),
    [
        ((21, 8), 20, 0),
        ((21, 8), 21, 11),
        ((21, 8), 3, 5),
        ((21, 8), 8, 0),
        ((12, 14), 13, 1),
        ((12, 14), 14, 0),
        ((0, 0), 3, 0),
    ],
)
def test_the_quiet_hours_are_the_villages_own(
    quiet: tuple[int, int], hour: int, waits_h: int
) -> None:
    begins, ends = quiet
    rules = Rules(gather_ms=0, quiet_from=begins * 60, quiet_to=ends * 60)
    at_ms = NOON_MS + (hour - 12) * HOUR_MS
    assert rules.decent_ms(at_ms) == at_ms + waits_h * HOUR_MS
