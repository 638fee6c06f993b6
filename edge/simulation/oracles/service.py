"""Judges service: L2, whoever asks is answered, and L3, what is kept grows with what happened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import text

from cloud_sync.county.database import Database
from edge.simulation.oracles.judge import Judge
from edge.simulation.oracles.recorder import Recorder
from edge.simulation.parts.station_node import Process, StationNode
from edge.simulation.people import Village
from edge.store.journal import JournalRow

WITHIN_S: Final = 60.0
PAGE_BYTES: Final = 4096
EMPTY_PAGES: Final = 20
"""Beside the first page of each table and index of a county; a card has a third of them all."""
BYTES_A_FACT: Final = 2_000
"""Some 300 bytes of a fact stand in the journal, its hash in an index, and a row or two in tables;
four times that, for pages that are half full.
"""
LOG_BYTES: Final = 6_000_000
"""SQLite folds its log into the file after 1,000 pages of 4 kB, and then begins it anew."""


@dataclass
class ServiceJudge:
    """Watches how long people wait, and how much is kept."""

    recorder: Recorder
    now_s: Callable[[], float]
    county: Path
    _booting: dict[str, tuple[Process, float]] = field(default_factory=dict)

    def committed(self, node: StationNode, row: JournalRow) -> None:
        """Growth is measured at rest."""

    def look(self, villages: Sequence[Village]) -> None:
        """L2: power is there, and so the machine serves, or says why not."""
        for village in villages:
            node, now_s = village.node, self.now_s()
            for asked_s, process in village.waiting.values():
                if not process.dead and now_s - asked_s > WITHIN_S:
                    self.recorder.trouble(f"L2: {node.name} has not answered for {WITHIN_S:.0f} s")
            booting = node.process
            if booting is None or booting.dead or booting.up:
                self._booting.pop(node.name, None)
                continue
            known, since_s = self._booting.get(node.name, (booting, now_s))
            self._booting[node.name] = (booting, since_s if known is booting else now_s)
            if known is booting and now_s - since_s > WITHIN_S:
                self.recorder.trouble(f"L2: {node.name} has not come up in {WITHIN_S:.0f} s")

    def rest(self, villages: Sequence[Village], county: Database) -> None:
        """L3: files grow no faster than facts explain."""
        most = empty_bytes(county) + len(self.recorder.facts) * BYTES_A_FACT
        homes = [(village.node.name, village.node.folder) for village in villages]
        for name, folder in (*homes, ("the county", self.county)):
            for pattern, bytes_at_most in (("*.db", most), ("*-wal", LOG_BYTES)):
                for file in sorted(folder.glob(pattern)):
                    if file.stat().st_size > bytes_at_most:
                        self.recorder.trouble(
                            f"L3: {file.name} of {name} has {file.stat().st_size} bytes,"
                            f" {bytes_at_most} are explained"
                        )


def empty_bytes(county: Database) -> int:
    """What a county's database may have without a fact."""
    with county.read() as connection:
        first = connection.execute(text("SELECT count(*) FROM sqlite_master WHERE rootpage > 0"))
        return (int(first.scalar_one()) + EMPTY_PAGES) * PAGE_BYTES


def _fits(judge: ServiceJudge) -> Judge:
    return judge
