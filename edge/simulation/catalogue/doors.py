"""Lock boards and doors: F022 to F043."""

from typing import Final

from edge.simulation.catalogue.fault import Fault

FAULTS: Final[tuple[Fault, ...]] = ()
