"""`cunyi sync`: how it stands, what happens, and asking anew; with a daemon and without."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from cloud_sync.wire.messages import Ack, Message, Welcome
from edge import cli
from edge.daemon.county.sync_asks import ASKS, SyncAsks
from edge.daemon.front import LinkView, RoomView
from edge.daemon.local_socket import SOCKET, answer_locally
from edge.kernel.errors import StoreError
from edge.kernel.time import Instant
from edge.tools import sync
from tests.daemon.parts import opened, until
from tests.store.journals import fill, new_journal
from tests.sync.house import House, MemoryJournal

pytestmark = pytest.mark.anyio
NOON_MS = 1_795_492_800_000


class Daemon:
    """A session over a pipe in memory, which answers on the local socket of a real folder."""

    def __init__(self) -> None:
        self.journal = MemoryJournal()
        for _fact in range(12):
            self.journal.write()
        self.house = House(self.journal)
        self.link = LinkView(online=False, waiting=12, since_ms=NOON_MS)
        self.wall_hi_ms: int | None = None
        self.asks = SyncAsks(
            session=self.house.session,
            link=lambda: self.link,
            room=lambda: RoomView(free_bytes=900_000, daily_bytes=1_000),
            state_seq=lambda: 7,
            oldest_seq=lambda: 1,
            now=self._now,
        )

    def _now(self) -> Instant:
        mono_ms = self.house.now_ms
        return Instant(
            boot=1, mono_ms=mono_ms, wall_lo_ms=NOON_MS + mono_ms, wall_hi_ms=self.wall_hi_ms
        )

    def welcome(self, verdict: str = "ok", applied: int = 3) -> None:
        """The county answers the last HELLO."""
        message: Message = Welcome(
            nonce=self.house.pipe.hello().nonce,
            session="s1",
            county_gen="g1",
            verdict=verdict,
            applied=self.journal.place(applied),
            durable_seq=1,
            county_time_ms=NOON_MS,
            snapshot_seq=2,
        )
        self.house.pipe.deliver(message)


@asynccontextmanager
async def daemon_on(folder: Path) -> AsyncIterator[Daemon]:
    daemon = Daemon()
    async with opened(folder) as (store, thread):
        more = dict.fromkeys(ASKS, daemon.asks.answers)
        tasks = [
            asyncio.create_task(answer_locally(folder, store, thread, more)),
            asyncio.create_task(daemon.house.session.run()),
        ]
        await until((folder / SOCKET).exists)
        await daemon.house.settle()
        yield daemon
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def test_the_status_of_a_running_station_begins_with_the_verdict(tmp_path: Path) -> None:
    async with daemon_on(new_journal(tmp_path)) as daemon:
        daemon.house.pipe.rise()
        await daemon.house.settle()
        daemon.welcome(applied=12)
        await daemon.house.settle()
        daemon.link = LinkView(online=True, waiting=0, since_ms=NOON_MS)
        status = await asyncio.to_thread(sync.sync_status, tmp_path)
    assert (status["online"], status["waiting"], status["durable_seq"]) == (True, 0, 1)
    assert sync.status_lines(status, "zh") == [
        "和县中心连着，2026-11-24 12:00:00 起",
        "不用做什么。",
        "本站记录到第 12 条（第 1 期）",
        "县里已存到第 12 条",
        "其中第 1 条以前不会再丢",
        "待上传 0 条",
        "站上最早留着第 1 条",
        "县里有快照到第 2 条",
        "县里下发的已存到第 7 条",
        "还够存 900 天",
        "时钟：还没有县里校过，只知道不早于现在显示的时间",
    ]


async def test_a_station_that_is_offline_says_since_when_and_what_waits(tmp_path: Path) -> None:
    async with daemon_on(new_journal(tmp_path)) as daemon:
        daemon.wall_hi_ms = NOON_MS + 60_000
        status = await asyncio.to_thread(sync.sync_status, tmp_path)
    lines = sync.status_lines(status, "en")
    assert lines[0] == "No contact with the county since 2026-11-24 12:00:00"
    assert "12 wait to be sent" in lines
    assert lines[-1] == "Clock: told by the county"


async def test_a_station_that_was_never_enrolled_is_not_taken_for_one_without_a_network(
    tmp_path: Path,
) -> None:
    async with daemon_on(new_journal(tmp_path)) as daemon:
        daemon.link = LinkView(online=False, waiting=12, verdict="not_enrolled")
        status = await asyncio.to_thread(sync.sync_status, tmp_path)
    assert sync.status_lines(status, "zh")[0] == "本站还没登记到县中心"


async def test_a_refusal_says_what_to_do(tmp_path: Path) -> None:
    async with daemon_on(new_journal(tmp_path)) as daemon:
        daemon.house.pipe.rise()
        await daemon.house.settle()
        daemon.welcome(verdict="rollback")
        await daemon.house.settle()
        status = await asyncio.to_thread(sync.sync_status, tmp_path)
    assert sync.status_lines(status, "en")[:2] == [
        "The records here are older than the county's: was the card changed or put back?",
        "Hand parcels out yourself, check none in. Call the county; do not change the card again.",
    ]


async def test_without_a_daemon_the_card_tells(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=1)
    status = sync.sync_status(tmp_path)
    assert status["daemon"] is False
    assert status["head_seq"] == status["waiting"] == 8
    lines = sync.status_lines(status, "zh")
    assert lines[0] == "站点没有在运行：下面是存储卡上的情况"
    assert "待上传 8 条" in lines


async def test_the_tail_tells_what_was_and_what_comes(tmp_path: Path) -> None:
    async with daemon_on(new_journal(tmp_path)) as daemon:
        lines: Iterator[str] = sync.sync_tail(tmp_path)
        daemon.house.pipe.rise()
        await daemon.house.settle()
        first = [await asyncio.to_thread(next, lines) for _one in range(2)]
        daemon.welcome()
        await daemon.house.settle()
        then = [await asyncio.to_thread(next, lines) for _one in range(2)]
        place = daemon.journal.place(12)
        ack = Ack(session="s1", county_gen="g1", applied=place, durable_seq=1, note="")
        daemon.house.pipe.deliver(ack)
        await daemon.house.settle()
        last = await asyncio.to_thread(next, lines)
    said = [line[20:] for line in (*first, *then, last)]
    assert said[0] == "LINK UP"
    assert said[1] == "HELLO      head 12"
    assert said[2] == "WELCOME    verdict ok, applied 3"
    assert said[3].startswith("BATCH      after 3, 9 facts, ")
    assert said[4] == "ACK        applied 12, durable 1"


async def test_resend_says_hello_anew_and_moves_no_mark_by_itself(tmp_path: Path) -> None:
    async with daemon_on(new_journal(tmp_path)) as daemon:
        daemon.house.pipe.rise()
        await daemon.house.settle()
        daemon.welcome(applied=12)
        await daemon.house.settle()
        before = daemon.house.pipe.hello().nonce
        kept = daemon.journal.kept
        asked = asyncio.create_task(
            asyncio.to_thread(lambda: list(sync.sync_resend(tmp_path, "zh")))
        )
        await until(lambda: daemon.house.pipe.hello().nonce != before)
        assert daemon.journal.kept == kept
        daemon.welcome(applied=3)  # the county was put back
        lines = await asked
        await daemon.house.settle()
        assert daemon.journal.kept.applied_seq == 3
    assert lines[0] == "HELLO      head 12"
    assert lines[-1] == "已重新问过县中心：和县中心连着"


async def test_resend_without_a_link_says_so(tmp_path: Path) -> None:
    async with daemon_on(new_journal(tmp_path)):
        lines = await asyncio.to_thread(lambda: list(sync.sync_resend(tmp_path, "zh")))
    assert lines == ["消息通道断着，连上后会自己重新问"]


async def test_tail_and_resend_need_a_running_station(tmp_path: Path) -> None:
    new_journal(tmp_path)
    with pytest.raises(StoreError, match="no station runs on"):
        next(sync.sync_tail(tmp_path))
    with pytest.raises(StoreError, match="no station runs on"):
        next(sync.sync_resend(tmp_path, "zh"))


@pytest.mark.parametrize("ask", ["status", "tail", "resend"])
def test_a_folder_that_is_no_stations_is_told_so_and_gets_nothing_into_it(
    ask: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    for name in ("file", "folder", "nowhere"):
        monkeypatch.setattr(sys, "argv", ["cunyi", "sync", ask, str(tmp_path / name)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 2
        assert capsys.readouterr().err == f"cunyi: there is no journal in {tmp_path / name}\n"
    assert list((tmp_path / "folder").iterdir()) == []


def test_the_command_prints_lines_or_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    new_journal(tmp_path)

    def cunyi(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["cunyi", "sync", *arguments])
        with pytest.raises(SystemExit):
            cli.main()
        return capsys.readouterr().out

    assert cunyi("status", str(tmp_path), "--language", "en").splitlines()[0] == (
        "The station does not run: this is what its card says"
    )
    assert json.loads(cunyi("status", str(tmp_path), "--json"))["head_seq"] == 0
