"""Judges what only the steel knows: D5, a forced door is told at once, and D6, dead means off."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from cloud_sync.county.database import Database
from cloud_sync.wire.envelope import decode
from edge.simulation.oracles.judge import Judge
from edge.simulation.oracles.recorder import Recorder
from edge.simulation.parts.cabinet import Forced
from edge.simulation.parts.station_node import StationNode
from edge.simulation.people import Village
from edge.store.journal import JournalRow

WITHIN_S: Final = 2.0
_TELLS: Final = frozenset({"door.forced", "door.opened"})
"""A door that moves under somebody's authorisation anyway, or was not seen before, is `opened`."""


@dataclass
class _Steel:
    """What is remembered of one cabinet."""

    told: list[tuple[float, int]] = field(default_factory=list)
    waiting: list[Forced] = field(default_factory=list)
    read_to: int = 0
    pulses_read: int = 0
    dark_since_s: float = 0.0
    kills: int = 0


@dataclass
class SteelJudge:
    """Sees doors and coils, and when a card tells of them."""

    recorder: Recorder
    now_s: Callable[[], float]
    _steels: dict[str, _Steel] = field(default_factory=dict)

    def committed(self, node: StationNode, row: JournalRow) -> None:
        """A door was told to be open."""
        if row.kind in _TELLS:
            steel = self._steels.setdefault(node.name, _Steel())
            steel.told.append((self.now_s(), decode(row.fact).body["cell"]))

    def look(self, villages: Sequence[Village]) -> None:
        """Whatever is due by now."""
        for village in villages:
            node = village.node
            steel = self._steels.setdefault(node.name, _Steel())
            self._forced(node, steel)
            self._dark(node, steel)

    def rest(self, villages: Sequence[Village], county: Database) -> None:
        """Nothing more than at any moment."""

    def _forced(self, node: StationNode, steel: _Steel) -> None:
        cabinet, now_s = node.cabinet, self.now_s()
        steel.waiting += cabinet.forced[steel.read_to :]
        steel.read_to = len(cabinet.forced)
        due = [one for one in steel.waiting if now_s - one.at_s > WITHIN_S]
        for one in due:
            steel.waiting.remove(one)
            told = any(
                cell == one.cell and one.at_s <= at_s <= one.at_s + WITHIN_S
                for at_s, cell in steel.told
            )
            if not told and one.life == cabinet.lives:
                self.recorder.trouble(
                    f"D5: door {one.cell} of {node.name} was forced, and nobody was told"
                )
        if not steel.waiting:
            steel.told.clear()

    def _dark(self, node: StationNode, steel: _Steel) -> None:
        cabinet = node.cabinet
        if node.process is not None and not node.process.dead:
            return
        if node.kills != steel.kills:  # since some moment before this one: judge from here on
            steel.kills, steel.dark_since_s = node.kills, self.now_s()
            steel.pulses_read = len(cabinet.pulses)
        if len(cabinet.pulses) > steel.pulses_read:
            self.recorder.trouble(f"D6: {node.name} is dead and fires a lock")
        if cabinet.driven_until_s > steel.dark_since_s + WITHIN_S:
            self.recorder.trouble(f"D6: {node.name} is dead and a coil of it stays driven")


def _fits(judge: SteelJudge) -> Judge:
    return judge
