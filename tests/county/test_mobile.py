"""M1 我的包裹 and M2 取件码: one person's page behind a link that nobody guesses."""

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import zxingcpp
from PIL import Image

from cloud_sync.county.mobile.door import BURST
from cloud_sync.county.tables import PARCELS
from edge.kernel.village_time import DAY_MS, village_time
from tests.county.phones import CODE, HIS, MINE, PhoneOffice, issue, open_phones
from tests.county.village import NOON_MS, Village

TAKEN_OUT = {"cell": 7, "slot": None, "keeper": "li", "reason": ""}
YT, SF, JT = "YT7700123456", "SF1234567890", "JT5100000001"


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[PhoneOffice]:
    with open_phones(tmp_path) as phones:
        yield phones


def text_of(answer: httpx.Response) -> str:
    """What a person reads on it."""
    assert answer.headers["content-type"].startswith("text/html")
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text.split("<body>")[1]).split())


def stored(phones: PhoneOffice, *, code: bool = True) -> Village:
    village = Village()
    village.check_in(YT, 7)
    if code:
        issue(village, "c1", YT)
    phones.open.hear(village)
    phones.addressed({YT: MINE})
    return village


def picture(page: str) -> Image.Image:
    data = re.search(r'<img src="data:image/png;base64,([^"]+)"', page)
    assert data is not None
    return Image.open(io.BytesIO(base64.b64decode(data[1])))


def test_m1_the_list_says_place_keep_until_and_state(phones: PhoneOffice) -> None:
    stored(phones)
    said = text_of(httpx.get(phones.link(YT)))
    for words in (
        "可以取了",
        "坪上村站 7 号柜",
        "中通 …3456",
        "保管至 12月1日",
        "Ready to collect",
    ):
        assert words in said


def test_m2_the_picture_holds_the_token_that_opens_the_door_and_its_digits(
    phones: PhoneOffice,
) -> None:
    stored(phones)
    page = httpx.get(phones.link(YT)).text
    read = zxingcpp.read_barcode(picture(page).convert("L"))
    assert read is not None
    assert read.text == CODE.token
    assert "取件码 3729 1846" in page
    assert page.count("data:image/png") == 2, "the picture and the one to save"
    assert "http" not in page, "nothing has to be fetched from anywhere else"
    assert "<script" not in page


def test_m1_says_when_it_was_collected_and_shows_no_code_any_more(phones: PhoneOffice) -> None:
    village = stored(phones)
    village.pick_up(YT, 7)
    phones.open.hear(village, "n2")
    answer = httpx.get(phones.link(YT))
    (row,) = phones.open.county.rows(PARCELS)
    at = village_time(row["ended_ms"])
    assert f"已取走 {at.month}月{at.day}日 {at:%H:%M}" in text_of(answer)
    assert "data:image" not in answer.text
    assert "7 号柜" not in text_of(answer)


def test_m1_shows_one_persons_parcels_alone(phones: PhoneOffice) -> None:
    stored(phones)
    phones.addressed({YT: MINE, SF: HIS, JT: MINE})
    mine, his = (text_of(httpx.get(phones.link(one))) for one in (YT, SF))
    assert ("…3456" in mine, "…0001" in mine, "…7890" in mine) == (True, True, False)
    assert ("…3456" in his, "…7890" in his, "在路上" in his) == (False, True, True)


def test_m2_without_a_sealed_code_the_page_sends_to_the_slip(phones: PhoneOffice) -> None:
    stored(phones, code=False)
    answer = httpx.get(phones.link(YT))
    assert "取件码在小票上" in text_of(answer)
    assert "data:image" not in answer.text


def test_m2_a_code_that_was_printed_anew_takes_the_place_of_the_old_one(
    phones: PhoneOffice,
) -> None:
    village = stored(phones)
    village.tell("pickup.code_revoked", credential="c1", reason="reprinted")
    phones.open.hear(village, "n2")
    assert "data:image" not in httpx.get(phones.link(YT)).text
    issue(village, "c2", YT)
    phones.open.hear(village, "n3")
    assert "data:image" in httpx.get(phones.link(YT)).text


def test_m1_an_extended_stay_moves_the_day(phones: PhoneOffice) -> None:
    village = stored(phones)
    village.tell("parcel.storage_extended", waybill_no=YT, days=12, keeper="li", reason="下周回来")
    phones.open.hear(village, "n2")
    day = village_time(NOON_MS + village.seq * 1_000 + 12 * DAY_MS)
    assert f"保管至 {day.month}月{day.day}日" in text_of(httpx.get(phones.link(YT)))


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ([("parcel.consent_wanted", {"said": "no"})], "等您同意"),
        ([("parcel.to_return", {"cause": "overdue", "keeper": ""})], "快要退回"),
        ([("parcel.put_back", {"cell": 7})], "请找店主"),
        ([("parcel.shelved", {"slot": "B-3-407", "keeper": "li"})], "坪上村站 货架 B-3-407"),
        ([("parcel.shelved", {"slot": "B-3-407", "keeper": "li"})], "店主拿给您"),
        ([("parcel.taken_out", TAKEN_OUT)], "正在入库"),
        ([("parcel.check_in_undone", {"keeper": "li"})], "请找店主"),
    ],
)
def test_m1_each_state_is_said_in_words(
    phones: PhoneOffice, facts: list[tuple[str, dict[str, object]]], says: str
) -> None:
    village = stored(phones)
    for kind, body in facts:
        village.tell(kind, waybill_no=YT, **body)  # type: ignore[arg-type] # bodies of all kinds
    phones.open.hear(village, "n2")
    assert says in text_of(httpx.get(phones.link(YT)))


def test_m8_m9_hours_and_numbers_to_call_of_where_something_waits(phones: PhoneOffice) -> None:
    village = stored(phones)
    answer = httpx.get(phones.link(YT))
    assert "坪上村站 营业 8:00-18:30 Open 8:00-18:30 打给店主 0797-852 1234" in text_of(answer)
    assert 'href="tel:0797-8521234"' in answer.text
    assert "投诉求助 打县中心 0797-8520000" in text_of(answer)
    village.pick_up(YT, 7)
    phones.open.hear(village, "n2")
    assert "8:00-18:30" not in text_of(httpx.get(phones.link(YT)))
    far = Village("shexi")
    far.check_in(SF, 3)
    phones.open.hear(far, "n3")
    phones.addressed({SF: HIS})
    his = text_of(httpx.get(phones.link(SF)))
    assert his.count("社溪村站") == 1, "nobody has said its hours or its number"


def test_r53_an_unknown_link_is_a_plain_page_of_nobody(phones: PhoneOffice) -> None:
    stored(phones)
    good = phones.link(YT)
    for link in (good[:-1] + ("A" if good[-1] != "A" else "B"), good + "A", good[:-22], good + "/"):
        answer = httpx.get(link)
        assert answer.status_code == 404, link
        assert "打不开包裹" in text_of(answer)
        assert "3456" not in answer.text


def test_r53_the_page_is_kept_and_followed_by_nobody(phones: PhoneOffice) -> None:
    stored(phones)
    for link, status in ((phones.link(YT), 200), (f"{phones.open.address}/m/x", 404)):
        answer = httpx.get(link)
        assert answer.status_code == status
        headers = answer.headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert "noindex" in headers["x-robots-tag"]
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
        assert "script" not in headers["content-security-policy"]
        assert "set-cookie" not in headers


def test_r53_phones_get_nothing_but_their_page(phones: PhoneOffice) -> None:
    stored(phones)
    assert httpx.post(phones.link(YT)).status_code == 405
    assert httpx.get(f"{phones.open.address}/m/look/mobile.css").status_code == 200
    assert httpx.get(f"{phones.open.address}/m/look/page.js").status_code == 404
    assert httpx.head(phones.link(YT)).status_code == 200
    assert httpx.get(f"{phones.open.address}/").status_code == 200, "the county's own page"
    phones.open.office.phones = None
    assert httpx.get(f"{phones.open.address}/m/x").status_code == 503


def test_r53_whoever_asks_too_fast_waits(phones: PhoneOffice) -> None:
    address = f"{phones.open.address}/m/x"
    with httpx.Client() as guesser:
        answers = [guesser.get(address).status_code for _ in range(int(BURST) + 40)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_r53_while_the_database_cannot_be_read_the_page_says_later(phones: PhoneOffice) -> None:
    stored(phones)
    link = phones.link(YT)
    with phones.open.county.database.write() as connection:
        connection.exec_driver_sql("DROP TABLE recipients")
    answer = httpx.get(link)
    assert answer.status_code == 503
    assert "请过一会儿再看" in text_of(answer)
