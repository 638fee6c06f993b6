"""Sentences in the language of whoever looks."""

from collections.abc import Callable

Words = Callable[..., str]
"""What to say for a key, with what fills its blanks."""
