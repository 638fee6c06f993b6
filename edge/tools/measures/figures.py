"""A figure of ours beside its reference, made in the same run."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much is measured. The defaults take about three minutes; tests take less."""

    runs: int = 5
    decisions: int = 1_000
    scans: int = 48
    idle_s: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One figure of ours beside its reference. `spread` is (most - least) / median of ours."""

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
    """A result from runs that were made in turn; medians count."""
    middle, other = statistics.median(ours), statistics.median(reference)
    return Result(
        name=name,
        ours=round(middle, 3),
        reference=round(other, 3),
        reference_name=reference_name,
        ratio=round(middle / other, 3),
        unit=unit,
        runs=len(ours),
        spread=round((max(ours) - min(ours)) / middle, 3),
    )
