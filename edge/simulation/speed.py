"""How fast worlds turn on this machine, in JSON: python -m edge.simulation.speed SEED HOURS."""

import json
import sys
import time

from edge.simulation.story import Schedule, run
from edge.simulation.world import open_world

WARM_UP_S = 60.0
"""In which an idle station comes up, greets its county and has nothing more to tell."""
PARCELS_PER_HOUR = 12
_S = 3_600.0


def idle(seed: int, hours: int) -> float:
    """Virtual seconds in a second, with one station that is connected and has nothing to do."""
    with open_world(seed) as world:
        world.add_station("qingshan-01").node.start()
        world.loop.run_for(WARM_UP_S)
        began_s = time.perf_counter()
        world.loop.run_for(hours * _S)
        return hours * _S / (time.perf_counter() - began_s)


def busy(seed: int, hours: int) -> float:
    """The same for a whole story: people, mishaps as the seed draws them, and every judge."""
    began_s = time.perf_counter()
    report = run(seed, Schedule(faults_s=hours * _S, parcels=hours * PARCELS_PER_HOUR))
    return report.virtual_s / (time.perf_counter() - began_s)


def main() -> int:
    """Print both figures."""
    seed, hours = int(sys.argv[1]), int(sys.argv[2])
    sys.stdout.write(json.dumps({"idle": idle(seed, hours), "busy": busy(seed, hours)}) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
