"""A whole station in this process, its bench at hand: the real daemon, drivers, twins and pages."""

import asyncio
import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest
import zxingcpp

from edge.daemon.clock import SystemClock
from edge.kernel.time import Instant
from edge.settings import FILE_NAME, read_settings
from edge.tools.children import answers
from edge.tools.journal import export
from edge.tools.people import Keeper, StoryError, Visitor, wait_for
from edge.tools.story import CODE_ON_PAPER
from edge.wiring import run_station
from edge.wiring import station as wiring
from hardware.twins.bench import EVERYTHING, Bench, BenchMake
from hardware.twins.boards.make import BoardMake
from hardware.twins.cabinet import Steel
from hardware.twins.faults import Fault
from tests.hardware.quick_boards import quick_boards
from tests.support.station import pingshang

T = TypeVar("T")
TAIL: Final = "3865"
PULSE_MS: Final = 100
NO_SIGN_MS: Final = 2_000
"""Three seconds in a village; a test waits for it more than once."""
BENCH: Final = replace(EVERYTHING, board=BoardMake(pulse_ms=PULSE_MS), steel=Steel(swing_out_ms=50))
_WAYBILLS: Final = count(1)


class HurriedClock(SystemClock):
    """The real clock, which a test may put forward so that nobody sits through a minute."""

    skipped_ms = 0

    def now(self) -> Instant:
        """The present, and as much later as was skipped."""
        real = super().now()
        later_ms = HurriedClock.skipped_ms
        return replace(real, mono_ms=real.mono_ms + later_ms, wall_lo_ms=real.wall_lo_ms + later_ms)


@dataclass
class WholeStation:
    """What a test can lay its hands on. `keeper` is signed in and `kiosk` is anybody."""

    folder: Path
    address: str
    bench: Bench
    keeper: Keeper
    kiosk: Visitor

    # -- what is broken

    @contextlib.contextmanager
    def broken(self, fault: Fault, door: int | None = None) -> Iterator[None]:
        """So long as the block lasts."""
        self.bench.faults.switch(fault, on=True, channel=door)
        try:
            yield
        finally:
            self.bench.faults.switch(fault, on=False, channel=door)

    # -- what the station says

    def screen(self) -> Any:
        """The kiosk's."""
        return self.kiosk.get("/api/kiosk/screen")

    def counter(self) -> Any:
        """The keeper's."""
        return self.keeper.get("/api/keeper/screen")

    def cell(self, cell: int) -> Any:
        """One cell as the keeper sees it."""
        return next(one for one in self.counter()["cells"] if one["cell"] == cell)

    def door_words(self) -> set[str]:
        """What the station believes of all doors, each word once."""
        return {str(one["door"]) for one in self.counter()["cells"]}

    def parcel(self, waybill_no: str) -> str:
        """The stage of a parcel that is here or was collected today."""
        screen = self.counter()
        lines = (*screen["parcels"], *screen["collected"])
        return next(str(one["stage"]) for one in lines if one["waybill_no"] == waybill_no)

    def device(self, name: str) -> Any:
        """A device as the county hears of it."""
        devices = self.kiosk.get("/healthz")["devices"]
        return next(one for one in devices if one["name"] == name)

    def device_word(self, name: str) -> str:
        """A device on the keeper's page."""
        return next(str(one["word"]) for one in self.counter()["devices"] if one["name"] == name)

    def bad_frames(self, name: str) -> float:
        """How often a device was misheard, as the metrics count it."""
        text = self.kiosk.get_bytes("/metrics").decode()
        found = re.search(rf'bad_frames\w*{{device="{name}"}} (\S+)', text)
        assert found is not None, text
        return float(found[1])

    def alerts(self) -> list[str]:
        """Doors that want somebody, as the keeper's pages show them."""
        return [str(one["text"]) for one in self.counter()["alerts"]]

    # -- what is on disk

    def journal(self) -> list[dict[str, Any]]:
        """Every fact so far, which is what the county gets."""
        return list(export(self.folder))

    def facts(self, after: int, **body: object) -> list[str]:
        """Kinds of the facts behind a place in the journal, of those whose body says this.

        But for what the journal notes of itself, which comes whenever it is time for it.
        """
        return [
            str(fact["kind"])
            for fact in self.journal()
            if fact["seq"] > after and body.items() <= fact["body"].items()
            if not str(fact["kind"]).startswith("journal.")
        ]

    def place(self) -> int:
        """The place of the newest fact."""
        return int(self.journal()[-1]["seq"])

    # -- what the steel says

    def pulses(self, before: int = 0) -> list[int]:
        """The coils that were driven behind the first so many."""
        return [pulse.channel for pulse in self.bench.cabinet.pulses[before:]]

    def is_open(self, cell: int) -> bool:
        """Whether the door stands open, whatever its sensor says."""
        return self.bench.cabinet.is_open(cell)

    def assert_nothing_lies_in_a_free_cell(self) -> None:
        """The law P2, read off the steel."""
        free = [one["cell"] for one in self.counter()["cells"] if one["occupancy"] == "free"]
        assert [cell for cell in free if self.bench.cabinet.inside(cell)] == []

    # -- what people do

    def until(self, what: str, look: Callable[[], T | None]) -> T:
        """Look until there is something."""
        return wait_for(what, look)

    def until_door(self, cell: int, *words: str) -> None:
        """Wait until the station believes one of these of a door."""
        wait_for(f"door {cell} to be {words}", lambda: self.cell(cell)["door"] in words)

    def check_in(self) -> tuple[str, int, str]:
        """One parcel into its cell; waybill, cell and the eight digits of its slip."""
        waybill_no, cell = self.receive()
        self.keeper.type_tail(waybill_no, TAIL)
        return waybill_no, cell, self.code_of(waybill_no)

    def receive(self) -> tuple[str, int]:
        """One parcel into its cell, without a phone tail: waybill and cell."""
        waybill_no = f"YT{next(_WAYBILLS):013d}"
        self.keeper.check_in(on=True)
        answer = self.keeper.post("/api/keeper/scan", text=waybill_no)
        assert answer["key"] == "put_in", answer
        cell = int(answer["cell"])
        self.put_in(cell, waybill_no)
        return waybill_no, cell

    def put_in(self, cell: int, waybill_no: str) -> None:
        """The keeper's part at the door."""
        self.until(f"door {cell} to open", lambda: self.is_open(cell))
        self.until_door(cell, "open")
        self.bench.cabinet.put_in(cell, waybill_no)
        self.shut(cell)
        self.until_door(cell, "shut")

    def code_of(self, waybill_no: str) -> str:
        """The digits on the newest slip of a parcel."""
        text = self.until("the slip", lambda: self.slip(waybill_no))
        code = CODE_ON_PAPER.search(text)
        assert code is not None, text
        return code[1] + code[2]

    def slip(self, waybill_no: str) -> str:
        """The text of the newest slip of a parcel, empty while there is none."""
        texts = ["\n".join(slip.text) for slip in self.bench.printer.slips]
        return next((text for text in reversed(texts) if waybill_no in text), "")

    def token_of(self, waybill_no: str) -> str:
        """What the QR code of a parcel's newest slip says."""
        self.until("the slip", lambda: self.slip(waybill_no))
        found = zxingcpp.read_barcodes(self.bench.printer.papers[-1])
        assert waybill_no in "\n".join(self.bench.printer.slips[-1].text)
        return str(found[0].text)

    def type_code(self, digits: str) -> Any:
        """The villager at the keypad."""
        return self.kiosk.post("/api/kiosk/code", phone_tail=TAIL, digits=digits)

    def shut(self, cell: int) -> None:
        """Push a door shut and stay until it has fallen shut."""
        self.bench.cabinet.push_shut(cell)
        self.until(f"door {cell} to fall shut", lambda: not self.is_open(cell))

    def take(self, cell: int) -> None:
        """Take out what is inside and shut the door."""
        self.until(f"door {cell} to open", lambda: self.is_open(cell))
        self.bench.cabinet.take_out(cell)
        self.shut(cell)

    def collect(self, digits: str, cell: int) -> None:
        """A pickup as on most days."""
        answer = self.type_code(digits)
        assert (answer["ok"], answer["cell"]) == (True, cell), answer
        self.until_door(cell, "open")
        self.take(cell)
        self.until_door(cell, "shut")

    def look(self, cell: int, holds: str | None, why: str = "看一眼") -> Any:
        """The keeper opens a cell, takes out what does not belong, and says what is in it."""
        self.until("the door at rest", lambda: self.cell(cell)["door"] == "shut")
        self.keeper.post(f"/api/keeper/cells/{cell}/open", reason=why)
        self.until_door(cell, "open")
        if holds is None and self.bench.cabinet.inside(cell):
            self.bench.cabinet.take_out(cell)
        self.shut(cell)
        self.until_door(cell, "shut")
        return self.keeper.post(f"/api/keeper/cells/{cell}/inspected", holds=holds)

    def keeper_refused(self, path: str, **body: Any) -> str:
        """The word with which a keeper's wish is refused."""
        return _refused(self.keeper, path, body)

    def kiosk_refused(self, path: str, **body: Any) -> str:
        """The word with which a villager's wish is refused."""
        return _refused(self.kiosk, path, body)

    def hurry(self, seconds: float) -> None:
        """So much time passes at once, and something happens that makes the station look."""
        HurriedClock.skipped_ms += int(seconds * 1_000)
        self.keeper.check_in(on=not self.counter()["check_in"]["on"])

    def mend(self) -> None:
        """Everything whole again and every door seen as it is."""
        self.bench.faults.mend_all()
        wait_for("every door to be seen as it is", self._all_seen)

    def _all_seen(self) -> bool:
        words = {True: {"open", "forced"}, False: {"shut", "silent", "asked"}}
        return all(
            one["door"] in words[self.is_open(one["cell"])] for one in self.counter()["cells"]
        )


def _refused(who: Visitor, path: str, body: dict[str, Any]) -> str:
    with pytest.raises(StoryError) as refused:
        who.post(path, **body)
    found = re.search(r'"code": ?"(\w+)"', str(refused.value))
    assert found is not None, refused.value
    return found[1]


@contextlib.contextmanager
def whole_station(
    folder: Path, make: BenchMake = BENCH, *, name: str = "坪上村驿", forced: int | None = None
) -> Iterator[WholeStation]:
    """A station set up on a bench, up and answering with its keeper signed in.

    `forced` is a door that stands open before it starts.
    """
    set_up(folder, name)
    with Bench(folder / "bench", make=make) as bench:
        if forced is not None:
            bench.cabinet.force_open(forced)
        with at_work(folder, bench) as station:
            if forced is None:
                station.until("every door", lambda: "unknown" not in station.door_words())
            yield station


def set_up(folder: Path, name: str = "坪上村驿") -> None:
    """The data folder of a station whose devices are twins in `folder`/bench."""
    pingshang(folder / "station", twins=folder / "bench", name=name, everything=True)
    file = folder / "station" / FILE_NAME
    text = file.read_text(encoding="utf-8").replace("pulse_ms = 300", f"pulse_ms = {PULSE_MS}")
    rules = f"\n[rules]\nno_sign_ms = {NO_SIGN_MS}\n"
    file.write_text(text + rules, encoding="utf-8")


@contextlib.contextmanager
def at_work(folder: Path, bench: Bench) -> Iterator[WholeStation]:
    """The station, running once: from its start to its end."""
    with (
        running(folder / "station") as address,
        Keeper(address) as keeper,
        Visitor(address) as kiosk,
    ):
        keeper.sign_in()
        station = WholeStation(folder / "station", address, bench, keeper, kiosk)
        yield station


@contextlib.contextmanager
def running(folder: Path) -> Iterator[str]:
    """The daemon in a thread of its own; gives its address, and ends as by SIGTERM."""
    with quick_boards(PULSE_MS):
        settings = read_settings(folder)
    address = f"http://127.0.0.1:{settings.web.port}"
    loops: list[asyncio.AbstractEventLoop] = []
    stop, failed = asyncio.Event(), list[BaseException]()

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        await run_station(folder, settings, stop)

    def work() -> None:
        try:
            asyncio.run(serve())
        except BaseException as failure:  # noqa: BLE001 - raised in the test's own thread below
            failed.append(failure)

    thread = threading.Thread(target=work, name="station")
    with pytest.MonkeyPatch.context() as patch, quick_boards(PULSE_MS):
        patch.setattr(wiring, "SystemClock", HurriedClock)
        thread.start()
        try:
            wait_for("the station to answer", lambda: failed or answers(f"{address}/healthz"))
            if not failed:
                yield address
        finally:
            with contextlib.suppress(RuntimeError):  # it has ended by itself
                loops[0].call_soon_threadsafe(stop.set)
            thread.join(20.0)
    assert not thread.is_alive(), "the station did not stop"
    if failed:
        raise failed[0]
