"""The answer of the core: facts to store, wishes to carry out, a word to whoever asked."""

from dataclasses import dataclass

from edge.domain.effects import Effect, Reply
from edge.domain.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Facts are stored and folded before any effect is carried out. An empty one is nothing."""

    facts: tuple[Fact, ...] = ()
    effects: tuple[Effect, ...] = ()
    reply: Reply | None = None


NOTHING = Decision()
