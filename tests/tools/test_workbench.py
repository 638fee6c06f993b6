"""The workbench's API: what hands and scripts may do, and what is turned away."""

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import zxingcpp
from PIL import Image

from edge.domain.parcel import read_waybill
from edge.guard import Rule, ruled_routes, unruled
from edge.kernel.errors import ConfigError
from edge.tools.children import Child, answers, cunyi, free_ports
from edge.tools.people import Hands, StoryError
from edge.tools.workbench.app import make_app, run_workbench
from edge.tools.workbench.counter import made_up_number
from edge.tools.workbench.desk import SAMPLE_HEADS, Desk
from edge.words import WORDS
from firmware_bridge.card_reader import number_is_sound
from hardware.twins.bench import EVERYTHING, Bench, BenchMake
from hardware.twins.faults import Device, Fault
from tests.hardware.test_twin_printer import CUT, INIT, SLIP, TOKEN
from tests.hardware.twin_wire import Wire, eventually
from tests.support.serving import serve


@dataclass
class Place:
    """A served bench with somebody in front of it."""

    folder: Path
    bench: Bench
    address: str
    hands: Hands

    def door(self, channel: int) -> dict[str, Any]:
        found: dict[str, Any] = self.hands.bench()["doors"][channel - 1]
        return found

    def print(self, data: bytes, slips: int) -> None:
        with Wire(self.folder / "printer") as wire:
            wire.write(data)
            assert eventually(lambda: len(self.bench.printer.slips) == slips)


@contextmanager
def open_place(folder: Path, make: BenchMake = EVERYTHING, cells: int = 24) -> Iterator[Place]:
    with (
        Bench(folder, cells, make) as bench,
        serve(make_app(Desk(bench, first=123_456_789))) as address,
        Hands(address) as hands,
    ):
        yield Place(folder, bench, address, hands)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with open_place(tmp_path) as one:
        yield one


@pytest.mark.anyio
async def test_every_route_is_for_whoever_is_at_this_machine(tmp_path: Path) -> None:
    app = make_app(Desk(Bench(tmp_path), first=1))
    assert unruled(app) == []
    public = {"MOUNT /look", "GET,HEAD /openapi.json"}
    others = {rule for name, rule in ruled_routes(app) if name not in public}
    assert others == {Rule.LOCAL}
    transport = httpx.ASGITransport(app, client=("10.0.0.5", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as stranger:
        assert (await stranger.get("/api/bench")).status_code == 403


def test_a_person_forces_a_door_puts_in_takes_out_and_pushes_it_shut(place: Place) -> None:
    assert place.door(7) | {"open": False, "inside": None, "size": "small"} == place.door(7)
    place.hands.act(7, "open")
    assert place.door(7)["forced"]
    place.hands.act(7, "put-in")
    assert place.door(7)["inside"] == "包裹 1"
    place.hands.act(7, "take-out")
    assert place.door(7)["inside"] is None
    place.hands.act(7, "push-shut")
    assert eventually(lambda: not place.door(7)["open"])
    sizes = [door["size"] for door in place.hands.bench()["doors"]]
    assert sizes == ["small"] * 12 + ["medium"] * 8 + ["large"] * 4


def test_what_is_put_in_is_the_parcel_scanned_last_once_and_then_new_ones(place: Place) -> None:
    place.hands.scan("YT7700123456789")
    for channel in (1, 2):
        place.hands.act(channel, "open")
        place.hands.act(channel, "put-in")
    place.hands.post("/api/doors/2/put-in", thing="一把伞")
    assert [place.door(n)["inside"] for n in (1, 2)] == ["YT7700123456789", "包裹 1、一把伞"]


def test_a_scanned_code_leaves_by_the_scanners_cable_and_the_next_samples_are_new(
    place: Place,
) -> None:
    samples = place.hands.bench()["samples"]
    assert samples == [f"{head}123456789" for head in SAMPLE_HEADS]
    with Wire(place.folder / "scanner") as wire:
        place.hands.scan(samples[0])
        assert wire.read(17) == b"YT7700123456789\r\n"
    view = place.hands.bench()
    assert view["scanned"] == ["YT7700123456789"]
    assert not set(view["samples"]) & set(samples)


def test_sample_waybills_are_waybills_to_the_station(place: Place) -> None:
    read = [read_waybill(sample) for sample in place.hands.bench()["samples"]]
    assert read == place.hands.bench()["samples"]


def test_a_printed_slip_is_shown_and_its_code_scanned_from_the_picture(place: Place) -> None:
    place.print(SLIP + INIT + b"no code\n" + CUT, slips=2)
    newest, first = place.hands.bench()["papers"]
    assert (newest["paper"], first["paper"]) == (2, 1)
    assert "4471 9026" in first["text"]
    picture = Image.open(BytesIO(place.hands.get_bytes(first["png"])))
    assert zxingcpp.read_barcodes(picture)[0].text == TOKEN.decode()
    with Wire(place.folder / "scanner") as wire:
        place.hands.post("/api/papers/1/scan")
        assert wire.read(28) == TOKEN + b"\r\n"
    with pytest.raises(StoryError, match=r"409 .*bench\.no_code_on_paper"):
        place.hands.post("/api/papers/2/scan")


def test_a_slip_read_by_the_scanner_is_not_what_goes_into_a_door(place: Place) -> None:
    place.print(SLIP, slips=1)
    place.hands.post("/api/papers/1/scan")
    place.hands.act(3, "open")
    place.hands.act(3, "put-in")
    assert place.door(3)["inside"] == "包裹 1"


def test_faults_are_switched_per_device_and_per_door_and_all_mended(place: Place) -> None:
    place.hands.post("/api/faults", name="stuck_lock", on=True, channel=7)
    place.hands.post("/api/faults", name="paper_out", on=True)
    assert place.bench.faults.is_on(Fault.STUCK_LOCK, 7)
    faults = {fault["name"]: fault for fault in place.hands.bench()["faults"]}
    assert faults["stuck_lock"]["channels"] == [7]
    assert faults["paper_out"]["on"]
    assert set(faults) == {fault.value for fault in Fault}
    groups = place.hands.bench()["groups"]
    assert {name for name, group in groups.items() if group["broken"]} == {"door", "printer"}
    place.hands.post("/api/faults/mend-all")
    assert place.hands.bench()["faults_on"] == 0


def test_every_device_has_a_heading_in_the_fault_menu() -> None:
    assert [device for device in Device if f"bench.group.{device}" not in WORDS] == []


def test_a_breach_of_the_law_is_on_the_screen_and_the_pulses_are_listed(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    with serve(make_app(Desk(bench, first=1))) as address, Hands(address) as hands:
        bench.cabinet.energise(1, 300)
        bench.cabinet.energise(2, 300)
        view = hands.bench()
    assert [pulse["channel"] for pulse in view["pulses"]] == [2, 1]
    assert "two coils" in view["violations"][0]


def test_the_stream_sends_the_bench_at_once_and_again_when_a_door_moves(place: Place) -> None:
    with httpx.stream("GET", f"{place.address}/events?lang=en", timeout=10) as stream:
        data = (line[6:] for line in stream.iter_lines() if line.startswith("data: "))
        first = json.loads(next(data))
        assert not first["doors"][4]["open"]
        assert first["doors"][4]["name"] == "Door 05"
        place.bench.cabinet.force_open(5)
        assert json.loads(next(data))["doors"][4]["open"]


def test_a_weight_swings_and_comes_to_rest_until_it_is_taken_off(place: Place) -> None:
    place.hands.post("/api/scale", grams=31_000)
    assert place.hands.bench()["scale"]["state_text"] in {"在晃", "超重"}
    place.hands.post("/api/scale", grams=1_234)
    assert not place.hands.bench()["scale"]["stable"]
    assert eventually(lambda: place.hands.bench()["scale"]["state_text"] == "稳了")
    assert place.hands.bench()["scale"]["display"] == "1.234 kg"


def test_made_up_cards_have_numbers_that_pass_and_are_nobodys(place: Place) -> None:
    seen = []
    for _ in range(3):
        sample = place.hands.bench()["card"]["sample"]
        place.hands.post("/api/card/lay", **sample)
        assert place.hands.bench()["card"]["laid"] == sample
        seen.append(sample["number"])
    assert len(set(seen)) == 3
    assert all(number.startswith("990000") and number_is_sound(number) for number in seen)
    place.hands.post("/api/card/lift")
    assert place.hands.bench()["card"]["laid"] is None


def test_every_made_up_number_has_its_check_digit() -> None:
    numbers = [made_up_number(serial) for serial in range(1_000)]
    assert all(map(number_is_sound, numbers))
    assert any(number.endswith("X") for number in numbers)
    assert len(set(numbers)) == 1_000


def test_the_mains_go_and_the_battery_is_as_full_as_it_is_set(place: Place) -> None:
    assert place.hands.bench()["power"]["state_text"] == "有市电"
    place.hands.post("/api/faults", name="mains_out", on=True)
    place.hands.post("/api/battery", percent=15)
    power = place.hands.bench()["power"]
    assert (power["mains"], power["percent"]) == (False, 15)
    with Wire(place.folder / "power") as wire:
        wire.write(b"Q1\r")
        assert wire.read(47).startswith(b"(000.0 ")


def test_a_bench_without_a_device_shows_and_does_nothing_of_it(tmp_path: Path) -> None:
    with open_place(tmp_path, BenchMake()) as place:
        view = place.hands.bench()
        counter = ("power", "speaker", "signals", "scale", "card")
        assert [view[name] for name in counter] == [None] * 5
        assert {fault["device"] for fault in view["faults"]} == {"lock-board", "scanner", "printer"}
        with pytest.raises(StoryError, match=r"409 .*bench\.no_such_fault"):
            place.hands.post("/api/faults", name="mains_out", on=True)
        for path, body in (
            ("/api/scale", {"grams": 1}),
            ("/api/battery", {"percent": 1}),
            ("/api/card/lift", {}),
            ("/api/labels/1/scan", {}),
        ):
            with pytest.raises(StoryError, match=r"409 .*bench\.no_such_device"):
                place.hands.post(path, **body)


def test_a_door_tells_of_its_troubles_and_of_a_coil_that_is_held(place: Place) -> None:
    place.hands.post("/api/faults", name="stuck_relay", on=True, channel=5)
    place.hands.post("/api/faults", name="slow_close", on=True, channel=6)
    place.bench.cabinet.energise(5, 300)
    assert eventually(lambda: bool(place.door(5)["held"]))
    assert place.door(5)["troubles"] == ["线圈一直通电", "继电器粘住，一直通电"]
    assert place.door(6)["troubles"] == ["门关得很慢"]
    assert not place.door(6)["held"]
    place.hands.post("/api/faults/mend-all")
    assert eventually(lambda: place.door(5)["troubles"] == [])


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/api/doors/99/open", {}, 409, "bench.no_such_door"),
        ("/api/doors/7/put-in", {}, 409, "bench.door_is_shut"),
        ("/api/doors/7/take-out", {}, 409, "bench.door_is_shut"),
        ("/api/doors/seven/open", {}, 422, "bad_request"),
        ("/api/doors/7/explode", {}, 422, "bad_request"),
        ("/api/doors/7/put-in", {"thing": ""}, 422, "bad_request"),
        ("/api/doors/7/put-in", {"what": "x"}, 422, "bad_request"),
        ("/api/scan", {}, 422, "bad_request"),
        ("/api/scan", {"text": ""}, 422, "bad_request"),
        ("/api/scan", {"text": 7}, 422, "bad_request"),
        ("/api/scan", {"text": "x" * 4_097}, 422, "bad_request"),
        ("/api/scan", {"text": "\ud800"}, 422, "bad_request"),
        ("/api/papers/1/scan", {}, 409, "bench.no_such_paper"),
        ("/api/papers/one/scan", {}, 422, "bad_request"),
        ("/api/faults", {"name": "stuck_lock", "on": True}, 409, "bench.fault_needs_door"),
        ("/api/faults", {"name": "rust", "on": True}, 409, "bench.no_such_fault"),
        ("/api/faults", {"name": "paper_out", "on": "yes"}, 422, "bad_request"),
        ("/api/scale", {"grams": -1}, 422, "bad_request"),
        ("/api/scale", {"grams": 100_001}, 422, "bad_request"),
        ("/api/battery", {"percent": 101}, 422, "bad_request"),
        ("/api/card/lay", {"name": "王小明", "number": "1"}, 409, "bench.card_number_is_wrong"),
        (
            "/api/card/lay",
            {"name": "王小明", "number": "990000198001010013"},
            409,
            "bench.card_number_is_wrong",
        ),
        ("/api/card/lay", {"name": "", "number": "990000198001010012"}, 422, "bad_request"),
        ("/api/card/lift", {}, 409, "bench.no_card_there"),
        ("/api/labels/1/scan", {}, 409, "bench.no_such_paper"),
        ("/api/nothing", {}, 404, "not_found"),
    ],
)
def test_bad_input_is_told_in_words_and_changes_nothing(
    place: Place, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    before = place.hands.bench()
    with httpx.Client(base_url=place.address) as client:
        token = client.get("/api/session").json()["token"]
        answer = client.post(
            path,
            content=json.dumps(body),
            headers={
                "Origin": place.address,
                "X-Cunyi-Token": token,
                "Content-Type": "application/json",
            },
        )
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["message"]
    assert place.hands.bench() == before


@pytest.mark.parametrize(
    "path", ["/papers/1.png", "/labels/1.png", "/pages/app.py", "/pages/..%2fapp.py"]
)
def test_what_is_not_there_is_not_found(place: Place, path: str) -> None:
    assert httpx.get(f"{place.address}{path}").status_code == 404


def test_a_foreign_page_and_a_foreign_name_are_turned_away(place: Place) -> None:
    with httpx.Client(base_url=place.address) as client:
        token = {"X-Cunyi-Token": client.get("/api/session").json()["token"]}
        foreign = client.post(
            "/api/doors/7/open", json={}, headers={"Origin": "http://evil.example", **token}
        )
        no_token = client.post("/api/doors/7/open", json={}, headers={"Origin": place.address})
        rebound = client.get("/api/bench", headers={"Host": "evil.example"})
    statuses = [answer.status_code for answer in (foreign, no_token, rebound)]
    assert statuses == [403, 403, 400]
    assert not place.door(7)["open"]


def test_the_page_speaks_the_language_that_was_asked_for_and_remembers_it(place: Place) -> None:
    with httpx.Client(base_url=place.address) as client:
        assert '<html lang="zh-CN"' in client.get("/").text
        assert '<html lang="en"' in client.get("/?lang=en").text
        assert client.get("/api/bench").json()["doors"][0]["name"] == "Door 01"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org"])
def test_it_listens_on_this_machine_only(tmp_path: Path, host: str) -> None:
    with pytest.raises(ConfigError, match="not this machine alone"):
        run_workbench(tmp_path, host, 0, 24)
    assert list(tmp_path.iterdir()) == []


def _ended(command: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_program_serves_until_it_is_told_to_end_and_removes_its_links(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    folder = tmp_path / "bench"
    command = cunyi("twin", "bench", str(folder), "--port", str(port), "--cells", "8")
    program = Child("the workbench", command, tmp_path / "log")
    program.start()
    try:
        program.wait_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), 30)
        with Hands(f"http://127.0.0.1:{port}") as hands:
            assert len(hands.bench()["doors"]) == 8
        assert len(list(folder.iterdir())) == len(Device)
        with httpx.stream("GET", f"http://127.0.0.1:{port}/events", timeout=10):
            program.end()
    finally:
        program.kill()
    assert list(folder.iterdir()) == []
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")


def test_a_port_in_use_is_one_clear_line_and_no_link_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _ended(cunyi("twin", "bench", str(tmp_path / "bench"), "--port", str(port)))
    assert done.returncode == 2
    assert f"127.0.0.1:{port} cannot be used" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "bench").exists()


def test_a_program_that_saw_the_law_broken_ends_with_an_error(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    folder = tmp_path / "bench"
    command = cunyi("twin", "bench", str(folder), "--port", str(port))
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as program:
        try:
            assert eventually(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
            with Wire(folder / "lock-board") as wire:
                wire.write(bytes.fromhex("90 01 02 02 02 93"))
                wire.ask("80 01 00 33 b2", 7)
        finally:
            program.send_signal(signal.SIGTERM)
        _, said = program.communicate(timeout=20)
    assert program.returncode == 2
    assert "two coils driven at once: [2, 10]" in said.splitlines()[-1]
