"""K6: cards of people without a code wait for the keeper, and nobody can flood her with them."""

from dataclasses import dataclass, field

import pytest

from edge.daemon.no_code_desk import CARD_MS, MOST_CARDS, MOST_IN_A_WHILE, WHILE_MS, NoCodeDesk
from edge.domain.effects import Reply
from edge.kernel.errors import Refused
from edge.kernel.ids import NO_HAMLET, Hamlet, PhoneTail
from edge.kernel.time import Instant

QINGSHAN = Hamlet("青山村")
TAIL = PhoneTail("3865")


@dataclass
class Counter:
    """A clock by hand, a loudspeaker and a bell."""

    mono_ms: int = 0
    said: list[str] = field(default_factory=list)
    rung: int = 0

    def now(self) -> Instant:
        return Instant(boot=1, mono_ms=self.mono_ms, wall_lo_ms=self.mono_ms, wall_hi_ms=None)

    def speak(self, reply: Reply) -> None:
        self.said.append(reply.key)

    def ring(self) -> None:
        self.rung += 1


@pytest.fixture
def counter() -> Counter:
    return Counter()


def tail(number: int) -> PhoneTail:
    return PhoneTail(f"{number:04d}")


def test_a_card_is_laid_once_called_out_once_and_put_away(counter: Counter) -> None:
    desk = NoCodeDesk(counter)
    desk.ask(QINGSHAN, TAIL)
    desk.ask(QINGSHAN, TAIL)
    desk.ask(NO_HAMLET, TAIL)
    assert [(card.serial, card.hamlet) for card in desk.cards()] == [(1, QINGSHAN), (2, NO_HAMLET)]
    assert (counter.said, counter.rung) == (["help_wanted"] * 2, 2)
    desk.put_away(1)
    assert [card.serial for card in desk.cards()] == [2]
    assert counter.rung == 3


def test_a_card_that_is_gone_cannot_be_put_away(counter: Counter) -> None:
    desk = NoCodeDesk(counter)
    with pytest.raises(Refused, match="no_code_gone"):
        desk.put_away(1)


def test_no_more_cards_wait_than_can_be_seen_at_once(counter: Counter) -> None:
    desk = NoCodeDesk(counter)
    for number in range(MOST_CARDS):
        desk.ask(QINGSHAN, tail(number))
    with pytest.raises(Refused, match="no_code_busy"):
        desk.ask(QINGSHAN, TAIL)
    desk.ask(QINGSHAN, tail(0))  # who is on a card already is told the same as before
    assert len(desk.cards()) == MOST_CARDS
    counter.mono_ms += CARD_MS
    desk.ask(QINGSHAN, TAIL)
    assert [card.phone_tail for card in desk.cards()] == [TAIL]


def test_a_child_who_plays_with_it_cannot_keep_the_keeper_busy(counter: Counter) -> None:
    desk = NoCodeDesk(counter)
    for number in range(MOST_IN_A_WHILE):
        desk.ask(NO_HAMLET, tail(number))
        desk.put_away(number + 1)
    with pytest.raises(Refused, match="no_code_busy"):
        desk.ask(NO_HAMLET, TAIL)
    assert len(counter.said) == MOST_IN_A_WHILE
    counter.mono_ms += WHILE_MS
    desk.ask(NO_HAMLET, TAIL)
    assert [card.phone_tail for card in desk.cards()] == [TAIL]
