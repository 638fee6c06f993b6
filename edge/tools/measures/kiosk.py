"""How soon the kiosk answers at a station with 400 live parcels, beside a bare FastAPI route.

The station is a process of its own on twins; its board is read all the while, as in a village. Each
input goes by turns with the same request to a process with nothing behind its route; where the
station stores a fact before it answers, that route has one write and sync of its own. A disk that
stalls now and then stalls both alike.
"""

import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from edge.domain.effects import QueueSlip
from edge.guard.bucket import RATE_PER_S
from edge.tools.children import Child, ChildError, answers, cunyi, free_ports
from edge.tools.measures.figures import Effort, Result, compare, compare_tails
from edge.tools.measures.full_house import fill_house
from edge.tools.new_station import NewStation, make_station
from edge.tools.people import TOKEN_HEADER
from hardware.twins.cabinet import Cabinet
from hardware.twins.faults import Faults
from hardware.twins.lock_board import BoardMake, LockBoardTwin

PARCELS: Final = 400
CELLS: Final = 24
MOST_RUNS: Final = 3
MOST_WRONG_CODES: Final = 50
"""Of one run: with sixty a station is busy, and what it then says costs no sync."""
UP_WITHIN_S: Final = 30.0
_BETWEEN_PEOPLE_S: Final = 3 / RATE_PER_S
"""Each sends three inputs; whoever sends more in that time is told to be slower."""
_BARE: Final = """
import os
import sys
import fastapi
import uvicorn

app = fastapi.FastAPI()
kept = os.open(sys.argv[2], os.O_CREAT | os.O_WRONLY | os.O_APPEND)


@app.post("/kept")
def keep():
    os.write(kept, bytes(4_096))
    os.fdatasync(kept)
    return {}


app.get("/healthz")(lambda: {})
app.get("/")(lambda: {})
app.post("/")(lambda: {})
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
"""
_Times = dict[str, list[float]]


def kiosk(folder: Path, effort: Effort) -> Iterable[Result]:
    """For each kind of input the p50, and the tail of all runs together, in ms."""
    runs = [_Run(folder / f"run-{n}") for n in range(min(effort.runs, MOST_RUNS))]
    for run in runs:
        run.measure(min(effort.inputs, MOST_WRONG_CODES))
    for kind in runs[0].ours:
        ours, bare = [run.ours[kind] for run in runs], [run.bare[kind] for run in runs]
        name = f"kiosk_{kind}"
        stored = _BESIDE[kind] is _bare_kept
        beside = "bare FastAPI route with one sync" if stored else "bare FastAPI route"
        yield compare(
            f"{name}_p50",
            "ms",
            [statistics.median(times) for times in ours],
            [statistics.median(times) for times in bare],
            f"{beside}, ms",
        )
        yield compare_tails(name, ours, bare, beside)


@dataclass
class _Run:
    folder: Path
    ours: _Times = field(default_factory=lambda: defaultdict(list))
    bare: _Times = field(default_factory=lambda: defaultdict(list))

    def measure(self, inputs: int) -> None:
        broker, web, bare = free_ports(3)
        station = self.folder / "station"
        _make(station, self.folder, broker, web)
        slips = fill_house(station, PARCELS)
        run = cunyi("station", "run", str(station))
        beside = [sys.executable, "-c", _BARE, str(bare), str(self.folder / "kept")]
        with (
            _board(self.folder),
            _page(run, web, self.folder) as ours,
            _page(beside, bare, self.folder) as other,
        ):
            ours.headers[TOKEN_HEADER] = ours.get("/api/session").json()["token"]
            for number, slip in enumerate(slips[-inputs:]):
                time.sleep(_BETWEEN_PEOPLE_S)
                for kind, ask in _inputs(number, slip).items():
                    asks = [(self.ours, ask, ours), (self.bare, _BESIDE[kind], other)]
                    # By turns, as the first sync after a rest is the one that a disk lets wait.
                    for times, one, page in asks[:: 1 if number % 2 else -1]:
                        times[kind].append(_ms(one, page))


Ask = Callable[[httpx.Client], None]


def _inputs(number: int, slip: QueueSlip) -> dict[str, Ask]:
    """What one person does, and what the page itself asks meanwhile."""
    right = {"phone_tail": slip.phone_tail, "digits": slip.digits}
    wrong = {"phone_tail": f"{9_999 - number:04d}", "digits": f"{number:08d}"}
    return {
        "code": lambda page: _post(page, "/api/kiosk/code", right, "at_shelf"),
        "wrong_code": lambda page: _post(page, "/api/kiosk/code", wrong, "wrong_code"),
        "tracking": lambda page: _post(page, "/api/kiosk/track", {"waybill_no": slip.waybill_no}),
        "screen": lambda page: _well(page.get("/api/kiosk/screen")),
        "events": _first_event,
    }


def _post(page: httpx.Client, path: str, body: dict[str, str], key: str = "") -> None:
    answer = page.post(path, json=body)
    _well(answer)
    if key and answer.json()["key"] != key:
        raise ChildError(f"{path} was answered with {answer.text}, not {key}")


def _bare_kept(page: httpx.Client) -> None:
    _well(page.post("/kept", json={"phone_tail": "3865", "digits": "00000000"}))


def _bare_post(page: httpx.Client) -> None:
    _well(page.post("/", json={"waybill_no": "78543219876543"}))


def _bare_get(page: httpx.Client) -> None:
    _well(page.get("/"))


_BESIDE: Final[dict[str, Ask]] = {
    "code": _bare_kept,
    "wrong_code": _bare_kept,
    "tracking": _bare_post,
    "screen": _bare_get,
    "events": _bare_get,
}


def _first_event(page: httpx.Client) -> None:
    """What a screen shows once it has come back, e.g. after a reload."""
    with page.stream("GET", "/events/kiosk") as answer:
        next(line for line in answer.iter_lines() if line.startswith("data:"))


def _well(answer: httpx.Response) -> None:
    if not answer.is_success:
        raise ChildError(f"{answer.url} was answered with {answer.status_code} {answer.text}")


def _ms(ask: Ask, page: httpx.Client) -> float:
    began_s = time.perf_counter()
    ask(page)
    return (time.perf_counter() - began_s) * 1_000


def _make(station: Path, twins: Path, broker: int, web: int) -> None:
    wanted = NewStation(
        county="bench",
        station="bench",
        name="bench",
        broker=f"mqtt://127.0.0.1:{broker}",
        web_port=web,
        twins=twins,
    )
    file = make_station(station, wanted)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("per_layer = 30", "per_layer = 50"), encoding="utf-8")


@contextmanager
def _board(folder: Path) -> Iterator[None]:
    faults = Faults(CELLS)
    cabinet = Cabinet(CELLS, faults)
    board = LockBoardTwin(folder / "lock-board", cabinet, faults, BoardMake(baud=9_600))
    board.cable.start()
    try:
        yield
    finally:
        board.cable.close()
    cabinet.judge()


@contextmanager
def _page(command: Sequence[str], port: int, folder: Path) -> Iterator[httpx.Client]:
    address = f"http://127.0.0.1:{port}"
    child = Child("a page server", command, folder / "child.log")
    child.start()
    try:
        child.wait_until(lambda: answers(f"{address}/healthz"), UP_WITHIN_S)
        with httpx.Client(base_url=address, headers={"Origin": address}, timeout=10.0) as page:
            yield page
    finally:
        child.end()
