"""A refusal in words that a page can say in either language."""

from edge.kernel.errors import CunyiError
from edge.words import say


class AccountError(CunyiError):
    """It cannot be done so; nothing was changed. `key` and `blanks` name the sentence."""

    def __init__(self, key: str, **blanks: str | int) -> None:
        self.key, self.blanks = key, blanks
        super().__init__(self.said("en"))

    def said(self, language: str) -> str:
        """The sentence, and in it what to do."""
        return say(self.key, language, **self.blanks)
