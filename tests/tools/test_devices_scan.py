"""`cunyi devices scan`: names what is plugged in, and asks lock boards without opening anything."""

import json
from pathlib import Path

import pytest

from edge.kernel.errors import DeviceGone, StoreError
from edge.store.database import Store
from edge.tools.commissioning import probe as probing
from edge.tools.commissioning.known_devices import KNOWN, Role, known
from edge.tools.commissioning.probe import Board, Step, left_out, longest_s, probe
from edge.tools.commissioning.scan import Plugged, scan
from edge.tools.commissioning.scanning import ScanOptions, run_scan
from firmware_bridge.lock_board.dialects import DIALECTS
from firmware_bridge.lock_board.messages import Unlock
from hardware.twins.bench import Bench, BenchMake
from hardware.twins.boards.make import BoardMake
from hardware.twins.boards.modbus_relays import ModbusRelays
from tests.hardware.driver_peer import Peer, ScriptedBoard
from tests.support.station import pingshang
from tests.tools.fake_machine import FakeMachine


@pytest.fixture
def fake(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path / "root")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scripted board answers at once: less patience, so that silence costs less."""
    monkeypatch.setattr(probing, "ANSWER_S", 0.03)


def only(fake: FakeMachine) -> Plugged:
    (one,) = scan(fake.machine)
    return one


def ch340(fake: FakeMachine, tty: str = "ttyUSB0", socket: str = "1-1") -> None:
    fake.usb(socket, idVendor="1a86", idProduct="7523", product="USB Serial")
    fake.usb_tty(
        tty,
        socket,
        by_id="usb-1a86_USB_Serial-if00-port0",
        by_path=f"platform-usb-0:{socket}:1.0-port0",
    )


def test_an_adapter_without_a_number_of_its_own_is_named_by_its_socket(fake: FakeMachine) -> None:
    ch340(fake)
    one = only(fake)
    assert (one.role, one.name, one.usb) == (Role.ADAPTER, "CH340", "1a86:7523")
    assert one.by_socket
    assert one.lines() == (
        "[[cabinet.boards]]",
        'port = "/dev/serial/by-path/platform-usb-0:1-1:1.0-port0"',
    )


def test_an_adapter_with_a_number_of_its_own_is_named_by_it(fake: FakeMachine) -> None:
    fake.usb("1-2", idVendor="0403", idProduct="6001", serial="A10K5ZQX")
    fake.usb_tty("ttyUSB1", "1-2", by_id="usb-FTDI_FT232R_A10K5ZQX-if00", by_path="usb-0:2:1.0")
    one = only(fake)
    assert (one.port, one.by_socket) == ("/dev/serial/by-id/usb-FTDI_FT232R_A10K5ZQX-if00", False)
    assert (one.device, one.serial, one.name) == ("/dev/ttyUSB1", "A10K5ZQX", "FT232R")


def test_two_adapters_that_look_alike_get_two_names(fake: FakeMachine) -> None:
    ch340(fake, "ttyUSB0", "1-1")
    fake.usb("1-3", idVendor="1a86", idProduct="7523")
    fake.usb_tty("ttyUSB1", "1-3", by_path="platform-usb-0:1-3:1.0-port0")
    assert len({one.port for one in scan(fake.machine)}) == 2


def test_a_line_of_the_machine_itself_is_named_as_it_is(fake: FakeMachine) -> None:
    fake.file("/dev/ttyAMA0")
    one = only(fake)
    assert (one.port, one.role, one.usb) == ("/dev/ttyAMA0", Role.ADAPTER, "")


def test_a_scanner_on_a_serial_line_is_known_by_its_maker(fake: FakeMachine) -> None:
    fake.usb("1-1", idVendor="0c2e", idProduct="0b6a", serial="21")
    fake.usb_tty("ttyACM0", "1-1", by_id="usb-Honeywell-if00")
    one = only(fake)
    assert (one.role, one.name) == (Role.SCANNER, "Honeywell")
    assert 'driver = "line"' in one.lines()


def test_a_scanner_that_types_is_told_from_a_keyboard(fake: FakeMachine) -> None:
    fake.usb("1-1", idVendor="1eab", idProduct="0003")
    fake.usb_input("event3", "1-1", "usb-Newland-event-kbd")
    fake.usb("1-2", idVendor="046d", idProduct="c31c")
    fake.usb_input("event4", "1-2", "usb-Logitech-event-kbd")
    roles = {one.port: one.role for one in scan(fake.machine)}
    assert roles == {
        "/dev/input/by-id/usb-Newland-event-kbd": Role.SCANNER,
        "/dev/input/by-id/usb-Logitech-event-kbd": Role.KEYBOARD,
    }


def test_printer_camera_sound_and_pins_are_found(fake: FakeMachine) -> None:
    fake.usb("1-1", idVendor="0416", idProduct="5011")
    fake.file("/sys/devices/usb1/1-1/1-1:1.0/usbmisc/lp0/uevent")
    fake.link("/sys/class/usbmisc/lp0/device", "../../../devices/usb1/1-1/1-1:1.0")
    fake.file("/dev/usb/lp0")
    fake.file("/dev/video0")
    fake.file("/sys/class/video4linux/video0/name", "HD Camera\n")
    fake.file("/proc/asound/cards", " 1 [Device         ]: USB-Audio - USB Audio Device\n")
    fake.file("/dev/gpiochip0")
    found = {one.role: one for one in scan(fake.machine)}
    assert set(found) == {Role.PRINTER, Role.CAMERA, Role.SOUND, Role.PINS}
    assert found[Role.PRINTER].unverified
    assert found[Role.PRINTER].lines() == ("[printer]", 'port = "file:/dev/usb/lp0"')
    assert found[Role.CAMERA].name == "HD Camera"
    assert found[Role.SOUND].port == "alsa:Device"


def test_the_row_of_a_product_goes_before_the_row_of_its_maker() -> None:
    assert known("0c2e", "ffff") is not None
    assert known("ffff", "7523") is None
    numbers = [(row.vendor, row.product) for row in KNOWN]
    assert len(numbers) == len(set(numbers))
    assert all(number == number.lower() for pair in numbers for number in pair)


def test_nothing_plugged_in_says_what_to_do(
    fake: FakeMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_scan(ScanOptions(), fake.machine) == 1
    assert capsys.readouterr().out.startswith("Nothing is plugged in. Plug in lock board")
    assert run_scan(ScanOptions(language="zh"), fake.machine) == 1
    assert capsys.readouterr().out.startswith("什么也没插。")


def test_what_is_printed_can_be_pasted_into_station_toml(
    fake: FakeMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    ch340(fake)
    assert run_scan(ScanOptions(), fake.machine) == 0
    out = capsys.readouterr().out
    assert out.startswith("serial adapter CH340 (1a86:7523): /dev/ttyUSB0\n")
    assert "    [[cabinet.boards]]\n" in out
    assert "    # Its name is that of the socket" in out
    assert "add --probe" in out


def test_json_has_the_same_for_other_programs(
    fake: FakeMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    ch340(fake)
    assert run_scan(ScanOptions(as_json=True), fake.machine) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["devices"][0]["usb"] == "1a86:7523"
    assert found["devices"][0]["role"] == "adapter"
    assert found["lock_boards"] == []


def silent(_step: Step) -> None:
    """Nobody watches."""


@pytest.mark.usefixtures("quick")
def test_a_board_is_found_by_its_answer_and_never_told_to_open(tmp_path: Path) -> None:
    with Peer(tmp_path / "line", ScriptedBoard(address=3)) as peer:
        found = probe(peer.port, silent)
        assert found == [Board(port=peer.port, driver="8a80", baud=9_600, address=3, channels=24)]
        opening = {
            dialect.speak(max(dialect.channels)).encode(Unlock(address, 1))
            for dialect in DIALECTS.values()
            for address in dialect.addresses
        }
        assert {data for _, data in peer.heard} & opening == set()
        assert len(peer.heard) == probing.MOST_ADDRESSES


@pytest.mark.usefixtures("quick")
def test_a_twin_is_found_and_its_doors_stay_shut(tmp_path: Path) -> None:
    with Bench(tmp_path, channels=8) as bench:
        port = f"twin:{tmp_path / 'lock-board'}"
        (board,) = probe(port, silent)
        assert (board.driver, board.address) == ("8a80", 1)
        assert bench.cabinet.pulses == ()


@pytest.mark.usefixtures("quick")
def test_every_dialect_is_asked_where_nothing_answers(tmp_path: Path) -> None:
    steps: list[Step] = []
    with Peer(tmp_path / "line", lambda _frame: b"") as peer:
        assert probe(peer.port, steps.append) == []
        first = {data[:1] for _, data in peer.heard}
        heard = [data for _, data in peer.heard]
    assert {step.dialect for step in steps} == {*DIALECTS, "modbus"}
    assert [step.number for step in steps] == list(range(1, steps[-1].all + 1))
    assert b"\x8a" not in first
    inputs = bytes.fromhex("0200000001")  # FC02, one input from 0
    begin = next(number for number, data in enumerate(heard) if data[1:6] == inputs)
    # A busy machine hears two requests as one, so that they are not counted.
    assert {data[1:6] for data in heard[begin:]} == {inputs}


@pytest.mark.usefixtures("quick")
def test_noise_is_no_board(tmp_path: Path) -> None:
    with Peer(tmp_path / "line", lambda frame: frame + b"\x00\xff\x80\x01") as peer:
        assert probe(peer.port, silent) == []


def test_a_port_that_is_not_there_says_why(tmp_path: Path) -> None:
    with pytest.raises(DeviceGone):
        probe(f"twin:{tmp_path / 'nothing'}", silent)


@pytest.mark.usefixtures("quick")
def test_probe_prints_the_table_and_goes_on_behind_a_port_that_cannot_be_asked(
    fake: FakeMachine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Peer(tmp_path / "line", ScriptedBoard()) as peer:
        ports = (f"twin:{tmp_path / 'gone'}", peer.port)
        assert run_scan(ScanOptions(probe=True, ports=ports), fake.machine) == 0
    heard = capsys.readouterr()
    assert f"{ports[0]} was not asked: Not connected. Check the cable." in heard.out
    assert "    address = 1\n" in heard.out
    assert "asking" in heard.err


@pytest.mark.usefixtures("quick")
def test_a_line_on_which_nothing_answers_says_what_to_check(
    fake: FakeMachine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Peer(tmp_path / "line", lambda _frame: b"") as peer:
        assert run_scan(ScanOptions(probe=True, ports=(peer.port,)), fake.machine) == 1
    assert f"No lock board answers on {peer.port}. Check its power" in capsys.readouterr().out


def test_nothing_is_asked_in_silence_and_no_address_is_left_out_unsaid(
    fake: FakeMachine,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert {name: (rest[0], rest[-1]) for name, rest in left_out().items()} == {
        "8a80": (33, 99),
        "dongcheng": (33, 255),
        "modbus": (33, 247),
    }
    assert (longest_s(all_addresses=False), longest_s(all_addresses=True)) == (22, 98)
    monkeypatch.setattr(probing, "ANSWER_S", 0.001)
    with Peer(tmp_path / "line", lambda _frame: b"") as peer:
        ports = (peer.port,)
        run_scan(ScanOptions(probe=True, ports=ports), fake.machine)
        few = capsys.readouterr()
        run_scan(ScanOptions(probe=True, ports=ports, all_addresses=True), fake.machine)
        every = capsys.readouterr()
        run_scan(ScanOptions(probe=True, ports=ports, as_json=True), fake.machine)
        told = json.loads(capsys.readouterr().out)
    assert "not asked: 8a80 33-99, dongcheng 33-255, modbus 33-247." in few.out
    assert "add --all-addresses" in few.out
    assert "modbus address 32 (148 of 148)" in few.err
    assert "--all-addresses" not in every.out
    assert "modbus address 247 (653 of 653)" in every.err
    assert told["addresses_not_asked"]["dongcheng"] == "33-255"


@pytest.mark.usefixtures("quick")
def test_a_relay_board_comes_with_its_table_and_the_name_of_the_other_driver(
    fake: FakeMachine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    board = BoardMake(dialect=ModbusRelays, address=3, channels=8)
    with Bench(tmp_path, channels=8, make=BenchMake(boards=(board,))) as bench:
        port = bench.port("lock-board")
        assert run_scan(ScanOptions(probe=True, ports=(port,)), fake.machine) == 0
        assert bench.cabinet.pulses == ()
    out = capsys.readouterr().out
    assert '    driver = "modbus_flash"\n' in out
    assert "    address = 3\n    channels = 8\n    # For Waveshare; a board that refuses" in out


def test_a_running_daemon_keeps_its_lines_to_itself(fake: FakeMachine, tmp_path: Path) -> None:
    folder = tmp_path / "station"
    pingshang(folder)
    store = Store.open(folder)
    with pytest.raises(StoreError, match="is held by another cunyi"):
        run_scan(ScanOptions(folder=folder, probe=True), fake.machine)
    store.close()


def test_a_line_that_the_settings_give_to_a_scanner_is_not_asked(
    fake: FakeMachine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ch340(fake)
    folder = tmp_path / "station"
    pingshang(folder)
    file = folder / "station.toml"
    text = file.read_text(encoding="utf-8").replace(
        "/dev/serial/by-id/REPLACE-WITH-YOUR-SCANNER",
        "/dev/serial/by-path/platform-usb-0:1-1:1.0-port0",
    )
    file.write_text(text, encoding="utf-8")
    assert run_scan(ScanOptions(folder=folder, probe=True), fake.machine) == 0
    assert "There is no serial line to ask." in capsys.readouterr().out
