"""The watchdog: fed only while the loop and the store both turn over."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from edge.daemon.store_thread import StoreThread
from edge.daemon.watchdog import feed_watchdog, sd_notify
from tests.daemon.parts import until


class Systemd:
    """The other end of NOTIFY_SOCKET: keeps every word in order."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self.words: list[str] = []

    def listen(self) -> list[str]:
        with suppress(BlockingIOError):
            while True:
                self.words.append(self._socket.recv(1_000).decode())
        return self.words

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    listener = Systemd(str(tmp_path / "notify"))
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    yield listener
    listener.close()


def test_words_reach_systemd(systemd: Systemd) -> None:
    sd_notify("READY=1")
    sd_notify("STOPPING=1")
    assert systemd.listen() == ["READY=1", "STOPPING=1"]


def test_words_reach_a_systemd_in_the_abstract_namespace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"@cunyi-test-{tmp_path.name}"
    listener = Systemd(address)
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    sd_notify("READY=1")
    assert listener.listen() == ["READY=1"]
    listener.close()


def test_without_systemd_or_with_a_deaf_one_nothing_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    sd_notify("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    sd_notify("READY=1")
    assert not (tmp_path / "nobody").exists()


@pytest.mark.anyio
async def test_the_dog_is_fed_while_the_store_answers_and_starves_when_it_hangs(
    systemd: Systemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "30000")
    thread = StoreThread()
    feeding = asyncio.create_task(feed_watchdog(thread))
    await until(lambda: len(systemd.listen()) >= 3)

    card_answers = threading.Event()
    hanging = asyncio.create_task(thread.run(card_answers.wait))
    await asyncio.sleep(0.02)  # a word that was under way
    fed = len(systemd.listen())
    await asyncio.sleep(0.1)  # more than three meals
    assert len(systemd.listen()) <= fed + 1

    card_answers.set()
    await hanging
    await until(lambda: len(systemd.listen()) >= fed + 3)
    feeding.cancel()
    assert set(systemd.words) == {"WATCHDOG=1"}
    thread.close()


@pytest.mark.anyio
async def test_without_a_watchdog_the_chore_goes_on_and_says_nothing(
    systemd: Systemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    thread = StoreThread()
    feeding = asyncio.create_task(feed_watchdog(thread))
    await asyncio.sleep(0)
    assert not feeding.done()
    feeding.cancel()
    assert systemd.listen() == []
    thread.close()
