"""An RS-485 pair: several boards on one cable, and all hear all."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from hardware.twins.cable import Cable
from hardware.twins.line_troubles import with_noise

_BITS_PER_BYTE: Final = 10


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a board says, and when."""

    data: bytes
    after_s: float


class Party(Protocol):
    """A board on the bus."""

    def listen(self, chunk: bytes) -> list[Spoken]:
        """Take what is on the wire; the answers."""

    def beat(self) -> list[Spoken]:
        """A moment passed; what it says by itself."""

    @property
    def echoes(self) -> bool:
        """Whether the adapter hands the sender's bytes back."""

    @property
    def noisy(self) -> bool:
        """Whether there is noise on the line."""


class Bus:
    """Boards join before the cable starts. `baud` None sends at once."""

    def __init__(self, link: Path, baud: int | None = None, noise_seed: int = 1) -> None:
        self._parties: list[Party] = []
        # One for each direction: how the bytes came in pieces changes nothing.
        self._heard = random.Random(noise_seed)  # noqa: S311 - a seed repeats a test
        self._said = random.Random(-1 - noise_seed)  # noqa: S311 - as above, another row
        byte_s = _BITS_PER_BYTE / baud if baud else 0.0
        self.cable: Final = Cable(link, self._hear, byte_s=byte_s)

    def join(self, party: Party, *, beats: bool) -> None:
        """One board more; `beats` where it has something to do between questions."""
        self._parties.append(party)
        if beats:
            self.cable.beat(self._beat)

    def _hear(self, chunk: bytes) -> None:
        if any(party.echoes for party in self._parties):
            self.cable.say(chunk)
        heard = self._with_noise(chunk, self._heard)
        self._send([(party, party.listen(heard)) for party in self._parties])

    def _beat(self) -> None:
        self._send([(party, party.beat()) for party in self._parties])

    def _send(self, round_: list[tuple[Party, list[Spoken]]]) -> None:
        speaking = [party for party, said in round_ if said]
        for party, said in round_:
            for spoken in said:
                self.cable.say(self._with_noise(spoken.data, self._said), spoken.after_s)
                for answer in self._overheard(spoken, party, speaking):
                    self.cable.say(answer.data, answer.after_s)

    def _overheard(self, spoken: Spoken, by: Party, speaking: list[Party]) -> Iterator[Spoken]:
        # A board that speaks has its receiver off, so it hears nobody else.
        for party in self._parties:
            if party is not by and party not in speaking:
                yield from party.listen(spoken.data)

    def _with_noise(self, data: bytes, chance: random.Random) -> bytes:
        if not any(party.noisy for party in self._parties):
            return data
        return with_noise(data, chance)
