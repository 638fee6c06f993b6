"""Whether two boards answer to one address (F040): then no lock of it may be pulsed."""

from dataclasses import dataclass
from typing import Final

from firmware_bridge.lock_board.exchange import answers
from firmware_bridge.lock_board.messages import StatusQuestion, StatusReply

DIFFERING: Final = 2
"""So many questions with two unlike answers: a single one may be a stray."""
DAMAGED: Final = 3
"""So many questions with damage right behind a sound answer."""
DAMAGE_BYTES: Final = 3
"""An adapter that turns round may leave a byte or two of its own behind an answer."""
CLEAN: Final = 3
"""Asked so many times in a row with one answer, a question is beyond suspicion again."""


@dataclass(slots=True)
class _Signs:
    """What one question showed lately."""

    differing: int = 0
    damaged: int = 0
    clean: int = 0


class DoubleWatch:
    """The answers to one address. A board answers once; the same answer twice is no harm (F036).

    A question behind an unanswered one, or behind an unlock, is not judged: the late answer to
    what was said before may come too.
    Each question is counted for itself, for two boards may differ in one door alone.
    """

    def __init__(self) -> None:
        self._signs: dict[StatusQuestion, _Signs] = {}
        self._question: StatusQuestion | None = None
        self._said: StatusReply | None = None
        self._away = False
        self._judging = False
        self._struck = False
        self._damage = 0

    @property
    def doubled(self) -> bool:
        """Whether two boards answer."""
        return any(
            one.differing >= DIFFERING or one.damaged >= DAMAGED for one in self._signs.values()
        )

    @property
    def suspected(self) -> bool:
        """Whether there was a sign of it lately."""
        return bool(self._signs)

    def asks(self, question: StatusQuestion) -> None:
        """A status question goes out now."""
        if self._question is not None and self._said is not None:
            self._forgive(self._question)
        self._judging = self._question is None or self._said is not None
        self._question, self._said, self._struck, self._damage = question, None, False, 0
        self._away = False

    def looks_away(self) -> None:
        """Something else is said to the board: some firmware answers that with its status too."""
        if self._question is not None and self._said is not None:
            self._forgive(self._question)
        self._away, self._judging, self._said = True, False, None

    def hears(self, reply: StatusReply) -> None:
        """A status was heard from this address."""
        if self._away or self._question is None or not answers(self._question, reply):
            return
        if self._said is None:
            self._said = reply
        elif reply != self._said and (signs := self._strike(self._question)) is not None:
            signs.differing += 1

    def hears_damage(self, count: int) -> None:
        """So many more damaged bytes were heard and nobody else was asked meanwhile."""
        if self._question is None or self._said is None:
            return
        self._damage += count
        if self._damage >= DAMAGE_BYTES and (signs := self._strike(self._question)) is not None:
            signs.damaged += 1

    def _strike(self, question: StatusQuestion) -> _Signs | None:
        if self._struck or not self._judging:
            return None
        self._struck = True
        signs = self._signs.setdefault(question, _Signs())
        signs.clean = 0
        return signs

    def _forgive(self, question: StatusQuestion) -> None:
        if question in self._signs and self._judging and not self._struck:
            self._signs[question].clean += 1
            if self._signs[question].clean >= CLEAN:
                del self._signs[question]
