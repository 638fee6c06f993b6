"""The person in front of the cabinet: words go out, one line comes back.

An Enter opens a door, so only one that was pressed in answer to the question counts: whatever was
typed before it, on a terminal or into a pipe, is thrown away.
"""

import os
import select
import sys
import termios
from typing import Final, Protocol, TextIO

from edge.kernel.errors import CunyiError
from edge.words import WORDS, say

_MOST_AT_ONCE: Final = 65_536
"""Far more than hands type; what brings more before a question is no person."""
_CHUNK: Final = 4_096


class NoTerminalError(CunyiError):
    """Nobody sits here: an input that is no terminal must be asked for by name."""


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
    """Implements Person on standard output and the descriptor of `typed`, standard input.

    With `answers_from_pipe` it need be no terminal; each answer must wait for its question there
    too, and of several lines that come together only the first counts. Raises NoTerminalError.
    """

    def __init__(
        self, language: str, *, answers_from_pipe: bool = False, typed: TextIO | None = None
    ) -> None:
        self.language = language
        source = sys.stdin if typed is None else typed
        self._is_terminal = source is not None and source.isatty()
        if source is None or not (self._is_terminal or answers_from_pipe):
            raise NoTerminalError(
                "this opens doors, so a person must sit at a terminal. For a program that reads "
                "each question before it answers, add --answers-from-pipe"
            )
        self._encoding = source.encoding
        self._descriptor = source.fileno()

    def tell(self, key: str, **blanks: str | int) -> None:
        """One line."""
        print(worded(key, self.language, **blanks), flush=True)

    def ask(self, key: str, **blanks: str | int) -> str:
        """A line that ends in > and waits. The end of the input stops the run."""
        try:
            self._forget_what_was_typed()
            print(f"{worded(key, self.language, **blanks)} > ", end="", flush=True)
            return self._line()
        except (OSError, termios.error) as cause:
            raise Stopped(f"the terminal is gone: {cause}") from cause
        except (Stopped, KeyboardInterrupt):
            print(flush=True)  # what is said next is no part of the question
            raise

    def _forget_what_was_typed(self) -> None:
        if self._is_terminal:
            termios.tcflush(self._descriptor, termios.TCIFLUSH)
            return
        left = _MOST_AT_ONCE
        while select.select([self._descriptor], [], [], 0.0)[0]:
            size = len(os.read(self._descriptor, _CHUNK))
            left -= size
            if not size:
                return  # ended, as the next look for a line will find
            if left < 0:
                raise Stopped("the input never pauses")

    def _line(self) -> str:
        heard = b""
        while b"\n" not in heard:
            chunk = os.read(self._descriptor, _CHUNK)
            heard += chunk
            if not chunk or len(heard) > _MOST_AT_ONCE:
                raise Stopped("the input has ended")
        return heard.partition(b"\n")[0].decode(self._encoding, "replace").strip()


def worded(key: str, language: str, **blanks: str | int) -> str:
    """A sentence; a blank that is itself a key of the words is said in the same language."""
    said = {
        name: say(value, language) if isinstance(value, str) and value in WORDS else value
        for name, value in blanks.items()
    }
    return say(key, language, **said)


def _conforms(terminal: Terminal) -> Person:
    return terminal  # mypy stops here first if the protocol moves
