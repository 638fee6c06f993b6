"""A figure of ours beside its reference, made in the same run."""

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Final

ENOUGH_FOR_P99: Final = 100
"""Of fewer samples the p99 is the maximum by another name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much is measured. The defaults take about five minutes; tests take less."""

    runs: int = 9
    decisions: int = 400
    inputs: int = 50
    """Of each kind at the kiosk in a run."""
    scans: int = 168
    """Seven cabinets: two in three scans meet an idle line, and a p99 needs 100 of those."""
    idle_s: float = 3.0
    days: int = 30
    """Of a village, for what is counted in bytes."""
    world_h: int = 3
    """Of a simulated world, in its own time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One figure of ours beside its reference, medians of all runs.

    `ratio` is the median of the ratios of run and reference run, which were made right after each
    other; `spread` is (largest - smallest) / median of those.
    """

    name: str
    ours: float
    reference: float
    reference_name: str
    ratio: float
    unit: str
    runs: int
    spread: float


class NothingMeasuredError(RuntimeError):
    """No sample came in: there is no figure, least of all a good one."""


Measurement = Callable[[Path, Effort], Iterable[Result]]


def compare(
    name: str, unit: str, ours: Sequence[float], reference: Sequence[float], reference_name: str
) -> Result:
    """A result from runs that were made in turn, each beside its reference run."""
    ratios = [mine / other for mine, other in zip(ours, reference, strict=True)]
    ratio = statistics.median(ratios)
    return Result(
        name=name,
        ours=round(statistics.median(ours), 3),
        reference=round(statistics.median(reference), 3),
        reference_name=reference_name,
        ratio=round(ratio, 3),
        unit=unit,
        runs=len(ours),
        spread=round((max(ratios) - min(ratios)) / ratio, 3),
    )


def compare_tails(
    name: str,
    ours: Sequence[Sequence[float]],
    reference: Sequence[Sequence[float]],
    reference_name: str,
) -> Result:
    """A result from the tails of all samples of all runs together, in ms.

    The tail is the p99 where there are samples enough for one, else what it is: the maximum; the
    unit says which. `spread` is that of the runs' medians, which alone are told apart by run.
    Raises NothingMeasuredError where a run has no sample.
    """
    if not (ours and all(ours) and all(reference)):
        raise NothingMeasuredError(f"{name}: a run has no sample")
    medians = compare(
        name,
        _tail_name(ours),
        [statistics.median(run) for run in ours],
        [statistics.median(run) for run in reference],
        f"{reference_name}, {_tail_name(reference)}",
    )
    mine, other = _tail(ours), _tail(reference)
    return replace(
        medians,
        ours=round(mine, 3),
        reference=round(other, 3),
        ratio=round(mine / other, 3),
    )


def _tail(runs: Sequence[Sequence[float]]) -> float:
    pooled = sorted(chain.from_iterable(runs))
    # The nearest rank: of 100 samples the 99th, below 100 the last.
    return pooled[math.ceil(len(pooled) * 0.99) - 1]


def _tail_name(runs: Sequence[Sequence[float]]) -> str:
    count = sum(len(run) for run in runs)
    return f"ms {'p99' if count >= ENOUGH_FOR_P99 else 'max'} of {count}"
