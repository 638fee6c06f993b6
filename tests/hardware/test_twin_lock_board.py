"""An 8A/80 board twin on its pty, against frames of the vendor's sheet (devices/lock-boards.md)."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.twins.bench import Bench, BenchMake
from hardware.twins.cabinet import LawBroken
from hardware.twins.faults import Fault
from hardware.twins.lock_board import BoardMake
from tests.hardware.twin_wire import QUIET_S, Wire, eventually

QUERY_ALL = "80 01 00 33 b2"
ALL_SHUT = "80 01 ff ff ff 33 4d"
QUERY_ONE = "80 01 01 33 b3"
OPEN_ONE = "8a 01 01 11 9b"


@contextlib.contextmanager
def board(
    folder: Path, make: BoardMake | None = None, channels: int = 24
) -> Iterator[tuple[Bench, Wire]]:
    bench = Bench(folder, channels, BenchMake(board=make or BoardMake()))
    with bench, Wire(folder / "lock-board") as wire:
        yield bench, wire


def test_a_shut_cabinet_answers_as_the_sheet_has_it(tmp_path: Path) -> None:
    with board(tmp_path) as (_, wire):
        assert wire.ask(QUERY_ALL, 7) == ALL_SHUT
        assert wire.ask(QUERY_ONE, 5) == "80 01 01 11 91"
        assert wire.ask(OPEN_ONE, 5) == "8a 01 01 11 9b"


def test_the_other_polarity_swaps_every_bit_and_status(tmp_path: Path) -> None:
    with board(tmp_path, BoardMake(closed_bit=0)) as (_, wire):
        assert wire.ask(QUERY_ALL, 7) == "80 01 00 00 00 33 b2"
        assert wire.ask(QUERY_ONE, 5) == "80 01 01 00 80"
        assert wire.ask(OPEN_ONE, 5) == "8a 01 01 00 8a"


def test_a_small_board_answers_seven_bytes_too_and_a_large_one_eleven(tmp_path: Path) -> None:
    with board(tmp_path / "8", BoardMake(closed_bit=0), channels=8) as (_, wire):
        assert wire.ask(QUERY_ALL, 7) == "80 01 00 00 00 33 b2"
    with board(tmp_path / "50", channels=50) as (_, wire):
        assert wire.ask(QUERY_ALL, 11) == "80 01 ff ff ff ff ff ff 03 33 b1"


@pytest.mark.parametrize(
    ("channel", "command", "bits"),
    [
        (1, "8a 01 01 11 9b", "80 01 fe ff ff 33 4c"),
        (8, "8a 01 08 11 92", "80 01 7f ff ff 33 cd"),
        (9, "8a 01 09 11 93", "80 01 ff fe ff 33 4c"),
        (24, "8a 01 18 11 82", "80 01 ff ff 7f 33 cd"),
    ],
)
def test_the_pulsed_door_opens_and_shows_in_its_own_bit(
    tmp_path: Path, channel: int, command: str, bits: str
) -> None:
    with board(tmp_path) as (bench, wire):
        wire.ask(command, 5)
        assert eventually(lambda: bench.cabinet.is_open(channel))
        assert wire.ask(QUERY_ALL, 7) == bits
        pulses = [(pulse.channel, pulse.length_ms) for pulse in bench.cabinet.pulses]
        assert pulses == [(channel, 300)]


def test_a_timed_command_drives_the_lock_for_so_many_seconds(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.start()
    with Wire(tmp_path / "lock-board") as wire:
        assert wire.ask("8a 01 01 11 05 9e", 5) == "8a 01 01 11 9b"
    assert [pulse.length_ms for pulse in bench.cabinet.pulses] == [5_000]
    with pytest.raises(LawBroken, match="coil held: 1 for 5000 ms"):
        bench.close()


def test_opening_several_drives_those_and_breaks_the_law_of_the_coils(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.start()
    with Wire(tmp_path / "lock-board") as wire:
        assert wire.ask("90 01 02 02 02 93", 1, QUIET_S) == ""
    assert [pulse.channel for pulse in bench.cabinet.pulses] == [2, 10, 18]
    assert len(bench.violations) == 2
    with pytest.raises(LawBroken, match="two coils driven at once"):
        bench.close()
    assert not (tmp_path / "lock-board").is_symlink()


def test_opening_all_drives_every_lock(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.start()
    with Wire(tmp_path / "lock-board") as wire:
        assert wire.ask("8a 01 00 11 9a", 1, QUIET_S) == ""
    assert len(bench.cabinet.pulses) == 24
    with pytest.raises(LawBroken):
        bench.close()


def test_the_firmware_question_gets_an_answer_with_a_sound_check_byte(tmp_path: Path) -> None:
    with board(tmp_path) as (_, wire):
        assert wire.ask("82 01 00 22 a1", 5) == "82 01 10 22 b1"


@pytest.mark.parametrize(
    "frame",
    [
        "8a 01 01 11 9a",  # check byte
        "8a 02 01 11 98",  # another board's
        "8a 01 19 11 83",  # lock 25 of 24
        "8a 01 01 12 98",  # no such command
        "8a 01 01 11 0a 91",  # ten seconds
        "8a 01 01 11",  # half a frame
        "80 02 00 33 b1",  # another board's question
    ],
)
def test_a_frame_that_is_not_for_it_moves_nothing_and_gets_no_answer(
    tmp_path: Path, frame: str
) -> None:
    with board(tmp_path) as (bench, wire):
        assert wire.ask(frame, 1, QUIET_S) == ""
        assert bench.cabinet.pulses == ()
        assert wire.ask(QUERY_ALL, 7) == ALL_SHUT


def test_noise_before_a_frame_and_frames_cut_into_bytes_are_understood(tmp_path: Path) -> None:
    with board(tmp_path, BoardMake(pause_ms=10_000)) as (_, wire):
        wire.write(b"\x00\x8a\x41")
        for byte in bytes.fromhex(QUERY_ALL) * 2:
            wire.write(bytes([byte]))
        assert wire.read(14).hex(" ") == f"{ALL_SHUT} {ALL_SHUT}"


def test_two_halves_with_a_pause_between_them_are_no_frame(tmp_path: Path) -> None:
    with board(tmp_path) as (bench, wire):
        assert wire.ask("8a 01 01 11", 1, QUIET_S) == ""
        assert wire.ask("9b", 1, QUIET_S) == ""
        assert bench.cabinet.pulses == ()


def test_a_board_that_reports_by_itself_tells_of_the_door(tmp_path: Path) -> None:
    with board(tmp_path, BoardMake(unsolicited=True)) as (bench, wire):
        bench.cabinet.force_open(3)
        assert wire.read(5).hex(" ") == "82 01 03 00 80"
        bench.cabinet.push_shut(3)
        assert wire.read(5).hex(" ") == "82 01 03 11 91"


def test_a_board_at_9600_baud_takes_a_millisecond_a_byte(tmp_path: Path) -> None:
    with board(tmp_path, BoardMake(baud=9_600, reply_ms=0)) as (_, wire):
        started = time.monotonic()
        assert wire.ask(QUERY_ALL, 7) == ALL_SHUT
        assert time.monotonic() - started >= 7 * 10 / 9_600


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (Fault.BOARD_SILENT, ""),
        (Fault.BOARD_GARBLED, "80 01 ff ff ff 73 4d"),
        (Fault.BOARD_HALF_FRAME, "80 01 ff"),
        (Fault.BOARD_WRONG_ADDRESS, "80 02 ff ff ff 33 4e"),
        (Fault.BOARD_DOUBLE, f"{ALL_SHUT} {ALL_SHUT}"),
        (Fault.BOARD_ECHO, f"{QUERY_ALL} {ALL_SHUT}"),
        (Fault.BOARD_LATE, ""),
    ],
)
def test_a_board_fault_spoils_the_answer_until_it_is_mended(
    tmp_path: Path, fault: Fault, answer: str
) -> None:
    with board(tmp_path, BoardMake(late_ms=600)) as (bench, wire):
        bench.faults.switch(fault, on=True)
        assert wire.ask(QUERY_ALL, 14, QUIET_S) == answer
        bench.faults.switch(fault, on=False)
        if fault is Fault.BOARD_LATE:
            assert wire.read(7).hex(" ") == ALL_SHUT
        assert wire.ask(QUERY_ALL, 7) == ALL_SHUT


def test_a_silent_board_still_opens_the_door(tmp_path: Path) -> None:
    with board(tmp_path) as (bench, wire):
        bench.faults.switch(Fault.BOARD_SILENT, on=True)
        assert wire.ask(OPEN_ONE, 1, QUIET_S) == ""
        assert eventually(lambda: bench.cabinet.is_open(1))


def test_an_adapter_with_an_echo_has_it_from_the_factory(tmp_path: Path) -> None:
    with board(tmp_path, BoardMake(echo=True)) as (_, wire):
        assert wire.ask(QUERY_ALL, 12) == f"{QUERY_ALL} {ALL_SHUT}"


def test_noise_spoils_about_one_byte_in_a_hundred_and_the_same_ones_each_time(
    tmp_path: Path,
) -> None:
    def noise(folder: Path, seed: int) -> bytes:
        with board(folder, BoardMake(noise_seed=seed)) as (bench, wire):
            bench.faults.switch(Fault.BOARD_BIT_ERRORS, on=True)
            wire.write(bytes.fromhex(QUERY_ALL) * 100)
            return wire.read(700, 1.0)

    first = noise(tmp_path / "1", 5)
    assert 70 <= first.count(bytes.fromhex(ALL_SHUT)) <= 97  # 89 on average
    assert len(first) < 700  # some questions were not understood
    assert noise(tmp_path / "2", 5) == first
    assert noise(tmp_path / "3", 6) != first


def test_a_board_that_restarts_is_dead_then_knows_no_door_then_all(tmp_path: Path) -> None:
    make = BoardMake(boot_ms=500, scan_ms=1_500, unsolicited=True)
    with board(tmp_path, make) as (bench, wire):
        bench.cabinet.force_open(3)
        assert wire.read(5).hex(" ") == "82 01 03 00 80"
        bench.faults.switch(Fault.BOARD_REBOOTS, on=True)
        assert wire.ask(QUERY_ALL, 7, 0.15) == ""
        answers: list[str] = []
        while not answers or answers[-1] == "":
            answers.append(wire.ask(QUERY_ALL, 7, 0.05))
        assert answers[-1] == ALL_SHUT  # though door 3 stands open
        assert wire.read(5).hex(" ") == "82 01 03 00 80"
        assert wire.ask(QUERY_ALL, 7) == "80 01 fb ff ff 33 49"


def test_a_restart_lets_every_coil_fall_off(tmp_path: Path) -> None:
    with board(tmp_path) as (bench, wire):
        wire.ask(OPEN_ONE, 5)
        bench.faults.switch(Fault.BOARD_REBOOTS, on=True)
        (pulse,) = bench.cabinet.pulses
        assert pulse.length_ms < 300


def test_a_held_coil_stays_on_until_it_is_let_go(tmp_path: Path) -> None:
    with board(tmp_path) as (bench, wire):
        wire.write(bytes.fromhex("9a 01 01 11 8b"))
        assert eventually(lambda: bench.cabinet.is_open(1))
        assert [pulse.length_ms for pulse in bench.cabinet.pulses] == [0]
        wire.write(bytes.fromhex("9b 01 01 11 8a"))
        assert eventually(lambda: bench.cabinet.pulses[0].length_ms > 0)


def test_a_dead_sensor_shows_in_the_answer(tmp_path: Path) -> None:
    with board(tmp_path) as (bench, wire):
        bench.faults.switch(Fault.SENSOR_STUCK_OPEN, on=True, channel=1)
        assert wire.ask(QUERY_ALL, 7) == "80 01 fe ff ff 33 4c"
