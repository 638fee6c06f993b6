"""What every judge of a whole world fits: asked after each mishap, and once more at rest."""

from collections.abc import Sequence
from typing import Protocol

from cloud_sync.county.database import Database
from edge.simulation.parts.station_node import StationNode
from edge.simulation.people import Village
from edge.store.journal import JournalRow


class Judge(Protocol):
    """Sees cards, steel, people and packets; what it finds broken goes to the recorder."""

    def committed(self, node: StationNode, row: JournalRow) -> None:
        """A fact has just reached a card."""

    def look(self, villages: Sequence[Village]) -> None:
        """What must hold at any moment."""

    def rest(self, villages: Sequence[Village], county: Database) -> None:
        """What must hold once all faults have stopped and all has calmed down."""
