"""Memory of an idle station, beside a bare FastAPI and paho process."""

import os
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from edge.tools.children import Child, answers, cunyi, free_ports
from edge.tools.measures.figures import Effort, Result, compare
from edge.tools.new_station import NewStation, make_station

UP_WITHIN_S: Final = 20.0
MOST_RUNS: Final = 3
"""Memory differs by less than 1 % from run to run."""
_BARE: Final = """
import sys
import fastapi
import paho.mqtt.client
import uvicorn
from paho.mqtt.enums import CallbackAPIVersion

client = paho.mqtt.client.Client(CallbackAPIVersion.VERSION2)
client.connect_async("127.0.0.1", int(sys.argv[1]))
client.loop_start()
app = fastapi.FastAPI()
app.get("/healthz")(lambda: {})
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
"""


def rss(folder: Path, effort: Effort) -> Iterable[Result]:
    """Resident MB after start, first page and some idle seconds; devices and broker are missing."""
    ours: list[float] = []
    bare: list[float] = []
    for run in range(min(effort.runs, MOST_RUNS)):
        broker, web = free_ports(2)
        station = folder / f"station-{run}"
        make_station(
            station,
            NewStation(
                county="bench",
                station="bench",
                name="bench",
                broker=f"mqtt://127.0.0.1:{broker}",
                web_port=web,
                twins=folder,
            ),
        )
        ours.append(_idle_mb(folder, cunyi("station", "run", str(station)), web, effort.idle_s))
        code = [sys.executable, "-c", _BARE, str(broker), str(web)]
        bare.append(_idle_mb(folder, code, web, effort.idle_s))
    yield compare("rss", "MB", ours, bare, "bare FastAPI + paho process, MB")


def _idle_mb(folder: Path, command: Sequence[str], port: int, idle_s: float) -> float:
    child = Child(command[-1], command, folder / "child.log")
    child.start()
    try:
        child.wait_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), UP_WITHIN_S)
        time.sleep(idle_s)
        pages = int(Path(f"/proc/{child.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    finally:
        child.end()
