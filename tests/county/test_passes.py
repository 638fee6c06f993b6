"""M3 代取授权: who has the addressee's link sends somebody, who needs one picture and no more."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from cloud_sync.county.mobile.door import MOST_FORM, PhoneDoor
from cloud_sync.county.mobile.passes import MOST_A_DAY, forget_of, forget_passes
from cloud_sync.county.recipients.person import erase, told_of
from cloud_sync.county.recipients.phone import Phone, read_phone
from cloud_sync.county.stream.shelf import acknowledge
from cloud_sync.county.tables import PASSES, RECIPIENT_PARCELS, STATE_ITEMS
from cloud_sync.wire.trust.proxy_pass import ProxyPass, read_pass
from edge.kernel.ids import CountyId, StationId, WaybillNo
from edge.kernel.village_time import DAY_MS, village_time
from tests.county.phones import HIS, KEY, MINE, VAULT, PhoneOffice, open_phones
from tests.county.test_mobile import SF, YT, picture, stored, text_of
from tests.county.village import NOON_MS, Village

STATION = StationId("pingshang")
_SHARED = re.compile(r"http://[^\s<]+/m/[A-Za-z0-9_-]{22}")


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[PhoneOffice]:
    with open_phones(tmp_path) as phones:
        yield phones


def ask(link: str, **form: str) -> httpx.Response:
    return httpx.post(f"{link}/proxy", data=form, follow_redirects=True)


def made(phones: PhoneOffice) -> httpx.Response:
    """The page after one pass was made for the parcel that waits."""
    stored(phones)
    return ask(phones.link(YT), parcel=YT)


def shared_in(answer: httpx.Response) -> str:
    """The address that goes to the proxy."""
    found = _SHARED.search(answer.text.split("<textarea")[1])
    assert found is not None
    return found[0]


def scanned(picture: Image.Image) -> ProxyPass:
    """What a kiosk of this county reads off it."""
    read = zxingcpp.read_barcode(picture.convert("L"))
    assert read is not None
    return read_pass(read.text, CountyId("shangyou"), [KEY.public])


def pass_id(answer: httpx.Response) -> str:
    found = re.search(r'name="taken_back" value="([0-9a-f]{16})"', answer.text)
    assert found is not None
    return found[1]


def ends(phones: PhoneOffice) -> list[tuple[str, bool]]:
    """What stations are told of the end of passes, and whether it still holds."""
    rows = [row for row in phones.open.county.rows(STATE_ITEMS) if row["kind"] == "pass_end"]
    return [(row["key"], row["body"] is not None) for row in rows]


def test_m3_from_the_list_to_a_signed_pass_for_this_parcel_of_this_station_today(
    phones: PhoneOffice,
) -> None:
    stored(phones)
    link = phones.link(YT)
    assert f'href="{link.removeprefix(phones.open.address)}/proxy"' in httpx.get(link).text
    assert "开代取授权，今天有效" in text_of(httpx.get(f"{link}/proxy"))
    answer = ask(link, parcel=YT)
    assert answer.status_code == 200
    assert len(answer.history) == 1, "a reload asks for nothing again"
    said = scanned(picture(answer.text))
    assert said.is_for_station(STATION)
    assert said.is_for_parcel(WaybillNo(YT))
    until = village_time(said.until_ms)
    assert f"{until:%H:%M:%S}" == "23:59:59"
    assert until.date() == village_time(phones.wall_ms).date()
    assert f"{until.month}月{until.day}日 23:59 前有效，只用一次" in text_of(answer)


def test_m3_the_shared_page_shows_the_picture_the_station_and_nothing_of_anybody(
    phones: PhoneOffice,
) -> None:
    answer = made(phones)
    link = shared_in(answer)
    his = httpx.get(link)
    assert scanned(picture(his.text)) == scanned(picture(answer.text))
    said = text_of(his)
    for words in ("坪上村站", "8:00-18:30", "0797-852 1234", "在驿站的取件屏前扫这个码"):
        assert words in said
    for secret in (YT, "3456", MINE, MINE[-4:], "中通", "7 号柜", phones.link(YT)[-22:], "<form"):
        assert secret not in his.text.replace(re.findall(r'base64,[^"]+', his.text)[0], "")
    assert httpx.get(f"{link}/proxy").status_code == 404, "it makes nothing"
    assert ask(link, parcel=YT).status_code == 404
    assert httpx.get(f"{link}?print=big").status_code == 200


def test_m3_a_second_wish_shows_the_same_pass(phones: PhoneOffice) -> None:
    first = made(phones)
    assert pass_id(ask(phones.link(YT), parcel=YT)) == pass_id(first)
    assert len(phones.open.county.rows(PASSES)) == 1


def test_m3_taken_back_it_is_said_honestly_whether_the_station_knows(phones: PhoneOffice) -> None:
    before = made(phones)
    link, shared = phones.link(YT), shared_in(before)
    after = ask(link, taken_back=pass_id(before))
    assert "已撤销，驿站联网后生效" in text_of(after)
    assert "data:image" not in after.text
    assert "这个授权已被收回" in text_of(httpx.get(shared))
    assert "data:image" not in httpx.get(shared).text
    assert ends(phones) == [(pass_id(before), True)]
    with phones.open.county.database.write() as connection:
        assert acknowledge(connection, STATION, 1)
    assert "已撤销，驿站已收到" in text_of(httpx.get(f"{link}/proxy"))
    ask(link, taken_back=pass_id(before))
    assert len(ends(phones)) == 1, "once is enough"
    again = ask(link, parcel=YT)
    assert pass_id(again) != pass_id(before)
    assert "已撤销，驿站已收到" in text_of(again)


def test_m3_nobody_sends_for_what_is_not_theirs_or_does_not_wait(phones: PhoneOffice) -> None:
    village = stored(phones)
    phones.addressed({SF: HIS})
    far = Village("shexi")
    far.check_in(SF, 3)
    phones.open.hear(far, "n2")
    refused = ask(phones.link(YT), parcel=SF)
    assert refused.status_code == 409
    assert "现在不能开代取授权" in text_of(refused)
    his = ask(phones.link(SF), parcel=SF)
    assert "已经过期" in text_of(ask(phones.link(YT), taken_back=pass_id(his)))
    village.tell("parcel.consent_wanted", waybill_no=YT, said="no")
    phones.open.hear(village, "n3")
    assert ask(phones.link(YT), parcel=YT).status_code == 409
    assert "现在没有能让人代取的包裹" in text_of(httpx.get(f"{phones.link(YT)}/proxy"))
    assert "/proxy" not in httpx.get(phones.link(YT)).text


def test_m3_so_many_a_day_and_no_more(phones: PhoneOffice) -> None:
    answer = made(phones)
    for _ in range(MOST_A_DAY - 1):
        ask(phones.link(YT), taken_back=pass_id(answer))
        answer = ask(phones.link(YT), parcel=YT)
    ask(phones.link(YT), taken_back=pass_id(answer))
    refused = ask(phones.link(YT), parcel=YT)
    assert refused.status_code == 409
    assert "今天开得太多了" in text_of(refused)


def test_m3_after_midnight_it_is_over_and_can_be_made_anew(phones: PhoneOffice) -> None:
    answer = made(phones)
    phones.wall_ms += DAY_MS
    assert "过了当天" in text_of(httpx.get(shared_in(answer)))
    late = ask(phones.link(YT), taken_back=pass_id(answer))
    assert (late.status_code, ends(phones)) == (409, [])
    assert "这个授权已经过期" in text_of(late)
    assert pass_id(ask(phones.link(YT), parcel=YT)) != pass_id(answer)


def test_m3_m1_once_collected_the_owner_reads_by_whom_and_the_proxy_that_it_is_gone(
    phones: PhoneOffice,
) -> None:
    village = stored(phones)
    answer = ask(phones.link(YT), parcel=YT)
    credential = f"pass-{pass_id(answer)}"
    village.tell(
        "proxy.pass_taken",
        credential=credential,
        waybill_no=YT,
        phone_tail=MINE[-4:],
        until_ms=NOON_MS + DAY_MS,
    )
    village.tell(
        "proxy.accepted",
        credential=credential,
        waybill_no=YT,
        cell=7,
        auth="a-p",
        proof="token",
    )
    village.tell(
        "parcel.picked_up", waybill_no=YT, cell=7, auth="a-p", proof="token", actor="kiosk"
    )
    phones.open.hear(village, "n2")
    said = text_of(httpx.get(phones.link(YT)))
    assert re.search(r"已由代取人取走 \d+月\d+日 \d\d:\d\d", said)
    assert "Collected by your proxy" in said
    assert "包裹已不在柜里" in text_of(httpx.get(shared_in(answer)))
    life = httpx.get(f"{phones.open.address}/api/trace/{YT}").json()
    assert life["stay"] == "由代取人取走"


def test_m1_a_code_of_the_keeper_s_says_it_too_and_the_own_code_does_not(
    phones: PhoneOffice,
) -> None:
    village = stored(phones)
    village.tell(
        "proxy.released",
        waybill_no=YT,
        proxy="王**",
        relation="family",
        owner="刘**",
        keeper="li",
    )
    village.tell("parcel.handed_out", waybill_no=YT, slot="A-1-201", keeper="li", proof="keeper")
    phones.open.hear(village, "n2")
    assert "已由代取人取走" in text_of(httpx.get(phones.link(YT)))
    own = Village("shexi")
    own.check_in(SF, 3)
    phones.addressed({SF: HIS})
    own.pick_up(SF, 3)
    phones.open.hear(own, "n3")
    assert "已由代取人" not in text_of(httpx.get(phones.link(SF)))


def test_r53_a_form_that_is_none_of_ours_is_refused(phones: PhoneOffice) -> None:
    stored(phones)
    link = phones.link(YT)
    assert ask(link, parcel="x" * MOST_FORM).status_code == 413
    assert ask(link).status_code == 409
    assert ask(link[:-1] + ("A" if link[-1] != "A" else "B"), parcel=YT).status_code == 404
    assert httpx.post(link, data={"parcel": YT}).status_code == 405
    assert httpx.put(f"{link}/proxy").status_code == 405
    assert (
        httpx.post(f"{link}/proxy?print=big", data={"parcel": YT})
        .headers["location"]
        .endswith("/proxy?print=big")
    )


def test_r53_while_nothing_can_be_written_the_page_says_later(phones: PhoneOffice) -> None:
    stored(phones)
    phones.busy = True
    answer = ask(phones.link(YT), parcel=YT)
    assert answer.status_code == 503
    assert "请过一会儿再看" in text_of(answer)


@pytest.mark.anyio
async def test_r53_a_phone_that_hangs_up_within_a_form_does_no_harm(phones: PhoneOffice) -> None:
    stored(phones)
    sent: list[int] = []
    pages = phones.open.office.phones
    door = PhoneDoor(lambda *_parts: None, pages=lambda: pages)  # type: ignore[arg-type] # nothing is passed on
    path = "/m/" + phones.link(YT)[-22:] + "/proxy"
    scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def send(message: dict[str, int]) -> None:
        sent.append(message.get("status", 0))

    await door(scope, receive, send)  # type: ignore[arg-type] # plain dictionaries
    assert sent[0] == 409
    assert phones.open.county.rows(PASSES) == []


def phone_of(number: str) -> Phone:
    phone = read_phone(number)
    assert phone is not None
    return phone


def test_what_is_over_is_forgotten_a_day_later_at_the_stations_too(phones: PhoneOffice) -> None:
    first = made(phones)
    ask(phones.link(YT), taken_back=pass_id(first))
    ask(phones.link(YT), parcel=YT)
    database = phones.open.county.database
    for days, left in ((1, 2), (3, 0)):
        with database.write() as connection:
            forget_passes(connection, phones.stream.put, NOON_MS + days * DAY_MS)
        assert len(phones.open.county.rows(PASSES)) == left
    assert ends(phones) == [(pass_id(first), True), (pass_id(first), False)]


def test_who_is_erased_is_told_of_what_they_sent_and_then_it_opens_nothing(
    phones: PhoneOffice,
) -> None:
    answer = made(phones)
    shared, mine = shared_in(answer), phone_of(MINE)
    database = phones.open.county.database
    with database.write() as connection:
        told = told_of(connection, VAULT, mine)
        assert told is not None
        (sent,) = told["passes"]
        assert (sent["station"], sent["waybill_no"], sent["taken_back"]) == ("pingshang", YT, "")
        recipient = connection.execute(select(RECIPIENT_PARCELS.c.recipient)).scalar_one()
        erase(
            connection,
            VAULT,
            mine,
            lambda c, who: forget_of(c, phones.stream.put, who, phones.wall_ms),
        )
    assert recipient
    assert ends(phones) == [(pass_id(answer), True)]
    assert phones.open.county.rows(PASSES) == []
    assert httpx.get(shared).status_code == 404


def test_at_rest_lies_neither_a_pass_nor_a_link(phones: PhoneOffice) -> None:
    answer = made(phones)
    read = zxingcpp.read_barcode(picture(answer.text).convert("L"))
    assert read is not None
    folder = Path(str(phones.open.county.database.writer.url.database)).parent
    kept = b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
    for secret in (read.text, shared_in(answer)[-22:], phones.link(YT)[-22:]):
        assert secret.encode() not in kept
