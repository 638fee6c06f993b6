"""Screens that follow what happens."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

from edge.web.kiosk_screen import KioskView, kiosk_view
from edge.web.live import screens
from edge.web.snapshot import look_at
from tests.web.support.browserless import Visitor
from tests.web.support.parcels import TAIL, check_in, shut
from tests.web.support.village import Village, eventually, open_village


def test_a_stream_begins_with_the_screen_as_it_is(visitor: Visitor) -> None:
    with visitor.listening("/events/kiosk") as stream:
        first = stream.until("screen", "home")
    assert first == visitor.get("/api/kiosk/screen")


def test_a_kiosk_follows_the_visit_without_asking(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    cell = check_in(village, keeper)
    with visitor.listening("/events/kiosk") as stream:
        stream.until("screen", "home")
        visitor_too = Visitor(village.address)
        visitor_too.ask("/api/kiosk/code", phone_tail=TAIL, digits=village.paper.code())
        visitor_too.http.close()
        assert stream.until("screen", "open")["door"]["cell"] == cell
        shut(village, cell)
        stream.until("screen", "thanks")
        village.clock.forward(31)
        eventually(lambda: stream.screens[-1]["screen"] == "home", "home by itself")


def test_the_same_screen_is_not_sent_twice(village: Village) -> None:
    drawn: list[KioskView] = []
    sent: list[str] = []

    def draw() -> KioskView:
        drawn.append(replace(kiosk_view(look_at(village.front), "zh"), time=""))
        return drawn[-1]

    async def listen() -> None:
        async for event in screens(village.front, draw):
            sent.append(event.raw_data or "")  # noqa: PERF401 - each as it comes

    listening = asyncio.run_coroutine_threadsafe(listen(), village.loop)
    for seen in range(1, 4):
        eventually(lambda: len(drawn) >= seen, "another look")  # noqa: B023 - used at once
        village.ring()
    village.set_link(online=True)
    eventually(lambda: drawn[-1].link.online, "the link")
    listening.cancel()
    assert len(drawn) > 3
    assert len(sent) == 2


def test_the_keepers_stream_shows_the_link_with_waiting_facts(
    village: Village, keeper: Visitor
) -> None:
    with keeper.listening("/events/keeper") as stream:
        stream.until("signed_in", value=True)
        village.set_link(online=False, waiting=12)
        eventually(lambda: stream.screens[-1]["link"]["waiting"] == 12, "the waiting facts")
        assert stream.screens[-1]["link"]["text"] == "断网，已存 12 条，照常用"


def test_signing_out_ends_the_keepers_stream(village: Village, keeper: Visitor) -> None:
    with keeper.listening("/events/keeper") as stream:
        stream.until("signed_in", value=True)
        other = Visitor(village.address)
        other.http.cookies = keeper.http.cookies
        other.refresh_token()
        other.ask("/api/keeper/sign-out")
        other.http.close()
        eventually(lambda: stream.ended, "the stream to end")


def test_a_station_with_open_streams_stops_within_two_seconds(tmp_path: Path) -> None:
    with open_village(tmp_path / "station") as village:
        visitor = Visitor(village.address)
        with visitor.listening("/events/kiosk") as stream:
            stream.until("screen", "home")
            began = time.monotonic()
            village.loop.call_soon_threadsafe(village.stop.set)
            eventually(lambda: stream.ended, "the stream to end")
            took = time.monotonic() - began
        visitor.http.close()
    assert took < 2
