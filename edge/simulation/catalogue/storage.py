"""Power and storage: F001 to F021."""

from typing import Final

from edge.simulation.catalogue.fault import Fault

FAULTS: Final[tuple[Fault, ...]] = ()
