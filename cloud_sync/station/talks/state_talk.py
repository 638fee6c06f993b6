"""The station's end of the state stream: take what follows without a gap, say how far we are.

A message that does not begin where we are changes nothing. Its answer tells our own number, which
is an ack for whoever repeats and a wish to go on from there for whoever skipped something.
"""

import itertools
import re
from typing import Final, Protocol

import structlog

from cloud_sync.station.talks.talk import Say
from cloud_sync.wire.bodies.state import KIND
from cloud_sync.wire.messages import Message, StateAck, StateItem, StateItems, Welcome

log = structlog.get_logger(__name__)

_LARGEST: Final = 2**53 - 1
_LONGEST_KEY: Final = 200
_MOST_ITEMS: Final = 1_000


class Shelf(Protocol):
    """Where the county's word is kept."""

    async def seq(self) -> int:
        """Up to where everything is stored."""

    async def keep(self, said: StateItems) -> None:
        """Store items and their mark together, or nothing. May raise StoreError."""


class StateTalk:
    """Fits cloud_sync.station.talks.talk.Talk."""

    hears: tuple[type[Message], ...] = (StateItems,)

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._session = ""
        self._say: Say = _unheard
        self.ignored = 0
        """Messages that were none of ours or could not be: of another session, or malformed."""

    @property
    def due_ms(self) -> int | None:
        """Never: the county repeats, not we."""
        return None

    def opened(self, welcome: Welcome, say: Say) -> None:
        """From here on the county's words of this session count."""
        self._session, self._say = welcome.session, say

    def closed(self) -> None:
        """What comes of the old session is old."""
        self._session, self._say = "", _unheard

    async def hear(self, message: Message) -> None:
        """Store what follows, and say how far we are. May raise StoreError."""
        if not isinstance(message, StateItems) or message.session != self._session:
            self.ignored += 1
            return
        if not _well_formed(message):
            self.ignored += 1
            log.warning("state_items_odd", previous=message.previous_seq, items=len(message.items))
            return
        if message.previous_seq == await self._shelf.seq():
            await self._shelf.keep(message)
        self._say("up", StateAck(session=self._session, seq=await self._shelf.seq()))

    async def time_passed(self, now_ms: int) -> None:
        """Nothing."""


def _well_formed(message: StateItems) -> bool:
    """Whether its numbers follow each other and fit a column; what items say is not judged."""
    seqs = [item.seq for item in message.items]
    if not 0 < len(seqs) <= _MOST_ITEMS or not 0 <= message.previous_seq < seqs[0]:
        return False
    rising = all(one < next_one for one, next_one in itertools.pairwise(seqs))
    fits = seqs[-1] <= _LARGEST and 0 <= message.sweep <= seqs[-1]
    return rising and fits and all(_fits(item) for item in message.items)


def _fits(item: StateItem) -> bool:
    return len(item.key) <= _LONGEST_KEY and re.match(KIND, item.kind) is not None


def _unheard(_lane: str, _message: Message) -> None:
    """Between two sessions nobody listens."""
