"""The one source of chance of a world: everything that is drawn in it, is drawn from its seed."""

import contextlib
import random  # noqa: TID251 - a seed repeats a world; no secret of a real station is drawn here
import secrets
from collections.abc import Iterator, Sequence
from typing import TypeVar

_T = TypeVar("_T")


class Dice:
    """Draws that a seed repeats."""

    def __init__(self, seed: int | str) -> None:
        self._seed = seed
        self._random = random.Random(f"cunyi world {seed}")  # noqa: S311 - see above

    def fork(self, name: str) -> "Dice":
        """Dice of somebody's own: what he draws changes nothing for anybody else."""
        return Dice(f"{self._seed} {name}")

    def chance(self, share: float) -> bool:
        """True in this share of all cases."""
        return self._random.random() < share

    def between(self, low: float, high: float) -> float:
        """Any number of a range, evenly."""
        return self._random.uniform(low, high)

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(low, high)

    def one_of(self, things: Sequence[_T]) -> _T:
        """One of some things."""
        return self._random.choice(things)

    def shuffled(self, things: Sequence[_T]) -> list[_T]:
        """The same things in any order."""
        return self._random.sample(things, len(things))

    def weighted(self, things: Sequence[tuple[_T, int]]) -> _T:
        """One of some things, each with its weight."""
        names, weights = zip(*things, strict=True)
        chosen: _T = self._random.choices(names, weights)[0]
        return chosen

    def draw(self, count: int) -> bytes:
        """So many bytes."""
        return self._random.randbytes(count)

    @contextlib.contextmanager
    def for_everybody(self) -> Iterator[None]:
        """While this lasts, what the program asks of the system's `secrets` comes from here too."""
        kept = secrets.token_bytes, secrets.token_hex, secrets.randbelow
        secrets.token_bytes = self._token_bytes
        secrets.token_hex = self._token_hex
        secrets.randbelow = self._randbelow
        try:
            yield
        finally:
            secrets.token_bytes, secrets.token_hex, secrets.randbelow = kept

    def _token_bytes(self, nbytes: int | None = None) -> bytes:
        return self._random.randbytes(32 if nbytes is None else nbytes)

    def _token_hex(self, nbytes: int | None = None) -> str:
        return self._token_bytes(nbytes).hex()

    def _randbelow(self, exclusive_upper_bound: int) -> int:
        return self._random.randrange(exclusive_upper_bound)
