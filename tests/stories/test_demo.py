"""`cunyi demo` as a machine and as a person with Ctrl-C would use it."""

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from edge.tools.children import cunyi
from edge.tools.people import wait_for

pytestmark = pytest.mark.story


def run_story(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        cunyi("demo", "--story", *options), check=False, capture_output=True, text=True, timeout=80
    )


@pytest.mark.slow
@pytest.mark.parametrize("time", [1, 2, 3])
def test_the_story_ends_well_three_times_in_a_row(time: int) -> None:
    done = run_story()
    assert done.returncode == 0, f"time {time}: {done.stdout}{done.stderr}"
    assert "each once, hash by hash" in done.stdout


def test_the_story_ends_well_with_the_broker_killed_and_wiped_midway() -> None:
    done = run_story("--wipe-broker")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "killed and wiped" in done.stdout
    assert "each once, hash by hash" in done.stdout


@pytest.mark.slow
def test_a_kept_folder_can_be_played_again(tmp_path: Path) -> None:
    first = run_story("--folder", str(tmp_path))
    again = run_story("--folder", str(tmp_path))
    assert (first.returncode, again.returncode) == (0, 0), again.stdout + again.stderr


@pytest.mark.slow
def test_ctrl_c_ends_the_demo_and_everything_it_started(tmp_path: Path) -> None:
    log = tmp_path / "out"
    with log.open("wb") as out:
        demo = subprocess.Popen(
            cunyi("demo", "--port", "0", "--folder", str(tmp_path / "data")),
            stdout=out,
            stderr=out,
        )
    try:
        text = wait_for(
            "the addresses",
            lambda: said if "Ctrl-C" in (said := log.read_text()) else None,
            within_s=30,
        )
        assert len(set(re.findall(r"http://127\.0\.0\.1:(\d+)", text))) == 4
        children = children_of(demo.pid)
        assert len(children) == 5
        demo.send_signal(signal.SIGINT)
        assert demo.wait(20) == 0
    finally:
        demo.kill()
        demo.wait()
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []
    assert "Traceback" not in log.read_text()


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            cunyi("demo", "--port", str(port)),
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr.strip().count("\n") == 0
    assert f"port {port} is in use" in done.stderr


def children_of(pid: int) -> list[int]:
    listing = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listing.split() if int(child) != os.getpid()]
