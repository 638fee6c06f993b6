"""The carrier of messages: what our adapter makes of its answers, and its page of what was sent."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Response

from cloud_sync.partners.notify.counterpart import LEDGER, Carrier, make_app
from cloud_sync.partners.notify.http_adapter import HttpNotifyAdapter
from cloud_sync.partners.notify.port import Answer, Arrival, Channel, Message, Outcome, Receipt
from edge.guard import unruled
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.support.serving import serve

LINK = "http://127.0.0.1:8602/m/abcdefghijklmnopqrstuv"
NUMBER = "13800133865"


def message(key: str = "n1-sms", channel: Channel = Channel.SMS) -> Message:
    return Message(key=key, channel=channel, number=NUMBER, text=f"您有 1 件包裹 {LINK}")


@contextmanager
def carrier_in(folder: Path) -> Iterator[tuple[Carrier, str]]:
    carrier = Carrier(folder)
    with serve(make_app(carrier)) as address:
        yield carrier, address


def test_a_key_is_taken_once_also_after_a_start(tmp_path: Path) -> None:
    for _start in range(2):
        with carrier_in(tmp_path) as (carrier, address):
            adapter = HttpNotifyAdapter(address)
            assert adapter.send(message()) == Answer(outcome=Outcome.TAKEN)
            assert adapter.send(message()).outcome is Outcome.TAKEN
            assert list(carrier.taken) == ["n1-sms"]
    ledger = (tmp_path / LEDGER).read_text(encoding="utf-8")
    assert ledger.count("\n") == 1
    assert NUMBER not in ledger


@pytest.mark.parametrize(
    ("channel", "fault", "who", "outcome"),
    [
        (Channel.SMS, "invalid_number", "3865", Outcome.NOBODY),
        (Channel.SMS, "invalid_number", "0000", Outcome.TAKEN),
        (Channel.SMS, "unfollowed", "*", Outcome.TAKEN),
        (Channel.WECHAT, "unfollowed", "*", Outcome.NOBODY),
        (Channel.VOICE, "switched_off", "*", Outcome.NOBODY),
        (Channel.SMS, "gone", "*", Outcome.UNKNOWN),
        (Channel.SMS, "lost_answer", "*", Outcome.UNKNOWN),
    ],
)
def test_what_is_not_clearly_yes_or_no_is_unknown(
    tmp_path: Path, channel: Channel, fault: str, who: str, outcome: Outcome
) -> None:
    with carrier_in(tmp_path) as (_carrier, address):
        httpx.post(f"{address}/faults", json={fault: [who]}).raise_for_status()
        assert HttpNotifyAdapter(address).send(message(channel=channel)).outcome is outcome


def test_a_carrier_that_is_not_there_or_says_nothing_is_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        answer = HttpNotifyAdapter(address, patience_s=0.2).send(message())
    assert answer == Answer(outcome=Outcome.UNKNOWN, why="ReadTimeout")
    assert HttpNotifyAdapter(address).send(message()).why == "ConnectError"


def test_receipts_are_fetched_after_the_last_that_is_known_also_after_a_start(
    tmp_path: Path,
) -> None:
    with carrier_in(tmp_path) as (_carrier, address):
        adapter = HttpNotifyAdapter(address)
        adapter.send(message())
        assert adapter.receipts(0) == (
            Receipt(number=1, key="n1-sms", arrival=Arrival.DELIVERED, why=""),
        )
        assert adapter.receipts(1) == ()
    with carrier_in(tmp_path) as (_carrier, address):
        httpx.post(f"{address}/faults", json={"undelivered": ["3865"]}).raise_for_status()
        adapter = HttpNotifyAdapter(address)
        adapter.send(message("n2-voice", Channel.VOICE))
        assert adapter.receipts(1) == (
            Receipt(number=2, key="n2-voice", arrival=Arrival.FAILED, why="switched_off"),
        )
        httpx.post(f"{address}/faults", json={"gone": ["*"]}).raise_for_status()
        assert adapter.receipts(0) == ()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"[]",
        b'{"receipts": [{"number": 0, "key": "n1-sms", "result": "delivered"}]}',
        b'{"receipts": [{"number": 1, "key": "n1-sms", "result": "perhaps"}]}',
        b'{"receipts": [{"number": "1"}]}',
    ],
)
def test_what_is_no_list_of_receipts_is_none_and_breaks_nothing(said: bytes) -> None:
    app = FastAPI()
    app.get("/receipts")(lambda: Response(said))
    with serve(app) as address:
        assert HttpNotifyAdapter(address).receipts(0) == ()


def test_a_message_shows_neither_number_nor_text_when_it_is_printed() -> None:
    assert NUMBER not in repr(message())
    assert LINK not in repr(message())


def test_every_route_has_a_rule_and_strangers_names_are_refused(tmp_path: Path) -> None:
    assert unruled(make_app(Carrier(tmp_path))) == []
    with carrier_in(tmp_path) as (_carrier, address):
        answer = httpx.get(address, headers={"host": "evil.example"})
        assert answer.status_code == 400
        assert httpx.get(f"{address}/healthz").json() == {"taken": 0}


@pytest.mark.browser
def test_the_page_shows_what_villagers_got_with_a_link_to_click(tmp_path: Path) -> None:
    with carrier_in(tmp_path) as (_carrier, address), open_chromium() as browser:
        with open_page(browser, address, width=390, height=700) as page:
            assert "还没有人收到" in page.locator("main").inner_text()
        HttpNotifyAdapter(address).send(message())
        with open_page(browser, address, width=390, height=700) as page:
            assert page.locator("article a").get_attribute("href") == LINK
            assert "…3865" in page.locator("article").inner_text()
            assert NUMBER not in page.content()
            assert page.evaluate("document.documentElement.scrollWidth") == 390
            assert_accessible(page)
            save_screen(page, "messages")
