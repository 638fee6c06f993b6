"""One twin alone in a terminal: what it says, what it hears, and how it ends."""

import os
import signal
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from tests.hardware.test_twin_printer import SLIP, TOKEN
from tests.hardware.twin_wire import PATIENCE_S, Wire
from tests.tools.twin_terminal import UP_WITHIN_S, terminal

QUERY_ALL, ALL_SHUT = "80 01 00 33 b2", "80 01 ff ff ff 33 4d"
BOARD_KEYS = ("address", "channels", "closed_bit")


def cpu_s(pid: int) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def test_a_lock_board_tells_of_its_doors_and_a_typed_number_shuts_one(tmp_path: Path) -> None:
    link = tmp_path / "board"
    with terminal("lock-board", "--link", str(link)) as board:
        hello = board.hello(*BOARD_KEYS)
        assert f"on {link}." in hello
        assert "Type 3 to push door 3 of 24 shut" in hello
        with Wire(link) as wire:
            assert wire.ask("8a 01 03 11 99", 5) == "8a 01 03 11 99"
            assert board.line() == "door 3 is open"
            board.type("three\n99\n4")
            assert board.line() == "'three' is no door: type a number from 1 to 24"
            assert board.line() == "There is no door 99."
            assert board.line() == "Door 04 is shut. Open it first."
            board.type("3")
            assert board.line() == "door 3 is shut"
        assert board.end(signal.SIGINT) == 0
        assert not link.is_symlink()


def test_a_closed_keyboard_does_not_end_it_but_a_signal_does(tmp_path: Path) -> None:
    link = tmp_path / "board"
    with terminal("lock-board", "--link", str(link)) as board:
        board.hello(*BOARD_KEYS)
        board.keyboard.write("no end of line")
        board.keyboard.close()
        assert board.line().startswith("'no end of line' is no door")
        with Wire(link) as wire:
            assert wire.ask(QUERY_ALL, 7) == ALL_SHUT
            before_s = cpu_s(board.process.pid)
            assert wire.read(1, 0.5) == b""
            assert cpu_s(board.process.pid) - before_s < 0.2  # nor does it spin
        assert board.end() == 0
        assert not link.is_symlink()


def test_two_locks_at_once_end_in_an_error(tmp_path: Path) -> None:
    link = tmp_path / "board"
    with terminal("lock-board", "--link", str(link), "--channels", "8") as board:
        board.hello(*BOARD_KEYS)
        with Wire(link) as wire:
            wire.write(bytes.fromhex("8a 01 01 11 9b 8a 01 02 11 98"))
            assert len(wire.read(10)) == 10
        assert {board.line(), board.line()} == {"door 1 is open", "door 2 is open"}
        assert board.end() == 2
        assert "two coils driven at once: [1, 2]" in board.line()


def test_what_is_typed_at_a_scanner_is_scanned(tmp_path: Path) -> None:
    link = tmp_path / "scanner"
    with terminal("scanner", "--link", str(link)) as scanner:
        scanner.hello()
        with Wire(link) as wire:
            scanner.type("YT7700123456789\n\n包裹")
            assert wire.read(25) == "YT7700123456789\r\n包裹\r\n".encode()
        assert scanner.line() == "scanned YT7700123456789"
        assert scanner.end() == 0


def test_each_slip_of_a_printer_becomes_a_picture_and_none_is_overwritten(tmp_path: Path) -> None:
    link, papers = tmp_path / "printer", tmp_path / "papers"
    papers.mkdir()
    (papers / "slip-001.png").write_bytes(b"an older one")
    with terminal("printer", "--link", str(link), "--papers", str(papers)) as printer:
        assert f"Slips go to {papers}/" in printer.hello("dots")
        with Wire(link) as wire:
            wire.write(SLIP + SLIP)
            assert printer.line() == f"printed {papers}/slip-002.png"
            assert printer.line() == f"printed {papers}/slip-003.png"
        assert printer.end() == 0
    assert (papers / "slip-001.png").read_bytes() == b"an older one"
    with Image.open(papers / "slip-003.png") as picture:
        assert zxingcpp.read_barcodes(picture)[0].text == TOKEN.decode()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("lock-board", "--link", "{file}"), "there is something else than a link"),
        (("scanner", "--link", "{file}/scanner"), "no link can be made here"),
        (("printer", "--link", "{file}2", "--papers", "{file}"), "no folder here"),
        (("lock-board", "--link", "{file}2", "--channels", "51"), "51 locks fit no 8a80 board"),
        (
            ("lock-board", "--link", "{file}2", "--dialect", "mine"),
            "there is no 'mine'. Known: 8a80",
        ),
        (("lock-board", "--link", "{file}2", "--address", "200"), "no address 200. Use 1 to 99"),
        (("lock-board", "--link", "{file}2", "--fault", "rust"), "this twin has no fault 'rust'"),
        (("lock-board", "--link", "{file}2", "--fault", "stuck_lock"), "Choose a door"),
        (("lock-board", "--link", "{file}2", "--fault", "stuck_lock:99"), "There is no door 99"),
        (
            ("scanner", "--link", "{file}2", "--kind", "camera", "--fault", "scanner_double"),
            "no fault",
        ),
        (("pins", "--link", "{file}"), "there is something else than a link"),
        (("speaker", "--link", "{file}2", "--clips", "{file}"), "there are no recordings here"),
    ],
)
def test_what_cannot_be_is_one_clear_line(
    tmp_path: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    file = tmp_path / "mine"
    file.write_text("mine", encoding="utf-8")
    with terminal(*(part.format(file=file) for part in arguments)) as twin:
        assert complaint in twin.line(UP_WITHIN_S)
        assert twin.process.wait(PATIENCE_S) == 2
    assert [one.name for one in tmp_path.iterdir()] == ["mine"]
    assert file.read_text(encoding="utf-8") == "mine"
