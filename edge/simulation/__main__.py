"""The story of one seed, as `cunyi simulate` tells it: python -m edge.simulation SEED."""

import sys

from edge.simulation.command import Wish, length_s, simulate
from edge.simulation.story import Schedule


def main() -> int:
    """Play it; 1 where a law is broken."""
    seed, schedule = int(sys.argv[1]), Schedule(faults_s=length_s(None, None))
    seeds = range(seed, seed + 1)
    return simulate(Wish(seeds=seeds, schedule=schedule, faults=(), jobs=1, as_json=False))


if __name__ == "__main__":
    raise SystemExit(main())
