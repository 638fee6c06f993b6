"""Judges time and guessing: T1 by stamps, and T3, X1 and D7 by a running time of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from cloud_sync.county.database import Database
from cloud_sync.wire.envelope import Envelope, decode
from edge.simulation.oracles.judge import Judge
from edge.simulation.oracles.recorder import EPOCH_STARTED, Committed, Recorder
from edge.simulation.parts.station_node import StationNode
from edge.simulation.people import Village
from edge.store.journal import JournalRow

DAY_MS: Final = 86_400_000
MOST_UNITS: Final = 60
MOST_WRONG: Final = 5
MOST_REMOTE: Final = ((10, DAY_MS), (3, 600_000))
"""Doors opened from afar, and in how much running time."""


@dataclass
class _Card:
    """What one machine has done, by its running time: it stands still while the power is off."""

    last: Envelope | None = None
    digest: bytes = b""
    ran_before_ms: int = 0
    units: list[tuple[int, int]] = field(default_factory=list)
    wrong: dict[str, list[int]] = field(default_factory=dict)
    remote: list[int] = field(default_factory=list)
    tails: dict[str, str] = field(default_factory=dict)
    """Of each code that was issued, the phone tail that has to be typed with it."""
    refusals: int = 0

    def running_ms(self, fact: Envelope) -> int:
        """How long the machine has run in all, at a fact that follows the last."""
        if self.last is not None and self.last.boot != fact.boot:
            self.ran_before_ms += self.last.mono_ms
        return self.ran_before_ms + fact.mono_ms


@dataclass
class MomentJudge:
    """Follows each card's stamps; a card that was put back is another machine's past."""

    recorder: Recorder
    _cards: dict[str, _Card] = field(default_factory=dict)

    def committed(self, node: StationNode, row: JournalRow) -> None:
        """One fact more."""
        fact = decode(row.fact)
        card = self._cards.setdefault(node.name, _Card())
        before = self.recorder.facts[row.hash].before
        if card.digest not in {b"", before} and node.in_order:
            self._trouble(node, f"T1: {row.epoch}/{row.seq} does not follow what was written last")
        self._stamps(node, self.recorder.facts.get(before), fact)
        now_ms = card.running_ms(fact)
        card.last, card.digest = fact, row.hash
        if fact.kind == "pickup.code_issued":
            card.tails[fact.body["credential"]] = fact.body["phone_tail"]
        if fact.kind == "pickup.refused":
            self._refused(node, card, fact, now_ms)
        if fact.kind == "remote.accepted":
            card.remote.append(now_ms)
            for most, span_ms in MOST_REMOTE:
                if node.in_order and sum(now_ms - at < span_ms for at in card.remote) > most:
                    self._trouble(node, f"D7: more than {most} doors for the county")

    def _stamps(self, node: StationNode, known: Committed | None, fact: Envelope) -> None:
        """T1: in order by (epoch, seq), and then neither clock of the stamp ever goes back."""
        if fact.wall_hi is not None and fact.wall_hi < fact.wall_lo:
            self._trouble(node, f"T1: {fact.epoch}/{fact.seq} ends before it begins")
        if known is None:
            return
        before = decode(known.fact)
        if (fact.epoch, fact.seq) <= (before.epoch, before.seq):
            self._trouble(node, f"T1: {fact.epoch}/{fact.seq} comes after {before.seq}")
        if fact.wall_lo < before.wall_lo:
            self._trouble(node, f"T1: the wall of {fact.epoch}/{fact.seq} goes back")
        if known.kind != EPOCH_STARTED and (fact.boot, fact.mono_ms) < (
            before.boot,
            before.mono_ms,
        ):
            self._trouble(node, f"T1: the running time of {fact.epoch}/{fact.seq} goes back")

    def _refused(self, node: StationNode, card: _Card, fact: Envelope, now_ms: int) -> None:
        card.refusals += 1
        if not node.in_order:
            return
        card.units.append((now_ms, fact.body["charged"]))
        if sum(units for at_ms, units in card.units if now_ms - at_ms < DAY_MS) > MOST_UNITS:
            self._trouble(node, f"X1: more than {MOST_UNITS} units in a day")
        aimed_at = {card.tails.get(name, name) for name in fact.body["credentials"]}
        if len(aimed_at) > 1:
            self._trouble(node, f"X1: one try is aimed at the tails {sorted(aimed_at)}")
        for name in fact.body["credentials"]:
            tries = card.wrong.setdefault(name, [])
            tries.append(now_ms)
            if sum(now_ms - at_ms < DAY_MS for at_ms in tries) > MOST_WRONG:
                self._trouble(node, f"X1: more than {MOST_WRONG} wrong tries at {name}")

    def look(self, villages: Sequence[Village]) -> None:
        """T3 and X1: nobody was told of a wrong try that had not been counted on the card."""
        for village in villages:
            card = self._cards.get(village.node.name)
            counted = 0 if card is None else card.refusals
            if village.told_wrong > counted:
                self._trouble(
                    village.node, f"X1: {village.told_wrong} wrong tries, {counted} were counted"
                )

    def rest(self, villages: Sequence[Village], county: Database) -> None:
        """Nothing more than at any moment."""

    def _trouble(self, node: StationNode, law: str) -> None:
        self.recorder.trouble(f"{law} ({node.name})")


def _fits(judge: MomentJudge) -> Judge:
    return judge
