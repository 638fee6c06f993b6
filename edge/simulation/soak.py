"""The long run, and its figures in docs/soak.json: python -m edge.simulation.soak SEEDS HOURS.

What fails is told at its end; `cunyi simulate` shows each failure with the shortest plan.
"""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from edge.simulation.command import length_s, progress_line
from edge.simulation.many import Tally, Turn, play_all, processors
from edge.simulation.progress import Progress
from edge.simulation.story import Schedule

ROOT: Final = Path(__file__).parents[2]
FIGURES: Final = ROOT / "docs" / "soak.json"


def soak(seeds: int, hours: float) -> tuple[Tally, dict[str, Any]]:
    """Run the worlds of so many seeds from 0 on, over all processors."""
    schedule, progress, tally = Schedule(faults_s=length_s(hours, None)), Progress(), Tally()
    commit = _commit()  # of what is about to run, whatever is changed meanwhile
    turns = [Turn(seed=seed, schedule=schedule) for seed in range(seeds)]
    for turn, report in play_all(turns, processors()):
        tally.add(turn, report)
        progress.say(progress_line(tally, seeds, progress.passed_s()))
    progress.clear()
    figures = {
        "seeds": tally.worlds,
        "hours": hours,
        "station_hours": round(tally.station_hours),
        "violations": len(tally.failed),
        "speed": tally.speed(progress.passed_s()),
        "facts": tally.facts,
        "mishaps": dict(sorted(tally.mishaps.items())),
        "commit": commit,
        "date": dt.datetime.now(dt.UTC).date().isoformat(),  # noqa: TID251 - of the run
    }
    return tally, figures


def _commit() -> str:
    """What was run; it says `dirty` where files were changed since."""
    ask = ("git", "describe", "--always", "--dirty", "--exclude=*")
    return subprocess.run(  # noqa: S603 - fixed words
        ask, cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout.strip()


def main(seeds: int, hours: float, figures_file: Path = FIGURES) -> int:
    """Write the figures, whatever they are; 1 where a law is broken."""
    tally, figures = soak(seeds, hours)
    figures_file.write_text(f"{json.dumps(figures, indent=2)}\n", encoding="utf-8")
    for _turn, report in tally.failed:
        sys.stdout.write(f"seed {report.seed}: {'; '.join(report.troubles)}\n  {report.again}\n")
    told = {name: figure for name, figure in figures.items() if name != "mishaps"}
    sys.stdout.write(f"{json.dumps(told)}\n")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), float(sys.argv[2])))
