"""The person in front of the cabinet: words go out, one line comes back."""

import sys
from typing import Protocol

from edge.kernel.errors import CunyiError
from edge.words import WORDS, say


class Stopped(CunyiError):
    """The person has had enough: what was learned is kept, the settings stay as they are."""


class Person(Protocol):
    """Whoever presses Enter and looks."""

    language: str

    def tell(self, key: str, **blanks: str | int) -> None:
        """One sentence of the words."""

    def ask(self, key: str, **blanks: str | int) -> str:
        """One question and its answer, without spaces around it. Raises Stopped."""


class Terminal:
    """Implements Person on standard input and output."""

    def __init__(self, language: str) -> None:
        self.language = language

    def tell(self, key: str, **blanks: str | int) -> None:
        """One line."""
        print(worded(key, self.language, **blanks), flush=True)

    def ask(self, key: str, **blanks: str | int) -> str:
        """A line that ends in > and waits. The end of the input stops the run."""
        print(f"{worded(key, self.language, **blanks)} > ", end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            raise Stopped("the input has ended")
        return line.strip()


def worded(key: str, language: str, **blanks: str | int) -> str:
    """A sentence; a blank that is itself a key of the words is said in the same language."""
    said = {
        name: say(value, language) if isinstance(value, str) and value in WORDS else value
        for name, value in blanks.items()
    }
    return say(key, language, **said)


def _conforms(terminal: Terminal) -> Person:
    return terminal  # mypy stops here first if the protocol moves
