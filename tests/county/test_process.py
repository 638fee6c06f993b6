"""The county as a process on a real broker: killed, wiped, restarted, and ended cleanly."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from cloud_sync.county.settings import NewCounty, make_county
from cloud_sync.wire.messages import Ack
from edge.tools.broker import Broker
from edge.tools.children import Child, cunyi, free_ports
from tests.county.offices import alarms
from tests.county.speaker import Speaker
from tests.county.village import Village, until
from tests.support.broker import running_broker
from tests.support.keys import enrol_in
from tests.support.serving import free_socket

PATIENCE_S = 20.0
WAYBILL = "YT7700123456"


class Center:
    """`cunyi county run` on a folder."""

    def __init__(self, folder: Path, broker: str) -> None:
        self.port = free_ports(1)[0]
        self.folder = folder
        wanted = NewCounty(county="shangyou", name="上犹县", broker=broker, web_port=self.port)
        make_county(folder, wanted)
        self.codec = enrol_in(folder, "pingshang")
        self.child = Child("the county", cunyi("county", "run", str(folder)), folder / "log")

    def start(self) -> None:
        self.child.start()
        self.child.wait_until(self.up, PATIENCE_S)

    def up(self) -> bool:
        try:
            return self.get("/healthz").status_code in {200, 503}
        except httpx.TransportError:
            return False

    def web(self) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=5)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=5)

    def facts(self) -> list[int]:
        return [fact["seq"] for fact in self.get("/api/facts?limit=1000").json()["facts"]]

    def value(self, metric: str) -> float:
        for line in self.get("/metrics").text.splitlines():
            if line.startswith(f"{metric} "):
                return float(line.rsplit(" ", 1)[1])
        return 0.0


@contextmanager
def running_center(folder: Path, broker: Broker) -> Iterator[Center]:
    center = Center(folder / "county", broker.address)
    center.start()
    try:
        yield center
    finally:
        center.child.end()


@pytest.fixture
def village() -> Village:
    village = Village()
    village.check_in(WAYBILL, 7)
    return village


def test_a_killed_county_and_a_wiped_broker_lose_and_double_nothing(
    tmp_path: Path, village: Village
) -> None:
    with running_broker(tmp_path) as broker, running_center(tmp_path, broker) as center:
        with Speaker(village, broker.port, center.codec) as speaker:
            assert speaker.deliver().applied == village.position(6)

            village.pick_up(WAYBILL, 7)
            center.child.kill()
            speaker.say("up", village.batch("0" * 32, 6))
            center.start()
            assert speaker.deliver().applied == village.position(12)

        broker.kill()
        broker.wipe()
        assert until(lambda: not center.get("/healthz").json()["broker"])
        broker.start()
        village.tell("keeper.signed_out", keeper="li")
        with Speaker(village, broker.port, center.codec) as speaker:
            assert speaker.deliver().applied == village.position(13)

        assert center.facts() == list(range(1, 14))
        assert center.get(f"/api/trace/{WAYBILL}").json()["stage"] == "picked_up"


def test_a_retained_message_and_a_foreign_topic_change_nothing(
    tmp_path: Path, village: Village
) -> None:
    with running_broker(tmp_path) as broker:
        with Speaker(village, broker.port) as speaker:
            speaker.publish("up", b"left behind", retain=True)
        with (
            running_center(tmp_path, broker) as center,
            Speaker(village, broker.port, center.codec) as speaker,
        ):
            speaker.greet()
            assert center.value('cunyi_county_dropped_total{why="retained"}') == 1
            assert center.value('cunyi_county_dropped_total{why="unreadable"}') == 0
            titles = [title for _level, title in alarms(center.web())]
            assert titles == ["有人在消息服务器上给县中心留了消息，没有理会"]

            speaker.publish("up", b"garbage")
            assert isinstance(speaker.deliver(), Ack)
            assert center.value('cunyi_county_dropped_total{why="unreadable"}') == 1


def test_heartbeat_and_goodbye_show_within_moments(tmp_path: Path, village: Village) -> None:
    with running_broker(tmp_path) as broker, running_center(tmp_path, broker) as center:

        def state() -> str:
            return str(center.get("/api/stations/pingshang").json().get("state", ""))

        with Speaker(village, broker.port, center.codec) as speaker:
            speaker.deliver()
            assert until(lambda: state() == "在线")
            speaker.part()
            assert until(lambda: state() == "离线 不到 1 分钟")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_even_with_a_page_open_and_no_broker(
    tmp_path: Path, number: signal.Signals
) -> None:
    center = Center(tmp_path / "county", "mqtt://127.0.0.1:1")
    process = subprocess.Popen(
        cunyi("county", "run", str(center.folder)), stderr=subprocess.PIPE, text=True
    )
    try:
        assert until(center.up, PATIENCE_S)
        with httpx.stream("GET", f"http://127.0.0.1:{center.port}/events", timeout=5) as events:
            lines = events.iter_lines()  # dropped, it would close the page
            assert next(lines) == "event: screen"
            process.send_signal(number)
            _out, errors = process.communicate(timeout=PATIENCE_S)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert "Traceback" not in errors


def test_the_log_tells_the_page_and_once_why_the_broker_is_away(tmp_path: Path) -> None:
    center = Center(tmp_path / "county", "mqtt://127.0.0.1:1")
    with subprocess.Popen(
        cunyi("county", "run", str(center.folder)), stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            said: dict[str, dict[str, Any]] = {}
            while not said.keys() >= {"county_up", "broker_away"}:
                line = json.loads(process.stderr.readline())
                said[line["event"]] = line
            up, away = said["county_up"], said["broker_away"]
        finally:
            process.kill()
    assert up["page"] == f"http://127.0.0.1:{center.port}/"
    assert (away["broker"], away["level"]) == ("127.0.0.1:1", "warning")
    assert 0 < away["again_in_s"] <= away["then_at_most_every_s"]


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    center = Center(tmp_path / "county", "mqtt://127.0.0.1:1")
    with free_socket(port=center.port) as taken:
        taken.listen()
        done = subprocess.run(
            cunyi("county", "run", str(center.folder)),
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    assert done.returncode == 2
    assert f"cunyi: 127.0.0.1:{center.port} cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_of_another_county_is_refused(tmp_path: Path) -> None:
    center = Center(tmp_path / "county", "mqtt://127.0.0.1:1")
    file = center.folder / "county.toml"
    file.write_text(file.read_text("utf-8").replace("shangyou", "ganxian"), "utf-8")
    done = subprocess.run(
        cunyi("county", "run", str(center.folder)),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 2
    assert "the data here belongs to county shangyou" in done.stderr
