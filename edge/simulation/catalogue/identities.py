"""Cards, boards and credentials: F091 to F101."""

from typing import Final

from edge.simulation.catalogue.fault import Fault

FAULTS: Final[tuple[Fault, ...]] = ()
