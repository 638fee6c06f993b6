"""All twins together: links, plugs, the scanner, and the fault menu as data."""

from pathlib import Path

import pytest

from edge.kernel.errors import ConfigError, Refused
from edge.words import WORDS
from hardware.twins.bench import EVERYTHING, Bench, BenchMake
from hardware.twins.counter.scale import ScaleMake
from hardware.twins.faults import MENU, UNPLUGGED, Broken, Device, Fault, Faults
from hardware.twins.lock_board import MAKES, BoardMake
from hardware.twins.scanners.scanner import ScannerTwin
from tests.hardware.twin_wire import QUIET_S, Wire

NAMES = ["lock-board", "printer", "scanner"]


def links(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_the_links_are_there_while_the_bench_is_open_and_lead_to_terminals(
    tmp_path: Path,
) -> None:
    with Bench(tmp_path / "bench") as bench:
        assert links(tmp_path / "bench") == NAMES
        assert all((tmp_path / "bench" / name).is_char_device() for name in NAMES)
        assert bench.port(Device.SCANNER) == f"twin:{tmp_path}/bench/scanner"
    assert links(tmp_path / "bench") == []


def test_links_that_a_killed_bench_left_behind_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "scanner").symlink_to("/dev/pts/99999")
    with Bench(tmp_path) as bench, Wire(tmp_path / "scanner") as wire:
        bench.scanner.scan("YT7700123456789")
        assert wire.read(17) == b"YT7700123456789\r\n"


def test_a_file_in_the_place_of_a_link_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "lock-board").write_text("mine", encoding="utf-8")
    bench = Bench(tmp_path)
    with pytest.raises(ConfigError, match="something else than a link"):
        bench.start()
    bench.close()
    assert (tmp_path / "lock-board").read_text(encoding="utf-8") == "mine"


def test_a_closing_bench_leaves_the_link_of_a_newer_one(tmp_path: Path) -> None:
    old = Bench(tmp_path)
    old.start()
    with Bench(tmp_path):
        old.close()
        assert links(tmp_path) == NAMES


@pytest.mark.parametrize("device", [Device(name) for name in NAMES])
def test_an_unplugged_device_is_gone_and_comes_back_as_another_terminal(
    tmp_path: Path, device: Device
) -> None:
    link = tmp_path / device
    with Bench(tmp_path) as bench:
        before = link.readlink()
        with Wire(link) as wire:
            bench.faults.switch(UNPLUGGED[device], on=True)
            assert not link.is_symlink()
            with pytest.raises(OSError, match=r"hung up|Input/output error"):
                wire.read(1)
        bench.faults.switch(UNPLUGGED[device], on=False)
        assert link.is_char_device()
        assert link.readlink() != before


def test_a_bench_gives_back_every_file_that_it_opened(tmp_path: Path) -> None:
    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = open_files()
    with Bench(tmp_path) as bench:
        held = open_files()
        for on in (True, False, True, False):
            bench.faults.switch(Fault.SCANNER_UNPLUGGED, on=on)
        assert open_files() <= held
    assert open_files() <= before


def test_a_code_scanned_while_unplugged_is_lost_and_later_ones_are_not(tmp_path: Path) -> None:
    with Bench(tmp_path) as bench:
        bench.faults.switch(Fault.SCANNER_UNPLUGGED, on=True)
        bench.scanner.scan("lost")
        bench.faults.switch(Fault.SCANNER_UNPLUGGED, on=False)
        with Wire(tmp_path / "scanner") as wire:
            bench.scanner.scan("SF1530000000001")
            assert wire.read(17) == b"SF1530000000001\r\n"
        assert bench.scanner.scanned == ("lost", "SF1530000000001")


def test_a_scanner_may_end_its_codes_otherwise(tmp_path: Path) -> None:
    with Bench(tmp_path, 24, BenchMake(suffix=b"\n")) as bench, Wire(tmp_path / "scanner") as wire:
        bench.scanner.scan("包裹")
        assert wire.read(7) == "包裹\n".encode()
        bench.scanner.send_raw(b"\xff\x00")
        assert wire.read(2) == b"\xff\x00"


@pytest.mark.parametrize(
    ("fault", "heard"),
    [(Fault.SCANNER_HALF, b"YT77"), (Fault.SCANNER_DOUBLE, b"YT77001\r\nYT77001\r\n")],
)
def test_a_scanner_fault_spoils_the_code(tmp_path: Path, fault: Fault, heard: bytes) -> None:
    with Bench(tmp_path) as bench, Wire(tmp_path / "scanner") as wire:
        bench.faults.switch(fault, on=True)
        bench.scanner.scan("YT77001")
        assert wire.read(40, QUIET_S) == heard


def test_a_bench_with_everything_has_a_link_for_each_device_and_every_plug_can_be_pulled(
    tmp_path: Path,
) -> None:
    with Bench(tmp_path, 24, EVERYTHING) as bench:
        assert set(links(tmp_path)) == set(Device)
        for device, fault in UNPLUGGED.items():
            bench.faults.switch(fault, on=True)
            assert set(links(tmp_path)) == set(Device) - {device}
            bench.faults.mend_all()
        assert set(links(tmp_path)) == set(Device)
        assert {kind.device for kind in bench.menu} == set(Device)
    assert links(tmp_path) == []


def test_the_menu_of_a_bench_has_only_what_its_devices_can_have(tmp_path: Path) -> None:
    winnsen = BenchMake(board=MAKES["winnsen"], scale=ScaleMake())
    menu = {kind.fault for kind in Bench(tmp_path, 16, winnsen).menu}
    assert Fault.SCALE_SILENT in menu
    assert Fault.STUCK_LOCK in menu
    assert menu.isdisjoint({Fault.BOARD_GARBLED, Fault.MAINS_OUT, Fault.LABEL_OUT})


def test_the_menu_names_every_fault_once_and_every_line_has_words() -> None:
    assert [kind.fault for kind in MENU] == list(Fault)
    assert [kind.word for kind in MENU if kind.word not in WORDS] == []
    assert {kind.device for kind in MENU} == set(Device)


@pytest.mark.parametrize(
    ("name", "channel", "reason"),
    [
        ("no_such", None, r"bench\.no_such_fault"),
        (Fault.STUCK_LOCK, None, r"bench\.fault_needs_door"),
        (Fault.PAPER_OUT, 3, r"bench\.fault_has_no_door"),
        (Fault.STUCK_LOCK, 25, r"bench\.no_such_door"),
    ],
)
def test_a_fault_that_does_not_fit_is_refused_and_breaks_nothing(
    name: str, channel: int | None, reason: str
) -> None:
    faults = Faults(24)
    with pytest.raises(Refused, match=reason):
        faults.switch(name, on=True, channel=channel)
    assert faults.active() == frozenset()


def test_mending_all_tells_every_listener_of_each(tmp_path: Path) -> None:
    heard: list[tuple[Broken, bool]] = []
    with Bench(tmp_path) as bench:
        bench.faults.switch(Fault.STUCK_LOCK, on=True, channel=3)
        bench.faults.switch(Fault.SCANNER_UNPLUGGED, on=True)
        bench.faults.listen(lambda broken, on: heard.append((broken, on)))
        bench.faults.switch(Fault.STUCK_LOCK, on=True, channel=3)  # is so already
        assert heard == []
        bench.faults.mend_all()
        assert links(tmp_path) == NAMES
    assert sorted(heard, key=str) == [
        (Broken(Fault.SCANNER_UNPLUGGED), False),
        (Broken(Fault.STUCK_LOCK, 3), False),
    ]


def test_a_cable_that_joined_is_plugged_and_pulled_with_the_others(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    twin = ScannerTwin(tmp_path / "second-scanner", bench.faults)
    bench.join("second-scanner", twin.cable)
    with bench:
        assert links(tmp_path) == sorted([*NAMES, "second-scanner"])
        assert list(bench.cables) == ["lock-board", "scanner", "printer", "second-scanner"]
    assert links(tmp_path) == []


def test_several_boards_have_cables_of_their_own_or_share_one(tmp_path: Path) -> None:
    boards = (
        BoardMake(channels=8),
        BoardMake(channels=8),
        BoardMake(channels=8, address=2, link="lock-board-2"),
    )
    with Bench(tmp_path, 24, BenchMake(boards=boards)) as bench:
        assert links(tmp_path) == ["lock-board", "lock-board-2", "printer", "scanner"]
        assert bench.port("lock-board-2") == f"twin:{tmp_path}/lock-board-2"
        assert bench.boards[1].cable is bench.boards[2].cable
        assert bench.board is bench.boards[0]


def test_pulling_one_board_leaves_the_other_in(tmp_path: Path) -> None:
    boards = (BoardMake(channels=12), BoardMake(channels=12))
    with Bench(tmp_path, 24, BenchMake(boards=boards)) as bench:
        bench.boards[1].faults.switch(Fault.BOARD_UNPLUGGED, on=True)
        assert links(tmp_path) == NAMES
        bench.boards[1].faults.mend_all()
        bench.faults.switch(Fault.BOARD_UNPLUGGED, on=True)
        assert links(tmp_path) == ["lock-board-2", "printer", "scanner"]


def test_a_board_that_comes_back_as_another_terminal_keeps_its_link(tmp_path: Path) -> None:
    link = tmp_path / "lock-board"
    with Bench(tmp_path) as bench:
        before = link.readlink()
        with Wire(link) as wire:
            bench.faults.switch(Fault.BOARD_RENUMBERED, on=True)
            assert link.readlink() != before
            with pytest.raises(OSError, match=r"hung up|Input/output error"):
                wire.read(1)
        with Wire(link) as wire:
            assert wire.ask("80 01 00 33 b2", 7) == "80 01 ff ff ff 33 4d"
        bench.faults.mend_all()
        with Wire(link) as wire:
            assert wire.ask("80 01 00 33 b2", 7) == "80 01 ff ff ff 33 4d"


def test_a_renumbered_device_that_is_not_plugged_in_stays_away(tmp_path: Path) -> None:
    with Bench(tmp_path) as bench:
        bench.faults.switch(Fault.BOARD_UNPLUGGED, on=True)
        bench.faults.switch(Fault.BOARD_RENUMBERED, on=True)
        assert not (tmp_path / "lock-board").is_symlink()


def test_a_cable_can_be_moved_to_another_link(tmp_path: Path) -> None:
    with Bench(tmp_path) as bench:
        bench.scanner.cable.move(tmp_path / "elsewhere" / "ttyUSB1")
        assert links(tmp_path) == ["elsewhere", "lock-board", "printer"]
        bench.scanner.cable.plug(wanted=True)
        with Wire(tmp_path / "elsewhere" / "ttyUSB1") as wire:
            bench.scanner.scan("YT77001")
            assert wire.read(9) == b"YT77001\r\n"
    assert links(tmp_path / "elsewhere") == []
