"""Playing one fault of the catalogue: silent over many seeds, and loud without its defence."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.fault import Fault
from edge.simulation.catalogue.playing import play
from edge.simulation.report import Report

SEEDS: Final = 20
MOST_SEEDS: Final = 10


def played(faults: Sequence[Fault]) -> list[Fault]:
    """Those that a world can show."""
    return [fault for fault in faults if fault.scenario is not None]


def code_of(fault: Fault) -> str:
    """For people."""
    return fault.code


def speaks(faults: Sequence[Fault], code: str) -> bool:
    """Whether the scenario of a fault says in any of some worlds that something is not so."""
    fault = next(one for one in faults if one.code == code)
    return any(play(fault, seed).troubles for seed in range(MOST_SEEDS))


@dataclass
class Seen:
    """What was there to be seen when a scenario was over, before everything was put right."""

    facts: Counter[str] = field(default_factory=Counter)
    """On the cards of all stations that run, by kind."""
    asked: set[str] = field(default_factory=set)
    """What the scenario expected, in its own words; whether it was so, the report tells."""

    def lacks(self, facts: Mapping[str, int], words: Sequence[str]) -> list[str]:
        """What should have happened or been expected, and was not."""
        few = [f"{least} {kind}" for kind, least in facts.items() if self.facts[kind] < least]
        return few + [word for word in words if word not in self.asked]


class _Attentive(Bench):
    """Remembers what was expected."""

    def __init__(self, bench: Bench, asked: set[str]) -> None:
        super().__init__(bench.world, bench.code)
        self._asked = asked

    def expect(self, so: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
        """As ever."""
        self._asked.add(what)
        super().expect(so, what)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What must have been there in every world of a fault, and in some of its worlds."""

    facts: Mapping[str, int] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    sometimes: tuple[str, ...] = ()


def not_shown(fault: Fault, shown: Shown, seeds: int = MOST_SEEDS) -> list[str]:
    """Whatever went wrong or did not happen in these worlds; and whether one comes twice."""
    missing, hashes, asked = list[str](), set[str](), set[str]()
    for seed in range(seeds):
        report, seen = see(fault, seed)
        missing += [f"seed {seed}: {trouble}" for trouble in report.troubles]
        missing += [f"seed {seed}: no {what}" for what in seen.lacks(shown.facts, shown.words)]
        hashes.add(report.hash)
        asked |= seen.asked
    missing += [f"in no world: {word}" for word in shown.sometimes if word not in asked]
    if len(hashes) != seeds:
        missing.append("two seeds are one world")
    if play(fault, seeds - 1).hash != report.hash:
        missing.append("one seed is two worlds")
    return missing


def see(fault: Fault, seed: int) -> tuple[Report, Seen]:
    """Play a fault, and keep what it left behind."""
    seen = Seen()

    async def watched(bench: Bench) -> None:
        assert fault.scenario is not None
        await fault.scenario(_Attentive(bench, seen.asked))
        for node in bench.world.nodes:
            if node.alive is not None and node.alive.reader is not None:
                seen.facts.update(row.kind for row in node.alive.reader.rows)

    return play(replace(fault, scenario=watched), seed), seen
