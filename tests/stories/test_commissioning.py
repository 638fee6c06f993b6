"""A cabinet comes out of the crate wired by somebody else: it is commissioned, then it serves."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

import pytest

from edge.settings import read_settings
from edge.tools.children import Child, answers, cunyi
from edge.tools.people import Keeper, wait_for
from hardware.twins.bench import Bench, BenchMake
from hardware.twins.boards.make import BoardMake, Wiring
from tests.support.station import pingshang

pytestmark = [pytest.mark.story]

FIRST: Final = 8
SECOND: Final = 2
DOORS: Final = FIRST + SECOND
WIRED: Final = BenchMake(
    boards=(
        BoardMake(channels=FIRST, wiring=Wiring.straight(FIRST, DOORS).swap_locks(3, 6)),
        BoardMake(
            channels=SECOND,
            closed_bit=0,
            wiring=Wiring.straight(SECOND, DOORS, FIRST + 1).swap(1, 2),
        ),
    )
)
"""On board 1 two lock cables are swapped; board 2 means the opposite, and two doors are swapped."""
BOARDS: Final = """
[[cabinet.boards]]
driver = "8a80"
port = "twin:{bench}/lock-board"
channels = 8            # the upper half

[[cabinet.boards]]
driver = "8a80"
port = "twin:{bench}/lock-board-2"
channels = 2
first_cell = 9
closed_bit = 1          # as the last cabinet had it
"""
PATIENCE_S: Final = 30.0


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Bench(tmp_path / "bench", channels=DOORS, make=WIRED) as bench:
        yield bench


@pytest.fixture
def folder(tmp_path: Path, bench: Bench) -> Path:
    folder = tmp_path / "station"
    pingshang(folder, twins=bench.folder)
    file = folder / "station.toml"
    head, _, rest = file.read_text(encoding="utf-8").partition("[cabinet]")
    boards = BOARDS.format(bench=bench.folder)
    file.write_text(
        f"{head}[cabinet]\n{boards}\n{rest[rest.index('[[scanners]]') :]}", encoding="utf-8"
    )
    return folder


class Fitter:
    """Whoever stands in front of the cabinet: reads the screen, looks at the steel, types."""

    def __init__(self, folder: Path, bench: Bench) -> None:
        self._steel = bench.cabinet
        self._process = subprocess.Popen(
            cunyi(
                *("devices", "commission", str(folder), "--language", "zh"), "--answers-from-pipe"
            ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.read = ""
        self.presses = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def work(self, presses: int | None = None) -> int | None:
        """Answer until the tool ends; its exit code. None after so many Enters that open."""
        while (question := self._next_question()) is not None:
            if "开锁" in question and self.presses == presses:
                return None
            self._type(self._answer(question))
        return self._process.wait(PATIENCE_S)

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(PATIENCE_S)

    def _answer(self, question: str) -> str:
        if "开锁" in question:
            self.presses += 1
            return ""
        if "哪扇门开了" in question:
            return " ".join(str(door) for door in self._open_doors()) or "n"
        if "请关上" in question:
            for door in self._open_doors():
                self._steel.push_shut(door)
            wait_for("the doors to latch", lambda: not self._open_doors())
            return ""
        if "谁在开门" in question:
            return "李师傅"
        return "y" if "写进" in question else ""

    def _open_doors(self) -> list[int]:
        return [door.channel for door in self._steel.doors() if door.open]

    def _next_question(self) -> str | None:
        assert self._process.stdout is not None
        handle, text, until = self._process.stdout.fileno(), b"", time.monotonic() + PATIENCE_S
        while not text.endswith(b" > "):
            assert time.monotonic() < until, text.decode()
            if select.select([handle], [], [], 0.1)[0]:
                more = os.read(handle, 4_096)
                if not more:
                    self.read += text.decode()
                    return None
                text += more
        self.read += text.decode()
        return text.decode().splitlines()[-1]

    def _type(self, answer: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{answer}\n".encode())
        self._process.stdin.flush()


def test_a_cabinet_with_reversed_bits_and_swapped_cables_is_learned_and_then_opens_the_right_doors(
    folder: Path, bench: Bench, tmp_path: Path
) -> None:
    before = (folder / "station.toml").read_bytes()
    with Fitter(folder, bench) as fitter:
        assert fitter.work(presses=4) is None
        assert fitter.interrupt() == 1
    assert (folder / "station.toml").read_bytes() == before
    with Fitter(folder, bench) as fitter:
        assert fitter.work() == 0, fitter.read
    assert len(bench.cabinet.pulses) == DOORS  # each lock once, over both sittings
    first, second = read_settings(folder).cabinet.boards
    assert (first.closed_bit, first.cells) == (1, (1, 2, 6, 4, 5, 3, 7, 8))
    assert first.sensors == (1, 2, 6, 4, 5, 3, 7, 8)
    assert (second.closed_bit, second.cells, second.sensors) == (0, (10, 9), ())
    assert "# as the last cabinet had it" in (folder / "station.toml").read_text("utf-8")
    assert "接线没有毛病。" in fitter.read
    assert (folder / "commissioning.html").exists()
    every_door_answers_to_its_number(folder, bench, tmp_path)
    assert bench.violations == ()


def every_door_answers_to_its_number(folder: Path, bench: Bench, tmp_path: Path) -> None:
    station = Child("the station", cunyi("station", "run", str(folder)), tmp_path / "station.log")
    address = f"http://127.0.0.1:{read_settings(folder).web.port}"
    station.start()
    try:
        station.wait_until(lambda: answers(f"{address}/healthz"), PATIENCE_S)
        with Keeper(address) as keeper:
            keeper.sign_in()
            wait_for("all doors to be seen shut", lambda: set(doors(keeper).values()) == {"shut"})
            for cell in range(1, DOORS + 1):
                opened_by(keeper, bench, cell)
    finally:
        station.end()


def opened_by(keeper: Keeper, bench: Bench, cell: int) -> None:
    """The keeper asks for a cell: that door and no other opens, and the screen says so."""
    keeper.post(f"/api/keeper/cells/{cell}/open", reason="试门")
    wait_for(f"door {cell}", lambda: bench.cabinet.is_open(cell))
    assert [door.channel for door in bench.cabinet.doors() if door.open] == [cell]
    wait_for("the screen to see it", lambda: doors(keeper)[cell] == "open")
    assert [n for n, word in doors(keeper).items() if word != "shut"] == [cell]
    bench.cabinet.push_shut(cell)
    wait_for("the screen to see it shut", lambda: doors(keeper)[cell] == "shut")


def doors(keeper: Keeper) -> dict[int, str]:
    cells = keeper.get("/api/keeper/screen")["cells"]
    return {int(one["cell"]): str(one["door"]) for one in cells}


def test_the_tool_is_refused_while_the_station_runs(
    folder: Path, bench: Bench, tmp_path: Path
) -> None:
    station = Child("the station", cunyi("station", "run", str(folder)), tmp_path / "station.log")
    address = f"http://127.0.0.1:{read_settings(folder).web.port}"
    station.start()
    try:
        station.wait_until(lambda: answers(f"{address}/healthz"), PATIENCE_S)
        with Fitter(folder, bench) as fitter:
            assert fitter.work() == 2
    finally:
        station.end()
    assert "is held by another cunyi" in fitter.read
    assert bench.cabinet.pulses == ()
