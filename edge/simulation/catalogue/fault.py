"""A fault of the catalogue: its name, what is expected, and where that is shown."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edge.simulation.catalogue.bench import Bench

Scenario = Callable[["Bench"], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault.

    `code` is F001 to F110. `name` and `zh` say in a few words what goes wrong, `expected` what a
    station or county does then, in one sentence for the person who has to rely on it. `laws` are
    the codes of the invariants at stake. `scenario` plays it in a world; `proofs` are tests by
    their pytest ids that show it on twins or real processes. With neither it is open: then
    `waits_for` names the prefixes of those fact kinds with which its noun will land.
    """

    code: str
    name: str
    zh: str
    expected: str
    laws: tuple[str, ...]
    scenario: Scenario | None = None
    proofs: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether nothing shows it yet."""
        return self.scenario is None and not self.proofs
