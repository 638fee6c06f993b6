"""`cunyi bench`: measures against a limit or a peer in the same run, as ratios, in JSON.

Absolute figures depend on the machine and on who else uses it; a ratio of two things measured
in turn does so much less.
"""

import os
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from edge.kernel.errors import ConfigError
from edge.tools.measures.decide_commit import decide_commit
from edge.tools.measures.figures import Effort, Measurement, Result
from edge.tools.measures.kiosk import kiosk
from edge.tools.measures.rss import rss
from edge.tools.measures.scan_to_unlock import scan_to_unlock
from edge.tools.measures.sim_speed import sim_speed
from edge.tools.measures.start_to_pickup import start_to_pickup
from edge.tools.measures.wire_bytes import wire_bytes

MEASUREMENTS: Final[Mapping[str, Measurement]] = {
    "decide_commit": decide_commit,
    "scan_to_unlock": scan_to_unlock,
    "kiosk": kiosk,
    "rss": rss,
    "start_to_pickup": start_to_pickup,
    "wire_bytes": wire_bytes,
    "sim_speed": sim_speed,
}


def measure(names: Sequence[str], effort: Effort | None = None) -> dict[str, Any]:
    """Measure what is named, or all. Raises ConfigError for a name that nobody knows."""
    if strangers := [name for name in names if name not in MEASUREMENTS]:
        raise ConfigError(
            "command line",
            "names",
            f"there is no measurement {strangers[0]!r}",
            f"Choose from: {', '.join(MEASUREMENTS)}",
        )
    results: list[Result] = []
    for name in names or MEASUREMENTS:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        with _scratch() as folder:
            results += MEASUREMENTS[name](folder, effort or Effort())
    return {"machine": _machine(), "results": [asdict(result) for result in results]}


@contextmanager
def _scratch() -> Iterator[Path]:
    # /tmp may be in memory, where a sync costs nothing; /var/tmp is on the disk.
    place = _ON_DISK if os.access(_ON_DISK, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="cunyi-bench-", dir=place) as folder:
        yield Path(folder)


def _machine() -> dict[str, Any]:
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "load": round(os.getloadavg()[0], 2),
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


_ON_DISK: Final = "/var/tmp"  # noqa: S108 - mkdtemp makes a folder of our own in it
_CPU_INFO: Final = Path("/proc/cpuinfo")


def _cpu() -> str:
    for line in _CPU_INFO.read_text(encoding="utf-8").splitlines():
        if line.startswith(("model name", "Model", "Hardware")):
            return line.partition(":")[2].strip()
    return platform.machine()
