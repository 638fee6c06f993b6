"""Looks at every state that a small model can reach, nearest first, until one is bad."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

S = TypeVar("S", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """How many states there are, and the shortest way to the first bad one."""

    states: int
    trouble: str = ""
    way: tuple[str, ...] = ()


def search(
    start: S,
    moves: Callable[[S], Iterable[tuple[str, S]]],
    trouble: Callable[[S], str],
    *,
    at_most: int = 2_000_000,
) -> Seen:
    """Every state from `start` on. Raises AssertionError when there are more than `at_most`."""
    came_from: dict[S, tuple[S, str] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        for name, after in moves(state):
            if after in came_from:
                continue
            came_from[after] = (state, name)
            if found := trouble(after):
                return Seen(states=len(came_from), trouble=found, way=_way(came_from, after))
            waiting.append(after)
        assert len(came_from) <= at_most, "too many states to see them all"
    return Seen(states=len(came_from))


def _way(came_from: dict[S, tuple[S, str] | None], state: S) -> tuple[str, ...]:
    names: list[str] = []
    back = came_from[state]
    while back is not None:
        state, name = back
        names.append(name)
        back = came_from[state]
    return tuple(reversed(names))
