"""The long run, and its figures: python -m edge.simulation.soak SEEDS HOURS [FILE].

Only a run of 5,000 seeds or more is what we publish: its figures go to docs/soak.json. Those of a
shorter one go to FILE if it is given, and are printed in any case. What fails is told on stderr as
it happens; `cunyi simulate` shows each failure with the shortest plan.
"""

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from edge.simulation.command import ENDED_EARLY, ended_early, length_s, progress_line
from edge.simulation.many import Tally, Turn, listen, processors, sigterm_is_ctrl_c
from edge.simulation.progress import Progress
from edge.simulation.report import Report
from edge.simulation.story import Schedule

ROOT: Final = Path(__file__).parents[2]
FIGURES: Final = ROOT / "docs" / "soak.json"
FEWEST_PUBLISHED: Final = 5_000
"""Seeds without which figures are nobody's evidence."""


def soak(seeds: int, hours: float, jobs: int) -> tuple[Tally, dict[str, Any]]:
    """Run the worlds of so many seeds from 0 on; `seeds` of the figures are those that were run."""
    schedule, progress, tally = Schedule(faults_s=length_s(hours, None)), Progress(), Tally()
    ran = commit()  # of what is about to run, whatever is changed meanwhile

    def each(turn: Turn, report: Report) -> None:
        tally.add(turn, report)
        if report.troubles:
            progress.tell(f"seed {turn.seed}: {'; '.join(report.troubles)}\n  {report.again}")
        progress.say(progress_line(tally, seeds, progress.passed_s()))

    turns = [Turn(seed=seed, schedule=schedule) for seed in range(seeds)]
    with sigterm_is_ctrl_c():
        if not listen(turns, jobs, each):
            progress.tell(ended_early(tally, seeds))
    progress.clear()
    figures = {
        "seeds": tally.worlds,
        "hours": hours,
        "station_hours": round(tally.station_hours),
        "violations": len(tally.failed),
        "speed": tally.speed(progress.passed_s()),
        "facts": tally.facts,
        "mishaps": dict(sorted(tally.mishaps.items())),
        "commit": ran,
        "date": dt.datetime.now(dt.UTC).date().isoformat(),  # noqa: TID251 - of the run
    }
    return tally, figures


def commit() -> str:
    """What was run; it says `dirty` where files were changed since."""
    ask = ("git", "describe", "--always", "--dirty", "--exclude=*")
    return subprocess.run(  # noqa: S603 - fixed words
        ask, cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout.strip()


def figures_file(seeds: int, named: Sequence[str]) -> Path | None:
    """Where the figures of so many seeds belong: where somebody said, if anywhere."""
    if named:
        return Path(named[0])
    return FIGURES if seeds >= FEWEST_PUBLISHED else None


def main(seeds: int, hours: float, named: Sequence[str] = (), jobs: int = 0) -> int:
    """Write the figures of a whole run, whatever they are; 1 where a law is broken."""
    tally, figures = soak(seeds, hours, jobs or processors())
    told = {name: figure for name, figure in figures.items() if name != "mishaps"}
    sys.stdout.write(f"{json.dumps(told)}\n")
    if tally.worlds < seeds:
        return ENDED_EARLY
    if file := figures_file(seeds, named):
        file.write_text(f"{json.dumps(figures, indent=2)}\n", encoding="utf-8")
        sys.stdout.write(f"{file}\n")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]))
