"""What holds for every make of lock board twin, and a made-up one in a single class."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.twins.boards.firmware import Firmware
from hardware.twins.cabinet import Cabinet
from hardware.twins.faults import MENU, Device, Fault, Faults
from hardware.twins.lock_board import MAKES, BoardMake, LockBoardTwin, Wiring, faults_of
from tests.hardware.board_on_table import OnTable, query_of
from tests.hardware.twin_wire import Wire, eventually


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["8a80", "cu16", "wkly", "dongcheng", "winnsen", "modbus", "modbus-waveshare"]
)
def test_a_million_bytes_of_noise_drive_no_coil_and_hide_no_later_frame(name: str) -> None:
    it = OnTable(name)
    chance = random.Random(11)
    for _ in range(31_250):
        list(it.firmware.hear(chance.randbytes(chance.randint(1, 63))))
        it.now_s += 0.01
        list(it.firmware.tick())
    it.firmware.pause()
    # 8A/80: three fixed bytes, a check and 25 locks of 256 make 2e-5 unlocks of one lock in a
    # million bytes, and `90`, address and check 0.06 unlocks of several: the likeliest of all.
    assert it.pulses() == []
    query = query_of(name)
    assert it.ask(query) != ""


@pytest.mark.parametrize("name", MAKES)
def test_frames_cut_into_bytes_behind_noise_are_understood(name: str) -> None:
    it = OnTable(name)
    query = bytes.fromhex(query_of(name))
    plain = it.ask(query.hex())
    answers = [b"".join(it.firmware.hear(bytes([byte]))) for byte in b"\x00\x41" + query]
    assert b"".join(answers).hex(" ") == plain


@pytest.mark.parametrize("name", MAKES)
def test_every_make_signs_with_another_address_when_it_is_lost(name: str) -> None:
    it = OnTable(name)
    query = query_of(name)
    plain = bytes.fromhex(it.ask(query))
    it.faults.switch(Fault.BOARD_WRONG_ADDRESS, on=True)
    lost = bytes.fromhex(it.ask(query))
    assert len(lost) == len(plain)
    assert lost != plain


@pytest.mark.parametrize("name", MAKES)
def test_every_make_answers_on_its_cable(name: str, tmp_path: Path) -> None:
    make = MAKES[name]
    doors = make.channels or 24
    twin = LockBoardTwin(tmp_path / "board", Cabinet(doors), Faults(doors), make)
    twin.cable.start()
    try:
        with Wire(tmp_path / "board") as wire:
            wanted = OnTable(name).ask(query_of(name))
            size = len(bytes.fromhex(wanted))
            assert wire.ask(query_of(name), size) == wanted
    finally:
        twin.cable.close()


def test_only_a_board_with_a_checksum_can_have_noise_that_is_noticed() -> None:
    board = tuple(kind.fault for kind in MENU if kind.device is Device.LOCK_BOARD)
    assert faults_of(MAKES["8a80"]) == faults_of(MAKES["cu16-mute"]) == board
    unseen = set(board) - set(faults_of(MAKES["winnsen"]))
    assert unseen == {Fault.BOARD_GARBLED, Fault.BOARD_BIT_ERRORS}
    assert set(board) - set(faults_of(BoardMake(echo=True))) == {Fault.BOARD_ECHO}
    assert Fault.PAPER_OUT not in board


class Telegraph(Firmware):
    """A made-up board: one letter opens, another asks."""

    CHECKED = False

    def hear(self, chunk: bytes) -> Iterator[bytes]:
        for byte in chunk:
            if byte == ord("?"):
                yield bytes(ord("X") if shut else ord("O") for shut in self.board.feedbacks())
            elif ord("a") <= byte <= ord("z"):
                self.board.pulse(byte - ord("a") + 1)
                yield b"!"


def test_a_made_up_dialect_is_one_class(tmp_path: Path) -> None:
    cabinet = Cabinet(3)
    make = BoardMake(dialect=Telegraph)
    twin = LockBoardTwin(tmp_path / "board", cabinet, Faults(3), make)
    twin.cable.start()
    try:
        with Wire(tmp_path / "board") as wire:
            assert wire.ask("3f", 3) == b"XXX".hex(" ")
            assert wire.ask("62", 1) == b"!".hex()
            assert eventually(lambda: cabinet.is_open(2))
            assert wire.ask("3f", 3) == b"XOX".hex(" ")
    finally:
        twin.cable.close()


def test_what_a_board_remembered_is_lost_when_it_restarts(tmp_path: Path) -> None:
    make = replace(MAKES["winnsen"], boot_ms=100)
    faults = Faults(16)
    twin = LockBoardTwin(tmp_path / "board", Cabinet(16), faults, make)
    twin.cable.start()
    try:
        with Wire(tmp_path / "board") as wire:
            unlock, done, rests = (
                "90 06 05 01 07 03",
                "90 07 85 01 07 01 03",
                "90 07 85 01 07 02 03",
            )
            assert wire.ask(unlock, 7) == done
            assert wire.ask(unlock, 7) == rests
            faults.switch(Fault.BOARD_REBOOTS, on=True)
            answers = [""]
            while answers[-1] == "":
                answers.append(wire.ask(unlock, 7, 0.05))
            assert answers[-1] == done
    finally:
        twin.cable.close()


def test_a_wiring_to_doors_that_are_not_there_is_no_board() -> None:
    make = replace(MAKES["8a80"], wiring=Wiring((25,), (1,)))
    with pytest.raises(ValueError, match="doors that are not there"):
        OnTable(make)
