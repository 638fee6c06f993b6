"""What the doctor found: a named check, how bad it is, and words for it in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from edge.words import WORDS, say


class Grade(StrEnum):
    """How bad it is: BAD stops the station or loses data, WARN will be missed one day."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at. `check` never changes; `about` names one of several.

    The words are those of `doctor.<check>.<case>`, what to do those of `doctor.<check>.<case>.do`.
    A blank that is itself a key of the words is said in the same language.
    """

    check: str
    case: str
    grade: Grade
    about: str = ""
    blanks: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The name by which other programs know this check."""
        return f"{self.check}.{self.about}" if self.about else self.check

    def name(self, language: str = "en") -> str:
        """What was looked at."""
        word = say(f"doctor.name.{self.check}", language)
        return f"{word} {_device_word(self.about, language)}" if self.about else word

    def found(self, language: str = "en") -> str:
        """What was found."""
        return self._say(f"doctor.{self.check}.{self.case}", language)

    def next_step(self, language: str = "en") -> str:
        """What to do; empty where all is well."""
        key = f"doctor.{self.check}.{self.case}.do"
        return self._say(key, language) if key in WORDS else ""

    def line(self, language: str = "en") -> str:
        """The finding as one line for a person."""
        grade = say(f"doctor.grade.{self.grade}", language)
        # A Chinese grade is as wide as four letters.
        grade = f"{grade:<4}" if grade.isascii() else grade
        name, found = self.name(language), self.found(language)
        if step := self.next_step(language):
            return f"{grade}  {say('doctor.line_do', language, name=name, found=found, step=step)}"
        return f"{grade}  {say('doctor.line', language, name=name, found=found)}"

    def as_json(self, language: str = "en") -> dict[str, str]:
        """The finding for other programs."""
        return {
            "id": self.id,
            "grade": self.grade,
            "finding": self.found(language),
            "next_step": self.next_step(language),
        }

    @property
    def exit_code(self) -> int:
        """1 where something must be done."""
        return 1 if self.grade is Grade.BAD else 0

    def _say(self, key: str, language: str) -> str:
        blanks = {
            name: say(value, language) if isinstance(value, str) and value in WORDS else value
            for name, value in self.blanks.items()
        }
        return say(key, language, **blanks)


def _device_word(name: str, language: str) -> str:
    """A device's name as people say it, where there are words for it: lock-board-2, scanner."""
    kind = name.rstrip("0123456789").rstrip("-")
    key = f"keeper.device.{kind}"
    if key not in WORDS:
        return name
    word = say(key, language)
    # In the middle of a line "ID card reader" keeps its capitals and "Scanner" does not.
    plain = word if word[:2].isupper() else word[:1].lower() + word[1:]
    return f"{plain} {name[len(kind) + 1 :]}".strip()


def ok(check: str, case: str = "ok", about: str = "", **blanks: str | int) -> Finding:
    """All is well."""
    return Finding(check=check, case=case, grade=Grade.OK, about=about, blanks=blanks)


def warn(check: str, case: str, about: str = "", **blanks: str | int) -> Finding:
    """It will be missed one day."""
    return Finding(check=check, case=case, grade=Grade.WARN, about=about, blanks=blanks)


def bad(check: str, case: str, about: str = "", **blanks: str | int) -> Finding:
    """Something must be done."""
    return Finding(check=check, case=case, grade=Grade.BAD, about=about, blanks=blanks)
