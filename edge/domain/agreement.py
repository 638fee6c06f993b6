"""What the addressee of one parcel agreed to, as the station knows it, and how often it asked."""

from dataclasses import dataclass, replace
from typing import Final

from edge.domain.advice import Consent
from edge.domain.consent_facts import ConsentNoted, Giver, How, Wish
from edge.kernel.time import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """`wish` is None where agreed to is a cell as anything else: nobody named one place.

    `how`, `giver` and `noted_at` tell of a word that was given to the station itself; without one
    it has only what came before the parcel.
    """

    consent: Consent = Consent.YES
    wish: Wish | None = None
    how: How | None = None
    giver: Giver | None = None
    noted_at: Instant | None = None
    tries: int = 0
    tried_at: Instant | None = None
    wrong_number: bool = False

    @property
    def to_ask(self) -> bool:
        """Whether nobody agreed to anything yet, or not any more."""
        return self.consent is not Consent.YES

    @property
    def to_a_cell(self) -> bool:
        """Whether a cell was agreed to."""
        return not self.to_ask and self.wish in {None, Wish.CELL}

    @property
    def to_a_code(self) -> bool:
        """Whether it may be collected by a code: what is brought to the door needs none."""
        return not self.to_ask and self.wish is not Wish.HOME


NOBODY_ASKS: Final = Agreement()
"""Of a parcel that came with a yes, or to a station that need not ask."""


def still_known(before: Agreement) -> Agreement:
    """What is left of it when the parcel comes in anew: a word that was given to the station."""
    return NOBODY_ASKS if before.how is None else before


def after_word(before: Agreement, word: ConsentNoted, at: Instant) -> Agreement:
    """What holds after a word of the addressee; how often they were called stays known."""
    return replace(
        before,
        consent=Consent.NO if word.wish is Wish.NOWHERE else Consent.YES,
        wish=word.wish,
        how=word.how,
        giver=word.giver,
        noted_at=at,
        wrong_number=False,
    )
