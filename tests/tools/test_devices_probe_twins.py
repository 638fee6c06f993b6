"""Every dialect's twin is recognised among all the others, and none of its doors opens."""

from pathlib import Path

import pytest

from edge.tools.commissioning import probe as probing
from edge.tools.commissioning.probe import FLASH, Step, asked, probe
from hardware.twins.bench import Bench, BenchMake
from hardware.twins.boards.dongcheng import Dongcheng
from hardware.twins.boards.firmware import Firmware
from hardware.twins.boards.kerong_cu16 import KerongCu16
from hardware.twins.boards.make import BoardMake
from hardware.twins.boards.modbus_relays import ModbusRelays, WaveshareRelays
from hardware.twins.boards.shuoming import Shuoming
from hardware.twins.boards.winnsen import Winnsen
from hardware.twins.boards.wkly import Wkly

TWINS: dict[str, type[Firmware]] = {
    "8a80": Shuoming,
    "cu16": KerongCu16,
    "wkly": Wkly,
    "dongcheng": Dongcheng,
    "winnsen": Winnsen,
}
CHANNELS = 8
ADDRESS = 2


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    # A twin answers within some ms: less patience, so that silence costs less.
    monkeypatch.setattr(probing, "ANSWER_S", 0.04)
    monkeypatch.setattr(probing, "MOST_ADDRESSES", 4)


SAID_TO_HAVE = {"8a80": 24, "cu16": 16, "wkly": 8, "dongcheng": 8, "winnsen": 16}
"""Two of them say how many channels they have, the others as many as their answer has room for."""


def found_on(bench: Bench, told: list[Step]) -> list[tuple[str, int, int]]:
    found = probe(bench.port("lock-board"), told.append)
    return [(board.driver, board.address, board.channels) for board in found]


def bench_of(folder: Path, firmware: type[Firmware]) -> Bench:
    board = BoardMake(dialect=firmware, address=ADDRESS, channels=CHANNELS)
    return Bench(folder, channels=CHANNELS, make=BenchMake(boards=(board,)))


@pytest.mark.parametrize("dialect", sorted(SAID_TO_HAVE))
def test_a_board_of_each_dialect_is_recognised_and_stays_shut(tmp_path: Path, dialect: str) -> None:
    with bench_of(tmp_path, TWINS[dialect]) as bench:
        assert found_on(bench, []) == [(dialect, ADDRESS, SAID_TO_HAVE[dialect])]
        assert bench.cabinet.pulses == ()


@pytest.mark.parametrize("firmware", [ModbusRelays, WaveshareRelays])
def test_a_relay_board_hears_every_question_is_found_and_switches_nothing(
    tmp_path: Path, firmware: type[Firmware]
) -> None:
    told: list[Step] = []
    with bench_of(tmp_path, firmware) as bench:
        assert found_on(bench, told) == [(FLASH, ADDRESS, CHANNELS)]
        assert bench.cabinet.pulses == ()
    assert {step.dialect for step in told} == set(asked(all_addresses=False))
    assert [step.number for step in told] == list(range(1, told[0].all + 1))


def test_a_board_with_a_high_address_is_found_when_all_are_asked(tmp_path: Path) -> None:
    told: list[Step] = []
    high = probing.MOST_ADDRESSES + 1
    make = BenchMake(boards=(BoardMake(dialect=Shuoming, address=high, channels=CHANNELS),))
    with Bench(tmp_path, channels=CHANNELS, make=make) as bench:
        assert probe(bench.port("lock-board"), told.append) == []
        (board,) = probe(bench.port("lock-board"), told.append, all_addresses=True)
        assert (board.driver, board.address) == ("8a80", high)
        assert bench.cabinet.pulses == ()
