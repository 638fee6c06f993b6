"""From the start of a station's process to its first answer to a pickup, beside a bare FastAPI."""

import sys
import time
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx

from edge.tools.children import Child, ChildError, cunyi, free_ports
from edge.tools.measures.figures import Effort, Result, compare
from edge.tools.new_station import NewStation, make_station
from edge.tools.people import TOKEN_HEADER

UP_WITHIN_S: Final = 20.0
MOST_RUNS: Final = 5
_CODE: Final = {"phone_tail": "3865", "digits": "00000000"}
"""Opens nothing: the answer to a wrong code is as far as it goes, and it is on disk by then."""
_BARE: Final = """
import sys
import fastapi
import uvicorn

app = fastapi.FastAPI()
app.get("/api/session")(lambda: {"token": ""})
app.post("/api/kiosk/code")(lambda: {})
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
"""


def start_to_pickup(folder: Path, effort: Effort) -> Iterable[Result]:
    """Seconds; devices and broker are missing, as they may be after a power cut."""
    ours: list[float] = []
    bare: list[float] = []
    for run in range(min(effort.runs, MOST_RUNS)):
        broker, web = free_ports(2)
        station = NewStation(
            county="bench",
            station="bench",
            name="bench",
            broker=f"mqtt://127.0.0.1:{broker}",
            web_port=web,
            twins=folder,
        )
        home = folder / f"station-{run}"
        make_station(home, station)
        ours.append(_first_answer_s(folder, cunyi("station", "run", str(home)), web))
        bare.append(_first_answer_s(folder, [sys.executable, "-c", _BARE, str(web)], web))
    yield compare("start_to_pickup", "s", ours, bare, "bare FastAPI process, s")


def _first_answer_s(folder: Path, command: Sequence[str], port: int) -> float:
    address = f"http://127.0.0.1:{port}"
    child = Child("a page server", command, folder / "child.log")
    with httpx.Client(base_url=address, headers={"Origin": address}, timeout=2.0) as visitor:
        began_s = time.perf_counter()
        child.start()
        try:
            child.wait_until(lambda: _in_session(visitor), UP_WITHIN_S)
            answer = visitor.post("/api/kiosk/code", json=_CODE)
            took_s = time.perf_counter() - began_s
        finally:
            child.end()
    if answer.status_code != HTTPStatus.OK:
        raise ChildError(f"a pickup was answered with {answer.status_code} {answer.text}")
    return took_s


def _in_session(visitor: httpx.Client) -> bool:
    try:
        session = visitor.get("/api/session")
    except httpx.TransportError:
        return False
    visitor.headers[TOKEN_HEADER] = session.json()["token"]
    return session.is_success
