"""M9 投诉帮助: who has a link writes to the county, gets a receipt and reads the answer."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from cloud_sync.county.complaints.asks import complaint_asks
from cloud_sync.county.complaints.book import MOST_OPEN, MOST_TEXT, answer_to, complain
from cloud_sync.county.mobile.door import MOST_FORM
from cloud_sync.county.recipients.book import KEPT_MS, drop_numbers, keep_phones
from cloud_sync.county.recipients.person import erase, told_of
from cloud_sync.county.tables import COMPLAINT_ANSWERS, COMPLAINTS, RECIPIENTS
from edge.cli import app
from tests.county.phones import HIS, MINE, VAULT, PhoneOffice, open_phones
from tests.county.stream_ends import Near
from tests.county.test_mobile import SF, YT, stored, text_of
from tests.county.test_recipients import phone_of
from tests.county.test_stream_asked import running
from tests.county.village import NOON_MS

GOOD = {"kind": "damaged", "waybill_no": YT, "said": "盒子压坏了\r\n鸡蛋碎了"}


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[PhoneOffice]:
    with open_phones(tmp_path) as phones:
        stored(phones)
        yield phones


def send(link: str, **form: str) -> httpx.Response:
    return httpx.post(f"{link}/help", data={**GOOD, **form}, follow_redirects=True)


def kept(phones: PhoneOffice) -> int:
    return len(phones.open.county.rows(COMPLAINTS))


def answered(phones: PhoneOffice, number: str, answer: str = "赔您一盒。") -> str:
    with phones.open.county.database.write() as connection:
        return answer_to(connection, number, answer, "王芳", phones.wall_ms)


def test_m9_from_the_list_to_a_receipt_and_the_answer(phones: PhoneOffice) -> None:
    link = phones.link(YT)
    assert f'href="{link.removeprefix(phones.open.address)}/help"' in httpx.get(link).text
    answer = send(link)
    assert (answer.status_code, len(answer.history)) == (200, 1), "a reload sends nothing again"
    receipt = re.search(r"回执号 (\d{6})", text_of(answer))
    assert receipt is not None
    for words in ("已收到", "损坏", "…3456", "鸡蛋碎了", "Received"):
        assert words in text_of(answer)
    assert answered(phones, receipt[1]) == ""
    said = text_of(httpx.get(f"{link}/help?print=big"))
    assert ("已答复" in said, "赔您一盒。" in said, "已收到" in said) == (True, True, False)
    assert "王芳" not in said, "who answered is the county's own matter"


def test_m9_nobody_reads_what_another_wrote(phones: PhoneOffice) -> None:
    phones.addressed({SF: HIS})
    send(phones.link(YT))
    assert "鸡蛋" not in text_of(httpx.get(f"{phones.link(SF)}/help"))


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"said": " \r\n "}, "还没写"),
        ({"said": "长" * (MOST_TEXT + 1)}, "最多 300 字"),
        ({"kind": "praise"}, "请先选是什么事"),
        ({"kind": ""}, "请先选是什么事"),
        ({"waybill_no": SF}, "这件不在您的包裹里"),
    ],
    ids=["empty", "too long", "unknown kind", "no kind", "another's parcel"],
)
def test_m9_what_is_no_complaint_is_refused_in_words_and_not_kept(
    phones: PhoneOffice, form: dict[str, str], words: str
) -> None:
    phones.addressed({SF: HIS})
    refused = send(phones.link(YT), **form)
    assert refused.status_code == 409
    assert words in text_of(refused)
    assert kept(phones) == 0
    assert ("鸡蛋碎了" in refused.text) is ("said" not in form), "nobody writes it twice"


def test_m9_so_long_as_may_be_written_fits_the_form(phones: PhoneOffice) -> None:
    assert send(phones.link(YT), said="长" * MOST_TEXT).status_code == 200
    assert kept(phones) == 1


def test_m9_sent_twice_it_is_one_and_a_flood_ends_at_so_many_open(phones: PhoneOffice) -> None:
    link = phones.link(YT)
    for number in (0, *range(MOST_OPEN)):
        assert send(link, said=f"第{number}次").status_code == 200
    refused = send(link, said="再一次")
    assert (refused.status_code, kept(phones)) == (409, MOST_OPEN)
    assert "还没答复" in text_of(refused)
    answered(phones, phones.open.county.rows(COMPLAINTS)[0]["complaint"])
    assert send(link, said="再一次").status_code == 200


def test_m9_an_unknown_link_too_big_a_form_or_a_busy_county_keeps_nothing(
    phones: PhoneOffice,
) -> None:
    link = phones.link(YT)
    wrong = link[:-1] + ("A" if link[-1] != "A" else "B")
    assert send(wrong).status_code == 404
    assert httpx.get(f"{wrong}/help").status_code == 404
    big = send(link, said="x" * MOST_FORM)
    assert big.status_code == 413
    assert "没有收下" in text_of(big)
    phones.busy = True
    assert send(link).status_code == 503
    assert kept(phones) == 0


def test_m9_what_moves_a_terminal_is_not_kept_nor_is_markup_run(phones: PhoneOffice) -> None:
    answer = send(phones.link(YT), said="a\x1b[2Jb<script>")
    (row,) = phones.open.county.rows(COMPLAINTS)
    assert row["said"] == "a [2Jb<script>"
    assert "<script" not in answer.text


def test_m9_told_to_the_person_and_gone_when_they_are_erased_or_forgotten(
    phones: PhoneOffice,
) -> None:
    database = phones.open.county.database
    phones.addressed({SF: HIS})
    for waybill_no in (YT, SF):
        send(phones.link(waybill_no), waybill_no="")
    for row in phones.open.county.rows(COMPLAINTS):
        answered(phones, row["complaint"])
    with database.write() as connection:
        told = told_of(connection, VAULT, phone_of(MINE))
        assert told is not None
        (mine,) = told["complaints"]
        assert (mine["about"], mine["answer"]) == ("damaged", "赔您一盒。")
        assert "王芳" not in json.dumps(told, ensure_ascii=False)
        erase(connection, VAULT, phone_of(MINE))
    assert (kept(phones), len(phones.open.county.rows(COMPLAINT_ANSWERS))) == (1, 1)
    with database.write() as connection:
        drop_numbers(connection, NOON_MS + 5 * KEPT_MS)
    assert (kept(phones), len(phones.open.county.rows(COMPLAINT_ANSWERS))) == (0, 0)


def test_m9_who_was_erased_meanwhile_leaves_no_complaint(phones: PhoneOffice) -> None:
    with phones.open.county.database.write() as connection:
        assert complain(connection, "nobody", {**GOOD, "waybill_no": ""}, (), 1) == "mobile.nobody"
    assert kept(phones) == 0


def cunyi(*words: str) -> str:
    done = CliRunner().invoke(app, ["county", "complaints", *words])
    return done.output + str(done.exception or "")


def test_m9_by_command_operators_see_what_is_open_and_answer_it_once(tmp_path: Path) -> None:
    near = Near(tmp_path / "county")
    folder = str(near.folder)
    with near.database.write() as connection:
        keep_phones(connection, VAULT, "t-3", {YT: phone_of(MINE)}, NOON_MS)
        recipient = connection.execute(RECIPIENTS.select()).one().recipient
        assert complain(connection, recipient, GOOD, {YT}, NOON_MS) == ""
        number = connection.execute(COMPLAINTS.select()).one().complaint
    asks = complaint_asks(near.desk, near.database, lambda: NOON_MS + 7_200_000)
    with running(near, asks):
        listed = cunyi("list", folder)
        assert f"{number}  2 h  2026-11-24T12:00+08:00  damaged  {YT}" in listed
        assert "鸡蛋碎了\n1 open." in listed
        answer = ("--answer", "赔您一盒。", "--operator", "王芳")
        assert "no complaint 1" in cunyi("answer", folder, "1", *answer)
        assert "say the answer" in cunyi(
            "answer", folder, number, "--answer", " ", "--operator", "王芳"
        )
        long = "长" * (MOST_TEXT + 1)
        assert "300 letters" in cunyi("answer", folder, number, "--answer", long, *answer[2:])
        assert f"Answered: {number}." in cunyi("answer", folder, number, *answer)
        assert "answered already, by 王芳" in cunyi("answer", folder, number, *answer)
        assert "0 open." in cunyi("list", folder)
