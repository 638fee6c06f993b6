"""Runs the story of one seed: python -m edge.simulation SEED."""

import sys

from edge.simulation.story import run


def main() -> int:
    """Print the report; 1 where a law does not hold."""
    report = run(int(sys.argv[1]))
    sys.stdout.write(f"{report.told() if report.troubles else report}\n")
    return 1 if report.troubles else 0


if __name__ == "__main__":
    raise SystemExit(main())
