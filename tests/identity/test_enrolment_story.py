"""Real processes: a county, a station and a broker that know nothing of each other, and a code."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import zxingcpp

from cloud_sync.county.settings import NewCounty, make_county
from edge.tools.broker import Broker
from edge.tools.children import Child, answers, cunyi, free_ports
from edge.tools.new_station import NewStation, make_station
from hardware.twins.bench import Bench
from tests.county.village import until
from tests.support.broker import running_broker

PATIENCE_S = 30.0


class Land:
    """A county that runs, a station's folder, and the commands that a person types."""

    def __init__(self, folder: Path, broker: Broker) -> None:
        self.folder = folder
        self.station_folder, self.county_folder = folder / "station", folder / "county"
        self.station_port, self.county_port = free_ports(2)
        self.county_url = f"http://127.0.0.1:{self.county_port}"
        make_county(
            self.county_folder,
            NewCounty(
                county="shangyou",
                name="上犹县",
                broker=broker.address,
                web_port=self.county_port,
            ),
        )
        make_station(
            self.station_folder,
            NewStation(
                county="shangyou",
                station="pingshang",
                name="坪上村驿",
                broker=broker.address,
                web_port=self.station_port,
                twins=folder / "bench",
            ),
        )
        self.county = self._child("county")
        self.station = self._child("station")

    def _child(self, what: str) -> Child:
        command = cunyi(what, "run", str(self.folder / what))
        return Child(f"the {what}", command, self.folder / f"{what}.log")

    def start_county(self) -> None:
        self.county.start()
        self.county.wait_until(lambda: answers(f"{self.county_url}/healthz"), PATIENCE_S)

    def start_station(self) -> None:
        self.station.start()
        address = f"http://127.0.0.1:{self.station_port}/healthz"
        self.station.wait_until(lambda: answers(address), PATIENCE_S)

    def facts(self) -> list[str]:
        """The kinds of all facts that the county has of the station."""
        answer = httpx.get(f"{self.county_url}/api/facts?station=pingshang&limit=1000", timeout=5)
        return [fact["kind"] for fact in answer.json()["facts"]]

    def type(self, *words: str) -> str:
        """What a command says; it must succeed."""
        done = subprocess.run(
            cunyi(*words), check=False, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def land(tmp_path: Path) -> Iterator[Land]:
    with ExitStack() as stack:
        broker = stack.enter_context(running_broker(tmp_path))
        land = Land(tmp_path, broker)
        stack.callback(land.county.end)
        stack.callback(land.station.end)
        yield land


def code_in(said: str) -> str:
    found: str = re.findall(r"^Code: ([0-9A-Z-]{19})$", said, re.MULTILINE)[0]
    return found


def test_a_running_station_is_enrolled_by_the_countys_code_and_delivers_at_once(
    land: Land,
) -> None:
    land.start_county()
    land.start_station()
    said = land.type("county", "enrol", "pingshang", str(land.county_folder))
    land.type(
        "station",
        "enrol",
        str(land.station_folder),
        "--county",
        land.county_url,
        "--code",
        code_in(said),
    )
    assert until(lambda: "station.started" in land.facts(), PATIENCE_S)

    land.type("county", "revoke", "pingshang", str(land.county_folder), "--reason", "stolen")
    land.station.end()
    before = len(land.facts())
    land.start_station()
    assert until(lambda: strangers(land) > 0, PATIENCE_S)
    assert len(land.facts()) == before


def test_the_code_that_a_station_printed_is_typed_at_the_county(land: Land) -> None:
    land.start_county()
    with Bench(land.folder / "bench") as bench:
        asking = subprocess.Popen(
            cunyi("station", "enrol", str(land.station_folder), "--county", land.county_url),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            assert until(lambda: bool(bench.printer.slips), PATIENCE_S), asking.poll()
            (slip,) = bench.printer.slips
            (read,) = zxingcpp.read_barcodes(bench.printer.papers[-1])
            assert "county enrol pingshang" in " ".join(" ".join(slip.text).split())
            land.type("county", "enrol", "pingshang", str(land.county_folder), "--code", read.text)
            told, _nothing = asking.communicate(timeout=PATIENCE_S)
        finally:
            asking.kill()
            asking.wait()
    assert asking.returncode == 0, told
    assert "This station is enrolled" in told
    land.start_station()
    assert until(lambda: "station.started" in land.facts(), PATIENCE_S)


def test_two_files_on_a_stick_do_the_same_without_a_network(land: Land) -> None:
    request, answer = str(land.folder / "request"), str(land.folder / "answer")
    station, county = str(land.station_folder), str(land.county_folder)
    said = land.type("station", "enrol", station, "--request", request)
    files = ("--request", request, "--answer", answer, "--code", code_in(said))
    land.type("county", "enrol", "pingshang", county, *files)
    land.type("station", "enrol", station, "--answer", answer)
    land.start_county()
    land.start_station()
    assert until(lambda: "station.started" in land.facts(), PATIENCE_S)


def strangers(land: Land) -> float:
    """How many frames of a key that nobody knows the county has heard."""
    for line in httpx.get(f"{land.county_url}/metrics", timeout=5).text.splitlines():
        if line.startswith('cunyi_county_dropped_total{why="stranger"} '):
            return float(line.split()[-1])
    return 0.0
