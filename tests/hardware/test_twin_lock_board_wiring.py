"""Several boards at one cabinet: on one cable or several, and cables in the wrong place."""

from pathlib import Path

import pytest

from hardware.twins.bench import Bench, BenchMake
from hardware.twins.boards.kerong_cu16 import KerongCu16
from hardware.twins.boards.modbus_relays import WaveshareRelays
from hardware.twins.faults import Fault
from hardware.twins.lock_board import BoardMake, Wiring
from tests.hardware.twin_wire import QUIET_S, Wire, eventually

TWELVE = Wiring.straight(12, 24)


def two_on_one_cable(folder: Path, other: BoardMake) -> Bench:
    return Bench(folder, 24, BenchMake(boards=(BoardMake(channels=12), other)))


def test_two_addresses_on_one_cable_answer_each_for_itself(tmp_path: Path) -> None:
    other = BoardMake(channels=12, address=2, link="lock-board")
    with two_on_one_cable(tmp_path, other) as bench, Wire(tmp_path / "lock-board") as wire:
        assert wire.ask("8a 02 01 11 98", 5) == "8a 02 01 11 98"
        assert eventually(lambda: bench.cabinet.is_open(13))
        assert wire.ask("80 01 00 33 b2", 14, QUIET_S) == "80 01 ff 0f 00 33 42"
        assert wire.ask("80 02 00 33 b1", 14, QUIET_S) == "80 02 fe 0f 00 33 40"
        assert [pulse.channel for pulse in bench.cabinet.pulses] == [13]


def test_two_boards_with_one_address_both_answer_and_both_act(tmp_path: Path) -> None:
    other = BoardMake(channels=12, link="lock-board", supply="right")
    with two_on_one_cable(tmp_path, other) as bench, Wire(tmp_path / "lock-board") as wire:
        bench.cabinet.force_open(13)
        answers = "80 01 ff 0f 00 33 42 80 01 fe 0f 00 33 43"
        assert wire.ask("80 01 00 33 b2", 21, QUIET_S) == answers
        wire.ask("8a 01 02 11 98", 10)
        assert [pulse.channel for pulse in bench.cabinet.pulses] == [2, 14]


def test_boards_of_two_makes_share_a_cable(tmp_path: Path) -> None:
    other = BoardMake(dialect=WaveshareRelays, channels=8, address=9, link="lock-board")
    with two_on_one_cable(tmp_path, other) as bench, Wire(tmp_path / "lock-board") as wire:
        assert wire.ask("09 05 02 00 00 02 4c fb", 8) == "09 05 02 00 00 02 4c fb"
        assert eventually(lambda: bench.cabinet.is_open(13))
        assert wire.ask("80 01 00 33 b2", 7) == "80 01 ff 0f 00 33 42"


def test_a_board_hears_what_another_says(tmp_path: Path) -> None:
    # The answer of board 2 to an unlock is, byte for byte, an unlock for board 2's namesake.
    boards = (
        BoardMake(channels=8, address=2),
        BoardMake(dialect=KerongCu16, channels=8, address=0, link="lock-board"),
        BoardMake(channels=8, address=2, link="lock-board", supply="right"),
    )
    with Bench(tmp_path, 24, BenchMake(boards=boards)) as bench:
        bench.boards[2].faults.switch(Fault.BOARD_SILENT, on=True)
        with Wire(tmp_path / "lock-board") as wire:
            assert wire.ask("8a 02 01 11 98", 5) == "8a 02 01 11 98"
        channels = [pulse.channel for pulse in bench.cabinet.pulses]
        assert channels == [1, 17, 17]


def test_two_cables_lead_to_one_cabinet_and_a_fault_of_one_spares_the_other(
    tmp_path: Path,
) -> None:
    boards = (BoardMake(channels=12), BoardMake(channels=12, closed_bit=0))
    with (
        Bench(tmp_path, 24, BenchMake(boards=boards)) as bench,
        Wire(tmp_path / "lock-board") as one,
        Wire(tmp_path / "lock-board-2") as two,
    ):
        two.ask("8a 01 0c 11 96", 5)
        assert eventually(lambda: bench.cabinet.is_open(24))
        assert one.ask("80 01 00 33 b2", 7) == "80 01 ff 0f 00 33 42"
        assert two.ask("80 01 00 33 b2", 7) == "80 01 00 08 00 33 ba"
        bench.boards[1].faults.switch(Fault.BOARD_SILENT, on=True)
        assert two.ask("80 01 00 33 b2", 7, QUIET_S) == ""
        assert one.ask("80 01 00 33 b2", 7) == "80 01 ff 0f 00 33 42"


@pytest.mark.parametrize("supply", ["main", "right"])
def test_two_boards_on_one_supply_keep_one_law(tmp_path: Path, supply: str) -> None:
    boards = (BoardMake(channels=12), BoardMake(channels=12, supply=supply))
    bench = Bench(tmp_path, 24, BenchMake(boards=boards))
    bench.start()
    with Wire(tmp_path / "lock-board") as one, Wire(tmp_path / "lock-board-2") as two:
        one.ask("8a 01 01 11 9b", 5)
        two.ask("8a 01 01 11 9b", 5)
    assert [pulse.channel for pulse in bench.cabinet.pulses] == [1, 13]
    assert len(bench.violations) == (supply == "main")
    for cable in bench.cables.values():
        cable.close()


@pytest.mark.parametrize(
    ("wiring", "opens", "answer"),
    [
        (TWELVE, 3, "80 01 fb 0f 00 33 46"),
        (TWELVE.swap_locks(3, 5), 5, "80 01 ef 0f 00 33 52"),
        (TWELVE.swap_sensors(3, 5), 3, "80 01 ef 0f 00 33 52"),
        (TWELVE.swap(3, 5), 5, "80 01 fb 0f 00 33 46"),
    ],
    ids=["straight", "locks", "sensors", "both"],
)
def test_swapped_cables_open_or_show_another_door(
    tmp_path: Path, wiring: Wiring, opens: int, answer: str
) -> None:
    make = BenchMake(board=BoardMake(channels=12, wiring=wiring))
    with Bench(tmp_path, 12, make) as bench, Wire(tmp_path / "lock-board") as wire:
        wire.ask("8a 01 03 11 99", 5)
        assert eventually(lambda: bench.cabinet.is_open(opens))
        assert wire.ask("80 01 00 33 b2", 7) == answer


def test_a_channel_on_which_nothing_hangs_does_nothing_and_reads_as_not_shut(
    tmp_path: Path,
) -> None:
    make = BenchMake(board=BoardMake(channels=4, wiring=Wiring((1, 0), (1, 0, 2))))
    with Bench(tmp_path, 2, make) as bench, Wire(tmp_path / "lock-board") as wire:
        assert wire.ask("8a 01 02 11 98", 5) == "8a 01 02 00 89"
        assert wire.ask("80 01 00 33 b2", 7) == "80 01 05 00 00 33 b7"
        assert bench.cabinet.pulses == ()
