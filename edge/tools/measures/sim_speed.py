"""How much faster than real time a simulated world turns, in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from edge.tools.measures.figures import Effort, Result, compare

MOST_RUNS: Final = 5
REAL_TIME: Final = 1.0


def sim_speed(folder: Path, effort: Effort) -> Iterable[Result]:
    """One idle connected station, and one whose village comes and goes while things go wrong."""
    runs = [
        _run(folder, seed, effort.world_h) for seed in range(1, 1 + min(effort.runs, MOST_RUNS))
    ]
    for name in ("idle", "busy"):
        speeds = [run[name] for run in runs]
        yield compare(
            f"sim_speed_{name}",
            "virtual s/s",
            speeds,
            [REAL_TIME] * len(speeds),
            "real time",
        )


def _run(folder: Path, seed: int, hours: int) -> dict[str, float]:
    command = [sys.executable, "-m", "edge.simulation.speed", str(seed), str(hours)]
    ended = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True)
    told: dict[str, float] = json.loads(ended.stdout)
    return told
