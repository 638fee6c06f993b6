"""Money: F102 to F110."""

from typing import Final

from edge.simulation.catalogue.fault import Fault

FAULTS: Final[tuple[Fault, ...]] = ()
