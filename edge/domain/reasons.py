"""Reasons that a keeper has to give."""

from edge.domain.answers import Refusal
from edge.kernel.errors import Refused


def required(text: str) -> str:
    """The words without the blanks around them. Raises Refused where there are none."""
    words = text.strip()
    if not words:
        raise Refused(Refusal.REASON_MISSING)
    return words
