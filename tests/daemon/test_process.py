"""The daemon as a process: up, asked, told to end, and gone in time with pages open."""

import asyncio
import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from edge.settings import read_settings
from edge.tools.children import Child, answers, cunyi
from edge.tools.doctor import Grade, examine
from edge.tools.journal import verify
from edge.words import say
from hardware.twins.bench import Bench
from tests.daemon.parts import station_in
from tests.support.station import pingshang

UP_WITHIN_S = 20.0
ENDS_WITHIN_S = 8.0
"""Two seconds are promised; a busy test machine gets more."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pingshang(tmp_path / "station", twins=tmp_path / "bench")
    return tmp_path / "station"


class Process(Child):
    """A station's process whose end is looked at."""

    def ended_with(self) -> int:
        """Wait for the end; the exit code."""
        assert self._process is not None
        return self._process.wait(ENDS_WITHIN_S)

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)


@pytest.fixture
def station(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    monkeypatch.setenv("NOTIFY_SOCKET", str(folder.parent / "notify"))
    process = Process(
        "the station", cunyi("station", "run", str(folder)), folder.parent / "station.log"
    )
    yield process
    process.end()


def address(folder: Path) -> str:
    return f"http://127.0.0.1:{read_settings(folder).web.port}"


def test_sigterm_ends_it_cleanly_with_pages_open_and_systemd_hears_all_of_it(
    folder: Path, station: Process
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd, ExitStack() as pages:
        systemd.bind(str(folder.parent / "notify"))
        systemd.settimeout(UP_WITHIN_S)
        station.start()
        assert systemd.recv(100) == b"READY=1"
        station.wait_until(lambda: answers(f"{address(folder)}/healthz"), UP_WITHIN_S)
        client = pages.enter_context(httpx.Client(base_url=address(folder), timeout=UP_WITHIN_S))
        lines = []  # a dropped iterator would close its page
        for _ in range(3):
            page = pages.enter_context(client.stream("GET", "/events/kiosk"))
            lines.append(page.iter_lines())
            assert next(lines[-1]) == "event: screen"
        told = time.monotonic()
        station.signal(signal.SIGTERM)
        assert station.ended_with() == 0, station.last_words()
        took_s = time.monotonic() - told
        assert systemd.recv(100) == b"STOPPING=1"
    assert took_s < ENDS_WITHIN_S
    assert verify(folder).problems == ()
    assert not (folder / "daemon.sock").exists()


async def _check_one_in(folder: Path) -> None:
    async with station_in(folder) as rig:
        await rig.begin_check_in()
        await rig.check_in()


def test_sigterm_does_not_wait_for_a_stuck_printer_and_its_slip_comes_again_as_a_copy(
    folder: Path, station: Process
) -> None:
    asyncio.run(_check_one_in(folder))
    pipe, file = folder.parent / "stuck-printer", folder / "station.toml"
    os.mkfifo(pipe)
    handle = os.open(pipe, os.O_RDWR)
    fcntl.fcntl(handle, fcntl.F_SETPIPE_SZ, 4_096)
    whole = file.read_text(encoding="utf-8")
    assert f"twin:{folder.parent}/bench/printer" in whole
    file.write_text(whole.replace(f"twin:{folder.parent}/bench/printer", f"file:{pipe}"), "utf-8")
    station.start()
    station.wait_until(lambda: _bytes_in(handle) > 3_000, UP_WITHIN_S)  # no room for the rest
    station.signal(signal.SIGTERM)
    assert station.ended_with() == 0, station.last_words()
    os.close(handle)

    file.write_text(whole, encoding="utf-8")
    with Bench(folder.parent / "bench") as bench:
        station.start()
        station.wait_until(lambda: len(bench.printer.slips) == 1, UP_WITHIN_S)
        assert say("slip.copy", "zh") in bench.printer.slips[0].text


def _bytes_in(handle: int) -> int:
    return int.from_bytes(fcntl.ioctl(handle, termios.FIONREAD, bytes(4)), sys.byteorder)


def test_a_second_one_on_the_folder_is_one_clear_line_and_exit_code_2(
    folder: Path, station: Process
) -> None:
    station.start()
    station.wait_until(lambda: answers(f"{address(folder)}/healthz"), UP_WITHIN_S)
    second = Process("the second", cunyi("station", "run", str(folder)), folder.parent / "second")
    second.start()
    assert second.ended_with() == 2
    assert re.fullmatch(
        rf"cunyi: .* is held by another cunyi \(process {station.pid}\)\. .*", second.last_words()
    )
    assert answers(f"{address(folder)}/healthz")


def test_while_it_runs_journal_and_doctor_ask_it(folder: Path, station: Process) -> None:
    station.start()
    station.wait_until(lambda: answers(f"{address(folder)}/healthz"), UP_WITHIN_S)
    looked = subprocess.run(
        cunyi("journal", "verify", str(folder)), capture_output=True, text=True, check=True
    )
    assert looked.stdout.startswith("1 facts, epoch 1, head ")
    assert looked.stdout.endswith("journal is clean\n")
    findings = {finding.id: finding for finding in examine(folder)}
    assert findings["journal"].found() == "1 facts, epoch 1, whole"
    assert findings["station"].found() == (
        f"process {station.pid} answers at {address(folder)[7:]}"
    )
    assert findings["device.lock-board-1"].next_step() == "Not connected. Check the cable."
    assert findings["doors"].found() == "24 cannot be seen"
    assert (findings["county"].grade, findings["county"].found()) == (
        Grade.WARN,
        "does not answer; 1 facts wait here",
    )


def test_a_killed_one_is_followed_by_a_whole_one(folder: Path, station: Process) -> None:
    station.start()
    station.wait_until(lambda: answers(f"{address(folder)}/healthz"), UP_WITHIN_S)
    station.kill()
    assert (folder / "daemon.sock").exists()  # nobody tidied up
    station.start()
    station.wait_until(lambda: answers(f"{address(folder)}/healthz"), UP_WITHIN_S)
    report = verify(folder)
    assert report.problems == ()
    assert report.facts == 2  # two starts


def test_an_end_in_order_is_stored_so_that_it_counts_as_no_fall(
    folder: Path, station: Process
) -> None:
    for facts in (3, 6, 9, 12):
        station.start()
        station.wait_until(lambda: answers(f"{address(folder)}/healthz"), UP_WITHIN_S)
        station.signal(signal.SIGTERM)
        assert station.ended_with() == 0, station.last_words()
        assert verify(folder).facts == facts  # a start, its end and its snapshot; no rest
