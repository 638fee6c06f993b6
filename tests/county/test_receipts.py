"""R53: what carriers say later of messages: delivered, failed, late, twice, or nothing at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud_sync.county.notices.receipts import OWED_MS, receipts_known
from cloud_sync.county.office import Glance
from cloud_sync.county.questions.parcels import TOLD, trace
from cloud_sync.county.recipients.person import told_of
from cloud_sync.county.tables import NOTICE_TRIES, NOTICES
from cloud_sync.county.web.trace import trace_parcel
from cloud_sync.partners.notify.counterpart import Receipt
from edge.kernel.ids import StationId, WaybillNo
from edge.kernel.village_time import DAY_MS
from tests.county.phones import MINE, VAULT
from tests.county.test_recipients import phone_of
from tests.county.town import GATHER_MS, HOUR_MS, SF, YT, Town, open_town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with open_town(tmp_path) as opened:
        yield opened


def tries(town: Town) -> list[tuple[str, str]]:
    """Each way that was gone and each receipt, in their order."""
    return [(row["channel"], row["outcome"]) for row in town.phones.open.county.rows(NOTICE_TRIES)]


def state(town: Town) -> tuple[str, str]:
    (row,) = town.phones.open.county.rows(NOTICES)
    return row["state"], row["channel"]


def sent(town: Town) -> None:
    """A parcel has come and the first message is out."""
    town.arrives(YT, 7)
    town.after(0)
    town.after(GATHER_MS)


def lines(town: Town, language: str = "zh") -> list[str]:
    """How the county's page tells of it."""
    glance = Glance(now_ms=town.now_ms, language=language)
    life = trace_parcel(town.phones.open.office, glance, WaybillNo(YT))
    assert life is not None
    return [line["text"] for line in life["told"]]


def test_r53_a_receipt_says_delivered_and_the_trace_says_when(town: Town) -> None:
    sent(town)
    town.after(60_000)
    assert tries(town) == [("wechat", "taken"), ("wechat", "delivered")]
    assert state(town) == ("told", "wechat")
    assert [line.split(" ", 1)[1] for line in lines(town)] == [
        "到件通知 微信：已发出",
        "到件通知 微信：已送达",
    ]
    assert lines(town, "en")[1].endswith("Arrival, WeChat: delivered")
    with town.phones.open.county.database.read() as connection:
        asked = {"waybill_no": YT}
        traced = trace(connection, StationId("pingshang"), asked)
        mine = phone_of(MINE)
        (notice,) = (told_of(connection, VAULT, mine) or {})["notices"]
    assert traced is not None
    steps = traced["steps"]
    assert [step["step"] for step in steps][-1] == TOLD
    assert steps[-1]["at_ms"] > steps[-2]["at_ms"]
    assert [one["outcome"] for one in notice["tries"]] == ["taken", "delivered"]


def test_r53_what_was_not_delivered_goes_the_next_way_and_in_the_end_to_the_keeper(
    town: Town,
) -> None:
    town.breaks(undelivered=["*"])
    sent(town)
    for _way in range(3):
        town.after(60_000)
    ways = ["wechat", "sms", "voice"]
    assert tries(town) == [(way, said) for way in ways for said in ("taken", "failed")]
    assert state(town) == ("keeper", "voice")
    assert ("pingshang", "untold") in town.phones.open.county.open_alarms()
    told = lines(town)
    assert told[1].endswith("到件通知 微信：没送到，换一种方式（没有关注公众号）")
    assert told[-1] == "通知不到，等店主打电话（关机）"


def test_r53_a_late_failure_waits_for_a_decent_hour(town: Town) -> None:
    town.breaks(late_receipt=["*"])
    sent(town)
    town.breaks(undelivered=["*"])
    town.after(10 * HOUR_MS)  # past nine in the evening
    assert tries(town)[-1] == ("wechat", "failed")
    assert state(town) == ("waiting", "sms")
    assert [one.channel for one in town.carrier.taken.values()] == ["wechat"]
    town.breaks()
    town.after(10 * HOUR_MS)
    assert [one.channel for one in town.carrier.taken.values()] == ["wechat", "sms"]
    town.after(60_000)
    assert state(town) == ("told", "sms")


def test_r53_a_receipt_that_comes_twice_is_one(town: Town) -> None:
    town.breaks(undelivered=["*"], double_receipt=["*"])
    sent(town)
    town.after(60_000)
    assert tries(town) == [("wechat", "taken"), ("wechat", "failed"), ("sms", "taken")]
    assert len(town.carrier.receipts) == 2


def test_r53_delivered_after_all_calls_back_what_was_on_its_way_to_the_keeper(town: Town) -> None:
    """Two attempts by one way: the one without an answer got there."""
    town.breaks(lost_answer=["*"], late_receipt=["*"])
    sent(town)
    assert state(town) == ("waiting", "wechat")
    town.breaks()
    town.after(0)
    assert tries(town) == [("wechat", "unknown"), ("wechat", "delivered")]
    assert state(town) == ("told", "wechat")
    town.after(DAY_MS)
    assert town.carrier.asked == 1, "who has it is not sent it again"


def test_r53_a_failure_after_a_delivery_changes_nothing(town: Town) -> None:
    """A carrier that contradicts itself: the addressee was reached once."""
    sent(town)
    town.after(60_000)
    carrier = town.carrier
    (message,) = carrier.taken.values()
    town.breaks(undelivered=["*"])
    carrier._receive(message)  # noqa: SLF001 - what no honest carrier says
    town.arrives(SF, 8)  # so that receipts are asked for once more
    town.after(0)
    town.after(GATHER_MS)
    town.breaks()
    town.after(60_000)
    assert [one.channel for one in carrier.taken.values()] == ["wechat", "wechat"], "one for each"
    rows = {row["notice"]: row for row in town.phones.open.county.rows(NOTICES)}
    first = rows[message.key.rpartition("-")[0]]
    assert (first["state"], first["channel"]) == ("told", "wechat")


def test_r53_receipts_of_strangers_are_passed_over_and_not_read_again(town: Town) -> None:
    """Of a notice that nobody knows any more, and by a way that was never gone."""
    town.breaks(late_receipt=["*"])
    sent(town)
    (key,) = town.carrier.taken
    mine = key.rpartition("-")[0]
    strangers = (Receipt(1, "f" * 32 + "-sms", "failed"), Receipt(2, f"{mine}-voice", "failed"))
    town.carrier.receipts.extend(strangers)
    town.after(60_000)
    assert (tries(town), state(town)) == ([("wechat", "taken")], ("told", "wechat"))
    with town.phones.open.county.database.read() as connection:
        assert receipts_known(connection) == len(strangers)


def test_a_carrier_is_asked_for_receipts_only_while_one_is_owed(town: Town) -> None:
    town.after(0)
    assert town.carrier.asked_for_receipts == 0
    town.breaks(late_receipt=["*"])
    sent(town)
    town.after(60_000)
    assert town.carrier.asked_for_receipts == 1
    town.after(OWED_MS)
    assert town.carrier.asked_for_receipts == 1, "after three days nobody waits for it"
    town.arrives(SF, 8)
    town.breaks()
    town.after(0)
    town.after(GATHER_MS)
    town.after(60_000)
    assert town.carrier.asked_for_receipts == 2
    town.after(60_000)
    assert town.carrier.asked_for_receipts == 2
