"""All faults of the catalogue, by number."""

from typing import Final

from edge.simulation.catalogue import clocks, counter, doors, identities, money, storage, syncing
from edge.simulation.catalogue.fault import Fault

CATALOGUE: Final[tuple[Fault, ...]] = (
    *storage.FAULTS,
    *doors.FAULTS,
    *counter.FAULTS,
    *syncing.FAULTS,
    *clocks.FAULTS,
    *identities.FAULTS,
    *money.FAULTS,
)
