"""K6 没有码: somebody at the kiosk has no code, and says of which village and which phone digits.

The desk has no parcels to look among. So nothing that it answers, and no time that it takes, tells
whoever stands there whether one waits: the keeper alone sees that, and hands out what she hands out
anyway, to whom she has seen papers of. A card is no fact, and a restart forgets it, like a call.
"""

from dataclasses import dataclass
from typing import Final

from edge.daemon.help_desk import House
from edge.domain.effects import Reply
from edge.kernel.errors import Refused
from edge.kernel.ids import Hamlet, PhoneTail
from edge.kernel.time import Instant

MOST_CARDS: Final = 5
"""As many wait at a counter at once; more of them would hide one another."""
MOST_IN_A_WHILE: Final = 10
WHILE_MS: Final = 10 * 60_000
"""A bored child sends no more cards than so many in so long, however fast they are put away."""
CARD_MS: Final = 30 * 60_000
"""Whoever has waited for so long stands at the counter, or has gone home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCodeCard:
    """One person without a code; `serial` tells two apart, and an empty village is another one."""

    serial: int
    hamlet: Hamlet
    phone_tail: PhoneTail
    at: Instant


class NoCodeDesk:
    """The cards that wait for the keeper, the oldest first."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._cards: tuple[NoCodeCard, ...] = ()
        self._sent: tuple[Instant, ...] = ()
        self._serial = 0

    def cards(self) -> tuple[NoCodeCard, ...]:
        """Those that still wait."""
        now = self._house.now()
        return tuple(card for card in self._cards if _younger(card.at, CARD_MS, now))

    def ask(self, hamlet: Hamlet, phone_tail: PhoneTail) -> None:
        """Lay a card before the keeper; one that lies there already stays as it is.

        Raises Refused while too many wait, or came in a short time.
        """
        now, cards = self._house.now(), self.cards()
        if any((card.hamlet, card.phone_tail) == (hamlet, phone_tail) for card in cards):
            return
        sent = tuple(at for at in self._sent if _younger(at, WHILE_MS, now))
        if len(cards) >= MOST_CARDS or len(sent) >= MOST_IN_A_WHILE:
            raise Refused("no_code_busy")
        self._serial += 1
        card = NoCodeCard(serial=self._serial, hamlet=hamlet, phone_tail=phone_tail, at=now)
        self._cards, self._sent = (*cards, card), (*sent, now)
        self._house.speak(Reply(key="help_wanted", ok=True))
        self._house.ring()

    def put_away(self, serial: int) -> None:
        """The keeper is done with a card. Raises Refused when it is not there any more."""
        cards = self.cards()
        left = tuple(card for card in cards if card.serial != serial)
        if len(left) == len(cards):
            raise Refused("no_code_gone")
        self._cards = left
        self._house.ring()


def _younger(moment: Instant, limit_ms: int, now: Instant) -> bool:
    age_ms = now.since_ms(moment)
    return age_ms is not None and age_ms < limit_ms
