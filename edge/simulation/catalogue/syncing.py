"""Sync, broker and county: F057 to F082."""

from typing import Final

from edge.simulation.catalogue.fault import Fault

FAULTS: Final[tuple[Fault, ...]] = ()
