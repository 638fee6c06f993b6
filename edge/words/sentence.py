"""One sentence in both languages."""

from typing import NamedTuple


class Sentence(NamedTuple):
    """What is said: Chinese first, English second, the same blanks in both."""

    zh: str
    en: str
