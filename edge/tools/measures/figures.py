"""A figure of ours beside its reference, made in the same run."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much is measured. The defaults take about three minutes; tests take less."""

    runs: int = 9
    decisions: int = 400
    scans: int = 48
    idle_s: float = 3.0


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
