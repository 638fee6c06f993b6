"""A broker that denies a publish, or knows no shared subscription, may say so by silence alone.

So who must be heard says a word to itself first. Several connections that share one subscription
share one test: the word may come back on any of them.
"""

import secrets
import threading
from collections.abc import Callable
from typing import Final

TRIES: Final = 10
TRY_S: Final = 1.0
_LOOKS: Final = 5
_MOST_WORDS: Final = 64


class EchoTest:
    """What is said on `topic` must come back; `trouble` says what it means when it does not."""

    def __init__(self, topic: str, trouble: str) -> None:
        self.topic, self.trouble = topic, trouble
        self._heard: list[bytes] = []
        self._change = threading.Condition()

    def heard(self, word: bytes) -> None:
        """Something came back on the topic; it may be anybody's."""
        with self._change:
            self._heard = [*self._heard[1 - _MOST_WORDS :], word]
            self._change.notify_all()

    def comes_back(self, say: Callable[[bytes], object], *, until: Callable[[], bool]) -> bool:
        """Say a word, again each second, for ten seconds or `until`; whether it came back."""
        word = secrets.token_bytes(16)
        with self._change:
            for look in range(TRIES * _LOOKS):
                if until():
                    return False
                if look % _LOOKS == 0:
                    say(word)
                if self._change.wait_for(lambda: word in self._heard, TRY_S / _LOOKS):
                    return True
        return False
